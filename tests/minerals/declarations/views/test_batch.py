"""Many files on the page: with and without scripts, the result, choosing a supplier, rights."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import minerals.declarations.tasks  # noqa: F401 the worker knows the jobs by it
from minerals.declarations.models import Batch, BatchFile, Declaration
from portal.jobs.models import Job
from portal.jobs.services import run_job
from suppliers.organisations.enums import Role
from tests.factories import cast, make_membership, make_user
from tests.minerals.declarations.services.test_batching import workbook
from tests.minerals.world import make_batch_file

pytestmark = pytest.mark.django_db
NEW = "batch_new"
SCRIPT = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def people():
    return cast()


def at(batch, name="batch_detail", *rest):
    return reverse(name, args=[batch.pk, *rest])


def upload(name="good.xlsx", content=None):
    return SimpleUploadedFile(name, workbook("Supplier") if content is None else content)


def run(job=None):
    run_job(str((job or Job.objects.get()).pk))


# Sending -------------------------------------------------------------------------------------------
def test_without_scripts_all_files_are_sent_together(client, people):
    client.force_login(people.dave)
    files = [upload(), upload("letter.xlsx", b"Dear all"), upload("who.xlsx", workbook("Nobody Ltd"))]
    reply = client.post(reverse(NEW), {"year": "2026", "files": files})
    batch = Batch.objects.get()
    assert reply.url == at(batch)
    assert "It waits for its turn." in client.get(at(batch)).content.decode()
    run()
    text = client.get(at(batch)).content.decode()
    assert "Choose the supplier of 1 file" in text and "This is no Excel file." in text and "good.xlsx" in text
    assert list(batch.files.order_by("pk").values_list("state", flat=True)) == ["entered", "refused", "to_match"]


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [({"year": "2026"}, "Choose at least one file."), ({"year": "1999"}, "1999 is not one of the available choices")],
)
def test_a_form_that_is_not_complete_says_so(client, people, posted, sentence):
    client.force_login(people.dave)
    reply = client.post(reverse(NEW), posted)
    assert (reply.status_code, sentence in reply.content.decode(), Batch.objects.count()) == (400, True, 0)


def test_more_than_two_hundred_files_are_refused_before_any_is_kept(client, people):
    client.force_login(people.dave)
    files = [SimpleUploadedFile(f"{number}.xlsx", b"x") for number in range(201)]
    reply = client.post(reverse(NEW), {"year": "2026", "files": files})
    assert (reply.status_code, Batch.objects.count()) == (400, 0)
    assert "At most 200 files can be entered at once." in reply.content.decode()


def test_with_scripts_each_file_is_sent_on_its_own(client, people):
    client.force_login(people.dave)
    opened = client.post(reverse(NEW), {"year": "2026", "open": "1"}, **SCRIPT)
    batch = Batch.objects.get()
    assert (opened.status_code, opened.json()) == (
        201,
        {"upload_url": at(batch, "batch_upload"), "detail_url": at(batch)},
    )
    sent = client.post(at(batch, "batch_upload"), {"files": [upload()]}, **SCRIPT).json()
    assert sent["files"] == [{"name": "good.xlsx", "state": "waiting", "problem": ""}]
    refused = client.post(at(batch, "batch_upload"), {"files": [upload("x.xls", b"")]}, **SCRIPT).json()
    assert refused["files"] == [
        {"name": "x.xls", "state": "refused", "problem": "The file is empty. Choose another one."}
    ]
    assert not Job.objects.exists()
    client.post(at(batch, "batch_upload"), {"read": "1"}, **SCRIPT)
    run()
    assert Declaration.objects.get().state == "received"


def test_one_file_too_many_is_told_to_the_script(client, people):
    client.force_login(people.dave)
    batch = Batch.objects.create(buyer=people.buyer, year=2026)
    BatchFile.objects.bulk_create(BatchFile(batch=batch, name=str(number), state="refused") for number in range(200))
    reply = client.post(at(batch, "batch_upload"), {"files": [upload()]}, **SCRIPT)
    assert (reply.status_code, "At most 200" in reply.json()["message"]) == (422, True)


def test_files_left_by_a_closed_tab_are_read_by_a_button(client, people):
    client.force_login(people.dave)
    client.post(reverse(NEW), {"year": "2026", "open": "1"}, **SCRIPT)
    batch = Batch.objects.get()
    client.post(at(batch, "batch_upload"), {"files": [upload()]}, **SCRIPT)
    assert "1 file waits to be read." in client.get(at(batch)).content.decode()
    assert client.post(at(batch, "batch_upload"), {"read": "1"}).url == at(batch)
    run()
    assert batch.files.get().state == "entered"


# The result ----------------------------------------------------------------------------------------
def test_the_bar_is_asked_for_alone_until_the_work_has_ended(client, people):
    client.force_login(people.dave)
    client.post(reverse(NEW), {"year": "2026", "files": [upload()]})
    batch = Batch.objects.get()
    bar = client.get(at(batch), HTTP_HX_REQUEST="true")
    assert (bar.status_code, "Reading the files" in bar.content.decode(), "<html" in bar.content.decode()) == (
        200,
        True,
        False,
    )
    run()
    assert client.get(at(batch), HTTP_HX_REQUEST="true").headers["HX-Refresh"] == "true"


def test_outcomes_are_filtered_and_exported(client, people):
    file = make_batch_file(people.buyer)
    BatchFile.objects.create(batch=file.batch, name="broken.xlsx", state="refused", problem="It is damaged.")
    client.force_login(people.dave)
    rows = client.get(at(file.batch) + "?state=refused").context["rows"]
    assert [row["file"].name for row in rows] == ["broken.xlsx"]
    client.post(at(file.batch, "batch_export"))
    job = Job.objects.get()
    run(job)
    job.refresh_from_db()
    sheet = openpyxl.load_workbook(io.BytesIO(job.result_file.content.read())).active
    assert [list(row)[:5] for row in sheet.values] == [
        ["File", "Company in the file", "Template", "Version", "Outcome"],
        ["cmrt.xlsx", "Nobody Ltd", None, None, "Choose the supplier"],
        ["broken.xlsx", None, None, None, "Cannot be read"],
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_result_needs_the_same_queries_whatever_its_files(client, people, count, django_assert_max_num_queries):
    client.force_login(people.dave)
    client.post(
        reverse(NEW),
        {
            "year": "2026",
            "files": [upload(f"{n}.xlsx", workbook("Supplier", version=f"6.{n}")) for n in range(3, 3 + count)],
        },
    )
    run()
    batch = Batch.objects.get()
    assert batch.files.filter(state="entered").count() == count
    with django_assert_max_num_queries(14):
        client.get(at(batch))


# One file ------------------------------------------------------------------------------------------
@pytest.fixture
def unknown(client, people):
    client.force_login(people.dave)
    client.post(reverse(NEW), {"year": "2026", "files": [upload("who.xlsx", workbook("Suplier"))]})
    run()
    return BatchFile.objects.get()


def test_the_supplier_is_chosen_among_likely_ones_or_searched(client, people, unknown):
    where = at(unknown.batch, "batch_file_match", unknown.pk)
    text = client.get(where + "?q=V-1").content.decode()
    assert "similar name" in text and "Suplier" in text and text.count(f'value="{people.relationship.pk}"') == 2
    assert client.post(where, {}).status_code == 422
    assert client.post(where, {"relationship": people.other_relationship.pk}).status_code == 422
    assert client.post(where, {"relationship": people.relationship.pk}).url == at(unknown.batch)
    unknown.refresh_from_db()
    assert (unknown.state, Declaration.objects.get().relationship) == ("entered", people.relationship)
    assert client.post(where, {"relationship": people.relationship.pk}).status_code == 422


def test_after_a_choice_comes_the_next_file(client, people, unknown):
    second = BatchFile.objects.create(batch=unknown.batch, name="b.xlsx", state="to_match")
    reply = client.post(at(unknown.batch, "batch_file_aside", unknown.pk))
    assert reply.url == at(unknown.batch, "batch_file_match", second.pk)
    unknown.refresh_from_db()
    assert unknown.state == "set_aside"


# Rights --------------------------------------------------------------------------------------------
def test_only_who_may_enter_for_all_suppliers_enters_many(client, people):
    narrowed, reader = make_user(), make_user()
    make_membership(narrowed, people.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Asia"]})
    make_membership(reader, people.buyer, Role.BUYER_READER)
    batch = make_batch_file(people.buyer).batch
    for person, new, detail in (
        (narrowed, 403, 403), (reader, 403, 403), (people.alice, 403, 404), (people.trent, 200, 404), (people.erin, 200, 200),
    ):  # fmt: skip
        client.force_login(person)
        assert (client.get(reverse(NEW)).status_code, client.get(at(batch)).status_code) == (new, detail)
