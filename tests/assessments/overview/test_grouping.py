"""The report by provision, grouped by other schemes: no supplier twice, no finding lost, every figure opens its list."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from assessments.findings.models import Finding
from assessments.findings.queries.schemes import items_of
from assessments.overview.queries.grouping import ItemSupplier, group_findings, suppliers_by_item
from assessments.overview.queries.provisions import ProvisionLine
from tests.assessments.overview.test_reports import exported
from tests.assessments.overview.world import links_of
from tests.factories import cast, make_finding, make_organisation, make_relationship, make_site

pytestmark = pytest.mark.django_db
SCHEMES = ("rba-8.0", "rba-7.0", "sa8000", "jeita-2020", "gri")


@pytest.fixture
def world():
    """Supplier has findings on B1 twice, B6, C8 and A5 of 7.0; Two on B6; both on a code nobody mapped."""
    people = cast()
    two = make_relationship(people.buyer, make_organisation("Two", country="CN"), vendor_code="V-2")
    site_two = make_site(two.supplier)
    for severity, provision, code in (
        ("minor", "B1", "rba-8.0"), ("major", "B1", "rba-8.0"), ("priority", "B6", "rba-8.0"),
        ("minor", "C8", "rba-8.0"), ("major", "A5", "rba-7.0"), ("minor", "X1", "own-1"),
    ):  # fmt: skip
        make_finding(people.relationship, people.site, severity=severity, provision=provision, code_of_conduct=code)
    make_finding(two, site_two, severity="minor", provision="B6", code_of_conduct="rba-8.0")
    make_finding(two, site_two, severity="major", provision="X1", code_of_conduct="own-1")
    return SimpleNamespace(two=two, **vars(people))


@pytest.fixture
def page(world, client):
    client.force_login(world.erin)

    def fetch(query=""):
        answer = client.get(reverse("report_provisions") + query)
        assert answer.status_code == 200
        return answer

    return fetch


def lines_of(answer):
    lines = [entry["line"] for entry in answer.context["lines"]]
    return [(x.provision, x.suppliers, x.priority, x.major, x.minor) for x in lines]


def test_findings_that_correspond_to_nothing_are_not_called_none(world, page):
    Finding.objects.exclude(provision="C8").delete()

    answer = page("?group=sa8000")

    words = answer.content.decode()
    assert [one.line.provision for one in answer.context["grouped"].left] == ["C8"]
    assert "No finding is on a provision that corresponds to SA8000:2014; all of them stand below." in words
    assert "No supplier has a finding" not in words


def test_without_a_group_each_code_counts_for_itself(page):
    answer = page()
    assert answer.context["grouped"] is None
    assert lines_of(answer) == [
        ("B6", 2, 1, 0, 1), ("X1", 2, 0, 1, 1), ("A5", 1, 0, 1, 0), ("B1", 1, 0, 1, 0), ("C8", 1, 0, 0, 1),
    ]  # fmt: skip


def test_a_supplier_counts_once_per_item_under_its_worst_severity(world):
    grouped = group_findings(Finding.objects.all(), "sa8000")
    assert grouped.lines == (ProvisionLine("sa8000", "3", 2, 1, 0, 1), *(
        ProvisionLine("sa8000", item, 1, 0, 1, 0) for item in ("5", "6")
    ))  # fmt: skip
    assert [(one.line.provision, one.line.suppliers, one.reason) for one in grouped.left] == [
        ("X1", 2, "Nobody has mapped the code own-1 on SA8000:2014."),
        ("C8", 1, "SA8000 is about working conditions; the environment lies outside it."),
    ]
    assert grouped.unmapped == ("own-1",)


def test_versions_of_a_code_are_grouped_by_their_crosswalk(world):
    named = {one.provision: one.suppliers for one in group_findings(Finding.objects.all(), "rba-8.0").lines}
    assert named == {"B6": 2, "A5": 1, "B1": 1, "C8": 1}
    Finding.objects.filter(provision="A5").update(code_of_conduct="rba-8.0")
    older = group_findings(Finding.objects.all(), "rba-7.0")
    assert {one.provision for one in older.lines} == {"A5", "A6", "B1", "B6", "C8"}


def test_suppliers_by_item_add_their_findings_up(world):
    assert suppliers_by_item(Finding.objects.all(), "sa8000") == [
        ItemSupplier("3", "V-1", "Supplier", rank=0, findings=3),
        ItemSupplier("3", "V-2", "Two", rank=2, findings=1),
        ItemSupplier("5", "V-1", "Supplier", rank=1, findings=1),
        ItemSupplier("6", "V-1", "Supplier", rank=1, findings=1),
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_finding_is_lost(world, scheme):
    """Every finding stands behind an item or among those without a counterpart."""
    grouped = group_findings(Finding.objects.all(), scheme)
    left = {(one.line.code_of_conduct, one.line.provision) for one in grouped.left}
    everywhere = set(Finding.objects.values_list("code_of_conduct", "provision"))

    shown = {line.provision for line in grouped.lines}
    assert {pair for pair in everywhere if not set(items_of(*pair, scheme)) & shown} == left


@pytest.mark.parametrize("scheme", ["provision", *SCHEMES])
def test_every_figure_opens_its_suppliers(page, client, scheme):
    answer = page(f"?group={scheme}")
    start = reverse("report_provisions")
    cells = [(text.split()[-1], to) for text, to in links_of(answer) if to.startswith(start) and ": " in text]
    grouped = answer.context["grouped"]
    assert len(cells) == len(answer.context["lines"]) + (len(grouped.left) if grouped else 0)
    assert [(int(n), client.get(address).context["page"].paginator.count) for n, address in cells] == [
        (int(n), int(n)) for n, _address in cells
    ]


def test_a_code_without_a_mapping_says_so(page):
    words = page("?group=gri").content.decode()
    assert "The code of conduct own-1 has no mapping to GRI Standards." in words
    assert "own-1" not in page("?group=gri&source=audit").content.decode()


def test_the_evidence_of_an_item_is_titled_by_it(page, client):
    answer = client.get(reverse("report_provision", args=["jeita-2020", "3-6"]) + "?group=jeita-2020")
    assert answer.context["title"] == "3-6 Safety Measures for Machinery"
    assert [line.relationship.supplier.name for line in answer.context["lines"]] == ["Supplier", "Two"]


@pytest.mark.parametrize("args", [("gri", "9-9"), ("iso", "A1"), ("rba-8.0", "Z1"), ("own-1", "X2")])
def test_what_is_in_no_scheme_is_not_found(page, client, args):
    assert client.get(reverse("report_provision", args=args)).status_code == 404


def test_the_workbook_is_grouped_as_the_page(client, world):
    book = exported(client, world, "provisions", "group=sa8000")
    assert book["Suppliers by item"] == [
        ["SA8000:2014", "Title", "Suppliers", "Priority", "Major", "Minor"],
        ["3", "Health and Safety", 2, 1, 0, 1],
        ["5", "Discrimination", 1, 0, 1, 0],
        ["6", "Disciplinary Practices", 1, 0, 1, 0],
    ]
    assert book["Suppliers"][1] == ["3", "Health and Safety", "V-1", "Supplier", "Priority", 3]
    assert book["Without a counterpart"][1] == [
        "own-1", "X1", None, 2, 0, 1, 1, "Nobody has mapped the code own-1 on SA8000:2014.",
    ]  # fmt: skip


def test_the_workbook_without_a_group_is_as_before(client, world):
    book = exported(client, world, "provisions")
    assert list(book) == ["Suppliers by provision", "Suppliers"]
    assert book["Suppliers by provision"][1][:1] == ["B6"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_queries_do_not_grow(world, page, scheme, django_assert_num_queries):
    page(f"?group={scheme}")
    with django_assert_num_queries(8):
        page(f"?group={scheme}")
    for _number in range(3):
        bond = make_relationship(world.buyer, make_organisation())
        make_finding(bond, make_site(bond.supplier), provision="D1", code_of_conduct="rba-8.0")
    with django_assert_num_queries(8):
        page(f"?group={scheme}")


# 2. The supplier card -----------------------------------------------------------------------------
@pytest.fixture
def card(world, client):
    client.force_login(world.erin)

    def fetch(query=""):
        answer = client.get(reverse("supplier_card", args=[world.relationship.pk]) + query)
        assert answer.status_code == 200
        return answer.context["findings"], answer.context["grouped"], answer.content.decode()

    return fetch


def groups_of(groups):
    return [(one.code, list(one.counts.values()), [f.provision for f in one.findings], one.more) for one in groups]


@pytest.mark.parametrize("query", ["", "?group=provision", "?group=iso"])
def test_the_card_lists_the_worst_findings_without_a_group(card, query):
    findings, grouped, words = card(query)
    assert [finding.provision for finding in findings] == ["B6", "A5", "B1", "B1", "C8", "X1"]
    assert (grouped.group, grouped.groups, grouped.left) == ("provision", (), ())
    assert '<option value="sa8000">' in words


def test_the_card_puts_findings_under_every_item_that_corresponds(card):
    findings, grouped, words = card("?group=sa8000")
    assert findings == []
    assert groups_of(grouped.groups) == [
        ("3", [1, 1, 1], ["B6", "B1", "B1"], 0),
        ("5", [0, 1, 0], ["A5"], 0),
        ("6", [0, 1, 0], ["A5"], 0),
    ]
    assert groups_of(grouped.left) == [("X1", [0, 0, 1], ["X1"], 0), ("C8", [0, 0, 1], ["C8"], 0)]
    assert grouped.unmapped == ("own-1",)
    assert '<option value="sa8000" selected>' in words
    assert "Nobody has mapped the code own-1 on SA8000:2014." in words


def test_the_card_shows_three_findings_of_an_item_and_counts_the_rest(world, card):
    for _number in range(3):
        make_finding(world.relationship, world.site, severity="minor", provision="B2", code_of_conduct="rba-8.0")
    _findings, grouped, words = card("?group=sa8000")
    assert groups_of(grouped.groups)[0] == ("3", [1, 1, 4], ["B6", "B1", "B1"], 3)
    assert "and 3 more" in words


@pytest.mark.parametrize("query", ["", *(f"?group={scheme}" for scheme in SCHEMES)])
def test_the_card_costs_the_same_with_every_group_and_more_findings(world, card, query, django_assert_num_queries):
    card(query)
    with django_assert_num_queries(QUERIES_OF_THE_CARD):
        card(query)
    for provision in ("A1", "C3", "D1"):
        make_finding(world.relationship, world.site, provision=provision, code_of_conduct="rba-8.0")
    with django_assert_num_queries(QUERIES_OF_THE_CARD):
        card(query)


QUERIES_OF_THE_CARD = 16
