"""Filling the template a user uploads: its own file with some cells changed, all else byte for byte as it was."""

import re

from minerals.templates_io.document import Declared
from minerals.templates_io.workbook.patching.blanks import Blank
from minerals.templates_io.workbook.patching.cells import Cell, Unwritable, patch_sheet
from minerals.templates_io.workbook.patching.package import Package
from minerals.templates_io.workbook.patching.plan import plan_cells

__all__ = ["Blank", "Unwritable", "fill_template"]

COUNT_BEHIND = re.compile(rb"""<(?:\w+:)?c\s[^>]*?r=["']D2["'][^>]*>\s*<(?:\w+:)?f[^>]*>[^<]*?\b(H\d+)\b""")


def fill_template(template: bytes, declared: Declared, *, missing: int | None = None) -> bytes:
    """Return a copy of a blank template filled with `declared`.

    Only the sheets that get an answer change, and the workbook part, so that Excel calculates anew. `missing`, where
    known, becomes the Checker's remembered count, since whoever reads the file without Excel sees the old one.
    Raises Unwritable with a code: old_format, broken, no_template, old_version, other_template, layout, minerals,
    too_many_minerals, too_many_smelters, too_many_products, shared."""
    package = Package(template)
    blank = Blank(template)
    parts: dict[str, bytes] = {}
    for sheet, cells in plan_cells(blank, declared).items():
        if sheet not in package.sheets:
            raise Unwritable("layout", template=blank.template.value, version=blank.version)
        part = package.sheets[sheet]
        parts[part] = patch_sheet(package.read(part), cells)
    if missing is not None and "Checker" in package.sheets:
        part = package.sheets["Checker"]
        parts[part] = remember_count(package.read(part), missing)
    return package.copy_with(parts)


def remember_count(xml: bytes, missing: int) -> bytes:
    """Return the Checker with this count of missing items in D2 and in the cell D2 takes it from."""
    behind = COUNT_BEHIND.search(xml)
    cells = {"D2": Cell(float(missing) if missing else "0", keep=True)}
    if behind:
        cells[behind[1].decode()] = Cell(float(missing), keep=True)
    return patch_sheet(xml, cells)
