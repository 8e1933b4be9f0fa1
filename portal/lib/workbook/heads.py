"""Columns found by what stands above them, in any language of the interface."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from portal.lib.workbook.table import Table


def find_heads(table: Table, heads: Mapping[str, Promise]) -> dict[str, int]:
    """Return {name: index} of the heads that stand in a table, whatever language it was written in and in any order."""
    found: dict[str, int] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for name, head in heads.items():
                if str(head) in table.headers:
                    found.setdefault(name, table.headers.index(str(head)))
    return found
