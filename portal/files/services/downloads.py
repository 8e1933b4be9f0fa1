"""Handing a stored file out: as an attachment, never as a page of ours. Rights are the caller's."""

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.files.enums import ScanState
from portal.files.models import StoredFile
from portal.files.services.storing import refused_by_scan
from portal.lib.errors import DomainError

SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/webp"})


def file_response(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """Answer with the content of a stored file; only pictures may be shown `inline`.

    The caller has checked that the reader may have it. Raises DomainError while it is being scanned,
    when the scanner refused it, and when it is gone.
    """
    check_ready(stored)
    try:
        content = stored.content.open("rb")
    except OSError as error:
        raise file_is_gone() from error
    response = FileResponse(
        content,
        as_attachment=not (inline and stored.content_type in SHOWN_INLINE),
        filename=stored.name,
        content_type=stored.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def check_ready(stored: StoredFile) -> None:
    """Refuse a file that is being scanned, that the scanner refused, or whose time is over."""
    if stored.scan_state == ScanState.WAITING:
        raise DomainError(_("The file is still being checked. Try again in a minute."), code="waiting")
    if stored.scan_state == ScanState.REFUSED:
        raise refused_by_scan()
    if stored.expires_at is not None and stored.expires_at < timezone.now():
        raise file_is_gone()


def file_is_gone() -> DomainError:
    """The error for a file whose time is over."""
    return DomainError(_("This file is no longer kept. Make it again."), code="gone")
