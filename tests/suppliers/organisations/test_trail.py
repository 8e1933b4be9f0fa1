"""The record page: only one's own organisation, only for those who lead it, filters, older entries."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.trail.models import Entry
from portal.trail.services import record
from tests.factories import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def boss(client, people):
    client.force_login(people.alice)
    return client


def show(client, **filters):
    answer = client.get(reverse("trail_list"), filters)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(text):
    return text.count('<td class="nowrap num">')


@pytest.mark.parametrize(
    ("who", "status"), [("alice", 200), ("erin", 200), ("bob", 403), ("dave", 403), ("carol", 403)]
)
def test_only_those_who_lead_read_it(client, people, who, status):
    client.force_login(getattr(people, who))
    assert client.get(reverse("trail_list")).status_code == status


def test_anonymous_signs_in_first(client):
    assert client.get(reverse("trail_list")).url.startswith(reverse("account_login"))


def test_only_entries_of_the_own_organisation(boss, people):
    record("create_site", actor=people.alice, organisation_id=people.supplier.pk, name="Plant 1")
    record("create_site", actor=people.mallory, organisation_id=people.other_supplier.pk, name="Secret plant")
    record("create_site", actor=people.alice, organisation_id=None, name="Nowhere")
    text = show(boss)
    assert rows(text) == 1
    assert "Created a site" in text and "name: Plant 1" in text
    assert "Secret plant" not in text and "Nowhere" not in text


def test_sign_ins_of_members_and_of_nobody_else(boss, people):
    for person in (people.bob, people.mallory):
        record("sign_in", actor=person, address="10.0.0.9", methods=["password"])
    text = show(boss)
    assert rows(text) == 1
    assert "bob@test.example" in text and "10.0.0.9" in text and "by: password" in text and "mallory" not in text


def test_filters_by_deed_person_and_day(boss, people):
    organisation = people.supplier.pk
    record("create_site", actor=people.alice, organisation_id=organisation)
    record("close_site", actor=people.bob, organisation_id=organisation)
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)
    assert rows(show(boss, deed="close_site")) == 1
    assert rows(show(boss, person="BOB")) == 1
    assert rows(show(boss, person="bob@test")) == 1
    assert rows(show(boss, first=today, last=today)) == 2
    assert rows(show(boss, first=tomorrow)) == 0
    assert rows(show(boss, last=today - timedelta(days=1))) == 0
    assert "No entry fits these filters" in show(boss, deed="nothing")


@pytest.mark.parametrize("filters", [{"first": "yesterday"}, {"last": "2026-02-31"}, {"before": "x"}, {"person": "%"}])
def test_nonsense_in_the_address_is_no_crash(boss, filters):
    show(boss, **filters)


def test_nothing_recorded_yet(boss):
    assert "Nothing was recorded yet" in show(boss)


def test_details_are_escaped(boss, people):
    record("create_site", actor=people.alice, organisation_id=people.supplier.pk, name="<b>x</b>")
    assert "&lt;b&gt;x&lt;/b&gt;" in show(boss)


def test_older_entries_are_one_link_away(boss, people):
    for number in range(55):
        record("create_site", actor=people.alice, organisation_id=people.supplier.pk, name=f"Plant {number}")
    first = show(boss, deed="create_site")
    assert rows(first) == 50 and "Plant 54" in first and "Plant 4<" not in first
    oldest = Entry.objects.order_by("-pk")[49].pk
    assert f"?deed=create_site&amp;before={oldest}" in first
    second = show(boss, deed="create_site", before=oldest)
    assert rows(second) == 5 and "Older entries" not in second


@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_does_not_grow(boss, people, count, django_assert_num_queries):
    for _n in range(count):
        record("create_site", actor=people.bob, organisation_id=people.supplier.pk)
    with django_assert_num_queries(6):
        show(boss)
