"""Template filters that show figures, shares, dates, distances and sizes the same way on every page."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

register = template.Library()

NOTHING = "–"
GAP = "\u00a0"  # a figure and its unit stay on one line
KILO = 1000
DATE_PATTERNS = {"ja": "Y年n月j日", "zh": "Y年n月j日"}
CHECKING = frozenset({"checking", "pending"})
SIZE_UNITS = ("B", "kB", "MB", "GB", "TB")

Number = int | float | Decimal


@register.filter
def figure(value: Number | None, decimals: int | None = None) -> str:
    """12345 -> "12,345"; a fraction keeps one decimal unless `decimals` says otherwise; None -> a dash."""
    if value is None or value == "":
        return NOTHING
    places = decimals if decimals is not None else (0 if value == int(value) else 1)
    return f"{value:,.{places}f}"


@register.filter
def percent1(value: Number | None) -> str:
    """88.7 -> "88.7 %": a percentage with one decimal; None -> a dash."""
    return NOTHING if value is None or value == "" else f"{value:,.1f}{GAP}%"


@register.filter
def share(part: Number | None, whole: Number | None) -> int:
    """`part` of `whole` in whole percent, 0 to 100: it names the classes bar-w-N, bar-g-N and bar-at-N."""
    if not part or not whole:
        return 0
    return max(0, min(100, round(100 * float(part) / float(whole))))


@register.filter
def shown_date(value: dt.date | dt.datetime | None) -> str:
    """14 Nov 2026; Japanese and Chinese 2026年11月14日; Thai 14 พ.ย. 2026."""
    if not value:
        return NOTHING
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    language = (get_language() or "en").split("-")[0]
    return formats.date_format(value, DATE_PATTERNS.get(language, "j M Y"))


@register.filter
def shown_time(value: dt.datetime | None) -> str:
    """The date and the time of day: "14 Nov 2026, 14:02"."""
    if not value:
        return NOTHING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{shown_date(local)}, {local:%H:%M}"


@register.filter
def distance_days(due: dt.date | dt.datetime | None) -> str:
    """How far a due date is from today: "6 days late", "due today", "in 11 days"."""
    if not due:
        return NOTHING
    days = days_until(due)
    if days == 0:
        return gettext("due today")
    if days < 0:
        return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
    return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}


@register.filter
def is_late(due: dt.date | dt.datetime | None) -> bool:
    """Whether a due date lies before today: only lateness is shown in red."""
    return bool(due) and days_until(due) < 0  # type: ignore[arg-type]


def days_until(due: dt.date | dt.datetime) -> int:
    """Days from today to `due` in the time zone of the reader; negative when it is past."""
    if isinstance(due, dt.datetime):
        due = timezone.localdate(due) if timezone.is_aware(due) else due.date()
    return (due - timezone.localdate()).days


@register.filter
def filesize(size: int | None) -> str:
    """2400000 -> "2.4 MB", in powers of a thousand."""
    if not isinstance(size, int):
        return NOTHING
    amount = float(size)
    for unit in SIZE_UNITS:
        if amount < KILO or unit == SIZE_UNITS[-1]:
            shown = f"{amount:.0f}" if unit in {"B", "kB"} else f"{amount:.1f}"
            return f"{shown}{GAP}{unit}"
        amount /= KILO
    return NOTHING


@register.filter
def as_json(value: object) -> str:
    """`value` as compact JSON for a data attribute; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))


@register.filter
def trigger_codes(condition: Mapping[str, object] | None) -> str:
    """The codes of the questions a condition reads, in its own order: "A3-RECORDS, A3-SHIFTS"."""
    return ", ".join(dict.fromkeys(walk_codes(condition)))


def walk_codes(condition: object) -> Iterator[str]:
    """Every question code named anywhere inside a condition document."""
    if isinstance(condition, Mapping):
        if isinstance(code := condition.get("question"), str):
            yield code
        for part in condition.values():
            yield from walk_codes(part)
    elif isinstance(condition, list | tuple):
        for part in condition:
            yield from walk_codes(part)


@register.filter
def head_row(cells: Mapping[str, int] | None, row: str) -> dict[str, int]:
    """One row of a headcount answer {"row.column": people}: {column: people}, with the sum under the empty key."""
    found = {key.partition(".")[2]: people for key, people in (cells or {}).items() if key.partition(".")[0] == row}
    return with_sum(found)


@register.filter
def head_column(cells: Mapping[str, int] | None, column: str) -> int | None:
    """The sum of one column of a headcount answer, None when nothing stands in it."""
    found = [people for key, people in (cells or {}).items() if key.partition(".")[2] == column]
    return sum(found) if found else None


@register.filter
def head_total(cells: Mapping[str, int] | None) -> int | None:
    """The sum of all cells of a headcount answer, None when it is empty."""
    return sum(cells.values()) if cells else None


def with_sum(found: dict[str, int]) -> dict[str, int]:
    """`found` and its sum under the empty key; an empty row has no sum."""
    return {**found, "": sum(found.values())} if found else {}


@register.filter
def any_checking(files: Iterable[object] | None) -> bool:
    """Whether one of these stored files still waits for its check, so that the page should ask again."""
    return any(state_of(file) in CHECKING for file in files or ())


def state_of(thing: object) -> object:
    """The `state` of a mapping or an object."""
    return thing.get("state") if isinstance(thing, Mapping) else getattr(thing, "state", None)


@register.filter
def pick(found: Mapping[str, object] | None, key: str) -> object:
    """The entry of a mapping under `key`, an empty text when there is none."""
    return (found or {}).get(key, "")


SEVERITY_WORDS = {"priority": _("Priority"), "major": _("Major"), "minor": _("Minor"), "good": _("Done")}
BAND_WORDS = {"high": _("High risk"), "medium": _("Medium risk"), "low": _("Low risk")}
SEVERITY_ICONS = {
    "priority": "alert-octagon",
    "major": "alert-triangle",
    "minor": "info-circle",
    "good": "circle-check",
}
BAND_CLASSES = {"high": "high", "medium": "mid", "low": "low"}


@register.filter
def severity_word(severity: str) -> str:
    """The interface word of a severity, capitalised."""
    return str(SEVERITY_WORDS.get(severity, severity))


@register.filter
def tone_icon(tone: str) -> str:
    """The icon that goes with a severity or tone."""
    return SEVERITY_ICONS.get(tone, "circle")


@register.filter
def band_word(band: str) -> str:
    """The interface word of a risk band; a band with a code of its own shows as it is."""
    return str(BAND_WORDS.get(band, band))


@register.filter
def band_class(band: str) -> str:
    """The swatch class of a risk band."""
    return BAND_CLASSES.get(band, "nobandtone")
