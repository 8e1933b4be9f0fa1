"""The pages of customers' requests: what they show, what they refuse, how many queries they ask."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import minerals.customers.tasks  # noqa: F401 registers the runners
from minerals.customers.models import BlankTemplate, CustomerRequest
from minerals.customers.services import answer_request
from minerals.rollup.models import ProductGroup
from minerals.rollup.services import refresh_rollup
from minerals.smelters.models import Smelter
from portal.jobs.models import Job
from portal.jobs.services import run_job, start_job
from tests.factories import Cast, cast
from tests.minerals.world import (
    build_accepted,
    make_blank,
    make_blank_workbook,
    make_customer_request,
    make_declared,
    make_profile,
    make_smelter,
    make_smelter_row,
)

pytestmark = pytest.mark.django_db

VALUES = {
    "customer": "Example Motors",
    "language": "ja",
    "template": "CMRT",
    "scope": "company",
    "received_on": "2026-11-02",
    "due_on": "2026-11-30",
    "contact_email": "minerals@motors.example",
}


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def erin(people: Cast, client: Client) -> Client:
    client.force_login(people.erin)
    return client


def page(client: Client, name: str, *args: Any, status: int = 200, query: str = "") -> str:
    """The text of a page with its blanks made single."""
    reply = client.get(reverse(name, args=args) + query)
    assert reply.status_code == status
    return " ".join(reply.content.decode().split())


def test_the_empty_list_says_what_to_do(erin):
    assert "No requests yet. Enter the first one, or import a table of them." in page(erin, "customer_request_list")
    assert "No blank template yet." in page(erin, "blank_list")


def test_the_list_asks_the_same_number_of_queries_for_one_and_three(people, erin, django_assert_num_queries):
    def count() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            page(erin, "customer_request_list")
        return len(queries)

    make_customer_request(people.buyer)
    one = count()
    make_customer_request(people.buyer, "Other", state="answered", answered_by=people.erin)
    make_customer_request(people.buyer, "Third")
    assert count() == one


def test_a_request_is_entered_corrected_declined_and_taken_up_again(people, erin):
    reply = erin.post(reverse("customer_request_new"), VALUES)
    asked = CustomerRequest.objects.get()
    assert reply.url == reverse("customer_request_detail", args=[asked.pk])
    assert (asked.owner, asked.language, asked.created_by, str(asked.due_on)) == (
        people.buyer,
        "ja",
        people.erin,
        "2026-11-30",
    )
    reply = erin.post(reverse("customer_request_edit", args=[asked.pk]), {**VALUES, "customer": "Example Auto"})
    assert reply.status_code == 302
    assert "Example Auto" in page(erin, "customer_request_detail", asked.pk)
    reply = erin.post(reverse("customer_request_decline", args=[asked.pk]), {"reason": ""})
    assert reply.status_code == 422
    erin.post(reverse("customer_request_decline", args=[asked.pk]), {"reason": "Not our customer"})
    assert "Not our customer" in page(erin, "customer_request_detail", asked.pk)
    erin.post(reverse("customer_request_reopen", args=[asked.pk]))
    assert [change.target for change in asked.changes.order_by("pk")] == ["declined", "open"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"customer": ""}, "This field is required."),
        ({"scope": "group"}, "Choose the product group that the customer asks for."),
        ({"scope": "products", "products": " "}, "List the products that the customer asks for, one in a line."),
        ({"due_on": "2026-11-01"}, "The due date lies before the day the request came in."),
        ({"contact_email": "nobody"}, "Enter a valid email address."),
    ],
)
def test_what_is_wrong_in_the_form_is_said_and_nothing_is_saved(erin, changed, sentence):
    reply = erin.post(reverse("customer_request_new"), {**VALUES, **changed})
    assert reply.status_code == 422
    assert sentence in reply.content.decode()
    assert not CustomerRequest.objects.exists()


def test_a_blank_is_uploaded_and_its_list_reaches_the_registry(people, erin):
    upload = SimpleUploadedFile("cmrt.xlsx", make_blank_workbook())
    reply = erin.post(reverse("blank_list"), {"file": upload})
    assert reply.status_code == 302
    blank = BlankTemplate.objects.get()
    assert (blank.owner, str(blank), blank.language) == (people.buyer, "CMRT 6.5", "English")
    assert list(Smelter.objects.values_list("owner", "metal", "cid")) == [(people.buyer.pk, "Tin", "CID900001")]
    upload.seek(0)
    erin.post(reverse("blank_list"), {"file": upload})
    assert BlankTemplate.objects.count() == 1
    assert erin.get(reverse("blank_file", args=[blank.pk])).getvalue() == make_blank_workbook()
    erin.post(reverse("blank_remove", args=[blank.pk]))
    assert not BlankTemplate.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xd8\xff\xe0 picture", "This is not an Excel workbook of the kinds .xlsx and .xls."),
        (make_blank_workbook(version="3.01"), "Sanpo does not fill the CMRT of version 3.01."),
        (make_blank_workbook(smelters=(make_smelter_row(),)), "This template is filled in already."),
    ],
)
def test_a_file_that_cannot_be_filled_is_refused_with_a_sentence(erin, content, sentence):
    reply = erin.post(reverse("blank_list"), {"file": SimpleUploadedFile("cmrt.xlsx", content)})
    assert reply.status_code == 422
    assert sentence in reply.content.decode()
    assert not BlankTemplate.objects.exists()


def test_one_button_answers_a_request(people, erin):
    make_smelter(people.buyer)
    build_accepted(people.relationship, make_declared(("Tin",)))
    refresh_rollup()
    make_profile(people.buyer)
    asked, blank = make_customer_request(people.buyer, language="ja"), make_blank(people.buyer)
    assert "Make the answer" in page(erin, "customer_request_detail", asked.pk)
    reply = erin.post(reverse("customer_request_answer", args=[asked.pk]), {"blank": blank.pk})
    job = Job.objects.get()
    assert reply.url == reverse("job_detail", args=[job.pk])
    run_job(str(job.pk))
    text = page(erin, "customer_request_detail", asked.pk)
    assert "Answered with the CMRT 6.5 on" in text
    assert 'lang="ja"' in text
    for which in ("file", "letter"):
        reply = erin.get(reverse("customer_answer_file", args=[asked.pk, 1, which]))
        assert (reply.status_code, reply["Content-Disposition"].startswith("attachment")) == (200, True)
    assert erin.get(reverse("customer_answer_file", args=[asked.pk, 1, "blank"])).status_code == 404


def test_what_is_missing_is_listed_with_the_way_to_mend_it(people, erin):
    make_blank(people.buyer)
    asked = make_customer_request(people.buyer)
    answer_request(request=asked, actor=people.erin)
    text = page(erin, "customer_request_detail", asked.pk)
    assert "Fill in the name of the contact." in text
    assert reverse("company_profile") in text


def test_several_are_answered_at_once(people, erin):
    first, second = make_customer_request(people.buyer), make_customer_request(people.buyer, "Second")
    reply = erin.post(reverse("customer_request_answer_many"), {"request": [first.pk, second.pk, "x"]})
    job = Job.objects.get()
    assert (reply.url, job.params["ids"]) == (reverse("job_detail", args=[job.pk]), [first.pk, second.pk])
    reply = erin.post(reverse("customer_request_answer_many"), follow=True)
    assert "Choose at least one request that is not declined." in reply.content.decode()


def test_the_list_is_exported_as_it_is_filtered(people, erin):
    make_customer_request(people.buyer)
    make_customer_request(people.buyer, "Second", template="EMRT")
    erin.post(reverse("customer_request_export"), {"template": "EMRT", "back": "/minerals/customers/"})
    job = Job.objects.get()
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"message": "1 row is written."})


def test_the_empty_table_can_be_fetched(erin):
    reply = erin.get(reverse("customer_request_import_template"))
    assert reply.content.startswith(b"PK")


def test_a_stranger_finds_nothing(people, client):
    asked, blank = make_customer_request(people.buyer), make_blank(people.buyer)
    client.force_login(people.trent)
    for name in ("customer_request_detail", "customer_request_edit"):
        page(client, name, asked.pk, status=404)
    assert client.get(reverse("blank_file", args=[blank.pk])).status_code == 404
    assert "Example Motors" not in page(client, "customer_request_list")


@pytest.mark.parametrize(("name", "suffix"), [("rollup_smelters_export", "xlsx"), ("rollup_report", "pdf")])
def test_reports_are_made_as_jobs(people, erin, name, suffix):
    make_smelter(people.buyer)
    build_accepted(people.relationship, make_declared(("Tin",)), origins=["CD"])
    refresh_rollup()
    reply = erin.post(reverse(name), {"template": "CMRT", "group": ""})
    job = Job.objects.get()
    assert reply.url == reverse("job_detail", args=[job.pk])
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result_file.name.rpartition(".")[2]) == ("done", suffix)
    assert erin.post(reverse(name), {"template": "XMRT"}).status_code == 404
    assert erin.post(reverse(name), {"template": "CMRT", "group": "999"}).status_code == 404


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("31.12.2025", "Write the day as year, month and day, for example 2026-12-31."),
        ("2025-02-30", "Write the day as year, month and day, for example 2026-12-31."),
        ("2999-01-01", "This day has not come yet. Choose today or an earlier day."),
    ],
)
def test_a_report_as_of_no_day_says_how_to_mend_it(people, erin, day, sentence):
    response = erin.post(reverse("rollup_report"), {"template": "CMRT", "as_of": day}, follow=True)
    assert response.redirect_chain == [(f"{reverse('rollup_detail')}?template=CMRT#reports", 302)]
    assert sentence in response.content.decode()
    assert not Job.objects.exists()


def test_a_report_keeps_the_day_it_is_asked_for(people, erin):
    erin.post(reverse("rollup_report"), {"template": "CMRT", "as_of": "2025-12-31"})
    assert Job.objects.get().params["as_of"] == "2025-12-31"


def test_a_report_on_a_group_that_was_removed_is_refused(people, erin):
    group = ProductGroup.objects.create(owner=people.buyer, name="Lamps", code="L")
    job = start_job(
        "customers.minerals_report",
        actor=people.erin,
        organisation_id=people.buyer.pk,
        params={"template": "CMRT", "group": group.pk, "as_of": ""},
    )
    group.delete()
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.result_file, job.state, job.result["message"]) == (
        None,
        "refused",
        "There is nothing to export here any more. Open the page again.",
    )
