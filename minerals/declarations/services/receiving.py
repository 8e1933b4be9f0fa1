"""A file comes in: read as a template first, stored only when it is one."""

from pathlib import PurePosixPath
from typing import Final

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from minerals.templates_io.document import Declared
from minerals.templates_io.services import read_file
from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.files.services import store_upload
from portal.lib.errors import DomainError

LIMIT_MB: Final = 10
ZIP_MARK: Final = b"PK\x03\x04"
ENDINGS: Final = frozenset({".xls", ".xlsx", ".xlsm", ".xlt", ".xltx"})
XLS: Final = "application/vnd.ms-excel"
# Old workbooks keep their macros in a storage of this name.
MACROS: Final = "_VBA_PROJECT".encode("utf-16-le")


def receive_file(
    upload: "File[bytes]", *, organisation_id: int | None, actor: User | None
) -> tuple[StoredFile, Declared]:
    """Read an upload and keep it; returns the file and what it says.

    Old and protected workbooks, which other rooms refuse, are taken here: they have been read as a template. Raises
    DomainError with a sentence for a file that is too large, is no template, cannot be read or holds macros.
    """
    content = read_capped(upload)
    declared = read_file(content)
    return keep_content(content, upload.name or "", organisation_id=organisation_id, actor=actor), declared


def keep_content(content: bytes, title: str, *, organisation_id: int | None, actor: User | None) -> StoredFile:
    """Keep the content of a workbook under its name; raises DomainError for one with macros or of another kind."""
    name = PurePosixPath(PurePosixPath(title).name or "declaration")
    if content.startswith(ZIP_MARK):
        # Whatever it is called, it is a workbook of today: an ending that says otherwise would not open.
        stem = name.stem if name.suffix.lower() in ENDINGS else name.name
        kept, kind = ContentFile(content, name=f"{stem}.xlsx"), ""
    else:
        refuse_macros(content)
        kept, kind = ContentFile(content, name=name.name), XLS
    return store_upload(kept, organisation_id=organisation_id, actor=actor, content_type=kind)


def read_capped(upload: "File[bytes]") -> bytes:
    """Return the content of an upload; refuse an empty one, and one over the limit before it is in memory."""
    upload.seek(0)
    content: bytes = upload.read(LIMIT_MB * 1_000_000 + 1)
    if not content:
        raise DomainError(_("The file is empty. Choose another one."), code="empty")
    if len(content) > LIMIT_MB * 1_000_000:
        message = _("The file is larger than %(limit)d MB. A filled template has about 2 MB: choose that file.")
        raise DomainError(message % {"limit": LIMIT_MB}, code="too_large")
    return content


def refuse_macros(content: bytes) -> None:
    """Refuse an old workbook with macros; the templates have none."""
    if MACROS in content:
        message = _("The file holds macros, which the template does not have. Save it without macros, as .xlsx.")
        raise DomainError(message, code="macros")
