"""Answering: composed from the roll-up, filled into the blank, checked, kept with its letter."""

import datetime

import pytest

import minerals.customers.tasks  # noqa: F401 registers the runners
from minerals.customers.models import CustomerAnswer, CustomerRequest
from minerals.customers.services import answer_request, answer_requests, start_answers
from minerals.customers.services.answering import products_of, without_names
from minerals.rollup.services import refresh_rollup
from minerals.templates_io.document import Answer, Product
from minerals.templates_io.services import read_file
from portal.jobs.services import run_job
from portal.lib.errors import DomainError
from portal.trail.models import Entry
from tests.factories import cast
from tests.minerals.world import (
    build_accepted,
    make_blank,
    make_customer_request,
    make_declared,
    make_profile,
    make_smelter,
)

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.fixture
def people():
    """A company that uses tin, all of whose suppliers have answered, and that has said all of itself."""
    people = cast()
    make_smelter(people.buyer)
    build_accepted(people.relationship, make_declared(("Tin",)))
    refresh_rollup()
    make_profile(people.buyer)
    return people


def test_an_answer_is_a_file_that_our_own_check_finds_complete(people):
    blank, asked = make_blank(people.buyer), make_customer_request(people.buyer)
    answer = answer_request(request=asked, actor=people.erin)
    stored = CustomerRequest.objects.get()
    assert (stored.state, stored.answered_version, stored.answered_by) == ("answered", "6.5", people.erin)
    assert (answer.number, answer.template, answer.version, answer.blank, answer.missing) == (
        1,
        "CMRT",
        "6.5",
        blank,
        [],
    )
    assert answer.file.name.endswith(".xlsx") and answer.file.expires_at is None
    assert answer.letter.content.read().startswith(b"%PDF")
    read = read_file(answer.file.content.read())
    assert (
        read.company.name,
        read.scope,
        read.answer("1", "Tin"),
        read.answer("6", "Tin"),
        read.answer("1", "Gold"),
    ) == (
        "Buyer",
        "A",
        "Yes",
        "100%",
        "No",
    )
    assert [(row.cid, row.metal, row.name, row.listed) for row in read.smelters] == [
        ("CID900001", "Tin", "Example Tin Works", True)
    ]
    assert read.checker_count == 0
    assert Entry.objects.get(deed="answer_customer_request").detail == {
        "customer": "Example Motors",
        "template": "CMRT 6.5",
    }


def test_no_supplier_is_named_to_a_customer(people):
    make_blank(people.buyer)
    answer = answer_request(request=make_customer_request(people.buyer), actor=people.erin)
    assert b"Supplier" not in answer.file.content.read()
    declared = make_declared()
    answers = {"1": {"Tin": Answer("Yes", "2 of 3 suppliers. Yes from: Alpha Co., Ltd., Beta and 1 more.")}}
    changed = without_names(type(declared)(template=declared.template, version="6.5", answers=answers))
    assert changed.answers == {"1": {"Tin": Answer("Yes", "2 of 3 suppliers.")}}


def test_listed_products_stand_on_the_product_list(people):
    make_blank(people.buyer)
    asked = make_customer_request(people.buyer, scope="products", products="P-100; Pump\n\nP-200\tSmall pump\nP-300")
    answer = answer_request(request=asked, actor=people.erin)
    read = read_file(answer.file.content.read())
    assert (read.scope, read.scope_text) == ("B", "B. Product (or List of Products)")
    assert read.products == products_of(asked)
    assert products_of(asked) == (
        Product(row=6, number="P-100", name="Pump"),
        Product(row=7, number="P-200", name="Small pump"),
        Product(row=8, number="P-300"),
    )


def test_what_is_missing_is_kept_and_nothing_is_given(people):
    people.buyer.minerals_profile.delete()
    make_blank(people.buyer)
    asked = make_customer_request(people.buyer)
    answer = answer_request(request=asked, actor=people.erin)
    assert (answer.file, answer.letter, answer.is_complete) == (None, None, False)
    assert {"missing_field", "missing_letter"} <= {issue["code"] for issue in answer.missing}
    assert CustomerRequest.objects.get().state == "open"


def test_answered_again_keeps_the_first_answer(people):
    make_blank(people.buyer)
    asked = make_customer_request(people.buyer)
    first = answer_request(request=asked, actor=people.erin)
    answer_request(request=asked, actor=people.dave)
    rows = CustomerAnswer.objects.order_by("number")
    assert [(row.number, row.made_by) for row in rows] == [(1, people.erin), (2, people.dave)]
    assert rows[0].file == first.file
    assert [change.target for change in asked.changes.order_by("pk")] == ["answered", "answered"]


def test_without_a_blank_the_reason_is_said(people):
    with pytest.raises(DomainError) as refused:
        answer_request(request=make_customer_request(people.buyer, template="EMRT"), actor=people.erin)
    assert refused.value.code == "no_blank"


def test_one_refusal_does_not_stop_the_others(people):
    make_blank(people.buyer)
    asked = [
        make_customer_request(people.buyer, "First", template="EMRT"),
        make_customer_request(people.buyer, "Second"),
    ]
    outcome = answer_requests(asked, blank=None, actor=people.erin)
    assert (outcome.answered, outcome.lacking) == (1, 0)
    assert outcome.message == (
        "1 request is answered. First: There is no blank EMRT yet. Upload one under “Blank templates”."
    )


def test_a_job_answers_many_once(people):
    make_blank(people.buyer)
    asked = [make_customer_request(people.buyer, f"Customer {number}") for number in range(2)]
    declined = make_customer_request(people.buyer, "Declined", state="declined")
    job = start_answers(owner=people.buyer, ids=[row.pk for row in [*asked, declined]], actor=people.erin)
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"message": "2 requests are answered."})
    type(job).objects.filter(pk=job.pk).update(state="queued")
    run_job(str(job.pk))  # the worker died and another took over
    assert sorted(CustomerAnswer.objects.values_list("request__customer", "number")) == [
        ("Customer 0", 1),
        ("Customer 1", 1),
    ]


@pytest.mark.parametrize(("count", "code"), [(0, "nothing"), (201, "too_many")])
def test_how_many_can_be_chosen(people, count, code):
    day = datetime.date(2026, 11, 1)
    rows = [
        CustomerRequest(owner=people.buyer, customer=f"C{number}", template="CMRT", received_on=day)
        for number in range(count)
    ]
    CustomerRequest.objects.bulk_create(rows)
    ids = list(CustomerRequest.objects.values_list("pk", flat=True))
    with pytest.raises(DomainError) as refused:
        start_answers(owner=people.buyer, ids=ids, actor=people.erin)
    assert refused.value.code == code


def test_a_group_that_was_removed_is_not_answered_as_the_whole_company(people):
    make_blank(people.buyer)
    asked = make_customer_request(people.buyer, scope="group", group=None)
    with pytest.raises(DomainError) as refused:
        answer_request(request=asked, actor=people.erin)
    assert (refused.value.code, CustomerAnswer.objects.count()) == ("group", 0)


def test_who_may_no_longer_answer_answers_nothing(people):
    make_blank(people.buyer)
    asked = make_customer_request(people.buyer)
    job = start_answers(owner=people.buyer, ids=[asked.pk], actor=people.erin)
    people.erin.memberships.all().delete()
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, CustomerAnswer.objects.count()) == ("refused", 0)
