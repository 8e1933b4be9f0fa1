"""Whatever bytes arrive give a declaration or a reason: never another error, never a hang, never a dead process."""

import io
import re
import struct
import time
import zipfile
import zlib
from pathlib import Path

import msoffcrypto
import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile
from PIL import Image

from minerals.templates_io.document import Declared
from minerals.templates_io.workbook import LARGEST_FILE, Unreadable, build_workbook, read_declaration
from minerals.templates_io.workbook.opening import guarded
from tests.minerals.templates_io.workbook.edits import replace_member
from tests.minerals.world import make_declared, make_product, make_smelter_row

SAMPLES = Path(settings.BASE_DIR).parent / "shared" / "data" / "minerals"
WHOLE = build_workbook(
    make_declared(smelters=[make_smelter_row(row) for row in range(5, 25)], products=(make_product("P-1"),))
)
SHEET = "xl/worksheets/sheet4.xml"  # the declaration, after Revision, Instructions, Definitions
QUICK = how(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


def reason(content: bytes) -> str:
    """Why a file is refused; 'read' if it is not. Anything else but Unreadable fails the test."""
    started = time.monotonic()
    try:
        assert isinstance(read_declaration(content), Declared)
        return "read"
    except Unreadable as error:
        return error.code
    finally:
        assert time.monotonic() - started < 20


def packed(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return target.getvalue()


def locked(password: str) -> bytes:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(WHOLE)).encrypt(password, target)
    return target.getvalue()


def jpeg() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (40, 40)).save(target, "JPEG")
    return target.getvalue()


