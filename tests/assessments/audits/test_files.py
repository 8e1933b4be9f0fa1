"""Files of an audit: photos without place and time, the report, the acknowledgement; who adds, reads, removes."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from assessments.audits.enums import RELEASED_STATES, WRITING_STATES, AuditState, FileUse
from assessments.audits.models import Audit, AuditFile
from assessments.audits.services.concluding import ClosedError
from assessments.audits.services.filing import MOST_FILES, TAKEN_IN, add_audit_file, remove_audit_file
from portal.files.services import read_content
from portal.lib.errors import DomainError
from portal.trail.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"


@pytest.fixture
def people():
    return factories.cast()


@pytest.fixture
def audit(people):
    return factories.make_audit(
        people.relationship, people.site, firm=people.audit_firm, auditors=[people.carol], state="in_progress"
    )


@pytest.fixture
def carol(client, people):
    client.force_login(people.carol)
    return client


def photo(colour=(200, 40, 40), kind="JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Canon"
    exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 41.0, 30.0)})
    target = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(target, kind, exif=exif)
    return target.getvalue()


def add(audit, people, content=None, name="photo.jpg", use="evidence", checkpoint="A3"):
    upload = ContentFile(content or photo(), name)
    return add_audit_file(audit=audit, upload=upload, use=use, checkpoint=checkpoint, actor=people.carol)


def test_add_audit_file_stores_a_photo_without_its_place(audit, people):
    row = add(audit, people)
    content = read_content(row.file).read()
    assert dict(Image.open(io.BytesIO(content)).getexif()) == {}
    assert (row.checkpoint, row.use, row.added_by, row.file.organisation_id) == (
        "A3",
        "evidence",
        people.carol,
        people.audit_firm.pk,
    )
    entry = Entry.objects.get(deed="add_audit_file")
    assert (entry.organisation_id, entry.detail) == (
        people.supplier.pk,
        {"name": "photo.jpg", "use": "Evidence", "checkpoint": "A3"},
    )


def test_add_audit_file_twice_stays_one(audit, people):
    assert add(audit, people).pk == add(audit, people).pk
    assert (AuditFile.objects.count(), Entry.objects.filter(deed="add_audit_file").count()) == (1, 1)


REFUSED = [
    ({"use": "poem"}, "use", "Choose what the file is: evidence, the report or the acknowledgement."),
    ({"checkpoint": ""}, "checkpoint", "Evidence stands behind one checkpoint; other files behind none."),
    ({"use": "report"}, "checkpoint", "Evidence stands behind one checkpoint; other files behind none."),
    ({"checkpoint": "Z9"}, "not_found", "The programme of this audit has no checkpoint Z9."),
    ({"use": "report", "checkpoint": ""}, "not_pdf", "The report has to be a PDF. Save it as PDF and upload that."),
    ({"use": "acknowledgement", "checkpoint": "", "content": b"Signed", "name": "signed.txt"}, "not_pdf", "The acknowledgement has to be a PDF or a picture. Scan it or take a photo and upload that."),
    ({"content": b"\0\0\0\x18ftypheic" + b"\0" * 20, "name": "IMG_1.heic"}, "heic", "HEIC pictures can hold where they were taken. Set the camera to JPEG, or send a copy as JPEG."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "message"), REFUSED)
def test_add_audit_file_refuses_with_a_sentence(audit, people, changes, code, message):
    with pytest.raises(DomainError) as caught:
        add(audit, people, **changes)
    assert (caught.value.code, caught.value.message, AuditFile.objects.count()) == (code, message, 0)


def test_add_audit_file_takes_so_many_and_no_more(audit, people):
    for number in range(MOST_FILES):
        add(audit, people, photo((number, 0, 0), "PNG"), f"{number}.png")
    with pytest.raises(DomainError) as caught:
        add(audit, people, photo((0, 200, 0)))
    assert caught.value.code == "too_many"


@pytest.mark.parametrize("state", AuditState)
@pytest.mark.parametrize("use", FileUse)
def test_add_audit_file_only_in_the_states_of_its_use(audit, people, state, use):
    audit.state = state
    audit.save()
    checkpoint = "A3" if use == FileUse.EVIDENCE else ""
    if state in TAKEN_IN[use]:
        assert add(audit, people, PDF, "a.pdf", use, checkpoint).use == use
        return
    with pytest.raises(ClosedError):
        add(audit, people, PDF, "a.pdf", use, checkpoint)


def test_states_of_uses_are_those_of_writing_and_release():
    assert TAKEN_IN[FileUse.EVIDENCE] == WRITING_STATES
    before = (*WRITING_STATES, AuditState.FEEDBACK, AuditState.QUALITY_CHECK)
    assert TAKEN_IN[FileUse.ACKNOWLEDGEMENT] == before
    assert TAKEN_IN[FileUse.REPORT] == (*before, *RELEASED_STATES)


def test_remove_audit_file_takes_the_row_away_and_keeps_the_file(audit, people):
    row = add(audit, people)
    stored = row.file
    remove_audit_file(row=row, actor=people.carol)
    stored.refresh_from_db()
    assert AuditFile.objects.count() == 0
    assert Entry.objects.filter(deed="remove_audit_file").count() == 1


def test_remove_audit_file_leaves_the_report_of_a_released_audit(audit, people):
    row = add(audit, people, PDF, "report.pdf", "report", "")
    Audit.objects.update(state="released")
    with pytest.raises(ClosedError):
        remove_audit_file(row=row, actor=people.carol)


# Pages --------------------------------------------------------------------------------------------------


def send(client, audit, *contents, checkpoint="A3", use="evidence", **extra):
    files = [SimpleUploadedFile(f"photo{number}.jpg", content) for number, content in enumerate(contents)]
    address = reverse("audit_files", args=[audit.pk])
    return client.post(address, {"use": use, "checkpoint": checkpoint, "file": files}, **extra)


def test_files_page_takes_several_photos_at_once(carol, audit):
    answer = send(carol, audit, photo(), photo((0, 200, 0)))
    assert answer.url == f"{reverse('audit_section', args=[audit.pk, 'A'])}#q-A3"
    assert AuditFile.objects.count() == 2


def test_files_page_keeps_the_good_and_names_the_bad(carol, audit):
    answer = send(carol, audit, photo(), b"not a picture", headers={"HX-Request": "true"})
    assert AuditFile.objects.count() == 1
    assert "photo1.jpg" in answer.context["upload_error"]


def test_files_page_answers_the_script_in_json(carol, audit):
    answer = send(carol, audit, photo(), headers={"Accept": "application/json"})
    row = AuditFile.objects.get()
    assert answer.json() == {"version": 1, "saved_at": row.added_at.isoformat(), "name": "photo0.jpg"}
    again = send(carol, audit, photo(), headers={"Accept": "application/json"})
    assert (again.status_code, AuditFile.objects.count()) == (200, 1)


JSON_REFUSALS = [
    ("carol", "in_progress", b"\0\0\0\x18ftypheic" + b"\0" * 20, 422),
    ("carol", "in_progress", None, 400),
    ("carol", "released", photo(), 410),
    ("alice", "in_progress", photo(), 403),
    ("mallory", "in_progress", photo(), 404),
]


@pytest.mark.parametrize(("name", "state", "content", "status"), JSON_REFUSALS)
def test_files_page_refuses_the_script_with_the_status_of_an_autosave(
    client, audit, people, name, state, content, status
):
    Audit.objects.update(state=state)
    client.force_login(people.people[name])
    contents = [content] if content else []
    answer = send(client, audit, *contents, headers={"Accept": "application/json"})
    assert (answer.status_code, AuditFile.objects.count()) == (status, 0)


def test_files_page_for_somebody_else_on_the_same_device_is_signed_out(carol, audit, people):
    headers = {"Accept": "application/json", "X-Answering-User": str(people.frank.pk)}
    assert send(carol, audit, photo(), headers=headers).status_code == 401


def test_files_page_lists_report_and_acknowledgement(carol, audit, people):
    add(audit, people, PDF, "report.pdf", "report", "")
    add(audit, people, PDF + b"signed", "signed.pdf", "acknowledgement", "")
    page = carol.get(reverse("audit_files", args=[audit.pk]))
    found = {group["use"]: [line.name for line in group["lines"]] for group in page.context["groups"]}
    assert found == {"report": ["report.pdf"], "acknowledgement": ["signed.pdf"]}


def test_files_page_gives_the_list_of_a_checkpoint_to_htmx(carol, audit, people, django_assert_max_num_queries):
    add(audit, people)
    address = reverse("audit_files", args=[audit.pk])
    with django_assert_max_num_queries(12):
        part = carol.get(address, {"checkpoint": "A3"}, headers={"HX-Request": "true"})
    words = part.content.decode()
    assert 'id="files-A3"' in words and "photo.jpg" in words and "<html" not in words


READERS = [
    ("in_progress", False, "alice", 403),
    ("in_progress", True, "alice", 200),
    ("in_progress", True, "dave", 403),
    ("released", True, "dave", 200),
    ("released", True, "trent", 404),
    ("in_progress", False, "carol", 200),
]


@pytest.mark.parametrize(("state", "presented", "name", "status"), READERS)
def test_file_is_handed_out_to_those_who_read_the_conclusions(client, audit, people, state, presented, name, status):
    row = add(audit, people)
    Audit.objects.update(state=state, presented_at=audit.asked_at if presented else None)
    client.force_login(people.people[name])
    address = reverse("audit_file", args=[audit.pk, row.pk])
    answer, small = client.get(address), client.get(address, {"small": "1"})
    assert (answer.status_code, small.status_code) == (status, status)
    assert Entry.objects.filter(deed="download_file").count() == (1 if status == 200 else 0)
    if status == 200:
        assert answer["Content-Disposition"].startswith("attachment")
        assert Image.open(io.BytesIO(small.content)).format == "JPEG"


def test_file_of_another_audit_is_not_found(carol, audit, people):
    row = add(audit, people)
    other = factories.make_audit(
        people.relationship, people.site, firm=people.audit_firm, auditors=[people.carol], state="in_progress"
    )
    assert carol.get(reverse("audit_file", args=[other.pk, row.pk])).status_code == 404


def test_file_is_removed_by_the_writer(carol, audit, people):
    row = add(audit, people)
    answer = carol.post(reverse("audit_file_remove", args=[audit.pk, row.pk]))
    assert (answer.status_code, AuditFile.objects.count()) == (302, 0)
