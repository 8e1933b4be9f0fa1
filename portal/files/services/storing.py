"""Deeds on stored files: take an upload, keep what was generated, forget what has expired."""

import hashlib
import io
import logging
from datetime import timedelta
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.files.enums import FileKind, ScanState
from portal.files.models import StoredFile
from portal.files.services.contents import PICTURES, check_content, clean_name
from portal.files.services.metadata import strip_metadata
from portal.lib.errors import DomainError
from portal.lib.queue import enqueue

logger = logging.getLogger(__name__)
BATCH = 500


def store_upload(
    upload: "File[bytes]",
    *,
    organisation_id: int | None,
    actor: User | None,
    keep_metadata: bool = True,
    content_type: str = "",
) -> StoredFile:
    """Check an upload and store it; the same content in the same organisation is stored once.

    Without `keep_metadata` a picture loses what it says of place, time and device before anything is stored or
    hashed, and HEIC is refused. A `content_type` is given by a caller that has read the content itself and knows
    what it is, such as an old workbook without macros: then only size and virus are left to check here.

    Nothing reaches the storage before it is checked. Wakes "files.scan" when a virus scanner is set up;
    until it has spoken the file cannot be downloaded. Raises DomainError with a sentence for a file that is
    too large, of a wrong kind, damaged, protected, or holds macros.
    """
    name = clean_name(upload.name or "")
    size, sha256 = measure(upload)
    content_type = content_type or check_content(upload, name)
    if not keep_metadata and content_type in PICTURES:
        upload.seek(0)
        upload = ContentFile(strip_metadata(upload.read(), content_type))
        size, sha256 = measure(upload)
    known = find_same(sha256, organisation_id)
    if known is not None:
        return known
    waits = bool(settings.CLAMD_ADDRESS)
    stored = StoredFile(
        kind=FileKind.UPLOAD,
        name=name,
        content_type=content_type,
        size=size,
        sha256=sha256,
        scan_state=ScanState.WAITING if waits else ScanState.SKIPPED,
        organisation_id=organisation_id,
        uploaded_by=actor,
    )
    save_with_content(stored, upload)
    if waits:
        wake_scan(stored)
    return stored


def measure(file: "IO[bytes] | File[bytes]") -> tuple[int, str]:
    """Return the size and SHA-256 of a file, read piece by piece; refuse one over the limit at the limit."""
    limit = settings.UPLOAD_LIMIT_MB * 1_000_000
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(1 << 16):
        size += len(piece)
        if size > limit:
            message = _(
                "The file is larger than %(limit)d MB. Make it smaller, for example by fewer pages or pictures."
            )
            raise DomainError(message % {"limit": settings.UPLOAD_LIMIT_MB}, code="too_large")
        digest.update(piece)
    if size == 0:
        raise DomainError(_("The file is empty. Choose another one."), code="empty")
    return size, digest.hexdigest()


def find_same(sha256: str, organisation_id: int | None) -> StoredFile | None:
    """Return the upload of this organisation with the same content; refuse what the scanner refused before."""
    if organisation_id is None:
        return None
    same = StoredFile.objects.filter(
        sha256=sha256, organisation_id=organisation_id, kind=FileKind.UPLOAD, expires_at=None
    )
    known = same.order_by("created_at").first()
    if known is not None and known.scan_state == ScanState.REFUSED:
        raise refused_by_scan()
    return known


def save_with_content(stored: StoredFile, content: "IO[bytes] | File[bytes]") -> None:
    """Write the content, then the row; a row that fails takes its content away again."""
    content.seek(0)
    stored.content.save(stored.name, content if isinstance(content, File) else File(content), save=False)
    try:
        stored.save(force_insert=True)
    except Exception:
        stored.content.delete(save=False)
        raise


def store_generated(
    name: str,
    content: "bytes | IO[bytes] | File[bytes]",
    *,
    kind: FileKind,
    content_type: str,
    organisation_id: int | None,
    actor: User | None,
    days: int | None = 7,
) -> StoredFile:
    """Store a report or an export that we made ourselves; it is forgotten after `days` (None: kept)."""
    file = ContentFile(content) if isinstance(content, bytes) else content
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(1 << 16):
        size += len(piece)
        digest.update(piece)
    stored = StoredFile(
        kind=kind,
        name=clean_name(name),
        content_type=content_type,
        size=size,
        sha256=digest.hexdigest(),
        organisation_id=organisation_id,
        uploaded_by=actor,
        expires_at=timezone.now() + timedelta(days=days) if days is not None else None,
    )
    save_with_content(stored, file)
    return stored


def read_content(stored: StoredFile) -> io.BytesIO:
    """Return the content of a stored file as something that can be sought in, whatever the storage."""
    with stored.content.open("rb") as file:
        return io.BytesIO(file.read())


def forget_expired() -> int:
    """Delete generated files whose time is over, content first; return how many. May run twice."""
    expired = StoredFile.objects.filter(expires_at__lt=timezone.now()).order_by("expires_at")[:BATCH]
    forgotten = 0
    for stored in expired:
        try:
            stored.content.delete(save=False)
            stored.delete()
        except Exception:  # one file that resists must not keep all others
            logger.exception("Stored file %s could not be forgotten", stored.pk)
            continue
        forgotten += 1
    return forgotten


def wake_scan(stored: StoredFile) -> None:
    """Ask a worker to scan the file once this transaction has committed."""
    enqueue("files.scan", file_id=str(stored.pk))


def refused_by_scan() -> DomainError:
    """The error for a file the virus scanner refused."""
    message = _("The virus scanner refused this file. Check your computer, then upload a clean copy.")
    return DomainError(message, code="virus")
