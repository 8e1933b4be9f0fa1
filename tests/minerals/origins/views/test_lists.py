"""The pages of lists of risky areas."""

import pytest
from django.test import Client
from django.urls import reverse

from minerals.origins.models import RiskList
from portal.jobs.models import Job
from suppliers.organisations.models import MembershipScope
from tests.factories import cast
from tests.minerals.world import make_risk_list

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FACTS = {"name": "Own list", "kind": "cahra", "source": "Board", "as_of": "2026-05-01"}


@pytest.fixture
def people():
    return cast()


def sign_in(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_the_page_names_covered_countries_and_what_counts(people):
    make_risk_list(people.buyer, as_of="2025-01-01", name="Old one")
    make_risk_list(people.buyer, as_of="2026-01-01", name="New one")

    page = sign_in(people.erin).get(reverse("risk_list")).content.decode()

    assert "Angola, Burundi" in page
    assert (
        page.index("New one")
        < page.index("Counts today")
        < page.index("Old one")
        < page.index("Followed by a newer one")
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three(people, django_assert_num_queries, count):
    for number in range(count):
        make_risk_list(people.buyer, as_of=f"2026-01-0{number + 1}")
    client = sign_in(people.erin)
    client.get(reverse("risk_list"))

    with django_assert_num_queries(PAGE_QUERIES):
        client.get(reverse("risk_list"))


PAGE_QUERIES = 8


def test_a_pasted_table_is_shown_before_it_is_kept(people):
    client = sign_in(people.erin)
    shown = client.post(reverse("risk_list_new"), {**FACTS, "table": "Myanmar\tKachin\nNO\t\tWatched\tOre, gold"})

    assert (shown.status_code, RiskList.objects.count()) == (200, 0)
    assert "Kachin" in shown.content.decode()
    kept = client.post(reverse("risk_list_new"), {**FACTS, "table": shown.context["table"], "save": "1"})

    risk_list = RiskList.objects.get()
    assert kept.url == reverse("risk_list_detail", args=[risk_list.pk])
    assert list(risk_list.areas.order_by("pk").values_list("country", "region", "grade", "note")) == [
        ("MM", "Kachin", "high", ""),
        ("NO", "", "watch", "Ore, gold"),
    ]
    assert "Kachin" in client.get(kept.url).content.decode()


def test_wrong_cells_are_named_and_nothing_is_kept(people):
    page = sign_in(people.erin).post(reverse("risk_list_new"), {**FACTS, "table": "Atlantis", "save": "1"})

    assert (page.status_code, RiskList.objects.count()) == (400, 0)
    assert "Atlantis" in page.content.decode()
    assert [fault["place"] for fault in page.context["faults"]] == ["A1"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"table": ""}, "table"),
        ({"as_of": "2999-01-01"}, "as_of"),
        ({"as_of": "May"}, "as_of"),
        ({"kind": "own"}, "kind"),
        ({"source": ""}, "source"),
    ],
)
def test_a_form_that_lacks_something_says_what(people, change, field):
    page = sign_in(people.erin).post(reverse("risk_list_new"), {**FACTS, "table": "Peru", **change})

    assert (page.status_code, list(page.context["form"].errors)) == (400, [field])


def test_somebody_narrowed_reads_lists_and_adds_none(people):
    risk_list = make_risk_list(people.buyer)
    MembershipScope.objects.create(membership=people.dave.memberships.get(), kind="region", value="EMEA")
    client = sign_in(people.dave)

    answers = [
        client.get(reverse("risk_list")).status_code,
        client.get(reverse("risk_list_new")).status_code,
        client.post(reverse("risk_list_withdraw", args=[risk_list.pk])).status_code,
    ]
    assert answers == [200, 403, 403]
    assert "Add a list" not in client.get(reverse("risk_list")).content.decode()


def test_a_list_is_withdrawn(people):
    risk_list = make_risk_list(people.buyer)
    client = sign_in(people.erin)
    answer = client.post(reverse("risk_list_withdraw", args=[risk_list.pk]), follow=True)

    assert "Withdrawn" in answer.content.decode()
    assert RiskList.objects.get().withdrawn_by == people.erin


def test_a_list_is_exported_as_a_job(people, django_capture_on_commit_callbacks):
    risk_list = make_risk_list(people.buyer)
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(people.erin).post(reverse("risk_list_export", args=[risk_list.pk]))

    job = Job.objects.get(kind="origins.export")
    assert (job.organisation_id, job.params) == (people.buyer.pk, {"list": risk_list.pk})
