"""Builders for tests about minerals: declared templates as data, smelters, declarations straight in the tables."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from django.utils import timezone

from assessments.campaigns.models import Campaign, Request
from minerals.customers.models import BlankTemplate, CustomerAnswer, CustomerRequest
from minerals.customers.reports import letter_facts
from minerals.declarations.enums import BatchFileState, DeclarationState, Way
from minerals.declarations.models import (
    Batch,
    BatchFile,
    Declaration,
    DeclaredAnswer,
    DeclaredProduct,
    DeclaredSmelter,
    Draft,
    Edition,
)
from minerals.declarations.services import accept_declaration, add_edition, hand_in
from minerals.origins.enums import AreaGrade, ListKind
from minerals.origins.models import RiskArea, RiskList
from minerals.rollup.models import CompanyProfile, GroupItem, ProductGroup, Rollup, RollupSmelter
from minerals.smelters.enums import NameKind, Status
from minerals.smelters.models import NameCase, Smelter, SmelterList, SmelterName
from minerals.templates_io.document import (
    CMRT_MINERALS,
    CMRT_QUESTIONS,
    Answer,
    Company,
    CompanyAnswer,
    Declared,
    LookupRow,
    Product,
    SmelterRow,
)
from minerals.templates_io.enums import Template
from minerals.templates_io.workbook import build_workbook
from portal.accounts.models import User
from portal.files.enums import FileKind
from portal.files.models import StoredFile
from portal.files.services import store_generated
from suppliers.organisations.models import Organisation, Relationship, Site
from tests.factories import make_campaign, make_relationship, make_site

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


def make_risk_list(
    owner: Organisation,
    countries: Sequence[str] = ("MM",),
    *,
    as_of: date = date(2026, 1, 1),
    region: str = "",
    grade: str = AreaGrade.HIGH,
    **fields: Any,
) -> RiskList:
    """A company's list of risky areas."""
    values: dict[str, Any] = {"name": "Risky areas", "kind": ListKind.CAHRA, "source": "Own assessment"}
    risk_list = RiskList.objects.create(owner=owner, as_of=as_of, **{**values, **fields})
    RiskArea.objects.bulk_create(
        RiskArea(list=risk_list, country=country, region=region, grade=grade) for country in countries
    )
    return risk_list


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


def make_declaration_campaign(buyer: Organisation, *declarations: Declaration, **fields: Any) -> Campaign:
    """A campaign that asks for a template; each declaration given becomes a request of it."""
    values: dict[str, Any] = {"kind": "declaration", "version": None, "template": Template.CMRT, "name": "Minerals"}
    campaign = make_campaign(buyer, **{**values, **fields})
    for declaration in declarations:
        bond, site = declaration.relationship, declaration.site
        Request.objects.create(
            campaign=campaign,
            site=site,
            relationship=bond,
            declaration=declaration,
            contact_email=site.contact_email,
            country=str(site.country),
            business_unit=bond.business_unit,
            region=bond.region,
            category=bond.category,
            tier=bond.tier,
        )
    return campaign


# The words of the option texts that the builders use, as upgrading a template gives them.
WORDS = {"Yes": "yes", "No": "no", "Unknown": "unknown", "100%": "all", "50% or less": "up_to_50", "None": "none"}


def build_accepted(
    relationship: Relationship, declared: Declared | None = None, *, origins: Sequence[str] = (), **fields: Any
) -> Declaration:
    """A declaration that was handed in and accepted, row by row in the tables; the roll-up has not seen it yet.

    Rows are matched with smelters of the buyer by metal and id, the others share an open name.
    """
    said = declared or make_declared()
    declaration = make_declaration(relationship, template=said.template)
    edition = Edition.objects.create(
        declaration=declaration,
        number=1,
        way=Way.UPLOAD,
        sha256=f"{declaration.pk:064d}",
        template=said.template,
        version=said.version,
        content=msgspec.to_builtins(said),
        handed_in_at=timezone.now(),
    )
    DeclaredAnswer.objects.bulk_create(
        DeclaredAnswer(edition=edition, question=question, mineral=mineral, word=WORDS[answer.value], text=answer.value)
        for question, answers in said.answers.items()
        for mineral, answer in answers.items()
    )
    DeclaredProduct.objects.bulk_create(
        DeclaredProduct(edition=edition, number=row.number, folded=row.number.casefold(), name=row.name)
        for row in said.products
    )
    DeclaredSmelter.objects.bulk_create(
        declared_row(edition, relationship.buyer, row, list(origins)) for row in said.smelters
    )
    values: dict[str, Any] = {
        "state": DeclarationState.ACCEPTED,
        "current": edition,
        "scope": said.scope_kind,
        "effective_on": said.effective_date or None,
        "version": said.version,
    }
    Declaration.objects.filter(pk=declaration.pk).update(**{**values, **fields})
    declaration.refresh_from_db()
    return declaration


