"""Pictures lose what they say of place, time and owner; the picture itself stays byte for byte."""

import io
import struct
import zlib

import pytest
from django.core.files.base import ContentFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps, PngImagePlugin

from portal.files.models import StoredFile
from portal.files.services import read_content, shrink_picture, store_upload
from portal.files.services.metadata import strip_metadata
from portal.lib.errors import DomainError

KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
SECRETS = (b"GPSLatitude", b"Osaka plant", b"2026:11:23", b"Canon", b"exif:GPS", b"IPTC-CITY")
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description exif:GPSLatitude="34,41.5N">Osaka plant</rdf:Description></x:xmpmeta>'


def exif(orientation=6) -> Image.Exif:
    """Camera, time, place and which way is up, as a phone writes them."""
    made = Image.Exif()
    made[0x010F] = "Canon"
    made[0x0132] = "2026:11:23 10:00:00"
    if orientation:
        made[0x0112] = orientation
    made.get_ifd(0x8825).update({1: "N", 2: (34.0, 41.0, 30.0), 3: "E", 4: (135.0, 30.0, 0.0)})
    return made


def drawing() -> Image.Image:
    """A picture of which every corner differs, so that a turn shows."""
    slopes = [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.linear_gradient("L").rotate(90)]
    picture = Image.merge("RGB", slopes).resize((64, 48))
    picture.paste((250, 10, 10), (0, 0, 16, 8))
    return picture


def photo(kind: str, orientation=6, **options) -> bytes:
    target = io.BytesIO()
    if kind == "PNG":
        told = PngImagePlugin.PngInfo()
        told.add_itxt("XML:com.adobe.xmp", XMP.decode())
        told.add_text("Comment", "Osaka plant")
        options["pnginfo"] = told
    elif kind == "JPEG":
        options.setdefault("xmp", XMP)
        options.setdefault("comment", b"Osaka plant")
    else:
        options.setdefault("xmp", XMP)
        options.setdefault("lossless", True)
    drawing().save(target, kind, exif=exif(orientation), **options)
    return target.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def pixels(content: bytes) -> bytes:
    return opened(content).convert("RGB").tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_strip_metadata_leaves_the_picture_and_nothing_else(kind):
    before = photo(kind)
    assert opened(before).getexif().get_ifd(0x8825) != {}
    after = strip_metadata(before, KINDS[kind])
    assert dict(opened(after).getexif()) == {0x0112: 6}
    assert opened(after).getexif().get_ifd(0x8825) == {}
    assert not [secret for secret in SECRETS if secret in after]
    assert "xmp" not in opened(after).info and b"xmpmeta" not in after
    assert pixels(after) == pixels(before)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_strip_metadata_keeps_which_way_is_up(kind, orientation):
    before = photo(kind, orientation)
    after = strip_metadata(before, KINDS[kind])
    turned = [ImageOps.exif_transpose(opened(content)).convert("RGB").tobytes() for content in (before, after)]
    assert turned[0] == turned[1]


@pytest.mark.parametrize("kind", KINDS)
def test_strip_metadata_of_a_clean_picture_changes_nothing_twice(kind):
    once = strip_metadata(photo(kind), KINDS[kind])
    assert strip_metadata(once, KINDS[kind]) == once


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"icc_profile": b"profile" * 20}, {"optimize": True}, {"restart_marker_rows": 1}]
)
def test_strip_metadata_of_every_jpeg_keeps_its_pixels(options):
    before = photo("JPEG", **options)
    after = strip_metadata(before, "image/jpeg")
    assert pixels(after) == pixels(before)
    assert opened(after).info.get("icc_profile") == options.get("icc_profile")


def test_strip_metadata_keeps_the_colour_transform_of_a_cmyk_jpeg():
    target = io.BytesIO()
    drawing().convert("CMYK").save(target, "JPEG", exif=exif())
    after = strip_metadata(target.getvalue(), "image/jpeg")
    assert (opened(after).mode, opened(after).tobytes()) == ("CMYK", opened(target.getvalue()).tobytes())


