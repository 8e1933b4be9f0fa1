"""Builders for tests about minerals: declared templates as data, smelters, declarations straight in the tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration
from minerals.smelters.enums import NameKind, Status
from minerals.smelters.models import Smelter, SmelterName
from minerals.templates_io.document import (
    CMRT_MINERALS,
    CMRT_QUESTIONS,
    Answer,
    Company,
    CompanyAnswer,
    Declared,
    Product,
    SmelterRow,
)
from minerals.templates_io.enums import Template
from suppliers.organisations.models import Organisation, Relationship
from tests.factories import make_relationship, make_site

GOOD_ANSWERS = {"1": "Yes", "2": "Yes", "3": "No", "4": "No", "5": "No", "6": "100%", "7": "Yes", "8": "Yes"}
GOOD_COMPANY = {
    "A": "Yes",
    "B": "Yes",
    "C": "Yes",
    "D": "Yes",
    "E": "Yes, in conformance with IPC1755 (e.g., CMRT)",
    "F": "Yes",
    "G": "Yes",
    "H": "No",
}


def make_smelter_row(row: int = 5, **fields: Any) -> SmelterRow:
    """A listed tin smelter of a made-up name."""
    values: dict[str, Any] = {
        "metal": "Tin",
        "lookup": "Example Tin Works",
        "name": "Example Tin Works",
        "standard_name": "Example Tin Works",
        "country": "MALAYSIA",
        "cid": "CID900001",
        "source": "RMI",
        "recycled": "No",
        "listed": True,
    }
    return SmelterRow(row=row, **{**values, **fields})


def make_declared(
    used: Sequence[str] = ("Tin",),
    *,
    answers: Mapping[str, str] | None = None,
    smelters: Sequence[SmelterRow] | None = None,
    **fields: Any,
) -> Declared:
    """A complete CMRT 6.5: the minerals in `used` are used and answered well, the others are not used."""
    words = {**GOOD_ANSWERS, **(answers or {})}
    given = {
        question: {
            mineral: Answer(words[question] if mineral in used else "No")
            for mineral in CMRT_MINERALS
            if mineral in used or question == "1"
        }
        for question in CMRT_QUESTIONS
    }
    values: dict[str, Any] = {
        "template": Template.CMRT,
        "version": "6.5",
        "language": "English",
        "company": Company(
            name="Example Parts Co., Ltd.",
            contact="Contact Person",
            contact_email="contact@parts.example",
            contact_phone="+81 3 0000 0000",
            authorizer="Authorizing Officer",
            authorizer_email="officer@parts.example",
        ),
        "scope": "A",
        "scope_text": "A. Company",
        "effective_date": "2026-05-10",
        "minerals": CMRT_MINERALS,
        "company_questions": {
            letter: CompanyAnswer(word, "https://parts.example/policy" if letter == "B" else "")
            for letter, word in GOOD_COMPANY.items()
        },
        "smelters": tuple(
            [make_smelter_row(5 + place, metal=metal) for place, metal in enumerate(used)]
            if smelters is None
            else smelters
        ),
    }
    return Declared(answers=given, **{**values, **fields})


def make_product(number: str, row: int = 6, **fields: Any) -> Product:
    """A product of a declaration."""
    return Product(row=row, number=number, **{"name": f"Part {number}", **fields})


def make_smelter(owner: Organisation, metal: str = "Tin", cid: str = "CID900001", **fields: Any) -> Smelter:
    """A smelter in a company's registry, with its standard name."""
    values: dict[str, Any] = {"name": "Example Tin Works", "country": "MY", "status": Status.CONFORMANT}
    smelter = Smelter.objects.create(owner=owner, metal=metal, cid=cid, **{**values, **fields})
    SmelterName.objects.create(
        smelter=smelter, name=smelter.name, folded=smelter.name.casefold(), kind=NameKind.STANDARD
    )
    return smelter


def make_declaration(relationship: Relationship | None = None, **fields: Any) -> Declaration:
    """A declaration that was asked for and is due; give `state` to have it elsewhere."""
    bond = relationship or make_relationship()
    site = fields.pop("site", None) or bond.supplier.sites.order_by("pk").first() or make_site(bond.supplier)
    values: dict[str, Any] = {
        "template": Template.CMRT,
        "year": 2026,
        "title": "Conflict minerals 2026",
        "state": DeclarationState.REQUESTED,
    }
    return Declaration.objects.create(relationship=bond, site=site, **{**values, **fields})
