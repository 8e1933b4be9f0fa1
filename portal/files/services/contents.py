"""What an upload truly is: decided by its bytes, from a short list; everything else gets a sentence."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import IO, Final

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image

from portal.lib.archives import Archive, locked_archive
from portal.lib.errors import DomainError
from portal.lib.workbook.reading import ENCRYPTED_MARK, OLE_MARK, ZIP_MARK
from portal.lib.workbook.separated import decode

ALLOWED: Final[dict[str, tuple[str, ...]]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx",),
    "text/plain": ("txt",),
    "text/csv": ("csv",),
}
OFFICE_PARTS: Final = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
PICTURES: Final = frozenset(kind for kind in ALLOWED if kind.startswith("image/"))
PILLOW_FORMATS: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
MOST_PIXELS: Final = 100_000_000
HEAD: Final = 1024
LONGEST_NAME: Final = 150
MACRO_MARKS: Final = (b"macroenabled", b"vbaproject", b"ms-excel.macrosheet")
UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff/\\]")


def clean_name(name: str) -> str:
    """Return the last part of a name, composed, without characters that hide or reorder others."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = UNSEEN.sub("", unicodedata.normalize("NFC", last)).strip(" .") or "file"
    path = PurePosixPath(plain)
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix if len(plain) > LONGEST_NAME else plain


def check_content(file: IO[bytes], name: str) -> str:
    """Return the content type of an upload; raise DomainError for what is not on the list or not safe."""
    kind = find_kind(file, extension_of(name))
    if kind is None:
        raise wrong_kind(name)
    ending = extension_of(name)
    endings = sum((ALLOWED[other] for other in PICTURES), ()) if kind in PICTURES else ALLOWED[kind]
    if ending and ending not in endings:
        message = _("The file is named “%(name)s” but holds something else (%(kind)s). Rename it and upload it again.")
        raise DomainError(message % {"name": name, "kind": "." + ALLOWED[kind][0]}, code="wrong_name")
    return kind


def extension_of(name: str) -> str:
    """Return the ending of a name without its dot, in small letters."""
    return PurePosixPath(name).suffix.lower().lstrip(".")


def find_kind(file: IO[bytes], ending: str) -> str | None:
    """Return the content type by the bytes; None when it is none of ours."""
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(ZIP_MARK):
        return check_office(file)
    if head.startswith(OLE_MARK):
        raise old_office(file)
    if b"%PDF-" in head:
        return "application/pdf"
    picture = picture_kind(head)
    if picture is not None:
        check_picture(file, picture)
        return picture
    return check_text(file, ending)


def picture_kind(head: bytes) -> str | None:
    """Return the kind of a picture by its first bytes."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return "image/heic"
    return None


def check_picture(file: IO[bytes], kind: str) -> None:
    """Refuse a picture that is broken or has more pixels than anybody can open. HEIC is taken as it is."""
    if kind not in PILLOW_FORMATS:
        return
    file.seek(0)
    try:
        with Image.open(file, formats=[PILLOW_FORMATS[kind]]) as picture:
            width, height = picture.size
            if width * height <= MOST_PIXELS:
                picture.verify()
    except Exception as error:  # Pillow raises many kinds for a broken picture, SyntaxError among them
        message = _("The picture is damaged. Open it on your device, save it again and upload the new copy.")
        raise DomainError(message, code="broken") from error
    if width * height > MOST_PIXELS:
        message = _("The picture has more than %(limit)d million pixels. Make it smaller and upload it again.")
        raise DomainError(message % {"limit": MOST_PIXELS // 1_000_000}, code="too_many_pixels")


def check_office(file: IO[bytes]) -> str | None:
    """Return the kind of an Office file; refuse one with macros, a password or a bomb inside."""
    archive = Archive(file, limit=settings.UNZIPPED_LIMIT_MB * 1_000_000)
    kind = next((kind for part, kind in OFFICE_PARTS.items() if part in archive.names), None)
    if kind is None or "[Content_Types].xml" not in archive.names:
        return None
    declared = archive.read("[Content_Types].xml").lower()
    named = {name.lower() for name in archive.names}
    hidden = any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in named)
    if hidden or any(mark in declared for mark in MACRO_MARKS):
        message = _("The file holds macros. Save it without macros (.docx, .xlsx, .pptx) or as PDF and upload that.")
        raise DomainError(message, code="macros")
    return kind


def check_text(file: IO[bytes], ending: str) -> str | None:
    """Return the kind of a text file; None when it is no text, or named as something else."""
    if ending not in {"txt", "csv"}:
        return None
    file.seek(0)
    content = file.read()
    if not content.strip():
        raise DomainError(_("The file is empty. Choose another one."), code="empty")
    try:
        decode(content)
    except DomainError:
        return None
    return "text/csv" if ending == "csv" else "text/plain"


def old_office(file: IO[bytes]) -> DomainError:
    """The error for an OLE file: protected by a password, or of a format that can hide macros."""
    file.seek(0)
    if ENCRYPTED_MARK in file.read():
        return locked_archive()
    message = _("Old Office files (.doc, .xls, .ppt) can hide macros. Save it as PDF, .docx or .xlsx and upload that.")
    return DomainError(message, code="old_format")


def wrong_kind(name: str) -> DomainError:
    """The error for a file that is not on the list."""
    endings = ", ".join(ending for kinds in ALLOWED.values() for ending in kinds)
    message = _("“%(name)s” is not a file we can take. These kinds are possible: %(endings)s.")
    return DomainError(message % {"name": name, "endings": endings}, code="wrong_type")
