"""Pages of campaigns: what they show, to whom, at what price."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.campaigns.enums import CampaignState, Progress
from assessments.campaigns.models import Campaign
from assessments.campaigns.queries import QUESTIONNAIRE, funnel, visible_campaigns, visible_requests
from assessments.questionnaires.services import retire_version
from assessments.responses.enums import ResponseState
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.notices.models import Mail
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Site
from tests.factories import (
    SMALL_DOCUMENT,
    cast,
    make_campaign,
    make_membership,
    make_relationship,
    make_request,
    make_response,
    make_site,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 12, 31)


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def sent(people):
    """A campaign of the buyer that is out, with one request."""
    response = make_response(people.relationship, people.site)
    return make_campaign(people.buyer, responses=[response], state=CampaignState.SENT, name="Round 2026")


# 1. Rights ----------------------------------------------------------------------------------------
DEEDS = [
    (
        "get",
        "campaign_list",
        [],
        {"dave": 200, "erin": 200, "rita": 200, "alice": 403, "bob": 403, "carol": 403, "mallory": 403, "trent": 200},
    ),
    (
        "get",
        "campaign_new",
        [],
        {"dave": 200, "erin": 200, "rita": 403, "alice": 403, "bob": 403, "carol": 403, "mallory": 403, "trent": 200},
    ),
    ("get", "campaign_detail", ["pk"], {"dave": 200, "erin": 200, "rita": 200}),
    ("get", "campaign_progress", ["pk"], {"dave": 200, "erin": 200, "rita": 200}),
    ("get", "campaign_request", ["pk", "request"], {"dave": 200, "erin": 200, "rita": 200}),
    ("post", "campaign_export", ["pk"], {"dave": 302, "erin": 302, "rita": 302}),
    ("post", "campaign_remind", ["pk"], {"dave": 422, "erin": 422, "rita": 403}),
    ("post", "campaign_close", ["pk"], {"dave": 302, "erin": 302, "rita": 403}),
    ("post", "campaign_resume", ["pk"], {"dave": 422, "erin": 422, "rita": 403}),
    ("post", "campaign_preview", ["pk"], {"dave": 422, "erin": 422, "rita": 403}),
    ("post", "request_again", ["pk", "request"], {"dave": 302, "erin": 302, "rita": 403}),
    ("post", "request_invite", ["pk", "request"], {"dave": 422, "erin": 422, "rita": 403}),
    ("get", "campaign_basics", ["draft"], {"dave": 200, "erin": 200, "rita": 403}),
    ("get", "campaign_sites", ["draft"], {"dave": 200, "erin": 200, "rita": 403}),
    ("post", "campaign_count", ["draft"], {"dave": 200, "erin": 200, "rita": 403}),
    ("get", "campaign_message", ["draft"], {"dave": 200, "erin": 200, "rita": 403}),
    ("get", "campaign_preview", ["draft"], {"dave": 200, "erin": 200, "rita": 200}),
]
NAMES = ("alice", "bob", "carol", "dave", "erin", "mallory", "trent", "rita", "anonymous")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("method", "url", "args", "allowed"), DEEDS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_who_may_do_what(client, people, sent, name, method, url, args, allowed):
    """rita reads for the buyer; whoever is not named in a row is a stranger and gets 404."""
    rita = make_user("rita@test.example")
    make_membership(rita, people.buyer, Role.BUYER_READER)
    request = sent.requests.get()
    make_membership(make_user(), people.supplier)
    parts = {"pk": sent.pk, "request": request.pk, "draft": make_campaign(people.buyer).pk}
    if name != "anonymous":
        client.force_login(rita if name == "rita" else getattr(people, name))
    response = getattr(client, method)(reverse(url, args=[parts[part] for part in args]))
    expected = 302 if name == "anonymous" else allowed.get(name, 404)
    assert response.status_code == expected
    if name == "anonymous":
        assert response["Location"].startswith(reverse("account_login"))


def test_deeds_are_not_done_by_a_link(client, people, sent):
    client.force_login(people.erin)
    request = sent.requests.get()
    for url in ("campaign_export", "campaign_remind", "campaign_close", "campaign_resume"):
        assert client.get(reverse(url, args=[sent.pk])).status_code == 405
    for url in ("request_again", "request_invite"):
        assert client.get(reverse(url, args=[sent.pk, request.pk])).status_code == 405


def test_a_request_of_another_campaign_is_not_found(client, people, sent):
    other = make_campaign(people.buyer, state=CampaignState.SENT)
    client.force_login(people.erin)
    assert client.get(reverse("campaign_request", args=[other.pk, sent.requests.get().pk])).status_code == 404


@pytest.mark.parametrize(
    ("scopes", "codes"),
    [
        ({}, {"N1", "N2", "S1"}),
        ({"region": ["North"]}, {"N1", "N2"}),
        ({"region": ["North"], "business_unit": ["Print"]}, {"N2"}),
        ({"region": ["West"]}, set()),
    ],
)
def test_a_membership_narrows_the_requests_seen(people, scopes, codes):
    responses = []
    for code, region, unit in (("N1", "North", "Imaging"), ("N2", "North", "Print"), ("S1", "South", "Print")):
        responses.append(
            make_response(make_relationship(people.buyer, vendor_code=code, region=region, business_unit=unit))
        )
    make_campaign(people.buyer, responses=responses, state=CampaignState.SENT)
    reader = make_user()
    make_membership(reader, people.buyer, Role.BUYER_READER, scopes=scopes)
    assert set(visible_requests(reader).values_list("relationship__vendor_code", flat=True)) == codes
    assert visible_campaigns(reader).count() == 1
    for stranger in (people.alice, people.mallory, people.trent, people.carol):
        assert not visible_requests(stranger).exists() and not visible_campaigns(stranger).exists()


# 2. The funnel ------------------------------------------------------------------------------------
def make_funnel(people) -> Campaign:
    today, moment = timezone.localdate(), timezone.now()
    late, early = today - dt.timedelta(days=1), today + dt.timedelta(days=1)
    rows = [
        (ResponseState.WAITING, late, False, False),
        (ResponseState.WAITING, early, True, False),
        (ResponseState.IN_PROGRESS, today, True, True),
        (ResponseState.IN_PROGRESS, late, True, True),
        (ResponseState.SUBMITTED, late, True, True),
        (ResponseState.IN_REVIEW, early, True, True),
        (ResponseState.ACCEPTED, early, True, True),
        (ResponseState.RETURNED, late, True, True),
        (ResponseState.DECLINED, late, True, False),
        (ResponseState.CANCELLED, late, False, False),
    ]
    version, responses = make_version(), []
    for state, due_on, opened, started in rows:
        responses.append(
            make_response(
                make_relationship(people.buyer),
                version=version,
                state=state,
                due_on=due_on,
                opened_at=moment if opened else None,
                started_at=moment if started else None,
            )
        )
    return make_campaign(people.buyer, responses=responses, state=CampaignState.SENT)


def test_the_funnel_counts_every_step_in_one_query(people, django_assert_num_queries):
    campaign = make_funnel(people)
    with django_assert_num_queries(1):
        counts = funnel(campaign.requests.all(), QUESTIONNAIRE)
    assert counts == {
        "sent": 10,
        "unopened": 2,
        "opened": 8,
        "started": 6,
        "submitted": 3,
        "late": 3,
        "returned": 1,
        "accepted": 1,
        "declined": 1,
        "open": 5,
    }


@pytest.mark.parametrize("step", Progress)
def test_every_figure_opens_a_list_of_its_length(client, people, step):
    campaign = make_funnel(people)
    client.force_login(people.erin)
    page = client.get(reverse("campaign_detail", args=[campaign.pk]), {"progress": step.value})
    assert page.context["page"].paginator.count == page.context["counts"][step.value] == len(page.context["rows"]) > 0


# 3. Lists -----------------------------------------------------------------------------------------
def add_requests(people, campaign, count):
    for number in range(count):
        bond = make_relationship(people.buyer, business_unit=f"Unit {number}")
        make_request(campaign, make_response(bond, version=campaign.version))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_campaign_takes_the_same_queries(client, people, django_assert_num_queries, count):
    campaign = make_campaign(people.buyer, state=CampaignState.SENT)
    add_requests(people, campaign, count)
    client.force_login(people.erin)
    with django_assert_num_queries(QUERIES_OF_DETAIL):
        client.get(reverse("campaign_detail", args=[campaign.pk]))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_campaigns_takes_the_same_queries(client, people, django_assert_num_queries, count):
    for _number in range(count):
        add_requests(people, make_campaign(people.buyer, state=CampaignState.SENT), 1)
    client.force_login(people.erin)
    with django_assert_num_queries(QUERIES_OF_LIST):
        client.get(reverse("campaign_list"))


QUERIES_OF_DETAIL = 10
QUERIES_OF_LIST = 8


def test_the_list_shows_rates_and_the_other_buyers_are_not_there(client, people):
    campaign = make_funnel(people)
    make_campaign(people.other_buyer, name="Not yours")
    make_campaign(people.buyer, name="Still a draft", year=2025)
    client.force_login(people.dave)
    page = client.get(reverse("campaign_list"))
    rows = {row.name: counts for row, counts in page.context["rows"]}
    assert rows == {campaign.name: {"sent": 10, "submitted": 3, "late": 3}, "Still a draft": None}
    narrowed = client.get(reverse("campaign_list"), {"state": "draft"})
    assert [row.name for row, _counts in narrowed.context["rows"]] == ["Still a draft"]


def test_an_empty_list_offers_the_first_step_to_those_who_may(client, people):
    client.force_login(people.erin)
    assert reverse("campaign_new") in client.get(reverse("campaign_list")).content.decode()


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({}, {"A", "B", "C", "D"}),
        ({"country": "TH"}, {"B"}),
        ({"region": "Asia"}, {"A", "C", "D"}),
        ({"tier": "2"}, {"B"}),
        ({"business_unit": "Imaging", "country": "JP"}, {"A"}),
        ({"mail": "nobody"}, {"D"}),
        ({"mail": "failed"}, {"A"}),
        ({"q": "Plant C"}, {"C"}),
        ({"q": "supplier b"}, {"B"}),
        ({"country": "nonsense", "tier": "x", "page": "99"}, {"A", "B", "C", "D"}),
    ],
)
def test_the_list_of_a_campaign_is_narrowed_by_the_address(client, world, send, query, codes):
    campaign = world.draft(due_on=DUE)
    send(campaign)
    Mail.objects.filter(to_email="a@test.example").update(state="failed", error="550 unknown user")
    client.force_login(world.erin)
    page = client.get(reverse("campaign_detail", args=[campaign.pk]), query)
    assert {row["request"].relationship.vendor_code for row in page.context["rows"]} == codes


@pytest.mark.parametrize(
    ("sort", "codes"), [("code", "ABCD"), ("-code", "DCBA"), ("country", "CABD"), ("nonsense", "ABCD")]
)
def test_the_list_of_a_campaign_is_sorted_by_the_address(client, world, send, sort, codes):
    campaign = world.draft(due_on=DUE)
    send(campaign)
    client.force_login(world.erin)
    page = client.get(reverse("campaign_detail", args=[campaign.pk]), {"sort": sort})
    assert "".join(row["request"].relationship.vendor_code for row in page.context["rows"]) == codes


def test_rows_say_how_the_person_came_in_and_what_failed(client, world, send):
    campaign = world.draft(due_on=DUE)
    send(campaign)
    Mail.objects.filter(to_email="a@test.example").update(state="failed", error="550 unknown user")
    client.force_login(world.erin)
    rows = client.get(reverse("campaign_detail", args=[campaign.pk])).context["rows"]
    assert {row["request"].relationship.vendor_code: (row["invitation"], row["failed"]) for row in rows} == {
        "A": ("invited", "550 unknown user"),
        "B": ("invited", None),
        "C": ("sent to members", None),
        "D": ("nobody to write to", None),
    }


# 4. Composing -------------------------------------------------------------------------------------
def test_the_four_steps_lead_to_a_campaign_that_is_out(client, world):
    version = make_version()
    client.force_login(world.erin)
    basics = {
        "version": version.pk,
        "name": "Round 1",
        "year": "2026",
        "due_on": "2026-12-31",
        "languages": ["en", "ja"],
    }
    first = client.post(reverse("campaign_new"), basics)
    campaign = Campaign.objects.get()
    assert first["Location"] == reverse("campaign_sites", args=[campaign.pk])
    second = client.post(first["Location"], {"own_sites": "without", "countries": ["JP", "TH"], "vendor_codes": ""})
    assert second["Location"] == reverse("campaign_message", args=[campaign.pk])
    third = client.post(second["Location"], {"message_en": "Hello", "message_ja": "", "before": "14, 3", "after": "7"})
    assert third["Location"] == reverse("campaign_preview", args=[campaign.pk])
    page = client.get(third["Location"])
    assert page.context["preview"].asked == 2
    assert page.context["reminders"] == ["14 days before", "3 days before", "7 days after"]
    assert "Send 2 requests" in page.content.decode()
    fourth = client.post(third["Location"])
    assert fourth["Location"] == reverse("campaign_detail", args=[campaign.pk])
    campaign.refresh_from_db()
    assert (campaign.state, campaign.message, campaign.reminder_days) == ("sending", {"en": "Hello"}, [-14, -3, 7])
    sending = client.get(fourth["Location"])
    assert sending.context["job"]["running"]
    run_job(str(campaign.job_id))
    done = client.get(fourth["Location"])
    assert (done.context["job"], done.context["counts"]["sent"]) == (None, 2)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"year": "1"}, "year"),
        ({"due_on": "soon"}, "due_on"),
        ({"languages": []}, "languages"),
        ({"languages": ["fr"]}, "languages"),
        ({"version": "0"}, "version"),
    ],
)
def test_a_wrong_first_step_says_what_to_mend_and_keeps_what_was_typed(client, world, change, field):
    data = {
        "version": make_version().pk,
        "name": "Round 1",
        "year": "2026",
        "due_on": "2026-12-31",
        "languages": ["en"],
    }
    client.force_login(world.erin)
    page = client.post(reverse("campaign_new"), {**data, **change})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert not Campaign.objects.exists()


def test_a_draft_shows_what_it_holds(client, world):
    campaign = world.draft(due_on=DUE, selection={"tiers": [2]}, message={"ja": "こんにちは"}, reminder_days=[-5, 2])
    client.force_login(world.erin)
    page = client.get(reverse("campaign_sites", args=[campaign.pk]))
    assert (page.context["sites"], page.context["suppliers"]) == (1, 1)
    assert '<input type="checkbox" name="tiers" value="2"' in page.content.decode()
    form = client.get(reverse("campaign_message", args=[campaign.pk])).context["form"]
    assert (form["before"].value(), form["after"].value(), form["message_ja"].value()) == ("5", "2", "こんにちは")
    basics = client.get(reverse("campaign_basics", args=[campaign.pk])).content.decode()
    assert 'value="2026-12-31"' in basics and 'value="Annual assessment"' in basics


def test_unknown_codes_are_listed_before_they_are_left_out(client, world):
    campaign = world.draft(due_on=DUE)
    client.force_login(world.erin)
    url, data = reverse("campaign_sites", args=[campaign.pk]), {"own_sites": "without", "vendor_codes": "A\nX-1"}
    page = client.post(url, data)
    assert page.status_code == 200
    assert page.context["codes"].unknown == ("X-1",)
    assert (page.context["sites"], Campaign.objects.get().selection) == (1, {"own_sites": "without"})
    assert client.post(url, {**data, "seen": "1"}).status_code == 302
    assert Campaign.objects.get().selection["vendor_codes"] == ["A", "X-1"]


def test_sites_are_chosen_by_size_and_the_pages_say_so(client, world):
    Site.objects.exclude(pk=world.sites["A"].pk).update(workers=251)
    Site.objects.filter(pk=world.sites["A"].pk).update(workers=250)
    campaign = world.draft(due_on=DUE, version=make_version({**SMALL_DOCUMENT, "code": "facility-short"}))
    client.force_login(world.erin)
    url = reverse("campaign_sites", args=[campaign.pk])
    assert "The questionnaire you chose is meant for sites of up to 250 people." in client.get(url).content.decode()
    data = {"own_sites": "without", "vendor_codes": "", "workers_from": "", "workers_to": "250"}
    counted = client.post(reverse("campaign_count", args=[campaign.pk]), data)
    assert (counted.context["sites"], counted.context["size_words"]) == (1, "Sites with at most 250 workers")
    assert client.post(url, data).status_code == 302
    assert Campaign.objects.get().selection == {"own_sites": "without", "workers_to": 250}
    preview = client.get(reverse("campaign_preview", args=[campaign.pk]))
    assert (preview.context["preview"].asked, preview.context["size_words"]) == (1, "Sites with at most 250 workers")


@pytest.mark.parametrize(
    ("low", "high", "field"), [("251", "250", "workers_to"), ("-1", "", "workers_from"), ("", "1.5", "workers_to")]
)
def test_limits_of_a_size_that_cannot_be_are_refused(client, world, low, high, field):
    campaign = world.draft(due_on=DUE)
    client.force_login(world.erin)
    data = {"own_sites": "without", "vendor_codes": "", "workers_from": low, "workers_to": high}
    page = client.post(reverse("campaign_sites", args=[campaign.pk]), data)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert Campaign.objects.get().selection == {"own_sites": "without"}


def test_the_preview_says_what_is_out_of_use(client, world):
    campaign = world.draft(due_on=DUE)
    client.force_login(world.erin)
    url = reverse("campaign_preview", args=[campaign.pk])
    assert client.get(url).context["in_use"] is True
    retire_version(campaign.version, actor=world.erin)
    page = client.get(url)
    assert page.context["in_use"] is False
    assert page.context["preview"].warnings[0].startswith("This questionnaire is out of use.")
    assert client.post(url).status_code == 422


def test_the_live_count_saves_nothing(client, world):
    campaign = world.draft(due_on=DUE)
    client.force_login(world.erin)
    page = client.post(
        reverse("campaign_count", args=[campaign.pk]), {"own_sites": "without", "countries": ["JP", "CN"]}
    )
    assert page.context["sites"] == 2
    assert Campaign.objects.get().selection == {"own_sites": "without"}


@pytest.mark.parametrize("days", ["soon", "1,5.5", "-3"])
def test_days_that_are_none_are_refused(client, world, days):
    campaign = world.draft(due_on=DUE)
    client.force_login(world.erin)
    page = client.post(reverse("campaign_message", args=[campaign.pk]), {"before": days, "after": "1"})
    assert page.status_code == 422
    assert "Enter whole numbers" in page.content.decode()


def test_a_second_press_on_send_is_told_so(client, world):
    campaign = world.draft(due_on=DUE)
    client.force_login(world.erin)
    url = reverse("campaign_preview", args=[campaign.pk])
    assert client.post(url).status_code == 302
    again = client.post(url)
    assert again.status_code == 422
    assert "not possible while the campaign is" in again.content.decode()
    assert Job.objects.filter(kind="campaigns.send").count() == 1


def test_own_sites_can_be_chosen(client, world):
    make_relationship(world.buyer, world.buyer, vendor_code="OWN")
    make_site(world.buyer)
    campaign = world.draft(due_on=DUE)
    client.force_login(world.erin)
    page = client.post(reverse("campaign_count", args=[campaign.pk]), {"own_sites": "only"})
    assert page.context["sites"] == 1
