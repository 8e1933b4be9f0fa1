"""The dashboard: figures counted by hand, and lists behind them with exactly as many rows."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from assessments.campaigns.models import Campaign
from assessments.findings.models import Finding
from assessments.overview.queries.dashboard import Group, ProvisionFlags, Year, sent_campaigns
from assessments.overview.queries.follow_up import FindingFigures
from assessments.scoring.models import Flag
from suppliers.organisations.enums import Role
from tests.assessments.overview.world import build_programme, links_of
from tests.factories import make_campaign, make_membership, make_user, send_campaign
from tests.minerals.world import make_declaration, make_declaration_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return build_programme()


@pytest.fixture
def page(programme, client):
    client.force_login(programme.world.erin)

    def fetch(query=""):
        response = client.get(reverse("dashboard") + query)
        assert response.status_code == 200
        return response

    return fetch


def rows_behind(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.context["page"].paginator.count


# 1. Figures ---------------------------------------------------------------------------------------
def test_figures_are_those_counted_by_hand(page):
    context = page().context
    assert context["all"] == Group("", 9, 3, 4, 1, 1, {"high": 2, "low": 1})
    assert round(context["all"].rate, 1) == 33.3 and round(context["all"].high_rate, 1) == 66.7
    assert context["follow"].findings == FindingFigures(5, 4, 0, 3, 2, 0, 0, 0, 0)
    assert [entry["row"] for entry in context["flags"]] == [
        ProvisionFlags("A3", 1, 0, 1, 0),
        ProvisionFlags("B2", 1, 0, 0, 1),
    ]
    assert context["scores"] == [
        (30, 1), (35, 0), (40, 0), (45, 0), (50, 1), (55, 0), (60, 0), (65, 0), (70, 0), (75, 0), (80, 0), (85, 0),
        (90, 0), (95, 1),
    ]  # fmt: skip
    assert context["years"] == [Year(2025, 3, 3, 83.3, 1, 3), Year(2026, 9, 3, 50.0, 2, 3)]
    assert [(row["group"].key, row["group"].asked, row["group"].handed_in) for row in context["countries"]] == [
        ("TH", 4, 3),
        ("DE", 3, 0),
        ("VN", 2, 0),
    ]
    assert {unit.key: (unit.asked, unit.scored, unit.high) for unit in context["units"]} == {
        "Imaging": (6, 2, 2),
        "Printing": (3, 1, 0),
    }


def test_campaigns_that_ask_for_declarations_leave_it_as_it_is(page, programme, client):
    """Declarations are counted on the page of minerals: a newer campaign of them is not chosen, offered or counted."""
    world = programme.world
    before = page().context
    declaration = make_declaration(world.relationship, due_on=date(2020, 1, 1))
    newer = send_campaign(make_declaration_campaign(world.buyer, declaration, year=2030, name="Asked for minerals"))
    after = page().context
    names = ("all", "scores", "years", "campaign_id", "countries", "units")
    assert {name: after[name] for name in names} == {name: before[name] for name in names}
    assert newer.name not in client.get(reverse("dashboard")).content.decode()
    assert page(f"?campaign={newer.pk}").context["campaign_id"] == before["campaign_id"]
    assert client.post(reverse("campaign_report", args=[newer.pk])).status_code == 404
    assert client.get(reverse("supplier_list"), {"campaign": newer.pk}).status_code == 200
    assert client.get(reverse("supplier_card", args=[world.relationship.pk])).status_code == 200


def test_attention_names_late_sites(page, programme):
    late = programme.now["d"]
    assert [(line.label, line.url, line.when, line.is_late) for line in page().context["attention"]] == [
        (late.site.name, reverse("supplier_card", args=[late.relationship_id]), "10 days late", True)
    ]


def test_tables_stand_beside_the_charts(page):
    html = page().content.decode()
    assert html.count("<table") >= 3
    assert "Score distribution" in html and "By year" in html


# 2. Lists behind the figures ----------------------------------------------------------------------
BEHIND = {
    "": {"rate": 3, "open": 4, "high": 2, "findings": 5, "late": 1, "declined": 1, "A3": 1, "B2": 1},
    "?business_unit=Imaging": {"rate": 2, "open": 2, "high": 2, "findings": 5, "late": 0, "declined": 1, "A3": 1, "B2": 1},
    "?business_unit=Printing": {"rate": 1, "open": 2, "high": 0, "findings": 0, "late": 1, "declined": 0},
    "?region=Europe": {"rate": 0, "open": 1, "high": 0, "findings": 1, "late": 0, "declined": 1},
    "?country=TH": {"rate": 3, "open": 1, "high": 2, "findings": 3, "late": 0, "declined": 0, "A3": 1, "B2": 1},
    "?category=Boards": {"rate": 1, "open": 2, "high": 0, "findings": 0, "late": 1, "declined": 0},
    "?tier=2": {"rate": 0, "open": 1, "high": 0, "findings": 1, "late": 0, "declined": 1},
    "?campaign=last": {"rate": 3, "open": 0, "high": 1, "findings": 5, "late": 0, "declined": 0, "A3": 1, "B2": 1},
}  # fmt: skip


@pytest.mark.parametrize("query", BEHIND)
def test_every_figure_opens_a_list_of_exactly_that_many_rows(page, client, programme, query):
    response = page(query.replace("last", str(programme.last_campaign.pk)))
    words = {"rate": r"^Response rate", "open": r"\d+ to go$", "high": r"^High risk", "findings": r"^Open findings"}
    words |= {"late": r"^Overdue answers", "declined": r"\d+ declined$", "A3": r"^A3 ", "B2": r"^B2 "}
    opened = {
        name: rows_behind(client, address)
        for name, pattern in words.items()
        for text, address in links_of(response)
        if re.search(pattern, text)
    }
    assert opened == BEHIND[query]
    group, findings = response.context["all"], response.context["follow"].findings
    shown = {"rate": group.handed_in, "open": group.still_open, "high": group.high, "findings": findings.total}
    shown |= {"late": group.late, "declined": group.declined}
    shown |= {entry["row"].provision: entry["row"].suppliers for entry in response.context["flags"]}
    assert shown == opened


def test_flags_of_another_year_are_not_behind_this_years_figure(client, programme, page):
    page()
    flagged = reverse("supplier_list") + f"?provision=B2&campaign={programme.campaign.pk}"
    assert [row.relationship for row in client.get(flagged).context["rows"]] == [programme.bonds["one"]]
    before = reverse("supplier_list") + f"?provision=B2&campaign={programme.last_campaign.pk}"
    assert [row.relationship for row in client.get(before).context["rows"]] == [programme.bonds["three"]]


def test_provision_list_opens_the_suppliers_of_each_provision(client, programme, page):
    page()
    response = client.get(reverse("provision_list"))
    links = [(text[:2], address) for text, address in links_of(response) if "provision=" in address]
    assert [(provision, rows_behind(client, address)) for provision, address in links] == [("A3", 1), ("B2", 1)]
    assert [entry["row"].suppliers for entry in response.context["flags"]] == [1, 1]


# 3. Filters ---------------------------------------------------------------------------------------
def test_filters_stay_in_every_link(page):
    response = page("?business_unit=Imaging&country=TH")
    links = [(text, address) for text, address in links_of(response) if "?" in address]
    lost = [text for text, address in links if "business_unit=" not in address or "country=" not in address]
    assert len(links) > 8 and lost == ["Clear filters"]


@pytest.mark.parametrize("query", ["?campaign=", "?campaign=abc", "?campaign=999999", "?region=Nowhere&tier=x"])
def test_nonsense_in_the_address_shows_the_newest_campaign(page, programme, query):
    context = page(query).context
    assert context["campaign_id"] == str(programme.campaign.pk)
    assert context["all"].asked == 9


def test_the_campaign_sent_last_comes_first_though_it_was_drafted_earlier(programme):
    buyer, erin = programme.world.buyer, programme.world.erin
    moments = {"drafted first": 20, "drafted last": 10, "on its way": None}
    for name, day in moments.items():
        moment = day and datetime(2030, 5, day, tzinfo=UTC)
        make_campaign(buyer, name=name, year=2030, state="sent" if moment else "sending", sent_at=moment)

    assert [one.name for one in sent_campaigns(erin, buyer)][:3] == ["on its way", "drafted first", "drafted last"]


def test_campaign_of_somebody_else_cannot_be_chosen(page, programme):
    other = Campaign.objects.get(buyer=programme.world.other_buyer)
    assert page(f"?campaign={other.pk}").context["campaign_id"] == str(programme.campaign.pk)


# 4. Rights ----------------------------------------------------------------------------------------
def test_membership_narrowed_to_a_region_sees_only_its_rows(client, programme):
    narrowed = make_user("europe@test.example")
    make_membership(narrowed, programme.world.buyer, Role.BUYER_READER, scopes={"region": ["Europe"]})
    client.force_login(narrowed)
    context = client.get(reverse("dashboard")).context
    assert context["all"] == Group("", 3, 0, 1, 0, 1, {})
    assert context["follow"].findings.total == 1
    assert [row["group"].key for row in context["countries"]] == ["DE"]
    assert [row.relationship for row in client.get(reverse("supplier_list")).context["rows"]] == [
        programme.bonds["three"]
    ]
    assert client.get(reverse("supplier_card", args=[programme.bonds["one"].pk])).status_code == 404
    assert client.get(reverse("finding_list")).context["page"].paginator.count == 1
    assert client.get(reverse("response_review", args=[programme.now["a"].pk])).status_code == 404


def test_supplier_and_auditor_are_led_home(client, programme):
    for person in (programme.world.alice, programme.world.carol):
        client.force_login(person)
        for name in ("dashboard", "provision_list", "supplier_list"):
            assert client.get(reverse(name)).url == reverse("home")


def test_buyer_without_a_campaign_is_told_how_to_begin(client, programme):
    newcomer = make_user("newcomer@test.example")
    make_membership(newcomer, role=Role.BUYER_ADMINISTRATOR)
    client.force_login(newcomer)
    for name in ("dashboard", "provision_list"):
        assert "No campaign was sent yet" in client.get(reverse(name)).content.decode()


# 5. Price -----------------------------------------------------------------------------------------
def test_query_count_is_the_same_for_one_and_three_campaigns(client, programme, django_assert_max_num_queries):
    client.force_login(programme.world.erin)
    client.get(reverse("dashboard"))
    with django_assert_max_num_queries(20) as two:
        client.get(reverse("dashboard"))
    send_campaign(make_campaign(programme.world.buyer, version=programme.campaign.version, year=2024))
    with django_assert_max_num_queries(20) as three:
        client.get(reverse("dashboard"))
    assert len(two) == len(three)


def test_flag_of_a_provision_its_code_does_not_know_breaks_no_page(client, programme):
    for model in (Flag, Finding):
        model.objects.filter(provision="B2").update(provision="Z9")
    client.force_login(programme.world.erin)
    names = ("dashboard", "provision_list", "finding_list")
    pages = [client.get(reverse(name)) for name in names]
    pages.append(client.get(reverse("response_review", args=[programme.now["b"].pk])))
    pages.append(client.get(reverse("supplier_card", args=[programme.bonds["one"].pk])))
    assert [page.status_code for page in pages] == [200] * 5
    assert all("Z9" in page.content.decode() for page in pages)
