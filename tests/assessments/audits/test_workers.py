"""The worker profile: a table that saves whole, counts apart, and never has more interviews than people."""

import pytest
from django.urls import reverse

from assessments.audits.models import WorkerCount
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return factories.cast()


@pytest.fixture
def audit(people):
    return factories.make_audit(
        people.relationship, people.site, firm=people.audit_firm, auditors=[people.carol], state="in_progress"
    )


@pytest.fixture
def page(client, people, audit):
    client.force_login(people.carol)
    address = reverse("audit_workers", args=[audit.pk])
    return lambda **posted: client.post(address, posted) if posted else client.get(address)


def counts():
    return list(
        WorkerCount.objects.order_by("group").values_list("group", "women", "men", "interviewed").exclude(women=0)
    )


def test_workers_page_saves_the_table_and_shows_sums(page):
    answer = page(
        **{"permanent-women": "60", "permanent-men": "40", "permanent-interviewed": "10", "trainees-women": "5"}
    )
    assert answer.status_code == 302
    assert counts() == [("permanent", 60, 40, 10), ("trainees", 5, 0, 0)]
    context = page().context
    total = context["total"]
    assert (total.women, total.men, total.interviewed, total.people) == (65, 40, 10, 105)
    assert [(str(label), heads.people) for label, heads in context["apart"]] == [
        ("On-site contractors", 0),
        ("Technical intern trainees", 5),
    ]


def test_workers_page_names_the_group_with_more_interviews_than_people(page):
    answer = page(**{"contractors-women": "2", "contractors-men": "1", "contractors-interviewed": "4"})
    sentence = "On-site contractors: 4 were interviewed, but only 3 are there. Correct one of both."
    assert (answer.status_code, dict(answer.context["form"].errors)) == (422, {"contractors-interviewed": [sentence]})
    assert counts() == []


@pytest.mark.parametrize("text", ["-1", "many", "1.5", "99999999999"])
def test_workers_page_refuses_what_is_no_head_count(page, text):
    answer = page(**{"permanent-women": text})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["permanent-women"]


def test_workers_page_says_when_the_audit_takes_nothing_more(page, audit):
    audit.state = "released"
    audit.save()
    answer = page(**{"permanent-women": "1"})
    assert (answer.status_code, counts()) == (422, [])
    assert '<input type="number"' not in page().content.decode()


def test_workers_page_is_for_readers_only_to_read(client, people, audit):
    audit.presented_at = audit.asked_at
    audit.save()
    WorkerCount.objects.create(audit=audit, group="permanent", women=3)
    client.force_login(people.bob)
    address = reverse("audit_workers", args=[audit.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"permanent-women": "9"}).status_code == 403
    assert counts() == [("permanent", 3, 0, 0)]


def test_workers_page_costs_the_same_for_one_and_six_groups(client, people, audit, django_assert_num_queries):
    client.force_login(people.carol)
    address = reverse("audit_workers", args=[audit.pk])
    client.get(address)
    for group in ("permanent", "contractors", "trainees"):
        WorkerCount.objects.create(audit=audit, group=group, women=3)
        with django_assert_num_queries(5):
            client.get(address)
