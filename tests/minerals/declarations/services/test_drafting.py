"""Filling in on the page: begun, continued, saved, handed in."""

from datetime import date

import pytest

from minerals.declarations.document import counts_of, read_field, steps_of
from minerals.declarations.enums import DeclarationState, Way
from minerals.declarations.models import Declaration, Draft, Edition
from minerals.declarations.queries.drafts import (
    Picked,
    check_draft,
    continuable_editions,
    find_smelters,
    resolve_pasted,
)
from minerals.declarations.queries.editions import declared_of
from minerals.declarations.services import enter_declaration
from minerals.declarations.services.drafting import (
    add_products,
    add_smelters,
    begin_draft,
    continue_draft,
    hand_in_draft,
    remove_row,
    save_fields,
)
from minerals.smelters.matching import fold_name
from minerals.templates_io.document import Answer, CompanyAnswer
from portal.lib.errors import ConflictError, DomainError
from portal.trail.models import Entry
from tests.factories import cast
from tests.minerals.world import GOOD_ANSWERS, make_declaration, make_declared, make_smelter, make_smelter_row

pytestmark = pytest.mark.django_db

FILLED = {
    "scope": "A", "effective_date": "2026-05-10", "company.contact_phone": "+66 2 000", "company.authorizer": "Officer",
    "company.authorizer_email": "officer@test.example",
    **{f"answer.1.{mineral}": "No" for mineral in ("Tantalum", "Gold", "Tungsten")},
    **{f"answer.{question}.Tin": word for question, word in GOOD_ANSWERS.items()},
    **{f"policy.{letter}": "Yes" for letter in "ABCDFG"}, "why.B": "www.test.example/policy",
    "policy.E": "Yes, in conformance with IPC1755 (e.g., CMRT)", "policy.H": "No",
}  # fmt: skip


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def declaration(people):
    return make_declaration(people.relationship, site=people.site)


def save(declaration, values, actor, *, base=1, checked=""):
    return save_fields(
        declaration=declaration,
        posted={key: (value, base) for key, value in values.items()},
        actor=actor,
        checked=checked,
    )


def fill(declaration, actor):
    """A form that lacks nothing; filled in two rounds, as questions open."""
    begin_draft(declaration=declaration, actor=actor)
    saved = save(declaration, FILLED, actor)
    assert (saved.outcome.wrong, saved.outcome.conflicts) == ({}, {})
    add_smelters(
        declaration=declaration,
        picked=[Picked(kind="listed", metal="Tin", cid="CID900001", name="Example Tin Works", country="MALAYSIA")],
        actor=actor,
    )
    return Draft.objects.get(declaration=declaration)


def test_a_new_form_knows_the_company_and_begins_once(people, declaration):
    draft = begin_draft(declaration=declaration, actor=people.alice)
    assert begin_draft(declaration=declaration, actor=people.alice).pk == draft.pk
    data = draft.content["declared"]
    assert [read_field(data, f"company.{name}") for name in ("name", "contact", "contact_email", "id")] == [
        "Supplier", "Contact", people.site.contact_email, "",
    ]  # fmt: skip
    assert (draft.version, draft.origin, data["version"]) == (1, "", "6.5")
    declaration.refresh_from_db()
    assert declaration.started_at is not None


@pytest.mark.parametrize("state", [state for state in DeclarationState if state not in ("requested", "returned")])
def test_nothing_is_filled_in_where_nothing_is_asked(people, state):
    declaration = make_declaration(people.relationship, site=people.site, state=state)
    with pytest.raises(DomainError) as refusal:
        begin_draft(declaration=declaration, actor=people.alice)
    assert refusal.value.code == "transition"


def test_a_stale_save_keeps_both_values(people, declaration):
    begin_draft(declaration=declaration, actor=people.alice)
    save(declaration, {"company.contact": "Ann"}, people.alice)
    saved = save(declaration, {"company.contact": "Ben", "company.id": "12-345"}, people.bob)
    assert (saved.outcome.saved, saved.outcome.conflicts, saved.by) == (
        ["company.id"],
        {"company.contact": "Ben"},
        "Alice",
    )
    data = Draft.objects.get().content["declared"]
    assert (read_field(data, "company.contact"), read_field(data, "company.id")) == ("Ann", "12-345")
    assert Draft.objects.get().version == 3


def test_nothing_new_leaves_the_version(people, declaration):
    begin_draft(declaration=declaration, actor=people.alice)
    save(declaration, {"company.name": "Supplier"}, people.alice)
    assert Draft.objects.get().version == 1


