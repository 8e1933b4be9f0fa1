"""The supplier list, the supplier card, the provision list, exports and the campaign report."""

import io

import openpyxl
import pytest
from django.urls import reverse
from pypdf import PdfReader

import assessments.overview.tasks
import suppliers.organisations.tasks  # noqa: F401  registers the runner of the export
from portal.jobs.models import Job
from portal.jobs.services import run_job
from suppliers.organisations.enums import Role
from tests.assessments.overview.world import build_programme, links_of
from tests.factories import (
    cast,
    make_finding,
    make_membership,
    make_organisation,
    make_relationship,
    make_site,
    make_user,
)

pytestmark = pytest.mark.django_db
assert assessments.overview.tasks  # registers the runner of the report


@pytest.fixture
def programme():
    return build_programme()


def listed(client, query=""):
    answer = client.get(reverse("supplier_list") + query)
    assert answer.status_code == 200
    return answer.context["rows"]


def finished(job):
    run_job(str(job.pk))
    job.refresh_from_db()
    return job


# 1. The list --------------------------------------------------------------------------------------
def test_list_shows_the_lowest_newest_score_of_each_supplier(client, programme):
    client.force_login(programme.world.erin)
    rows = {row.relationship.pk: row for row in listed(client)}
    one, two, three = (rows[programme.bonds[name].pk] for name in ("one", "two", "three"))
    assert (one.sites, one.scored, float(one.lowest), one.band) == (4, 2, 33.3, "high")
    assert (two.sites, float(two.lowest), two.band, two.waiting) == (3, 100.0, "low", 2)
    assert (three.sites, float(three.lowest), three.band) == (3, 83.3, "medium")
    assert one.findings == {"priority": 0, "major": 3, "minor": 1}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["one", "three", "two"]),
        ("?sort=-name", ["two", "three", "one"]),
        ("?business_unit=Printing", ["two"]),
        ("?region=Europe", ["three"]),
        ("?country=TH", ["one", "two"]),
        ("?category=Boards", ["two"]),
        ("?tier=2", ["three"]),
        ("?band=high", ["one"]),
        ("?band=low", ["two"]),
        ("?provision=A3", ["one", "two"]),
        ("?provision=A3&campaign=now", ["one"]),
        ("?provision=A3&campaign=last", ["two"]),
        ("?campaign=last&country=DE", ["three"]),
        ("?campaign=now&country=VN", ["one", "two"]),
        ("?standing=ended", []),
        ("?q=v-1", ["one"]),
        ("?tier=nonsense&campaign=x", ["one", "three", "two"]),
    ],
)
def test_list_is_narrowed_and_sorted_by_the_address(client, programme, query, names):
    client.force_login(programme.world.dave)
    query = query.replace("now", str(programme.campaign.pk)).replace("last", str(programme.last_campaign.pk))
    found = [row.relationship.pk for row in listed(client, query)]
    assert sorted(found) == sorted(programme.bonds[name].pk for name in names)
    if "sort" in query or not query:
        assert found == [programme.bonds[name].pk for name in names]


def test_list_of_a_newcomer_says_how_to_begin(client):
    world = cast()
    client.force_login(world.erin)
    world.relationship.delete()
    html = client.get(reverse("supplier_list")).content.decode()
    assert "No suppliers yet." in html and reverse("supplier_import") in html


def test_query_count_is_the_same_for_one_and_three_rows(client, django_assert_num_queries):
    world = cast()
    client.force_login(world.erin)
    listed(client)
    with django_assert_num_queries(14):
        assert len(listed(client)) == 1
    for _ in range(2):
        bond = make_relationship(world.buyer, make_organisation())
        make_finding(bond)
    with django_assert_num_queries(14):
        assert len(listed(client)) == 3


# 2. The card --------------------------------------------------------------------------------------
def test_card_says_what_is_known_of_a_supplier(client, programme):
    client.force_login(programme.world.erin)
    answer = client.get(reverse("supplier_card", args=[programme.bonds["one"].pk]))
    facts, html = answer.context, answer.content.decode()
    assert [line.site.pk for line in facts["lines"]][:2] == [programme.now["b"].site_id, programme.now["a"].site_id]
    assert float(facts["lowest"].newest.score) == 33.3
    assert (facts["finding_total"], facts["finding_sites"], facts["counted"]) == (
        4,
        3,
        {"priority": 0, "major": 3, "minor": 1},
    )
    assert [(year["period"], year["score"], year["sites"]) for year in facts["years"]] == [
        ("2025", 100.0, 1),
        ("2026", 41.6, 2),
    ]
    assert facts["change"] == -58.4 and facts["handed_in"] == 2
    assert "Longest week 66.5" in html and facts["finding_total"] == len(facts["findings"])


