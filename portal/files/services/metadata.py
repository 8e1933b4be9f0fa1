"""Takes out of pictures what they say beside the picture: place, owner, device, thumbnails, anything after the end.

The picture itself is not decoded and written again: JPEG segments, PNG and WebP chunks are copied or left out whole,
so nothing is lost of it. What is copied is listed; whatever a camera adds next year is left out. The one thing kept
of the metadata is which way is up, written as a fresh block of its own.
"""

import re
import struct
from collections.abc import Iterator
from typing import Final
from zlib import crc32

from django.utils.translation import gettext as _

from portal.lib.errors import DomainError

ORIENTATION: Final = 0x0112
UPRIGHT: Final = 1

TURNS: Final = range(1, 9)

# JPEG markers: without a length; frames, tables and scans; those whose content decides.
JPEG_MARK: Final = 0xFF
JPEG_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
JPEG_KEPT: Final = frozenset({*range(0xC0, 0xD0), *range(0xDA, 0xE0)})
JPEG_END, JPEG_SCAN = 0xD9, 0xDA
JFIF, EXIF_OR_XMP, PROFILE, ADOBE = 0xE0, 0xE1, 0xE2, 0xEE
LENGTH_FIELD: Final = 2
SCAN_MARKER: Final = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)
PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
PNG_KEPT: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT pHYs bKGD acTL fcTL fdAT".split()
)
WEBP_KEPT: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
WEBP_FRAME_HEAD: Final = 16
WEBP_HAS_EXIF, WEBP_HAS_XMP = 0x08, 0x04


def strip_metadata(content: bytes, kind: str) -> bytes:
    """Return a JPEG, PNG or WebP without metadata; any other content as it is. The same content gives the same bytes.

    Raises DomainError for a picture whose parts do not add up, and for HEIC, whose metadata cannot be taken out.
    """
    if kind == "image/heic":
        message = _("HEIC pictures can hold where they were taken. Set the camera to JPEG, or send a copy as JPEG.")
        raise DomainError(message, code="heic")
    strip = {"image/jpeg": strip_jpeg, "image/png": strip_png, "image/webp": strip_webp}.get(kind)
    if strip is None:
        return content
    try:
        return strip(content)
    except (struct.error, IndexError, ValueError) as error:
        message = _("The picture is damaged. Open it on your device, save it again and upload the new copy.")
        raise DomainError(message, code="broken") from error


