"""Words of a table that may stand in any language of the interface: heads of columns, yes and no."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from portal.lib.workbook.table import Table


def in_every_language(word: Promise) -> tuple[str, ...]:
    """Return a word in the reader's language first, then in the others, each spelling once."""
    words = [str(word)]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words.append(str(word))
    return tuple(dict.fromkeys(words))


def find_heads(table: Table, heads: Mapping[str, Promise]) -> dict[str, int]:
    """Return {name: index} of the heads that stand in a table, whatever language it was written in and in any order."""
    found = {}
    for name, head in heads.items():
        word = next((word for word in in_every_language(head) if word in table.headers), None)
        if word is not None:
            found[name] = table.headers.index(word)
    return found
