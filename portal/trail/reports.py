"""The trail as a sheet."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.lib.workbook import Sheet
from portal.trail.models import Entry
from portal.trail.queries import deed_word, detail_words


def trail_sheet(entries: Iterable[Entry]) -> Sheet:
    """Return one line per entry in the active language; the number is the one `verify` names."""
    heads = [
        _("Number"), _("When"), _("Who"), _("E-mail address"), _("What"), _("Details"), _("From the address"),
    ]  # fmt: skip
    return Sheet(_("Record"), heads, (entry_line(entry) for entry in entries), (10, 17, 24, 30, 32, 80, 18))


def entry_line(entry: Entry) -> list[object]:
    """Return the cells of one entry; details are whole here, the page cuts them."""
    return [
        entry.pk,
        entry.at,
        entry.actor_label or _("nobody signed in"),
        entry.actor.email if entry.actor else "",
        deed_word(entry.deed),
        detail_words(entry, longest=None),
        entry.address or "",
    ]
