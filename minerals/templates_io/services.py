"""Reading a template that somebody sent, with a sentence for whatever cannot be read."""

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _

from minerals.templates_io.document import Declared
from minerals.templates_io.workbook import LARGEST_FILE, Unreadable, read_declaration
from portal.lib.errors import DomainError

__all__ = ["LARGEST_FILE", "read_file"]

SENTENCES: Final[dict[str, Callable[[], str]]] = {
    "empty": lambda: _("The file is empty. Save the template again and upload the new copy."),
    "too_large": lambda: _(
        "The file is larger than %(limit)s MB. Delete pictures and other things that do not belong to the template, "
        "save it and upload it again."
    ),
    "not_a_workbook": lambda: _(
        "This is not an Excel workbook of the kinds .xlsx and .xls. "
        "Open it in Excel, save it as .xlsx and upload that copy."
    ),
    "locked": lambda: _("The file is protected by a password. Save a copy without the password and upload that."),
    "damaged": lambda: _("The file is damaged. Open it in Excel, save it again and upload the new copy."),
    "bomb": lambda: _(
        "The file unpacks to much more than a template does. Copy the answers into a fresh template and upload that."
    ),
    "too_wide": lambda: _(
        "A sheet of this file reaches far beyond its table. Delete what stands outside of the table, "
        "save the file and upload it again."
    ),
    "not_a_template": lambda: _(
        "This workbook is no CMRT, EMRT, AMRT, PRT or CRT: none of its sheets (%(found)s) is a declaration of one. "
        "Upload the template itself, with its sheet %(looked)s."
    ),
    "too_old": lambda: _(
        "This is a CMRT of version %(version)s. Versions older than 2.00 cannot be read. "
        "Fill in a newer template and upload that."
    ),
}


def read_file(content: bytes) -> Declared:
    """Read a template. Raises DomainError with a sentence that says how to mend the file."""
    try:
        return read_declaration(content)
    except Unreadable as error:
        raise DomainError(SENTENCES[error.code]() % error.params, code=error.code) from error
