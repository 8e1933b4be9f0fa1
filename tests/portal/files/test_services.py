"""Stored files: what is taken, what is refused, how they are handed out and forgotten."""

import hashlib
import io
import socket
import socketserver
import struct
import threading
import zipfile
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from portal.files import tasks
from portal.files.enums import FileKind, ScanState
from portal.files.models import StoredFile
from portal.files.services import (
    ScannerAway,
    file_response,
    forget_expired,
    read_content,
    scan_file,
    store_generated,
    store_upload,
    sweep_scans,
)
from portal.files.services.contents import check_content, clean_name
from portal.lib.errors import DomainError
from portal.lib.workbook import Sheet, write_workbook
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"


def picture(kind: str, size=(3, 2)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size).save(target, kind)
    return target.getvalue()


def office(part: str, *others: tuple[str, str], types: str = "<Types/>") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(part, "<x/>")
        for name, text in others:
            archive.writestr(name, text)
    return target.getvalue()


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"0" * 201_000_000)
    return target.getvalue()


def store(name: str, content: bytes, organisation_id: int | None = 1) -> StoredFile:
    return store_upload(SimpleUploadedFile(name, content), organisation_id=organisation_id, actor=None)


def refused(name: str, content: bytes) -> str:
    before = StoredFile.objects.count()
    with pytest.raises(DomainError) as caught:
        store(name, content)
    assert StoredFile.objects.count() == before
    assert caught.value.message
    return caught.value.code


OFFICE = "application/vnd.openxmlformats-officedocument"


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("permit.pdf", PDF, "application/pdf"),
        ("photo.PNG", picture("PNG"), "image/png"),
        ("photo.jpg", picture("JPEG"), "image/jpeg"),
        ("photo.jpg", picture("PNG"), "image/png"),
        ("photo.webp", picture("WEBP"), "image/webp"),
        ("photo.heic", b"\0\0\0\x18ftypheic" + b"\0" * 40, "image/heic"),
        ("a.docx", office("word/document.xml"), f"{OFFICE}.wordprocessingml.document"),
        ("a.pptx", office("ppt/presentation.xml"), f"{OFFICE}.presentationml.presentation"),
        ("a.xlsx", write_workbook([Sheet("A", ["a"], [["b"]])]), f"{OFFICE}.spreadsheetml.sheet"),
        ("a.txt", "労働時間".encode("cp932"), "text/plain"),
        ("a.csv", b"a,b\n1,2\n", "text/csv"),
    ],
)
def test_kinds_on_the_list_are_stored_as_what_they_are(name: str, content: bytes, content_type: str) -> None:
    person = make_user()
    stored = store_upload(SimpleUploadedFile(name, content, "text/html"), organisation_id=7, actor=person)

    assert (stored.name, stored.content_type, stored.size) == (name, content_type, len(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert (stored.kind, stored.scan_state, stored.organisation_id) == (FileKind.UPLOAD, ScanState.SKIPPED, 7)
    assert stored.uploaded_by == person
    assert read_content(StoredFile.objects.get(pk=stored.pk)).getvalue() == content
    assert name not in stored.content.name


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "empty"),
        ("a.txt", b"  \n", "empty"),
        ("a.pdf", b"%PDF-" + b"x" * 20_000_001, "too_large"),
        ("a.exe", b"MZ\x90\0" + b"\0" * 100, "wrong_type"),
        ("a.pdf", b"MZ\x90\0" + b"\0" * 100, "wrong_type"),
        ("a.html", b"<html><script>alert(1)</script></html>", "wrong_type"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "wrong_type"),
        ("a.txt", b"MZ\x90\0" + b"\0" * 100, "wrong_type"),
        ("a.zip", office("readme.txt"), "wrong_type"),
        ("a.xlsx", PDF, "wrong_name"),
        ("a.html", PDF, "wrong_name"),
        ("a.pdf", picture("PNG"), "wrong_name"),
        ("a.docx", office("xl/workbook.xml"), "wrong_name"),
        ("a.png", picture("PNG")[:30], "broken"),
        ("a.png", b"\x89PNG\r\n\x1a\nxx", "broken"),
        ("a.docx", b"PK\x03\x04xxxx", "broken"),
        ("a.docx", office("word/document.xml", ("word/vbaProject.bin", "x")), "macros"),
        ("a.xlsx", office("xl/workbook.xml", ("xl/macrosheets/sheet1.xml", "x")), "macros"),
        (
            "a.docx",
            office(
                "word/document.xml",
                types='<Types ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>',
            ),
            "macros",
        ),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_format"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ],
)
def test_other_files_are_refused_with_a_sentence(name: str, content: bytes, code: str) -> None:
    assert refused(name, content) == code


