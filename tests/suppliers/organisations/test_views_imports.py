"""Import pages: upload, progress, errors by cell, who may."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.files.models import StoredFile
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.services import run_job, show_progress
from portal.lib.workbook import Sheet, read_tables, write_workbook
from suppliers.organisations import tasks
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Relationship
from suppliers.organisations.workbook import COLUMNS
from tests.factories import cast, make_membership, make_user

pytestmark = pytest.mark.django_db
HEADERS = ["vendor_code", "supplier_name", "supplier_country", "site_name"]
assert tasks.import_suppliers


@pytest.fixture
def world():
    return cast()


def table(*rows, headers=HEADERS, name="suppliers.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, write_workbook([Sheet("Suppliers", headers, rows)]))


def upload(client, file, deed="import"):
    return client.post(reverse("supplier_import"), {"file": file, "deed": deed})


def run_last() -> Job:
    job = Job.objects.order_by("-created_at").first()
    run_job(str(job.pk))
    job.refresh_from_db()
    return job


def test_upload_is_imported_and_its_page_says_what_came_of_it(client, world) -> None:
    client.force_login(world.dave)
    response = upload(client, table(["V-9", "Alpha", "TH", "Plant"]))
    job = Job.objects.get()
    assert response["Location"] == reverse("supplier_import_detail", args=[job.pk])
    waiting = client.get(response["Location"]).content.decode()
    assert "hx-get" in waiting and "You can leave this page" in waiting

    run_last()
    page = client.get(response["Location"]).content.decode()
    assert "1 row imported." in page
    assert "What the import did" in page
    assert "suppliers.xlsx" in client.get(reverse("supplier_import")).content.decode()
    assert Relationship.objects.filter(buyer=world.buyer, vendor_code="V-9").count() == 1


def test_bar_is_asked_for_alone_while_it_runs_and_the_page_is_loaded_anew_after(client, world) -> None:
    client.force_login(world.dave)
    url = upload(client, table(["V-9", "Alpha", "TH", "Plant"]))["Location"]
    job = Job.objects.get()
    Job.objects.update(state=JobState.RUNNING)
    show_progress(job, 300, 1000)

    bar = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert '<progress class="meter"' in bar and 'value="300"' in bar and "<html" not in bar

    Job.objects.update(state=JobState.DONE)
    after = client.get(url, headers={"HX-Request": "true"})
    assert (after.status_code, after["HX-Refresh"]) == (204, "true")


def test_wrong_cells_are_listed_with_row_column_value_and_reason(client, world) -> None:
    client.force_login(world.dave)
    url = upload(client, table(["V-9", "<b>Alpha", "Atlantis", "Plant"]))["Location"]
    job = run_last()
    page = client.get(url).content.decode()

    assert job.state == JobState.REFUSED
    for part in ("1 cell is wrong", "supplier_country (Supplier country)", "Atlantis", "Write its ISO code"):
        assert part in page
    assert reverse("job_file", args=[job.pk]) in page
    errors = client.get(reverse("job_file", args=[job.pk]))
    assert b"".join(errors.streaming_content).startswith(b"PK")
    assert not Relationship.objects.filter(vendor_code="V-9").exists()


def test_what_stands_in_a_cell_is_escaped(client, world) -> None:
    client.force_login(world.dave)
    url = upload(client, table(["V-9", "Alpha", "<script>alert(1)</script>", "Plant"]))["Location"]
    run_last()
    page = client.get(url).content.decode()
    assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page


def test_checked_table_is_imported_by_one_press(client, world) -> None:
    client.force_login(world.dave)
    url = upload(client, table(["V-9", "Alpha", "TH", "Plant"]), deed="check")["Location"]
    checked = run_last()
    assert "Import this table now" in client.get(url).content.decode()
    assert not Relationship.objects.filter(vendor_code="V-9").exists()

    response = client.post(reverse("supplier_import_apply", args=[checked.pk]))
    run_last()
    assert response["Location"] != url
    assert Relationship.objects.filter(vendor_code="V-9").exists()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("a.pdf", b"%PDF-1.7"), "Choose an .xlsx or .csv file"),
        (SimpleUploadedFile("a.xlsx", b"%PDF-1.7"), "holds something else"),
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04xx"), "The file is damaged"),
        (SimpleUploadedFile("a.csv", b""), "The file is empty"),
        (SimpleUploadedFile("a.csv", b"a,b\n" * 5_000_001), "larger than 20 MB"),
        (SimpleUploadedFile("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99), "Old Office files"),
        (None, "This field is required"),
    ],
)
def test_other_files_are_refused_on_the_page(client, world, file, sentence) -> None:
    client.force_login(world.dave)
    response = upload(client, file) if file else client.post(reverse("supplier_import"), {})
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert (Job.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize(("language", "title"), [("en", "Suppliers"), ("ja", None)])
def test_template_has_the_stable_headers_in_every_language(client, world, language, title) -> None:
    world.dave.language = language
    world.dave.save()
    client.force_login(world.dave)
    response = client.get(reverse("supplier_import_template"))
    sheets = read_tables(io.BytesIO(response.content))

    assert response["Content-Disposition"] == 'attachment; filename="suppliers.xlsx"'
    assert tuple(sheets[0].headers) == COLUMNS
    assert title is None or sheets[0].sheet == title


def test_pages_take_the_same_number_of_queries_for_one_and_three_imports(
    client, world, django_assert_num_queries
) -> None:
    client.force_login(world.dave)
    client.get(reverse("supplier_import"))

    def count(expected: int) -> None:
        with django_assert_num_queries(expected):
            client.get(reverse("supplier_import"))

    upload(client, table(["V-9", "Alpha", "TH", "Plant"]))
    count(5)
    for name in ("Beta", "Gamma"):
        upload(client, table(["V-9", name, "TH", "Plant"]))
    count(5)


PAGES = {
    "supplier_import": {"dave": 200, "erin": 200, "trent": 200, "anonymous": 302},
    "supplier_import_template": {"dave": 200, "erin": 200, "trent": 200, "anonymous": 302},
}


@pytest.mark.parametrize("page", sorted(PAGES))
@pytest.mark.parametrize("name", ["alice", "bob", "carol", "dave", "erin", "mallory", "trent", "anonymous"])
def test_import_pages_open_for_buyers_that_may_import(client, world, page, name) -> None:
    if name != "anonymous":
        client.force_login(world.people[name])
    assert client.get(reverse(page)).status_code == PAGES[page].get(name, 403)


@pytest.mark.parametrize("page", ["supplier_import_detail", "supplier_import_apply"])
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("alice", 404),
        ("bob", 404),
        ("carol", 404),
        ("dave", 200),
        ("erin", 200),
        ("mallory", 404),
        ("trent", 404),
        ("anonymous", 302),
    ],
)
def test_one_import_is_seen_by_its_own_buyer_only(client, world, page, name, status) -> None:
    client.force_login(world.dave)
    upload(client, table(["V-9", "Alpha", "TH", "Plant"]), deed="check")
    job = run_last()
    client.logout()
    if name != "anonymous":
        client.force_login(world.people[name])
    url = reverse(page, args=[job.pk])
    response = client.get(url) if page == "supplier_import_detail" else client.post(url)
    expected = 302 if (page, status) == ("supplier_import_apply", 200) else status
    assert response.status_code == expected
    assert Job.objects.count() == (2 if (page, status) == ("supplier_import_apply", 200) else 1)


def test_narrowed_buyer_may_not_import(client, world) -> None:
    narrow = make_user()
    make_membership(narrow, world.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Asia"]})
    client.force_login(narrow)
    assert client.get(reverse("supplier_import")).status_code == 403
    assert upload(client, table(["V-9", "Alpha", "TH", "Plant"])).status_code == 403
    assert Job.objects.count() == 0