# Rows ----------------------------------------------------------------------------------------------
def test_smelters_are_added_below_and_none_twice(people, declaration):
    begin_draft(declaration=declaration, actor=people.alice)
    listed = Picked(kind="listed", metal="Tin", cid="CID900001", name="Example Tin Works", country="Malaysia")
    other = Picked(kind="unlisted", metal="Tin", name="Small Works", country="Peru")
    unknown = Picked(kind="unidentified", metal="Tin")
    stray = Picked(kind="unidentified", metal="Cobalt")
    assert (
        add_smelters(declaration=declaration, picked=[listed, other, listed, unknown, stray], actor=people.alice) == 3
    )
    assert add_smelters(declaration=declaration, picked=[unknown, other], actor=people.alice) == 0
    rows = Draft.objects.get().content["declared"]["smelters"]
    assert [(row["row"], row["lookup"], row["name"], row["cid"], row.get("listed", False)) for row in rows] == [
        (5, "Example Tin Works", "Example Tin Works", "CID900001", True),
        (6, "Smelter not listed", "Small Works", "", False),
        (7, "Smelter not yet identified", "", "", False),
    ]


def test_a_row_taken_out_takes_its_marks_along(people, declaration):
    begin_draft(declaration=declaration, actor=people.alice)
    add_products(declaration=declaration, rows=[("P-1", "One"), ("p-1", "Again"), ("P-2", "Two")], actor=people.alice)
    save(declaration, {"product.7.name": "Second"}, people.alice, base=2)
    assert remove_row(declaration=declaration, kind="products", number=7, actor=people.alice)
    assert not remove_row(declaration=declaration, kind="products", number=7, actor=people.alice)
    add_products(declaration=declaration, rows=[("P-3", "Three")], actor=people.alice)
    saved = save(declaration, {"product.7.name": "Third"}, people.alice, base=5)
    assert (saved.outcome.saved, saved.outcome.conflicts) == (["product.7.name"], {})


def test_pasted_lines_are_looked_up_in_the_buyers_registry_alone(people):
    from minerals.declarations.document import PastedRow

    make_smelter(people.buyer).names.update(folded=fold_name("Example Tin Works"))
    make_smelter(people.other_buyer, cid="CID900009", name="Secret Works")
    rows = [
        PastedRow("CID900001", cid="CID900001"),
        PastedRow("Example tin works", name="Example tin works"),
        PastedRow("New Works\tPeru", name="New Works", country="Peru"),
        PastedRow("CID900009", cid="CID900009"),
    ]
    found, unread = resolve_pasted(people.buyer.pk, rows, "Tin")
    assert [(one.kind, one.cid, one.name, one.country) for one in found] == [
        ("listed", "CID900001", "Example Tin Works", "Malaysia"),
        ("listed", "CID900001", "Example Tin Works", "Malaysia"),
        ("unlisted", "", "New Works", "Peru"),
    ]
    assert unread == ["CID900009"]
    assert [one.name for one in find_smelters(people.buyer.pk, "Tin", "exam works")] == ["Example Tin Works"]
    assert find_smelters(people.buyer.pk, "Tin", "secret") == []


# Continuing ----------------------------------------------------------------------------------------
def hand_in_file(people, declared, year=2025):
    return enter_declaration(
        relationship=people.relationship, declared=declared, file=None, year=year, way=Way.BUYER, actor=people.dave
    )


def test_last_years_declaration_is_continued_but_for_its_date(people, declaration):
    declared = make_declared(
        ("Tin",),
        smelters=[
            make_smelter_row(5, mines="North pit"),
            make_smelter_row(
                6,
                lookup="Smelter not listed",
                cid="",
                name="Small Works",
                standard_name="",
                country="Peru",
                listed=False,
            ),
        ],
    )
    old = hand_in_file(people, declared)
    [edition] = continuable_editions(declaration)
    draft = continue_draft(declaration=declaration, edition=edition, actor=people.alice)
    data = draft.content["declared"]
    assert edition.declaration_id == old.pk
    assert (draft.origin, data["effective_date"], draft.content["new"]) == ("CMRT 6.5, 2025", "", [])
    assert {step.code: counts_of(data, step) for step in steps_of(data)} == {
        "company": (7, 8), "use": (5, 5), "questions": (6, 6), "smelters-2": (2, 2), "policies": (9, 9),
    }  # fmt: skip
    assert [(row["lookup"], row["mines"]) for row in data["smelters"]] == [
        ("Example Tin Works", "North pit"),
        ("Smelter not listed", ""),
    ]
    assert draft.content["unchecked"] == ["company", "use", "questions", "smelters-2", "policies"]
    saved = save(declaration, {}, people.alice, checked="use")
    assert saved.draft.content["unchecked"] == ["company", "questions", "smelters-2", "policies"]
    with pytest.raises(ConflictError):
        continue_draft(declaration=make_same(declaration), edition=other_edition(edition), actor=people.alice)
    assert Entry.objects.filter(deed="continue_declaration").count() == 1


