"""The pages of the roll-up: what they show, what each figure opens, how many queries they ask."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import minerals.rollup.tasks
from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration, RedFlag
from minerals.declarations.queries.words import alike_codes
from minerals.rollup.models import CompanyProfile, GroupItem, Placement, ProductGroup, RollupSmelter, ScopeMapping
from minerals.rollup.queries.overview import count_flags
from minerals.rollup.reports import disclosure_facts
from minerals.rollup.services import refresh_rollup
from minerals.smelters.enums import CaseState
from minerals.smelters.models import NameCase
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.lib.workbook import Sheet, read_table, write_workbook
from suppliers.organisations.enums import Role
from tests.factories import Cast, cast, make_membership, make_organisation, make_relationship, make_user
from tests.minerals.world import (
    build_accepted,
    make_declaration,
    make_declared,
    make_received,
    make_smelter,
    make_smelter_row,
)

pytestmark = pytest.mark.django_db
assert minerals.rollup.tasks  # registers the runners of the exports


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def dave(people: Cast, client: Client) -> Client:
    client.force_login(people.dave)
    return client


@pytest.fixture
def counted(people: Cast) -> Cast:
    """One supplier answered: tin from Malaysia and the DRC, one name nobody knows; another has not answered."""
    make_smelter(people.buyer)
    rows = [make_smelter_row(5), make_smelter_row(6, cid="", name="Example Hut")]
    build_accepted(people.relationship, make_declared(smelters=rows, answers={"3": "Yes"}), origins=["CD", "MY"])
    make_declaration(make_relationship(people.buyer, make_organisation("Silent supplier")))
    refresh_rollup()
    return people


def page(client: Client, name: str, *args: Any, status: int = 200, **params: Any) -> str:
    """The text of a page with its blanks made single."""
    reply = client.get(reverse(name, args=args) + (f"?{urlencode(params)}" if params else ""))
    assert reply.status_code == status
    return " ".join(reply.content.decode().split())


# The overview --------------------------------------------------------------------------------------


def test_contradictions_count_as_one_kind_and_open_the_list_of_all(dave: Client, people: Cast) -> None:
    both = {"3": "Yes", "4": "No", "6": "50% or less"}
    received = [make_received(make_relationship(people.buyer), make_declared(answers=both)) for _number in range(2)]
    RedFlag.objects.create(declaration=received[0], code="identified_with_open", grade="flag")
    shown = dict(count_flags(Declaration.objects.all()))
    contradictions = [code for code in shown if alike_codes(code)[0] == alike_codes("identified_with_open")[0]]
    assert [shown[code] for code in contradictions] == [2]
    listed = dave.get(reverse("declaration_list"), {"flags": contradictions[0]}).context["page"].paginator.count
    assert listed == 2


def test_overview_before_anybody_was_asked(dave: Client) -> None:
    assert "Nobody was asked for a declaration yet" in page(dave, "minerals")


def test_overview_counts_and_links(counted: Cast, dave: Client) -> None:
    text = page(dave, "minerals")
    for words in ("50.0", "1 of 2 suppliers", "Decide names of smelters", "Fill in your own answers", "Malaysia"):
        assert words in text
    assert reverse("rollup_origin", args=["CD"]) in text
    assert "Democratic Republic of the Congo" in text
    assert 'id="origins"' in text
    assert 'id="places"' in text


def test_overview_of_a_narrowed_reader_shows_no_figure_of_others(counted: Cast, client: Client) -> None:
    reader = make_user()
    make_membership(reader, counted.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Elsewhere"]})
    client.force_login(reader)
    assert "Nobody was asked for a declaration yet" in page(client, "minerals")
    page(client, "rollup_detail", status=403)
    page(client, "rollup_origin", "CD", status=403)
    page(client, "group_list", status=403)


def test_overview_asks_a_constant_number_of_queries(
    counted: Cast, dave: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    page(dave, "minerals")
    with django_assert_max_num_queries(40) as first:
        page(dave, "minerals")
    for number in range(3):
        bond = make_relationship(counted.buyer)
        make_smelter(counted.buyer, "Gold", f"CID90001{number}", country="PE")
        build_accepted(
            bond, make_declared(("Gold",), smelters=[make_smelter_row(metal="Gold", cid=f"CID90001{number}")])
        )
        make_declaration(make_relationship(counted.buyer))
    refresh_rollup()
    with django_assert_max_num_queries(len(first)):
        page(dave, "minerals")


# The roll-up and its evidence ----------------------------------------------------------------------


def test_rollup_shows_figures_and_smelters(counted: Cast, dave: Client) -> None:
    text = page(dave, "rollup_detail")
    for words in ("1 of 2", "Example Tin Works", "CID900001", "Example Hut", "To decide", "company-level, may not be"):
        assert words in text
    assert "question=3&amp;mineral=Tin" in text


def test_rollup_asks_a_constant_number_of_queries(
    counted: Cast, dave: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    page(dave, "rollup_detail")
    with django_assert_max_num_queries(30) as first:
        page(dave, "rollup_detail")
    for number in range(3):
        make_smelter(counted.buyer, "Gold", f"CID90001{number}")
        rows = [make_smelter_row(metal="Gold", cid=f"CID90001{number}")]
        build_accepted(make_relationship(counted.buyer), make_declared(("Gold",), smelters=rows))
    refresh_rollup()
    with django_assert_max_num_queries(len(first)):
        page(dave, "rollup_detail")


def test_evidence_names_who_said_what_and_where(counted: Cast, dave: Client) -> None:
    text = page(dave, "rollup_evidence", template="CMRT", question="3", mineral="Tin")
    for words in ("At least one supplier says Yes", "Supplier", "V-1", "1 of 2 suppliers", "Conflict minerals 2026"):
        assert words in text
    silent = page(dave, "rollup_evidence", template="CMRT", question="3", mineral="Tin", word="silent")
    assert "Silent supplier" in silent
    assert "No supplier has given this answer" in page(
        dave, "rollup_evidence", template="CMRT", question="3", mineral="Tin", word="no"
    )


@pytest.mark.parametrize(
    "params",
    [
        {"template": "CMRT", "question": "9", "mineral": "Tin"},
        {"template": "CMRT", "question": "1", "mineral": "Cobalt"},
        {"template": "XMRT", "question": "1", "mineral": "Tin"},
        {"template": "CMRT", "question": "1", "mineral": "Tin", "group": "999"},
        {"template": "CMRT", "question": "1", "mineral": "Tin", "group": "x"},
        {},
    ],
)
def test_evidence_of_nothing_is_not_found(counted: Cast, dave: Client, params: dict[str, str]) -> None:
    page(dave, "rollup_evidence", status=404, **params)


def test_smelter_opens_its_rows(counted: Cast, dave: Client) -> None:
    row = RollupSmelter.objects.get(smelter__isnull=False)
    text = page(dave, "rollup_smelter", row.pk, template="CMRT")
    for words in (
        "Example Tin Works",
        "MALAYSIA",
        "Conflict minerals 2026",
        "Named in company-level declarations only",
    ):
        assert words in text
    page(dave, "rollup_smelter", 99999, status=404)


def test_origin_opens_the_rows_that_name_it(counted: Cast, dave: Client) -> None:
    text = page(dave, "rollup_origin", "CD", template="CMRT")
    assert "2 smelters are said to buy here" in text
    assert "Example Tin Works" in text
    assert "0 smelters" in page(dave, "rollup_origin", "PE", template="CMRT")
    page(dave, "rollup_origin", "XX", status=404)


def test_the_map_counts_what_the_page_of_a_country_lists(people: Cast, dave: Client) -> None:
    """Rows without a smelter count, names that a person rejected do not: on the map, on the page and in the report."""
    make_smelter(people.buyer)
    unknown, refused = "Smelter not yet identified", "Smelter not listed"
    rows = [
        make_smelter_row(5),
        make_smelter_row(6, cid="", lookup=unknown, name=""),
        make_smelter_row(7, cid="", lookup=refused, name="Example Dealer"),
    ]
    build_accepted(people.relationship, make_declared(smelters=rows), origins=["CD"])
    NameCase.objects.update(state=CaseState.REJECTED)
    refresh_rollup()
    assert [(row["code"], row["count"]) for row in dave.get(reverse("minerals")).context["origins"]] == [("CD", 2)]
    listed = dave.get(reverse("rollup_origin", args=["CD"])).context
    assert (listed["smelters"], sorted(row.row for row in listed["page"])) == (2, [5, 6])
    facts = disclosure_facts(people.buyer, "CMRT", None, as_of=date.today())
    assert [line["smelters"] for line in facts["origins"]] == [2]


def test_the_figures_of_smelters_open_as_many_rows(people: Cast, dave: Client) -> None:
    make_smelter(people.buyer)
    names = ("Example Hut", "Example Kept", "Example Dealer")
    rows = [make_smelter_row(6 + place, cid="", name=name) for place, name in enumerate(names)]
    nobody = make_smelter_row(9, cid="", lookup="Smelter not yet identified", name="")
    build_accepted(people.relationship, make_declared(smelters=[make_smelter_row(5), *rows, nobody]))
    for name, state in zip(names[1:], (CaseState.UNKNOWN, CaseState.REJECTED), strict=True):
        NameCase.objects.filter(name=name).update(state=state)
    refresh_rollup()
    figures = dave.get(reverse("minerals")).context
    opened = {
        kind: dave.get(reverse("rollup_detail"), {"kind": kind}).context["page"].paginator.count
        for kind in ("declared", "unlisted")
    }
    assert (
        opened
        == {"declared": figures["smelter_total"], "unlisted": figures["unknown_total"]}
        == {
            "declared": 3,
            "unlisted": 2,
        }
    )


def test_a_stranger_sees_nothing_of_it(counted: Cast, client: Client) -> None:
    client.force_login(counted.trent)
    assert "Example Tin Works" not in page(client, "rollup_detail")
    page(client, "rollup_smelter", RollupSmelter.objects.all()[0].pk, status=404)


# Groups --------------------------------------------------------------------------------------------


def sheet(*lines: list[Any], heads: tuple[str, ...] = ("Vendor code", "Product number")) -> SimpleUploadedFile:
    return SimpleUploadedFile("items.xlsx", write_workbook([Sheet("Items", list(heads), lines)]))


@pytest.fixture
def group(counted: Cast) -> ProductGroup:
    return ProductGroup.objects.create(owner=counted.buyer, name="Cameras", code="CAM")


def test_a_group_is_made_and_named(counted: Cast, dave: Client) -> None:
    reply = dave.post(reverse("group_new"), {"name": "Cameras", "code": "CAM"})
    made = ProductGroup.objects.get()
    assert (reply.status_code, made.name, made.code, made.owner) == (302, "Cameras", "CAM", counted.buyer)
    reply = dave.post(reverse("group_new"), {"name": "Other", "code": "CAM"})
    assert reply.status_code == 422
    assert "There is a group with the code CAM already" in reply.content.decode()
    dave.post(reverse("group_edit", args=[made.pk]), {"name": "Lenses", "code": "LEN"})
    made.refresh_from_db()
    assert (made.name, made.code) == ("Lenses", "LEN")


def test_items_change_the_rollup_at_once(group: ProductGroup, dave: Client) -> None:
    reply = dave.post(reverse("group_item_add", args=[group.pk]), {"vendor_code": "V-1", "number": ""})
    assert reply.status_code == 302
    assert Placement.objects.filter(rollup__group=group).count() == 1
    assert "Example Tin Works" in page(dave, "rollup_detail", group=group.pk)
    again = dave.post(reverse("group_item_add", args=[group.pk]), {"vendor_code": "V-1", "number": ""})
    assert "This item is in the group already" in again.content.decode()
    item = GroupItem.objects.get()
    dave.post(reverse("group_item_remove", args=[group.pk, item.pk]))
    assert not Placement.objects.filter(rollup__group=group).exists()
    assert not RollupSmelter.objects.filter(rollup__group=group).exists()


def test_an_unknown_vendor_code_is_refused(group: ProductGroup, dave: Client) -> None:
    reply = dave.post(reverse("group_item_add", args=[group.pk]), {"vendor_code": "V-X", "number": ""})
    assert (reply.status_code, GroupItem.objects.count()) == (422, 0)
    assert "No supplier has this vendor code" in reply.content.decode()


def test_a_table_replaces_the_items(group: ProductGroup, dave: Client) -> None:
    GroupItem.objects.create(group=group, relationship=make_relationship(group.owner), number="old", folded="old")
    reply = dave.post(reverse("group_import", args=[group.pk]), {"file": sheet(["V-1", "P-1"], ["V-1", "P 2"])})
    assert reply.status_code == 302
    assert sorted(group.items.values_list("relationship__vendor_code", "number", "folded")) == [
        ("V-1", "P 2", "p2"),
        ("V-1", "P-1", "p-1"),
    ]
    assert Placement.objects.filter(rollup__group=group).count() == 1


def test_wrong_cells_are_named_and_nothing_is_imported(group: ProductGroup, dave: Client) -> None:
    lines = [["V-1", "P-1"], ["V-9", "P-1"], ["", "P-3"], ["V-1", "p-1"], ["V-1", "x" * 121]]
    reply = dave.post(reverse("group_import", args=[group.pk]), {"file": sheet(*lines)})
    text = reply.content.decode()
    assert (reply.status_code, group.items.count()) == (422, 0)
    for words in ("A3", "No supplier has this vendor code", "A4", "The vendor code is missing", "B5", "twice", "B6"):
        assert words in text


def test_a_table_without_its_column_is_refused(group: ProductGroup, dave: Client) -> None:
    reply = dave.post(reverse("group_import", args=[group.pk]), {"file": sheet(["a", "b"], heads=("Code", "Part"))})
    assert reply.status_code == 422
    assert "The table needs a column with the head “Vendor code”" in reply.content.decode()


def test_a_group_is_removed_with_its_rollup(group: ProductGroup, dave: Client) -> None:
    dave.post(reverse("group_item_add", args=[group.pk]), {"vendor_code": "V-1", "number": ""})
    dave.post(reverse("group_remove", args=[group.pk]))
    assert (ProductGroup.objects.count(), Declaration.objects.filter(counted=True).count()) == (0, 1)


def test_scopes_of_their_own_are_mapped(counted: Cast, group: ProductGroup, dave: Client) -> None:
    bond = make_relationship(counted.buyer, make_organisation("Own scope"))
    GroupItem.objects.create(group=group, relationship=bond)
    declaration = build_accepted(bond, make_declared(scope="C", scope_description="Lenses only"))
    refresh_rollup()
    text = page(dave, "scope_list")
    assert "Lenses only" in text
    assert "1 declaration waits for you" in page(dave, "group_list")
    assert dave.post(reverse("scope_map", args=[declaration.pk]), {"groups": [group.pk]}).status_code == 302
    assert ScopeMapping.objects.get().declaration == declaration
    assert Placement.objects.filter(rollup__group=group).count() == 1
    assert "Nothing waits" in page(dave, "scope_list")


def test_only_an_accepted_scope_of_its_own_is_mapped(counted: Cast, dave: Client) -> None:
    declaration = Declaration.objects.get(state=DeclarationState.ACCEPTED)
    assert dave.post(reverse("scope_map", args=[declaration.pk]), {}).status_code == 422


# The company's own answers -------------------------------------------------------------------------


def test_own_answers_are_saved_and_shown_again(people: Cast, dave: Client) -> None:
    given = {
        "company.name": "Buyer Corp.",
        "company.contact_email": "minerals@buyer.example",
        "CMRT.A": "Yes",
        "CMRT.B": "Yes",
        "CMRT.B.comment": "https://buyer.example/policy",
        "EMRT.C.Cobalt": "Yes, when more processors are validated",
    }
    assert dave.post(reverse("company_profile"), given).status_code == 302
    profile = CompanyProfile.objects.get()
    assert (profile.company["name"], profile.answers["CMRT"]["B"]) == (
        "Buyer Corp.",
        {"answer": "Yes", "comment": "https://buyer.example/policy"},
    )
    assert profile.answers["EMRT"]["C"] == {
        "comment": "",
        "minerals": {"Cobalt": {"value": "Yes, when more processors are validated"}},
    }
    assert "https://buyer.example/policy" in page(dave, "company_profile")


def test_own_answers_must_be_options_of_the_template(people: Cast, dave: Client) -> None:
    reply = dave.post(reverse("company_profile"), {"company.name": "", "CMRT.A": "Perhaps"})
    assert (reply.status_code, CompanyProfile.objects.count()) == (422, 0)


# Exports -------------------------------------------------------------------------------------------


def exported(client: Client, path: str, data: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """The heads and rows of the workbook that an export writes."""
    assert client.post(path, data).status_code == 302
    job = Job.objects.latest("created_at")
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == "done", job.result
    with job.result_file.content.open() as file:
        table = read_table(file)
    return table.headers, [row.cells for row in table.rows]


def test_evidence_is_exported(counted: Cast, dave: Client) -> None:
    asked = {"template": "CMRT", "question": "3", "mineral": "Tin", "word": ""}
    path = reverse("rollup_rows_export", args=["rollup_evidence"])
    heads, rows = exported(dave, path, asked)
    assert heads[:4] == ["Supplier", "Vendor code", "Answer", "As written"]
    assert [row[:4] for row in rows] == [["Supplier", "V-1", "Yes", "Yes"]]
    _heads, rows = exported(dave, path, {**asked, "word": "silent"})
    assert [row[0] for row in rows] == ["Silent supplier"]


def test_rows_of_a_smelter_and_of_a_country_are_exported(counted: Cast, dave: Client) -> None:
    row = RollupSmelter.objects.get(smelter__isnull=False)
    _heads, rows = exported(dave, reverse("rollup_rows_export", args=["rollup_smelter"]), {"pk": row.pk})
    assert [(line[3], line[4], line[12]) for line in rows] == [("Example Tin Works", "CID900001", 5)]
    _heads, rows = exported(dave, reverse("rollup_rows_export", args=["rollup_origin"]), {"code": "CD"})
    assert [line[5] for line in rows] == ["Example Tin Works", "Example Hut"]


def test_exported_items_can_be_imported_again(group: ProductGroup, dave: Client) -> None:
    GroupItem.objects.create(
        group=group, relationship=group.owner.supplied_by.get(vendor_code="V-1"), number="P 1", folded="p1"
    )
    heads, rows = exported(dave, reverse("group_export", args=[group.pk]), {})
    reply = dave.post(reverse("group_import", args=[group.pk]), {"file": sheet(*rows, heads=tuple(heads))})
    assert reply.status_code == 302
    assert list(group.items.values_list("number", "folded")) == [("P 1", "p1")]