def test_findings_of_the_card_open_a_list_of_exactly_that_many(client, programme):
    client.force_login(programme.world.erin)
    answer = client.get(reverse("supplier_card", args=[programme.bonds["one"].pk]))
    addresses = [
        address for _text, address in links_of(answer) if address.startswith(reverse("finding_list") + "?standing=open")
    ]
    assert len(addresses) == 1
    assert client.get(addresses[0]).context["page"].paginator.count == answer.context["finding_total"]


def test_findings_of_a_supplier_whose_code_begins_alike_stay_out(client, programme):
    alike = make_relationship(programme.world.buyer, make_organisation(), vendor_code="V-10")
    make_finding(alike)
    client.force_login(programme.world.erin)
    page = client.get(reverse("finding_list") + f"?relationship={programme.bonds['one'].pk}").context["page"]
    assert page.paginator.count == 4
    foreign = programme.world.other_relationship.pk
    assert client.get(reverse("finding_list") + f"?relationship={foreign}").context["page"].paginator.count == 7


def test_site_with_a_score_of_nothing_is_the_lowest(client, programme):
    type(programme.now["a"]).objects.filter(pk=programme.now["a"].pk).update(score=0)
    client.force_login(programme.world.erin)
    facts = client.get(reverse("supplier_card", args=[programme.bonds["one"].pk])).context
    assert facts["lowest"].newest == programme.now["a"]


def test_card_of_a_supplier_never_asked(client):
    world = cast()
    client.force_login(world.erin)
    html = client.get(reverse("supplier_card", args=[world.relationship.pk])).content.decode()
    assert "This supplier was not asked yet." in html and "No open findings." in html and "No score yet." in html


def test_card_costs_the_same_for_one_and_three_sites(client, programme, django_assert_num_queries):
    client.force_login(programme.world.erin)
    path = reverse("supplier_card", args=[programme.bonds["one"].pk])
    client.get(path)
    with django_assert_num_queries(18):
        client.get(path)
    for _ in range(2):
        make_finding(programme.bonds["one"], make_site(programme.bonds["one"].supplier))
    with django_assert_num_queries(18):
        assert len(client.get(path).context["lines"]) == 6


# 3. Export and report -----------------------------------------------------------------------------
def workbook_of(client, job):
    content = b"".join(client.get(reverse("job_file", args=[job.pk])).streaming_content)
    return openpyxl.load_workbook(io.BytesIO(content))


def test_export_holds_the_suppliers_the_person_sees(client, programme):
    world = programme.world
    world.supplier.name = "=1+1"
    world.supplier.save()
    narrowed = make_user("asia@test.example")
    make_membership(narrowed, world.buyer, Role.BUYER_READER, scopes={"region": ["Asia"]})
    codes = {}
    for person in (world.erin, narrowed):
        client.force_login(person)
        client.post(reverse("supplier_export"), {"back": "/suppliers/"})
        book = workbook_of(client, finished(Job.objects.latest("created_at")))
        cells = [cell for row in book.active for cell in row]
        assert {cell.data_type for cell in cells} & {"f"} == set()
        values = {str(cell.value) for cell in cells}
        codes[person.email] = {bond.vendor_code for bond in programme.bonds.values()} & values
    assert codes["erin@test.example"] == {bond.vendor_code for bond in programme.bonds.values()}
    assert codes["asia@test.example"] == {programme.bonds["one"].vendor_code, programme.bonds["two"].vendor_code}


@pytest.mark.parametrize("language", ["en", "ja", "zh-hans", "th"])
def test_report_of_a_campaign_is_printed_in_the_readers_language(client, programme, language):
    erin = programme.world.erin
    erin.language = language
    erin.save()
    client.force_login(erin)
    client.cookies["sanpo_language"] = language
    client.post(reverse("campaign_report", args=[programme.campaign.pk]))
    job = finished(Job.objects.latest("created_at"))
    assert job.state == "done", job.result
    pdf = PdfReader(io.BytesIO(b"".join(client.get(reverse("job_file", args=[job.pk])).streaming_content)))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "Programme 2026" in text and "33.3" in text
    assert pdf.trailer["/Root"]["/Lang"] == language


def test_report_of_a_campaign_that_was_lost_is_refused(client, programme):
    client.force_login(programme.world.erin)
    client.post(reverse("campaign_report", args=[programme.campaign.pk]))
    programme.world.erin.memberships.all().delete()
    job = finished(Job.objects.latest("created_at"))
    assert job.state == "refused" and "no longer have access" in job.result["message"]