def declared_row(edition: Edition, owner: Organisation, row: SmelterRow, origins: list[str]) -> DeclaredSmelter:
    """One unsaved row of a smelter list, matched by its id or given to an open name."""
    smelter = Smelter.objects.filter(owner=owner, metal=row.metal, cid=row.cid).first() if row.cid else None
    case = None
    if smelter is None and not row.is_unidentified:
        facts = {"owner": owner, "metal": row.metal, "folded": row.name.casefold(), "cid": row.cid}
        case, _new = NameCase.objects.get_or_create(**facts, country_text=row.country, defaults={"name": row.name})
    return DeclaredSmelter(
        edition=edition,
        row=row.row,
        metal=row.metal,
        cid=row.cid,
        name=row.name,
        country_text=row.country,
        mines=row.mines,
        mine_countries=row.mine_countries,
        origins=origins,
        recycled=row.recycled,
        identified=not row.is_unidentified,
        smelter=smelter,
        case=case,
    )


def make_asked(
    relationship: Relationship | None = None, declared: Declared | None = None, **fields: Any
) -> Declaration:
    """A declaration with an edition that waits to be handed in."""
    declaration = make_declaration(relationship, **fields)
    add_edition(declaration, declared or make_declared(), way=Way.UPLOAD, actor=None)
    return declaration


def make_received(
    relationship: Relationship | None = None,
    declared: Declared | None = None,
    *,
    file: StoredFile | None = None,
    actor: User | None = None,
    **fields: Any,
) -> Declaration:
    """A declaration that was handed in, through the services."""
    declaration = make_declaration(relationship, **fields)
    edition = add_edition(declaration, declared or make_declared(), way=Way.UPLOAD, file=file, actor=actor)
    return hand_in(edition, actor=actor)


def make_accepted(
    relationship: Relationship | None = None, declared: Declared | None = None, **fields: Any
) -> Declaration:
    """A declaration that was handed in and accepted, through the services."""
    declaration = make_received(relationship, declared, **fields)
    accept_declaration(declaration, actor=None)
    return declaration


def make_begun(relationship: Relationship | None = None, site: Site | None = None, **fields: Any) -> Declaration:
    """A declaration whose form the supplier has begun; `fields` are those of the template."""
    declaration = make_declaration(relationship, **({"site": site} if site else {}))
    content = msgspec.to_builtins(make_declared(**fields))
    Draft.objects.create(
        declaration=declaration, content={"declared": content, "marks": {}, "unchecked": [], "new": []}
    )
    return declaration


def make_batch_file(buyer: Organisation, **fields: Any) -> BatchFile:
    """A file entered with others whose supplier nobody could tell."""
    batch = Batch.objects.create(buyer=buyer, year=2026)
    values: dict[str, Any] = {"name": "cmrt.xlsx", "state": BatchFileState.TO_MATCH, "said": {"name": "Nobody Ltd"}}
    return BatchFile.objects.create(batch=batch, **{**values, **fields})


def make_product_group(relationship: Relationship, number: str = "", **fields: Any) -> ProductGroup:
    """A group of products of the buyer into which one supplier delivers; without a number everything it makes."""
    values: dict[str, Any] = {"name": "Cameras", "code": f"G{relationship.pk}"}
    group = ProductGroup.objects.create(owner=relationship.buyer, **{**values, **fields})
    GroupItem.objects.create(group=group, relationship=relationship, number=number, folded=number.casefold())
    return group