FILES = {
    "nothing": (lambda: b"", "empty"),
    "one byte": (lambda: b"\0", "not_a_workbook"),
    "zeros": (lambda: b"\0" * 100_000, "not_a_workbook"),
    "a JPEG named .xls": (jpeg, "not_a_workbook"),
    "a PDF": (lambda: b"%PDF-1.7 ...", "not_a_workbook"),
    "XML": (lambda: b"<?xml version='1.0'?><Workbook/>", "not_a_workbook"),
    "CSV": (lambda: b"Metal,Smelter\nTin,Example", "not_a_workbook"),
    "a document": (lambda: packed(**{"word/document.xml": b"<a/>"}), "not_a_workbook"),
    "a hollow workbook": (lambda: packed(**{"xl/workbook.xml": b"<a/>"}), "damaged"),
    "a false ZIP": (lambda: b"PK\x03\x04" + b"\0" * 500, "damaged"),
    "a false .xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, "damaged"),
    "half a workbook": (lambda: WHOLE[: len(WHOLE) // 2], "damaged"),
    "too much": (lambda: b"P" * (LARGEST_FILE + 1), "too_large"),
    "a real password": (lambda: locked("secret"), "locked"),
    "a whole workbook": (lambda: WHOLE, "read"),
    "the default password": (lambda: locked("VelvetSweatshop"), "read"),
}


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_read_or_refused_for_a_reason(name):
    make, code = FILES[name]
    assert reason(make()) == code


def test_default_encryption_changes_nothing():
    assert read_declaration(locked("VelvetSweatshop")) == read_declaration(WHOLE)


def test_a_password_that_asks_for_endless_work_is_not_tried():
    content = locked("VelvetSweatshop")
    asks = content.replace(b'spinCount="100000" ', b'spinCount="9999999"')
    assert asks != content
    assert reason(asks) == "damaged"


class TestBombs:
    def test_a_package_that_claims_too_much_is_not_unpacked(self):
        content = packed(**{"xl/workbook.xml": b"<a/>", "xl/media/a": bytes(61_000_000)})
        assert len(content) < 100_000
        assert reason(content) == "bomb"

    def test_four_gigabytes_behind_a_small_claim_stop_early(self):
        """The directory says 10 bytes, the stream goes on for four gigabytes."""
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        block = packer.compress(bytes(64_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
        stream = block * 64 + packer.flush()  # after a full flush the blocks stand on their own
        for claim in (10, 2**32 - 2):
            assert reason(lying_package(stream, claim)) in {"bomb", "damaged"}

    def test_very_many_members_are_refused(self):
        assert reason(packed(**{f"xl/{number}.xml": b"" for number in range(2_001)})) == "damaged"

    def test_a_tight_package_below_the_limit_is_a_bomb_too(self):
        assert reason(packed(**{"xl/workbook.xml": b"<a/>", "xl/media/a": bytes(30_000_000)})) == "bomb"


def lying_package(stream: bytes, claim: int) -> bytes:
    """A ZIP with an honest workbook.xml and one member whose size is a lie."""
    name = b"xl/worksheets/sheet1.xml"
    head = packed(**{"xl/workbook.xml": b"<a/>"})
    start = head.index(b"PK\x01\x02")
    first, directory = head[:start], head[start : head.index(b"PK\x05\x06")]
    sizes = struct.pack("<LLL", 0, len(stream), claim)
    local = b"PK\x03\x04\x14\0\0\0\x08\0\0\0!\0" + sizes + struct.pack("<HH", len(name), 0) + name + stream
    entry = (
        b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0!\0"
        + sizes
        + struct.pack("<HHHHHLL", len(name), 0, 0, 0, 0, 0, start)
        + name
    )
    end = b"PK\x05\x06\0\0\0\0" + struct.pack("<HHLLH", 2, 2, len(directory) + len(entry), start + len(local), 0)
    return first + local + directory + entry + end


class TestSheets:
    def test_a_cell_at_the_end_of_the_sheet_is_refused_before_it_is_laid_out(self):
        """17 billion cells would take the process down, not raise an error."""
        far = b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row></sheetData>'
        assert reason(replace_member(WHOLE, SHEET, b"</sheetData>", far)) == "too_wide"
        spelled = b'<row  r=\'1048576\'><c t="str"\n r = "xfd1048576"><v>x</v></c></row></sheetData>'
        assert reason(replace_member(WHOLE, SHEET, b"</sheetData>", spelled)) == "too_wide"

    def test_a_format_at_the_end_of_the_sheet_hurts_nobody(self):
        far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
        assert reason(replace_member(WHOLE, SHEET, b"</sheetData>", far)) == "read"

    def test_entities_are_refused(self):
        entity = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet'
        assert reason(replace_member(WHOLE, SHEET, b"<worksheet", entity)) == "damaged"
        hidden = b'<!-- <a --><!DOCTYPE a [<!ENTITY x "y">]><worksheet'
        assert reason(replace_member(WHOLE, SHEET, b"<worksheet", hidden)) == "damaged"
        assert (
            reason(replace_member(WHOLE, "xl/sharedStrings.xml", b"<sst", entity.replace(b"worksheet", b"sst")))
            == "damaged"
        )

    @pytest.mark.parametrize("claim", ['"4294967295"', "'3000001'", '" 99999999999999999999 "', '"&#57;99999999"'])
    def test_a_lie_about_the_number_of_texts_is_refused_before_memory_is_set_aside(self, claim):
        """A hundred gigabytes asked for at once abort the process; no error can be caught."""
        lie = f"<sst uniqueCount = {claim} ".encode()
        assert reason(replace_member(WHOLE, "xl/sharedStrings.xml", rb"<sst (uniqueCount=.\d+. )?", lie)) == "damaged"

    def test_a_wrong_but_harmless_number_of_texts_is_read(self):
        lie = b'uniqueCount="12345"'
        claimed = replace_member(WHOLE, "xl/sharedStrings.xml", rb'uniqueCount="\d+"', lie)
        assert reason(claimed) == "read"

    def test_deep_xml_ends(self):
        deep = b"<a>" * 2_000_000 + b"</sheetData>"
        assert reason(replace_member(WHOLE, SHEET, b"</sheetData>", deep)) == "damaged"

    def test_a_sheet_in_another_encoding_is_refused(self):
        wide = zipfile.ZipFile(io.BytesIO(WHOLE)).read(SHEET).decode().encode("utf-16")
        assert reason(replace_member(WHOLE, SHEET, rb"(?s).*", wide)) == "damaged"

    def test_an_error_in_every_cell_is_no_error(self):
        sheet = zipfile.ZipFile(io.BytesIO(WHOLE)).read(SHEET)
        errors = re.sub(rb' t="s"><v>\d+</v>', b' t="e"><v>#REF!</v>', sheet)
        assert errors != sheet
        assert reason(replace_member(WHOLE, SHEET, rb"(?s).*", errors)) == "not_a_template"


@QUICK
@given(st.integers(0, len(WHOLE) - 1))
def test_a_truncated_file_is_refused(length):
    assert reason(WHOLE[:length]) in {"empty", "not_a_workbook", "damaged"}


@QUICK
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=20))
def test_flipped_bytes_give_an_answer(flips):
    content = bytearray(WHOLE)
    for place, byte in flips:
        content[place] = byte
    reason(bytes(content))


@QUICK
@given(
    st.sampled_from([SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]),
    st.lists(
        st.tuples(st.floats(0, 0.999), st.sampled_from([b"<", b">", b'"', b"&", b"<c>", b"</row>", b"99999999", b"\xff", b"<!--", b"ZZZ"])),
        min_size=1, max_size=10,
    ),
)  # fmt: skip
def test_broken_xml_gives_an_answer(name, inserts):
    data = bytearray(zipfile.ZipFile(io.BytesIO(WHOLE)).read(name))
    for place, piece in inserts:
        at = int(place * len(data))
        data[at:at] = piece
    reason(replace_member(WHOLE, name, rb"(?s).*", bytes(data)))


@QUICK
@given(st.binary(max_size=2000))
def test_any_bytes_give_an_answer(content):
    for mark in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        assert reason(mark + content) != "read"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="The sample files of RMI's templates are not here.")
@how(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_a_broken_xls_gives_an_answer(random):
    """The reader of .xls panics on broken records: that must arrive as a reason too."""
    content = bytearray(clear_xls())
    for _ in range(random.choice([1, 20, 300])):
        content[random.randrange(len(content))] = random.randrange(256)
    reason(bytes(content[: random.choice([len(content), random.randrange(len(content))])]))


def clear_xls() -> bytes:
    """The old .xls without its encryption, so that flipped bytes reach its records."""
    file = msoffcrypto.OfficeFile(io.BytesIO((SAMPLES / "cmrt-2.03-en-valid-encrypted.xls").read_bytes()))
    file.load_key(password="VelvetSweatshop")
    target = io.BytesIO()
    file.decrypt(target)
    return target.getvalue()


def test_a_panic_is_a_damaged_file_and_other_interrupts_go_through():
    class PanicException(BaseException):
        """As pyo3 names it."""

    def panic():
        raise PanicException

    with pytest.raises(Unreadable) as refused:
        guarded(panic)
    assert refused.value.code == "damaged"
    with pytest.raises(KeyboardInterrupt):
        guarded(lambda: (_ for _ in ()).throw(KeyboardInterrupt()))