def make_same(declaration):
    return Declaration.objects.get(pk=declaration.pk)


def other_edition(edition):
    """The same edition as of another year, so that its origin reads differently."""
    edition.declaration.year = 2024
    return edition


def test_an_old_version_is_continued_in_the_newest_numbering_and_new_questions_stay_empty(people, declaration):
    words = {"1": "Yes", "2": "Yes", "3": "No", "4": "Unknown", "5": "Yes, 100%", "6": "Yes", "7": "No"}
    answers = {question: {"Tin": Answer(word, f"why {question}")} for question, word in words.items()}
    letters = {letter: CompanyAnswer("Yes") for letter in "ABDEFH"}
    hand_in_file(
        people,
        make_declared(("Tin",), version="3.01", company_questions=letters) if False else declared_3(answers, letters),
    )
    [edition] = continuable_editions(declaration)
    data = continue_draft(declaration=declaration, edition=edition, actor=people.alice).content
    given = {question: read_field(data["declared"], f"answer.{question}.Tin") for question in "12345678"}
    assert given == {"1": "Yes", "2": "Yes", "3": "No", "4": "", "5": "Unknown", "6": "100%", "7": "Yes", "8": "No"}
    assert read_field(data["declared"], "comment.5.Tin") == "why 4"
    assert "4" in data["new"] and "H" in data["new"]


def declared_3(answers, letters):
    from msgspec.structs import replace

    return replace(make_declared(("Tin",), version="3.01"), answers=answers, company_questions=letters)


def test_only_the_same_buyer_and_template_are_continued_from(people, declaration):
    make_declaration(people.other_relationship, state="accepted")
    assert continuable_editions(declaration) == []


# Handing in ----------------------------------------------------------------------------------------
def test_a_filled_form_lacks_nothing_and_is_handed_in(people, declaration):
    draft = fill(declaration, people.alice)
    checked = check_draft(draft, owner_id=people.buyer.pk, today=date(2026, 6, 1))
    assert [one.issue.code for one in checked.missing] == []
    edition = hand_in_draft(declaration=declaration, version=draft.version, actor=people.alice)
    declared = declared_of(edition)
    declaration.refresh_from_db()
    assert (declaration.state, declaration.current_id, edition.way, edition.missing) == (
        "received",
        edition.pk,
        "form",
        [],
    )
    assert (declared.version, declared.scope_text, declared.answer("6", "Tin")) == ("6.5", "A. Company", "100%")
    assert [(row.cid, row.metal) for row in declared.smelters] == [("CID900001", "Tin")]
    assert Draft.objects.filter(declaration=declaration).exists()


def test_a_form_changed_after_the_check_is_not_handed_in(people, declaration):
    draft = fill(declaration, people.alice)
    save(declaration, {"company.id": "12"}, people.alice, base=draft.version)
    with pytest.raises(ConflictError):
        hand_in_draft(declaration=declaration, version=draft.version, actor=people.alice)
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    ("key", "value", "page"),
    [
        ("company.authorizer", "", "company"), ("effective_date", "", "company"), ("answer.1.Gold", "", "use"),
        ("answer.2.Tin", "", "use"), ("answer.7.Tin", "", "questions"), ("policy.C", "", "policies"),
    ],
)  # fmt: skip
def test_what_is_missing_leads_to_its_page(people, declaration, key, value, page):
    draft = fill(declaration, people.alice)
    save(declaration, {key: value}, people.alice, base=draft.version)
    draft.refresh_from_db()
    checked = check_draft(draft, owner_id=people.buyer.pk, today=date(2026, 6, 1))
    assert (page, key) in {(one.step.code, one.key) for one in checked.missing}


def test_a_missing_smelter_leads_to_the_page_of_its_mineral(people, declaration):
    draft = fill(declaration, people.alice)
    remove_row(declaration=declaration, kind="smelters", number=5, actor=people.alice)
    draft.refresh_from_db()
    checked = check_draft(draft, owner_id=people.buyer.pk, today=date(2026, 6, 1))
    assert [one.step.code for one in checked.missing] == ["smelters-2"]
