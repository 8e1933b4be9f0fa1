"""Opening a ZIP that somebody sent: its members are unpacked and counted before anybody trusts it."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final

from django.utils.translation import gettext as _

from portal.lib.errors import DomainError

MOST_MEMBERS: Final = 10_000
MOST_RATIO: Final = 150  # a workbook of one repeated number reaches about 100; bombs start near 1,000
SMALL: Final = 10_000_000  # below this size no ratio hurts
CHUNK: Final = 1 << 20
LOCAL_HEADER: Final = 30
STORED_OR_DEFLATED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Archive:
    """A ZIP whose every member was unpacked once, within `limit` bytes in all."""

    def __init__(self, file: IO[bytes], *, limit: int) -> None:
        self.file = file
        self.limit = limit
        try:
            file.seek(0)
            self.zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
            raise broken_archive() from error
        self.names = frozenset(member.filename for member in self.zip.infolist())
        self._check_all()

    def _check_all(self) -> None:
        members = self.zip.infolist()
        if len(members) > MOST_MEMBERS or len(self.names) != len(members):
            raise broken_archive()
        total = 0
        for member in members:
            for piece in self.pieces(member):
                total += len(piece)
                if total > self.limit:
                    raise too_large_unpacked(self.limit)
        packed = sum(member.compress_size for member in members)
        if total > SMALL and total > MOST_RATIO * max(packed, 1):
            raise too_large_unpacked(self.limit)

    def pieces(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield a member piece by piece from its own bytes.

        The size a ZIP states is only a claim, and `zipfile` stops reading at the claim while other
        readers go on. So the stream itself is unpacked, and it must end exactly where the claim says.
        """
        if member.flag_bits & 0x1 or member.compress_type not in STORED_OR_DEFLATED:
            raise locked_archive() if member.flag_bits & 0x1 else broken_archive()
        if member.header_offset < 0:
            raise broken_archive()
        self.file.seek(member.header_offset)
        head = self.file.read(LOCAL_HEADER)
        if len(head) < LOCAL_HEADER or not head.startswith(b"PK\x03\x04"):
            raise broken_archive()
        self.file.seek(sum(struct.unpack("<HH", head[26:30])), 1)
        found = 0
        for piece in unpack(self.file, member):
            found += len(piece)
            yield piece
        if found != member.file_size:
            raise broken_archive()

    def read(self, name: str) -> bytes:
        """Return the content of a member; an absent one is empty."""
        return b"".join(self.pieces(self.zip.getinfo(name))) if name in self.names else b""


def unpack(file: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the unpacked bytes of the member that starts at the file's position."""
    left = member.compress_size
    if member.compress_type == zipfile.ZIP_STORED:
        while left > 0 and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
        return
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while not unpacker.eof:
            packed = unpacker.unconsumed_tail or file.read(min(CHUNK, left))
            left -= 0 if unpacker.unconsumed_tail else len(packed)
            if not packed:
                raise broken_archive()
            yield unpacker.decompress(packed, CHUNK)
    except zlib.error as error:
        raise broken_archive() from error
    if left or unpacker.unused_data:
        raise broken_archive()


def broken_archive() -> DomainError:
    """The error for a file that cannot be unpacked."""
    message = _("The file is damaged. Open it in the program that made it, save it again and upload the new copy.")
    return DomainError(message, code="broken")


def locked_archive() -> DomainError:
    """The error for a file behind a password."""
    message = _("The file is protected by a password. Save a copy without the password and upload that.")
    return DomainError(message, code="encrypted")


def too_large_unpacked(limit: int) -> DomainError:
    """The error for a file that unpacks to more than anybody can use."""
    message = _(
        "The file unpacks to much more than it should (limit: %(limit)d MB). "
        "Delete empty rows and pictures you do not need, save it again and upload the new copy."
    ) % {"limit": limit // 1_000_000}
    return DomainError(message, code="zip_bomb")