def make_rolled(smelter: Smelter, **fields: Any) -> RollupSmelter:
    """A smelter in the roll-up of its company, as one supplier's declaration would leave it there."""
    rollup, _new = Rollup.objects.get_or_create(owner=smelter.owner, template=Template.CMRT, group=None)
    values: dict[str, Any] = {
        "key": f"s{smelter.pk}", "metal": smelter.metal, "smelter": smelter, "suppliers": 1, "named_suppliers": 0,
        "rows": 1, "recycled_yes": 0, "recycled_no": 1,
    }  # fmt: skip
    return RollupSmelter.objects.create(rollup=rollup, **{**values, **fields})


def make_smelter_list(owner: Organisation, **fields: Any) -> SmelterList:
    """A list with one smelter that waits for a decision."""
    values: dict[str, Any] = {
        "kind": "file", "name": "Example list", "as_of": date(2026, 10, 1), "metals": ["Tin"],
        "rows": [{"metal": "Tin", "cid": "CID900050", "name": "Example Newcomer"}],
    }  # fmt: skip
    return SmelterList.objects.create(owner=owner, **{**values, **fields})


def make_name_case(relationship: Relationship, name: str = "Example Unheard Of") -> NameCase:
    """A name that nobody knows, that a supplier has handed in, and that waits for a decision."""
    row = make_smelter_row(lookup="Smelter not listed", name=name, standard_name="", cid="", listed=False)
    make_received(relationship, make_declared(smelters=[row]))
    return NameCase.objects.get(owner=relationship.buyer, name=name)


def make_blank_workbook(template: Template = Template.CMRT, version: str = "6.5", **fields: Any) -> bytes:
    """A blank template of our own: nothing answered, a look-up list that knows one tin smelter."""
    minerals = {"CMRT": CMRT_MINERALS, "EMRT": ("Cobalt", "Nickel")}.get(template, ("Zinc",))
    blank = Declared(template=template, version=version, language="English", minerals=minerals, **fields)
    known = LookupRow(
        metal="Tin", lookup="Example Tin Works", name="Example Tin Works", country="MALAYSIA", cid="CID900001"
    )
    return build_workbook(blank, look_up=[known])


def make_blank(owner: Organisation, version: str = "6.5", content: bytes = b"", **fields: Any) -> BlankTemplate:
    """A blank template that a company uploaded."""
    file = store_generated(
        f"blank {version}.xlsx",
        content or make_blank_workbook(version=version),
        kind=FileKind.UPLOAD,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        organisation_id=owner.pk,
        actor=None,
        days=None,
    )
    values = {"template": Template.CMRT, "language": "English"}
    return BlankTemplate.objects.create(owner=owner, version=version, file=file, **{**values, **fields})


def make_customer_request(owner: Organisation, customer: str = "Example Motors", **fields: Any) -> CustomerRequest:
    """A customer's request that came in on 2 November 2026."""
    values: dict[str, Any] = {
        "template": Template.CMRT,
        "contact": "Purchasing",
        "contact_email": "minerals@motors.example",
        "reference": "RFI-1",
        "received_on": date(2026, 11, 2),
        "due_on": date(2026, 11, 30),
    }
    return CustomerRequest.objects.create(owner=owner, customer=customer, **{**values, **fields})


def make_profile(owner: Organisation, **fields: Any) -> CompanyProfile:
    """What a company says of itself in every CMRT, complete."""
    company = {
        "contact": "Contact Person",
        "contact_email": "minerals@buyer.example",
        "contact_phone": "+81 3 0000 1111",
        "authorizer": "Authorizing Officer",
        "authorizer_title": "Director",
        "authorizer_email": "officer@buyer.example",
    }
    answers = {
        letter: {"answer": word, "comment": "https://buyer.example/policy" if letter == "B" else ""}
        for letter, word in GOOD_COMPANY.items()
    }
    return CompanyProfile.objects.create(owner=owner, company={**company, **fields}, answers={"CMRT": answers})


def make_customer_answer(owner: Organisation, file: StoredFile) -> CustomerAnswer:
    """An answer with its file to a request that stays open."""
    request, blank = make_customer_request(owner), make_blank(owner)
    return CustomerAnswer.objects.create(
        request=request,
        number=1,
        template="CMRT",
        version="6.5",
        blank=blank,
        file=file,
        letter=file,
        facts=letter_facts(request, make_declared()),
    )
