"""Requests from a table: all rows or none, every wrong cell named."""

import datetime

import pytest
from django.core.files.base import ContentFile

import minerals.customers.tasks  # noqa: F401 registers the runners
from minerals.customers.models import CustomerRequest
from minerals.customers.reports import HEADS, register_sheet
from minerals.customers.services import start_import
from minerals.rollup.models import ProductGroup
from portal.files.enums import FileKind
from portal.files.services import store_generated
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.lib.workbook import Sheet, write_workbook
from tests.factories import cast
from tests.minerals.world import make_customer_request

pytestmark = pytest.mark.django_db

HEAD = [str(head) for head in HEADS.values()]


def imported(people, *rows: list, head: list[str] | None = None) -> Job:
    """A finished job that imported these rows."""
    content = write_workbook([Sheet(title="Requests", headers=head or HEAD, rows=rows)])
    file = store_generated(
        "requests.xlsx",
        ContentFile(content),
        kind=FileKind.UPLOAD,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        organisation_id=people.buyer.pk,
        actor=people.erin,
    )
    job = start_import(file=file, owner=people.buyer, actor=people.erin)
    run_job(str(job.pk))
    job.refresh_from_db()
    return job


def row_for(customer="Example Motors", **cells) -> list:
    """One row of the table."""
    given = {"customer": customer, "template": "CMRT", "received_on": datetime.date(2026, 11, 2), **cells}
    return [given.get(name) for name in HEADS]


def test_rows_become_requests():
    people = cast()
    group = ProductGroup.objects.create(owner=people.buyer, name="Pumps", code="PU")
    job = imported(
        people,
        row_for(
            language="JA",
            template="emrt",
            version=2.1,
            scope="Product group",
            group="pu",
            due_on="2026/11/30",
            contact="Purchasing",
            contact_email="a@motors.example",
            reference="RFI-1",
            products="kept",
        ),
        row_for("=Example Auto"),
    )
    assert (job.state, job.result["message"]) == ("done", "2 new requests.")
    rows = CustomerRequest.objects.order_by("pk").values_list(
        "customer", "template", "version", "scope", "group", "language", "received_on", "due_on", "state", "created_by"
    )
    day = datetime.date(2026, 11, 2)
    assert list(rows) == [
        (
            "Example Motors",
            "EMRT",
            "2.1",
            "group",
            group.pk,
            "ja",
            day,
            datetime.date(2026, 11, 30),
            "open",
            people.erin.pk,
        ),
        ("=Example Auto", "CMRT", "", "company", None, "en", day, None, "open", people.erin.pk),
    ]


def test_one_wrong_cell_stops_all_and_every_wrong_cell_is_named():
    people = cast()
    job = imported(
        people,
        row_for(),
        row_for(
            "", template="XMRT", contact_email="nobody", language="xx", scope="Galaxy", group="none", due_on="soon"
        ),
        row_for(scope="Listed products"),
        row_for(scope="Product group"),
        row_for(due_on=datetime.date(2026, 11, 1)),
        row_for("x" * 201),
    )
    assert (job.state, CustomerRequest.objects.count()) == ("refused", 0)
    assert job.result["message"] == (
        "11 cells are wrong. Nothing was imported. Correct them and upload the file again."
    )
    assert [(fault["row"], fault["column"], fault["message"]) for fault in job.result["detail"]] == [
        (3, "Customer", "Name the customer."),
        (3, "E-mail", "This is no e-mail address."),
        (3, "Language", "One of: en, ja, zh-hans, th."),
        (3, "Template", "One of: CMRT, EMRT, AMRT."),
        (3, "Scope", "One of: Whole company, Product group, Listed products."),
        (3, "Product group", "There is no product group of this name or code."),
        (3, "Due", "This is no date. Write it as 2026-05-31."),
        (4, "Products", "List the products."),
        (5, "Product group", "Name the product group."),
        (6, "Due", "The due date lies before the day the request came in."),
        (7, "Customer", "At most 200 letters."),
    ]


def test_what_is_known_already_stays():
    people = cast()
    known = make_customer_request(people.buyer, reference="RFI-1", contact="Stays")
    job = imported(
        people, row_for(reference="RFI-1", contact="Other"), row_for(reference="RFI-2"), row_for(reference="RFI-2")
    )
    assert job.result == {
        "message": "1 new request. 2 were known already.",
        "counts": {"new": 1, "known": 2},
    }
    known.refresh_from_db()
    assert known.contact == "Stays"


@pytest.mark.parametrize(("head", "code"), [(["Name"], "heads"), (HEAD, "rows")])
def test_a_table_that_is_none_is_refused(head, code):
    people = cast()
    job = imported(people, *([["x"]] if code == "heads" else []), head=head)
    assert (job.state, CustomerRequest.objects.count()) == ("refused", 0)
    assert ("column" in job.result["message"]) == (code == "heads")


def test_the_export_reads_back():
    people = cast()
    first = make_customer_request(people.buyer, products="P-1; Pump", scope="products", language="th")
    sheet = register_sheet([first])
    rows = [list(row) for row in sheet.rows]
    CustomerRequest.objects.all().delete()
    job = imported(people, *rows, head=[str(head) for head in sheet.headers])
    assert job.result["message"] == "1 new request."
    again = CustomerRequest.objects.get()
    columns = (
        "customer",
        "contact",
        "contact_email",
        "language",
        "template",
        "scope",
        "products",
        "reference",
        "due_on",
    )
    assert [getattr(again, name) for name in columns] == [getattr(first, name) for name in columns]


def test_a_register_brings_its_past_along():
    people = cast()
    head = [*HEAD, "Answered", "Version answered"]
    job = imported(
        people, [*row_for(), datetime.date(2026, 11, 9), "6.5"], [*row_for("Example Auto"), None, ""], head=head
    )
    assert (job.state, job.result["message"]) == ("done", "2 new requests.")
    rows = CustomerRequest.objects.order_by("pk").values_list("state", "answered_at__date", "answered_version")
    assert list(rows) == [("answered", datetime.date(2026, 11, 9), "6.5"), ("open", None, "")]
    change = CustomerRequest.objects.get(state="answered").changes.get()
    assert (change.source, change.target, change.actor) == ("open", "answered", people.erin)


def test_a_past_that_cannot_be_is_refused():
    people = cast()
    head = [*HEAD, "Answered", "Version answered"]
    job = imported(people, [*row_for(), datetime.date(2026, 10, 1), ""], head=head)
    assert [(each["column"], each["message"]) for each in job.result["detail"]] == [
        ("Answered", "It was answered between the day it came in and today. Correct one of the two dates."),
        ("Version answered", "Say which version of the template was given, such as 6.5."),
    ]
    assert not CustomerRequest.objects.exists()
