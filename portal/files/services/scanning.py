"""The virus scan: speaks clamd's INSTREAM itself; without an address nothing is scanned."""

import logging
import re
import socket
import struct
from collections.abc import Iterator
from datetime import timedelta
from typing import IO

from django.conf import settings
from django.utils import timezone

from portal.files.enums import ScanState
from portal.files.models import StoredFile
from portal.files.services.storing import wake_scan

logger = logging.getLogger(__name__)
CHUNK = 1 << 16
SECONDS = 60
PATIENCE = timedelta(minutes=2)


class ScannerAway(OSError):
    """The scanner could not be asked; the file goes on waiting."""


def scan_file(file_id: str) -> ScanState | None:
    """Scan a waiting file and write the verdict; the content of a refused one is deleted. May run twice."""
    stored = StoredFile.objects.filter(pk=file_id, scan_state=ScanState.WAITING).first()
    if stored is None:
        return None
    with stored.content.open("rb") as file:
        verdict = ask_scanner(file, settings.CLAMD_ADDRESS)
    state = ScanState.CLEAN if verdict == "OK" else ScanState.REFUSED
    StoredFile.objects.filter(pk=stored.pk, scan_state=ScanState.WAITING).update(scan_state=state)
    if state is ScanState.REFUSED:
        logger.warning("Scanner refused stored file %s: %s", stored.pk, verdict)
        stored.content.delete(save=False)
    return state


def ask_scanner(file: IO[bytes], address: str) -> str:
    """Send a file to clamd; return "OK" or the name of what it found."""
    try:
        with connect(address) as line:
            line.sendall(b"zINSTREAM\0")
            for piece in pieces(file):
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
            reply = b"".join(iter(lambda: line.recv(4096), b"")).rstrip(b"\0\n").decode("utf-8", "replace")
    except OSError as error:
        raise ScannerAway(str(error)) from error
    found = re.fullmatch(r"stream: (?:(OK)|(.+) FOUND)", reply)
    if found is None:
        raise ScannerAway(reply[:200])
    return found[1] or found[2]


def connect(address: str) -> socket.socket:
    """Open a line to "host:port" or to a socket file."""
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        line.connect(address)
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file piece by piece."""
    while piece := file.read(CHUNK):
        yield piece


def sweep_scans() -> int:
    """Wake the scanner for files that wait too long; return how many."""
    waiting = StoredFile.objects.filter(scan_state=ScanState.WAITING, created_at__lt=timezone.now() - PATIENCE)
    found = list(waiting.order_by("created_at")[:200])
    for stored in found:
        wake_scan(stored)
    return len(found)