def test_strip_metadata_drops_iptc_thumbnails_and_what_follows_the_end_of_a_jpeg():
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x0c\x1c\x02\x5a\x00\x09IPTC-CITY"
    plain = photo("JPEG", 1)
    planted = (
        plain[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + plain[2:] + b"Osaka plant" + photo("JPEG")
    )
    after = strip_metadata(planted, "image/jpeg")
    assert after == strip_metadata(plain, "image/jpeg")


def test_strip_metadata_drops_unknown_chunks_and_what_follows_the_end_of_a_png():
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    plain = photo("PNG", 1)
    planted = (
        plain[:-12]
        + chunk(b"caBX", b"Osaka plant")
        + chunk(b"tIME", b"\x07\xea\x0b\x17\x0a\0\0")
        + plain[-12:]
        + b"Osaka plant"
    )
    assert strip_metadata(planted, "image/png") == strip_metadata(plain, "image/png")


def test_strip_metadata_of_an_animation_keeps_its_frames():
    target = io.BytesIO()
    frames = [drawing(), ImageOps.invert(drawing())]
    frames[0].save(target, "WEBP", save_all=True, append_images=frames[1:], exif=exif(), xmp=XMP, lossless=True)
    after = strip_metadata(target.getvalue(), "image/webp")
    assert (opened(after).n_frames, dict(opened(after).getexif())) == (2, {0x0112: 6})
    assert not [secret for secret in SECRETS if secret in after]


def test_strip_metadata_refuses_heic_with_a_way_out():
    with pytest.raises(DomainError) as caught:
        strip_metadata(b"\0\0\0\x18ftypheic", "image/heic")
    assert caught.value.message == (
        "HEIC pictures can hold where they were taken. Set the camera to JPEG, or send a copy as JPEG."
    )


def test_strip_metadata_leaves_other_files_alone():
    assert strip_metadata(b"%PDF-1.7 Osaka plant", "application/pdf") == b"%PDF-1.7 Osaka plant"


BROKEN = {
    "image/jpeg": b"\xff\xd8\xff\xe1\xff\xff too short",
    "image/png": b"\x89PNG\r\n\x1a\n\x00\x00\xff\xffIHDR",
    "image/webp": b"RIFF\x40\x00\x00\x00WEBPVP8X\xff\xff\x00\x00",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_strip_metadata_refuses_what_does_not_add_up(kind):
    with pytest.raises(DomainError, match="damaged"):
        strip_metadata(BROKEN[kind], kind)


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    places=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), max_size=4),
    cut=st.floats(0.3, 1),
)
def test_strip_metadata_of_a_damaged_picture_never_fails_otherwise(kind, places, cut):
    content = bytearray(photo(kind))
    for share, bytes_ in places:
        start = 12 + int(share * (len(content) - 16))
        content[start : start + len(bytes_)] = bytes_
    content = content[: max(16, int(cut * len(content)))]
    try:
        strip_metadata(bytes(content), KINDS[kind])
    except DomainError as error:
        assert error.code == "broken"


@pytest.mark.django_db
def test_store_upload_without_metadata_hashes_what_it_stores():
    stored = store_upload(
        ContentFile(photo("JPEG"), "shop floor.jpg"), organisation_id=7, actor=None, keep_metadata=False
    )
    content = read_content(stored).read()
    assert opened(content).getexif().get_ifd(0x8825) == {}
    assert (stored.size, stored.content_type, stored.name) == (len(content), "image/jpeg", "shop floor.jpg")
    again = store_upload(ContentFile(photo("JPEG"), "other.jpg"), organisation_id=7, actor=None, keep_metadata=False)
    assert (again.pk, StoredFile.objects.count()) == (stored.pk, 1)


@pytest.mark.django_db
def test_store_upload_keeps_metadata_unless_told():
    stored = store_upload(ContentFile(photo("JPEG"), "a.jpg"), organisation_id=7, actor=None)
    assert read_content(stored).read() == photo("JPEG")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_shrink_picture_turns_it_upright(kind):
    target = io.BytesIO()
    Image.new("RGB", (1600, 1200), (200, 30, 30)).save(target, kind, exif=exif(6))
    stored = store_upload(ContentFile(target.getvalue(), f"big.{kind.lower()}"), organisation_id=7, actor=None)
    small = opened(shrink_picture(stored))
    assert (small.format, small.size, dict(small.getexif())) == ("JPEG", (240, 320), {})
