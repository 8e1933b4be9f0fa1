"""Opening a ZIP that somebody sent."""

import io
import random
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.archives import MOST_MEMBERS, Archive
from portal.lib.errors import DomainError


def build(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def refused(content: bytes, limit: int = 50_000_000) -> str:
    with pytest.raises(DomainError) as caught:
        Archive(io.BytesIO(content), limit=limit)
    return caught.value.code


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_are_read_back(method: int) -> None:
    archive = Archive(io.BytesIO(build(("a.xml", b"<a/>"), ("b/c.bin", b"\0" * 3000), method=method)), limit=10_000)
    assert archive.names == {"a.xml", "b/c.bin"}
    assert (archive.read("a.xml"), archive.read("b/c.bin"), archive.read("absent")) == (b"<a/>", b"\0" * 3000, b"")


def test_more_than_the_limit_is_refused_while_unpacking() -> None:
    assert refused(build(("a", b"x" * 6000), ("b", b"x" * 6000)), limit=10_000) == "zip_bomb"


def test_ratio_of_a_bomb_is_refused_below_the_limit() -> None:
    assert refused(build(("a", b"0" * 12_000_000))) == "zip_bomb"


def test_large_but_plain_content_is_taken() -> None:
    content = random.Random(1).randbytes(11_000_000)
    assert Archive(io.BytesIO(build(("a", content))), limit=50_000_000).names == {"a"}


def test_members_that_share_their_bytes_are_counted_each() -> None:
    """Overlapping members turn a small file into a huge one: each is counted as often as it is named."""
    content = bytearray(build(("a", b"0" * 1_000_000), ("b", b"")))
    second = content.rindex(b"PK\x01\x02")
    first = content.index(b"PK\x01\x02")
    content[second + 16 : second + 28] = content[first + 16 : first + 28]
    content[second + 42 : second + 46] = struct.pack("<L", 0)
    assert refused(bytes(content), limit=1_500_000) == "zip_bomb"


def test_encrypted_odd_and_doubled_members_are_refused() -> None:
    locked = bytearray(build(("a", b"secret")))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(locked)) == "encrypted"
    assert refused(build(("a", b"x" * 100), method=zipfile.ZIP_BZIP2)) == "broken"
    with pytest.warns(UserWarning, match="Duplicate name"):
        doubled = build(("a", b"1"), ("a", b"2"))
    assert refused(doubled) == "broken"
    assert refused(build(*((f"m{number}", b"") for number in range(MOST_MEMBERS + 1)))) == "broken"


@given(st.data())
def test_any_damage_gives_an_archive_or_a_sentence(data: st.DataObject) -> None:
    content = bytearray(build(("a.xml", b"<a/>" * 30), ("b", b"text")))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        archive = Archive(io.BytesIO(bytes(content)), limit=1_000_000)
        for name in archive.names:
            archive.read(name)
    except DomainError as error:
        assert error.message
