"""The company's own declaration as it is composed from the roll-up."""

from datetime import date
from typing import Any

import msgspec
import pytest

from minerals.declarations.enums import DeclarationState
from minerals.origins.core import base_areas
from minerals.rollup.models import CompanyProfile, GroupItem, ProductGroup
from minerals.rollup.services import refresh_rollup
from minerals.rollup.services.composing import Gap, compose, compose_declared
from minerals.smelters.enums import CaseState
from minerals.smelters.models import NameCase
from minerals.templates_io.checks import examine
from minerals.templates_io.document import Answer, Company, MineRow, Product, SmelterRow
from minerals.templates_io.workbook import build_workbook, read_declaration
from suppliers.organisations.models import Organisation, Relationship
from tests.factories import make_organisation, make_relationship, make_site
from tests.minerals.world import (
    build_accepted,
    make_accepted,
    make_declaration,
    make_declared,
    make_smelter,
    make_smelter_row,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer() -> Organisation:
    return make_organisation("Buyer")


@pytest.fixture
def bonds(buyer: Organisation) -> list[Relationship]:
    return [make_relationship(buyer, make_organisation(f"Supplier {letter}")) for letter in "ABC"]


def answers_of(owner: Organisation, mineral: str = "Tin", template: str = "CMRT", **options: Any) -> dict[str, str]:
    declared = compose_declared(owner, template, **options)
    return {question: answers[mineral].value for question, answers in declared.answers.items() if mineral in answers}


def test_everybody_answered(buyer: Organisation, bonds: list[Relationship]) -> None:
    make_smelter(buyer)
    for bond in bonds[:2]:
        build_accepted(bond, origins=["MY", "CD"])
    build_accepted(bonds[2], make_declared((), smelters=()))
    refresh_rollup()
    declared = compose_declared(buyer, "CMRT", as_of=date(2026, 6, 1))
    assert (declared.version, declared.scope, declared.scope_text, declared.effective_date) == (
        "6.5", "A", "A. Company", "2026-06-01",
    )  # fmt: skip
    assert answers_of(buyer) == {
        "1": "Yes", "2": "Yes", "3": "No", "4": "No", "5": "No", "6": "100%", "7": "Yes", "8": "Yes",
    }  # fmt: skip
    assert answers_of(buyer, "Gold") == {"1": "No"}
    assert declared.answers["1"]["Tin"] == Answer("Yes", "3 of 3 suppliers. Yes from: Supplier A, Supplier B. No: 1.")
    assert declared.smelters == (
        SmelterRow(
            row=5, metal="Tin", lookup="Example Tin Works", name="Example Tin Works", standard_name="Example Tin Works",
            country="MALAYSIA", cid="CID900001", cid_input="CID900001", recycled="No", listed=True,
            mine_countries="Democratic Republic of the Congo, Malaysia",
            comments="2 suppliers. Named in company-level declarations only, may not be in our products.",
        ),
    )  # fmt: skip


def test_who_has_not_answered_counts_the_moment_the_request_is_out(
    buyer: Organisation, bonds: list[Relationship]
) -> None:
    build_accepted(bonds[0])
    refresh_rollup()
    assert answers_of(buyer)["6"] == "100%"
    request = make_declaration(bonds[1])
    assert answers_of(buyer) == {
        "1": "Yes", "2": "Yes", "3": "Unknown", "4": "Unknown", "5": "No", "6": "50% or less", "7": "No", "8": "No",
    }  # fmt: skip
    request.__class__.objects.filter(pk=request.pk).update(state=DeclarationState.CANCELLED)
    assert answers_of(buyer)["6"] == "100%"


def test_an_open_question_is_a_gap_and_never_a_no(buyer: Organisation, bonds: list[Relationship]) -> None:
    build_accepted(bonds[0], make_declared(("Tin",)))
    make_declaration(bonds[1])
    refresh_rollup()
    found = compose(buyer, "CMRT")
    assert found.declared.answers["1"]["Gold"] == Answer("", "1 of 2 suppliers. No: 1.")
    assert Gap("open", "1", "Gold") in found.gaps
    build_accepted(bonds[0], make_declared((), template="EMRT", version="2.1", smelters=()))
    make_declaration(bonds[1], template="EMRT")
    refresh_rollup()
    assert compose_declared(buyer, "EMRT").answers["1"]["Gold"].value == "Unknown"


def test_before_anybody_was_asked(buyer: Organisation) -> None:
    found = compose(buyer, "CMRT")
    assert found.declared.smelters == ()
    assert {gap.code for gap in found.gaps} == {"profile", "letter", "open"}
    assert found.declared.company == Company(name="Buyer")


def test_names_are_listed_when_they_are_decided(buyer: Organisation, bonds: list[Relationship]) -> None:
    rows = [
        make_smelter_row(5, cid="", name="Hut one", country="PERU", recycled="Yes"),
        make_smelter_row(6, cid="", name="Hut two"),
        make_smelter_row(7, cid="", name="Distributor"),
        make_smelter_row(8, cid="", lookup="Smelter not yet identified", name=""),
    ]
    build_accepted(bonds[0], make_declared(smelters=rows))
    refresh_rollup()
    NameCase.objects.filter(name="Hut one").update(state=CaseState.UNKNOWN)
    NameCase.objects.filter(name="Distributor").update(state=CaseState.REJECTED, reason="Not a smelter")
    declared = compose_declared(buyer, "CMRT")
    assert [(row.row, row.lookup, row.name, row.country, row.recycled) for row in declared.smelters] == [
        (5, "Smelter not listed", "Hut one", "PERU", "Yes"),
        (6, "Smelter not yet identified", "", "", "No"),
    ]
    assert declared.answer("8", "Tin") == "No"
    NameCase.objects.filter(name="Hut two").update(state=CaseState.REJECTED, reason="A trader")
    assert compose_declared(buyer, "CMRT").answer("8", "Tin") == "Yes"


def test_every_named_mine_has_its_own_row(buyer: Organisation, bonds: list[Relationship]) -> None:
    make_smelter(buyer)
    mines = [("North mine", "PERU"), ("North  Mine", "Peru"), ("South mine", "CHILE"), ("n/a", "")]
    for bond, (mine, place) in zip([*bonds, make_relationship(buyer)], mines, strict=True):
        build_accepted(
            bond, make_declared(smelters=[make_smelter_row(mines=mine, mine_countries=place)]), origins=["PE"]
        )
    refresh_rollup()
    rows = compose_declared(buyer, "CMRT").smelters
    assert [(row.cid, row.mines, row.mine_countries) for row in rows] == [
        ("CID900001", "", "Peru"),
        ("CID900001", "North  Mine", "Peru"),
        ("CID900001", "South mine", "CHILE"),
    ]


def test_mine_lists_are_joined(buyer: Organisation, bonds: list[Relationship]) -> None:
    mine = MineRow(row=5, metal="Cobalt", smelter="Hut", name="North mine", country="PERU")
    for bond in bonds[:2]:
        build_accepted(
            bond, make_declared(template="EMRT", version="2.1", smelters=(), minerals=("Cobalt",), mines=(mine,))
        )
    make_declaration(bonds[2], template="EMRT", minerals=["Cobalt", "Mica"])
    refresh_rollup()
    declared = compose_declared(buyer, "EMRT", minerals=["Cobalt"])
    assert (declared.minerals, declared.mines) == (("Cobalt",), (mine,))


def test_a_group_has_its_own_declaration(buyer: Organisation, bonds: list[Relationship]) -> None:
    group = ProductGroup.objects.create(owner=buyer, name="Cameras", code="CAM")
    GroupItem.objects.create(group=group, relationship=bonds[0])
    build_accepted(bonds[0], make_declared(answers={"3": "Yes"}))
    build_accepted(bonds[1])
    refresh_rollup()
    declared = compose_declared(buyer, "CMRT", group=group)
    assert (declared.scope, declared.scope_description, declared.products) == (
        "B", "Cameras", (Product(row=6, number="CAM", name="Cameras"),),
    )  # fmt: skip
    assert declared.answers["3"]["Tin"] == Answer("Yes", "1 of 1 suppliers. Yes from: Supplier A.")
    assert declared.answer("4", "Tin") == "Yes"


def test_the_companys_own_answers_are_never_rolled_up(buyer: Organisation, bonds: list[Relationship]) -> None:
    build_accepted(bonds[0])
    CompanyProfile.objects.create(
        owner=buyer,
        company={"name": "Buyer Corp.", "contact": "Contact"},
        answers={"CMRT": {"A": {"answer": "No"}}, "EMRT": {"C": {"minerals": {"Tin": {"value": "Yes"}}}}},
    )
    refresh_rollup()
    found = compose(buyer, "CMRT")
    assert found.declared.company == Company(name="Buyer Corp.", contact="Contact")
    assert {letter: answer.answer for letter, answer in found.declared.company_questions.items()} == {"A": "No"}
    assert [gap.question for gap in found.gaps if gap.code == "letter"] == list("BCDEFGH")


def test_what_the_services_accepted_is_composed_and_reads_back(buyer: Organisation, bonds: list[Relationship]) -> None:
    """From handing in to our own file: an old version in, the newest one out."""
    make_site(bonds[0].supplier)
    make_smelter(buyer)
    make_accepted(bonds[0], make_declared(version="6.31"))
    assert refresh_rollup() == 1
    declared = compose_declared(buyer, "CMRT")
    assert read_declaration(build_workbook(declared)).answers["3"]["Tin"].value == "No"
    assert {question: answers["Tin"].value for question, answers in declared.answers.items()} == {
        "1": "Yes", "2": "Yes", "3": "No", "4": "No", "5": "No", "6": "100%", "7": "Yes", "8": "Yes",
    }  # fmt: skip


def test_nothing_is_missing_in_what_we_compose(buyer: Organisation, bonds: list[Relationship]) -> None:
    """RMI's Checker, by our own count: with the company's own answers the declaration is complete."""
    make_smelter(buyer)
    build_accepted(bonds[0], make_declared(("Tin",)))
    build_accepted(bonds[1], make_declared((), smelters=()))
    own = make_declared()
    CompanyProfile.objects.create(
        owner=buyer,
        company=msgspec.to_builtins(own.company),
        answers={"CMRT": msgspec.to_builtins(own.company_questions)},
    )
    refresh_rollup()
    found = compose(buyer, "CMRT")
    assert (found.gaps, examine(found.declared, today=date.today(), areas=base_areas()).missing) == ((), ())
