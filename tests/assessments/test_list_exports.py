"""The lists as workbooks: campaigns, flags by provision, results and the record."""

import io

import openpyxl
import pytest
from django.urls import reverse

import assessments.overview.tasks
import assessments.scoring.tasks  # noqa: F401
import suppliers.organisations.tasks  # noqa: F401  the three register runners
from assessments.campaigns.models import Campaign
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.trail.models import Entry
from portal.trail.services import record
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Membership, Organisation, Site
from tests.assessments.overview.world import build_programme
from tests.factories import (
    CLEAN_ANSWERS,
    SMALL_ANSWERS,
    cast,
    hand_in,
    make_campaign,
    make_membership,
    make_response,
    make_user,
    send_campaign,
)
from tests.minerals.world import make_declaration_campaign

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def programme():
    return build_programme()


def started(client, person, name, /, **filters):
    client.force_login(person)
    answer = client.post(reverse(name), filters)
    job = Job.objects.latest("created_at")
    assert answer.status_code == 302 and answer.url == reverse("job_detail", args=[job.pk])
    return job


def cells_of(client, job):
    """Run the job and fetch its file as the person who asked; no cell may be a formula."""
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.result
    content = b"".join(client.get(reverse("job_file", args=[job.pk])).streaming_content)
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert not [cell for row in page for cell in row if cell.data_type == "f"]
    return list(page.values)


def exported(client, person, name, /, **filters):
    return cells_of(client, started(client, person, name, **filters))


def refused(job):
    run_job(str(job.pk))
    job.refresh_from_db()
    return job.state == JobState.REFUSED and job.result_file is None