# 1. JPEG --------------------------------------------------------------------------------------------
def strip_jpeg(content: bytes) -> bytes:
    """Return a JPEG with the segments that its picture needs."""
    kept, turned = [b"\xff\xd8"], UPRIGHT
    for marker, segment in jpeg_segments(content):
        if marker == EXIF_OR_XMP and segment[4:10] == b"Exif\0\0":
            turned = read_orientation(segment[10:])
        if marker == JFIF and segment[4:9] == b"JFIF\0":
            kept.append(b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0")  # without its thumbnail
        elif is_needed(marker, segment):
            kept.append(segment)
    if turned != UPRIGHT:
        block = b"Exif\0\0" + orientation_block(turned)
        place = 2 if len(kept) > 1 and kept[1][:2] == b"\xff\xe0" else 1  # JFIF comes first where there is one
        kept.insert(place, b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block)
    return b"".join(kept) + b"\xff\xd9"


def is_needed(marker: int, segment: bytes) -> bool:
    """Whether the picture cannot be shown as it was without the segment."""
    colour_profile = marker == PROFILE and segment[4:16] == b"ICC_PROFILE\0"
    colour_transform = marker == ADOBE and segment[4:9] == b"Adobe"
    return marker in JPEG_KEPT or colour_profile or colour_transform


def jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (marker, bytes) up to the end mark; a scan comes with its coded data. What follows the end is left."""
    place = 2
    while place < len(content):
        if content[place] != JPEG_MARK:
            raise ValueError("no marker")
        while content[place] == JPEG_MARK:
            place += 1
        marker, start = content[place], place - 1
        place += 1
        if marker == JPEG_END:
            return
        if marker not in JPEG_BARE:
            (length,) = struct.unpack_from(">H", content, place)
            if length < LENGTH_FIELD or place + length > len(content):
                raise ValueError("segment too long")
            place += length
        if marker == JPEG_SCAN:
            found = SCAN_MARKER.search(content, place)
            place = found.start() if found else len(content)  # cut short: browsers show what there is
        yield marker, b"\xff" + content[start + 1 : place]


# 2. PNG ---------------------------------------------------------------------------------------------
def strip_png(content: bytes) -> bytes:
    """Return a PNG with the chunks that its picture needs."""
    kept, turned, place = [PNG_HEAD], UPRIGHT, len(PNG_HEAD)
    while place < len(content):
        (length,) = struct.unpack_from(">I", content, place)
        name, end = content[place + 4 : place + 8], place + 12 + length
        if end > len(content):
            raise ValueError("chunk too long")
        if name == b"eXIf":
            turned = read_orientation(content[place + 8 : end - 4])
        if name in PNG_KEPT:
            kept.append(content[place:end])
        place = end
        if name == b"IEND":
            break
    if turned != UPRIGHT:
        kept.insert(2, png_chunk(b"eXIf", orientation_block(turned)))
    return b"".join(kept)


def png_chunk(name: bytes, body: bytes) -> bytes:
    """Return one chunk with its length and checksum."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc32(name + body))


# 3. WebP --------------------------------------------------------------------------------------------
def strip_webp(content: bytes) -> bytes:
    """Return a WebP with the chunks that its picture needs; its header says that there is no metadata."""
    (size,) = struct.unpack_from("<I", content, 4)
    turned, kept = UPRIGHT, []
    for name, body in riff_chunks(content[12 : 8 + size]):
        if name == b"EXIF":
            turned = read_orientation(body.removeprefix(b"Exif\0\0"))
        if name in WEBP_KEPT:
            kept.append((name, clean_frame(body) if name == b"ANMF" else body))
    turned = turned if kept and kept[0][0] == b"VP8X" else UPRIGHT  # only the extended form can say it
    if turned != UPRIGHT:
        kept.append((b"EXIF", orientation_block(turned)))
    chunks = [(name, clean_flags(body, turned) if name == b"VP8X" else body) for name, body in kept]
    packed = b"WEBP" + b"".join(riff_chunk(name, body) for name, body in chunks)
    return b"RIFF" + struct.pack("<I", len(packed)) + packed


def riff_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (name, body) of every chunk."""
    place = 0
    while place < len(content):
        name, length = struct.unpack_from("<4sI", content, place)
        if place + 8 + length > len(content):
            raise ValueError("chunk too long")
        yield name, content[place + 8 : place + 8 + length]
        place += 8 + length + length % 2


def riff_chunk(name: bytes, body: bytes) -> bytes:
    """Return one chunk, padded to an even length."""
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def clean_frame(body: bytes) -> bytes:
    """Return one frame of an animation with the chunks that its picture needs."""
    inner = riff_chunks(body[WEBP_FRAME_HEAD:])
    return body[:WEBP_FRAME_HEAD] + b"".join(riff_chunk(name, part) for name, part in inner if name in WEBP_KEPT)


def clean_flags(body: bytes, turned: int) -> bytes:
    """Return the extended header saying which metadata is left."""
    flags = body[0] & ~(WEBP_HAS_EXIF | WEBP_HAS_XMP)
    return bytes([flags | (WEBP_HAS_EXIF if turned != UPRIGHT else 0)]) + body[1:]


# 4. Which way is up ---------------------------------------------------------------------------------
def read_orientation(block: bytes) -> int:
    """Return the orientation, 1 to 8, that an EXIF block names; upright when it names none or cannot be read."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(order + "I", block, 4)
        (count,) = struct.unpack_from(order + "H", block, start)
        for number in range(count):
            tag, _kind, _count, value = struct.unpack_from(order + "HHIH", block, start + 2 + 12 * number)
            if tag == ORIENTATION:
                return value if value in TURNS else UPRIGHT
    except struct.error:
        return UPRIGHT
    return UPRIGHT


def orientation_block(turned: int) -> bytes:
    """Return an EXIF block that says which way is up and nothing else."""
    return struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, ORIENTATION, 3, 1, turned, 0, 0)
