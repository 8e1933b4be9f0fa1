"""Filling a blank, with a sentence for every reason why it cannot be filled."""

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _

from minerals.templates_io.document import Declared
from minerals.templates_io.workbook import Unwritable, fill_template
from minerals.templates_io.workbook.patching import Blank
from portal.lib.errors import DomainError

SENTENCES: Final[dict[str, Callable[[], str]]] = {
    "old_format": lambda: _(
        "This is an old Excel file (.xls) or one behind a password. Open the blank in Excel, save it as .xlsx "
        "without a password and upload that."
    ),
    "broken": lambda: _("The file is damaged. Download the blank template again and upload that copy."),
    "no_template": lambda: _("This is no blank of a CMRT, EMRT or AMRT. Upload the template as it was downloaded."),
    "old_version": lambda: _(
        "Sanpo does not fill the %(template)s of version %(version)s. Upload a CMRT of version 6.01 or newer, "
        "an EMRT or an AMRT."
    ),
    "other_template": lambda: _("The blank is a %(template)s, but a %(wanted)s is asked for. Choose another blank."),
    "layout": lambda: _(
        "The questions of this %(template)s %(version)s stand where Sanpo does not expect them. Upload the template "
        "as it was downloaded, or one of another version."
    ),
    "minerals": lambda: _(
        "The %(template)s %(version)s does not ask for %(minerals)s. Choose a blank of a newer version."
    ),
    "too_many_minerals": lambda: _("The template has room for %(most)s minerals only."),
    "too_many_smelters": lambda: _(
        "There are %(rows)s smelters, but the template has %(most)s rows with formulas. Add rows to the sheet "
        "Smelter List of the blank in Excel and upload it again."
    ),
    "too_many_products": lambda: _("There are %(rows)s products, but the template has room for %(most)s."),
    "shared": lambda: _(
        "The blank was saved by a program that ties its formulas together (cell %(cell)s). Upload the template "
        "as it was downloaded."
    ),
}


def open_blank(content: bytes) -> Blank:
    """Return a blank as its cells. Raises DomainError with a sentence where it cannot be filled."""
    try:
        return Blank(content)
    except Unwritable as error:
        raise said(error) from error


def fill_blank(content: bytes, declared: Declared, *, missing: int | None = None) -> bytes:
    """Return the filled copy of a blank. Raises DomainError with a sentence where it cannot be filled."""
    try:
        return fill_template(content, declared, missing=missing)
    except Unwritable as error:
        raise said(error) from error


def said(error: Unwritable) -> DomainError:
    """Return the refusal in the reader's language."""
    return DomainError(SENTENCES[error.code]() % error.params, code=error.code)