# 1. Every list ------------------------------------------------------------------------------------
LISTS = {
    "campaign_list": ("erin", "export_campaigns", {"year": "2026"}),
    "provision_list": ("erin", "export_provisions", {"region": "Asia"}),
    "result_list": ("alice", "export_results", {}),
    "trail_list": ("erin", "export_trail", {"person": "erin"}),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_offers_its_export_with_its_filters_and_the_record_tells(client, programme, name):
    who, deed, filters = LISTS[name]
    person = getattr(programme.world, who)
    client.force_login(person)
    text = client.get(reverse(name), filters).content.decode()
    assert "Export XLSX" in text and f'action="{reverse(name + "_export")}"' in text
    for field, value in filters.items():
        assert f'<input type="hidden" name="{field}" value="{value}">' in text
    job = started(client, person, f"{name}_export", **filters, junk="x")
    cells_of(client, job)
    assert job.return_path.startswith(reverse(name)) and all(value in job.return_path for value in filters.values())
    assert "junk" not in job.return_path and "junk" not in job.params.get("filters", {})
    entry = Entry.objects.get(deed=deed)
    assert (entry.actor, entry.organisation_id) == (person, job.organisation_id)
    assert entry.detail == ({"filters": filters} if filters else {})


@pytest.mark.parametrize("name", LISTS)
def test_an_export_is_not_started_by_a_link(client, people, name):
    client.force_login(people.erin)
    assert client.get(reverse(f"{name}_export")).status_code == 405


# 2. Campaigns -------------------------------------------------------------------------------------
def test_campaigns_are_those_of_the_list(client, people):
    response = make_response(people.relationship, people.site)
    other = make_response(people.relationship, people.site, period="2025")
    hand_in(response, CLEAN_ANSWERS, people.alice)
    send_campaign(make_campaign(people.buyer, responses=[response], name=FORMULA, year=2026))
    send_campaign(make_campaign(people.buyer, responses=[other], name="Last year", year=2025))
    make_campaign(people.buyer, name="Plan", year=2027)
    make_campaign(people.other_buyer, name="Secret", year=2026)
    make_declaration_campaign(people.buyer, name="Cobalt", year=2024, template="EMRT", minerals=["Cobalt", "Mica"])
    head, *lines = exported(client, people.dave, "campaign_list_export")
    assert head[:4] == ("Campaign", "Year", "State", "Asked for")
    assert [(line[0], line[1], *line[5:]) for line in lines] == [
        ("Plan", 2027, None, None, None),
        (FORMULA, 2026, 1, 1, 0),
        ("Last year", 2025, 1, 0, 0),
        ("Cobalt", 2024, None, None, None),
    ]
    assert lines[0][3].startswith("Small questionnaire, 1.")
    assert lines[3][3] == "EMRT: Cobalt, Mica"
    _head, *lines = exported(client, people.dave, "campaign_list_export", kind="declaration")
    assert [line[0] for line in lines] == ["Cobalt"]
    _head, *lines = exported(client, people.dave, "campaign_list_export", year="2025")
    assert [line[0] for line in lines] == ["Last year"]
    _head, *lines = exported(client, people.dave, "campaign_list_export", q="plan", sort="name")
    assert [line[0] for line in lines] == ["Plan"]


def test_a_narrowed_buyer_counts_only_the_sites_they_see(client, people):
    response = make_response(people.relationship, people.site)
    send_campaign(make_campaign(people.buyer, responses=[response], name="Ours"))
    reader = make_user("reader@test.example")
    make_membership(reader, people.buyer, Role.BUYER_READER, scopes={"region": ["Nowhere"]})
    _head, line = exported(client, reader, "campaign_list_export")
    assert line[0] == "Ours" and not any(line[5:])


def test_who_left_the_buyer_meanwhile_gets_no_campaigns(client, people):
    make_campaign(people.buyer, name="Ours")
    job = started(client, people.dave, "campaign_list_export")
    Membership.objects.filter(user=people.dave).delete()
    _head, *lines = cells_of(client, job)
    assert lines == []


# 3. Flags by provision ----------------------------------------------------------------------------
def test_provisions_are_counted_as_on_the_page(client, programme):
    head, *lines = exported(client, programme.world.erin, "provision_list_export")
    assert head == ("Provision", "Title", "Suppliers", "Priority", "Major", "Minor")
    assert [(line[0], *line[2:]) for line in lines] == [("A3", 1, 0, 1, 0), ("B2", 1, 0, 0, 1)]
    assert all(line[1] for line in lines)


def test_provisions_of_another_slice_or_campaign(client, programme):
    client.force_login(programme.world.erin)
    oldest = Campaign.objects.filter(buyer=programme.world.buyer).order_by("year").first()
    for filters in ({"country": "DE"}, {"campaign": str(oldest.pk)}):
        page = client.get(reverse("provision_list"), filters)
        shown = [(entry["row"].provision, entry["row"].suppliers) for entry in page.context["flags"]]
        job = started(client, programme.world.erin, "provision_list_export", **filters)
        _head, *lines = cells_of(client, job)
        assert [(line[0], line[2]) for line in lines] == shown
    assert oldest.name in job.result_file.name


def test_who_left_the_buyer_meanwhile_gets_no_provisions(client, programme):
    job = started(client, programme.world.erin, "provision_list_export")
    Membership.objects.filter(user=programme.world.erin).delete()
    assert refused(job)


# 4. Results ---------------------------------------------------------------------------------------
def test_results_are_those_handed_in_of_the_own_sites(client, people):
    response = make_response(people.relationship, people.site)
    make_response(people.relationship, people.site, period="2025")
    foreign = make_response(people.other_relationship, people.other_site)
    hand_in(response, SMALL_ANSWERS, people.alice)
    hand_in(foreign, SMALL_ANSWERS, people.mallory)
    Site.objects.filter(pk=people.site.pk).update(name=FORMULA)
    head, *lines = exported(client, people.bob, "result_list_export")
    assert head[:6] == ("Questionnaire", "Site", "Asked by", "Handed in", "Score", "Band")
    (line,) = lines
    response.refresh_from_db()
    assert line[:3] == ("Small questionnaire", FORMULA, "Buyer")
    assert line[3].date() == response.submitted_at.date() and line[4] == float(response.score)
    assert line[6:] == (0, 1, 0, "Submitted")


def test_a_buyer_has_no_results_of_their_own(client, people):
    hand_in(make_response(people.relationship, people.site), SMALL_ANSWERS, people.alice)
    assert len(exported(client, people.erin, "result_list_export")) == 1


# 5. The record ------------------------------------------------------------------------------------
def test_the_record_is_that_of_the_own_organisation_and_tells_of_its_export(client, people):
    here, there = people.supplier.pk, people.other_supplier.pk
    record("create_site", actor=people.alice, organisation_id=here, name=FORMULA, reason="x" * 200)
    record("create_site", actor=people.mallory, organisation_id=there, name="Secret plant")
    record("create_token", actor=people.alice, organisation_id=here, name="ERP")
    head, *lines = exported(client, people.alice, "trail_list_export")
    assert head == ("Number", "When", "Who", "E-mail address", "What", "Details", "From the address")
    assert [line[4] for line in lines if line[4] != "Signed in"] == [
        "Exported the record", "Made a token", "Created a site",
    ]  # fmt: skip
    assert lines[-1][2:4] == ("Alice", "alice@test.example")
    assert FORMULA in lines[-1][5] and "x" * 200 in lines[-1][5]


def test_a_deed_that_begins_like_a_formula_stays_text(client, people):
    Organisation.objects.filter(pk=people.supplier.pk).update(name=FORMULA)
    people.alice.name = FORMULA
    people.alice.save()
    record("create_site", actor=people.alice, organisation_id=people.supplier.pk)
    lines = exported(client, people.alice, "trail_list_export", deed="create_site")
    assert [line[2] for line in lines[1:]] == [FORMULA]


def test_the_record_is_narrowed_like_the_list(client, people):
    record("create_site", actor=people.alice, organisation_id=people.supplier.pk)
    record("close_site", actor=people.bob, organisation_id=people.supplier.pk)
    for filters in ({"deed": "close_site"}, {"person": "bob@"}):
        _head, *lines = exported(client, people.alice, "trail_list_export", **filters)
        assert [line[4] for line in lines] == ["Closed a site"]
    _head, *lines = exported(client, people.alice, "trail_list_export", first="2999-01-01", before="1")
    assert lines == []


def test_a_long_filter_leads_back_to_the_whole_list(client, people):
    job = started(client, people.alice, "trail_list_export", person="鈴木" * 30)
    assert job.return_path == reverse("trail_list") and job.params["filters"] == {"person": "鈴木" * 30}


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("dave", 403), ("carol", 403)])
def test_only_those_who_lead_export_the_record(client, people, who, status):
    client.force_login(getattr(people, who))
    assert client.post(reverse("trail_list_export")).status_code == status
    assert not Job.objects.exists() and not Entry.objects.filter(deed="export_trail").exists()


def test_who_lost_the_lead_meanwhile_gets_no_record(client, people):
    job = started(client, people.alice, "trail_list_export")
    Membership.objects.filter(user=people.alice).update(role=Role.SUPPLIER_READER)
    assert refused(job)


# 6. The supplier card -----------------------------------------------------------------------------
def test_the_card_leads_those_who_may_to_the_end_of_the_relationship(client, people):
    reader = make_user("reader@test.example")
    make_membership(reader, people.buyer, Role.BUYER_READER)
    address = reverse("relationship_end", args=[people.relationship.pk])
    for person, expected in ((people.erin, True), (people.dave, True), (reader, False)):
        client.force_login(person)
        text = client.get(reverse("supplier_card", args=[people.relationship.pk])).content.decode()
        assert (f'href="{address}"' in text) is expected, person