def test_what_another_room_has_read_itself_is_stored_as_what_that_room_says() -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook"
    upload = SimpleUploadedFile("old.xls", content)

    stored = store_upload(upload, organisation_id=None, actor=None, content_type="application/vnd.ms-excel")

    assert (stored.name, stored.content_type, stored.size) == ("old.xls", "application/vnd.ms-excel", len(content))
    answer = file_response(stored)
    assert answer["Content-Disposition"] == 'attachment; filename="old.xls"'


def test_bombs_and_giant_pictures_are_refused() -> None:
    assert refused("a.docx", bomb()) == "zip_bomb"
    giant = bytearray(picture("PNG"))
    giant[16:24] = struct.pack("!LL", 60_000, 60_000)
    assert refused("a.png", bytes(giant)) in {"too_many_pixels", "broken"}


def test_same_content_is_stored_once_per_organisation() -> None:
    first, again, elsewhere = store("a.pdf", PDF), store("b.pdf", PDF), store("a.pdf", PDF, 2)

    assert first == again
    assert elsewhere != first
    assert StoredFile.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\a\\permit.pdf", "permit.pdf"),
        ("in\u202efdp.exe", "infdp.exe"),
        ("a\nb\x00.pdf", "ab.pdf"),
        ("か\u3099.pdf", "が.pdf"),
        ("", "file"),
        ("..", "file"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_lose_paths_and_tricks(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@given(
    st.binary(max_size=300), st.sampled_from(["a.pdf", "a.png", "a.jpg", "a.xlsx", "a.txt", "a.webp", "a", "a.heic"])
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_taken_or_refused_with_a_sentence(content: bytes, name: str) -> None:
    heads = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF0000WEBP", b"PK\x03\x04"]
    for head in heads:
        try:
            assert "/" in check_content(io.BytesIO(head + content), name)
        except DomainError as error:
            assert error.message


def test_download_is_an_attachment_that_cannot_act_as_a_page() -> None:
    stored = store("労働 時間.pdf", PDF)
    response = file_response(stored, inline=True)

    assert b"".join(response.streaming_content) == PDF
    assert {name: response[name] for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control")} == {
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_only_pictures_are_shown_inline() -> None:
    stored = store("a.png", picture("PNG"))
    assert file_response(stored, inline=True)["Content-Disposition"] == 'inline; filename="a.png"'
    assert file_response(stored)["Content-Disposition"] == 'attachment; filename="a.png"'


def test_file_that_is_gone_gives_a_sentence() -> None:
    stored = store("a.pdf", PDF)
    stored.content.storage.delete(stored.content.name)
    with pytest.raises(DomainError, match="no longer kept"):
        file_response(stored)


def test_generated_file_is_forgotten_when_its_time_is_over() -> None:
    kept = store_generated("a.xlsx", b"1", kind=FileKind.EXPORT, content_type="x/y", organisation_id=1, actor=None)
    ended = store_generated(
        "b.xlsx", io.BytesIO(b"22"), kind=FileKind.REPORT, content_type="x/y", organisation_id=1, actor=None, days=0
    )
    upload = store("a.pdf", PDF)
    key = ended.content.name
    assert (ended.size, ended.sha256) == (2, hashlib.sha256(b"22").hexdigest())
    assert kept.expires_at > timezone.now() + timedelta(days=6)
    with pytest.raises(DomainError, match="no longer kept"):
        file_response(ended)

    assert forget_expired() == 1
    assert forget_expired() == 0
    assert set(StoredFile.objects.all()) == {kept, upload}
    assert not default_storage.exists(key)


class Scanner(socketserver.BaseRequestHandler):
    """Speaks as clamd does: refuses whatever holds the word EICAR."""

    def handle(self) -> None:
        line = self.request.makefile("rb")
        assert line.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", line.read(4))[0]:
            content += line.read(size)
        answer = b"stream: Eicar-Test-Signature FOUND\0" if b"EICAR" in content else b"stream: OK\0"
        self.request.sendall(answer if b"BROKEN" not in content else b"INSTREAM size limit exceeded. ERROR\0")


@contextmanager
def scanner(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Scanner) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        yield
        server.shutdown()


def test_scanned_file_waits_until_the_scanner_has_spoken(settings) -> None:
    with scanner(settings):
        good, bad = store("a.pdf", PDF), store("b.pdf", PDF + b"EICAR")
        with pytest.raises(DomainError, match="still being checked"):
            file_response(good)

        assert scan_file(str(good.pk)) == ScanState.CLEAN
        assert scan_file(str(bad.pk)) == ScanState.REFUSED
        assert scan_file(str(bad.pk)) is None

    good.refresh_from_db()
    bad.refresh_from_db()
    assert b"".join(file_response(good).streaming_content) == PDF
    assert not default_storage.exists(bad.content.name)
    with pytest.raises(DomainError, match="scanner refused"):
        file_response(bad)
    with pytest.raises(DomainError, match="scanner refused"):
        store("again.pdf", PDF + b"EICAR")


def test_scanner_that_is_away_or_answers_nonsense_leaves_the_file_waiting(settings) -> None:
    with scanner(settings):
        stored = store("a.pdf", PDF + b"BROKEN")
        with pytest.raises(ScannerAway):
            scan_file(str(stored.pk))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.CLAMD_ADDRESS = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ScannerAway):
            scan_file(str(stored.pk))
    stored.refresh_from_db()
    assert stored.scan_state == ScanState.WAITING


def test_scan_a_lost_queue_left_behind_is_found(settings) -> None:
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    stored = store("a.pdf", PDF)
    assert sweep_scans() == 0
    StoredFile.objects.filter(pk=stored.pk).update(created_at=timezone.now() - timedelta(minutes=5))
    assert sweep_scans() == 1


def test_every_deed_works_on_a_storage_that_has_no_disk(settings) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    upload = store("a.pdf", PDF)
    made = store_generated(
        "b.pdf", PDF, kind=FileKind.REPORT, content_type="x/y", organisation_id=1, actor=None, days=0
    )

    assert read_content(upload).getvalue() == PDF
    assert b"".join(file_response(upload).streaming_content) == PDF
    assert forget_expired() == 1
    assert default_storage.exists(upload.content.name)
    assert not default_storage.exists(made.content.name)


def test_large_upload_that_lies_on_disk_is_stored(settings) -> None:
    content = PDF + b"\n" * 3_000_000
    with TemporaryUploadedFile("a.pdf", "application/pdf", len(content), None) as upload:
        upload.write(content)
        stored = store_upload(upload, organisation_id=1, actor=None)
    assert read_content(stored).getvalue() == content


def test_tasks_do_their_work(settings) -> None:
    with scanner(settings):
        stored = store("a.pdf", PDF)
        tasks.scan(str(stored.pk))
    stored.refresh_from_db()
    assert stored.scan_state == ScanState.CLEAN

    store_generated("b", b"1", kind=FileKind.EXPORT, content_type="x/y", organisation_id=1, actor=None, days=0)
    tasks.forget_expired()
    assert list(StoredFile.objects.all()) == [stored]
