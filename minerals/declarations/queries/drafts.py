"""Reads for the form of a declaration: what it may be continued from, the smelters one may pick, what is open."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from string import ascii_uppercase
from typing import Any

import msgspec
from django.db.models import Q, QuerySet

from minerals.declarations.document import (
    SCOPE_TEXTS,
    PastedRow,
    Step,
    asked_questions,
    declared_of,
    first_step,
    is_used,
    minerals_of,
    step_of,
)
from minerals.declarations.models import Declaration, Draft, Edition
from minerals.declarations.queries.rights import own_declarations
from minerals.origins.queries import areas_for
from minerals.smelters.matching import Asked, Known, KnownName, Registry, fold_name
from minerals.smelters.models import Smelter, SmelterName
from minerals.templates_io.checks import examine
from minerals.templates_io.document import Declared, Issue
from minerals.templates_io.workbook.building.layouts import layout_of
from portal.lib.listing import search_words
from suppliers.organisations.queries import Reader

MOST_FOUND = 20


class Picked(msgspec.Struct, frozen=True, kw_only=True):
    """A smelter chosen for a form: "listed" in the buyer's registry, "unlisted", or "unidentified"."""

    kind: str
    metal: str
    cid: str = ""
    name: str = ""
    country: str = ""


def form_declarations(user: Reader) -> QuerySet[Declaration]:
    """Return the declarations whose form the user may open, with what its pages show."""
    return own_declarations(user).select_related(
        "relationship__buyer", "relationship__supplier", "site", "draft__updated_by", "current"
    )


def draft_of(declaration: Declaration) -> Draft | None:
    """Return the draft of a declaration fetched by `form_declarations`."""
    return getattr(declaration, "draft", None)


def continuable_editions(declaration: Declaration) -> list[Edition]:
    """Return what a form may be continued from: this declaration's last edition, then the newest of an earlier one.

    Only editions handed in to the same buyer for the same template count.
    """
    handed_in = Edition.objects.filter(
        declaration__relationship_id=declaration.relationship_id,
        declaration__template=declaration.template,
        handed_in_at__isnull=False,
    ).select_related("declaration")
    own = handed_in.filter(declaration=declaration).order_by("-number").first()
    earlier = handed_in.exclude(declaration=declaration).order_by("-handed_in_at", "-pk").first()
    return [edition for edition in (own, earlier) if edition is not None]


# Smelters of the buyer's registry: names, ids and countries, never statuses --------------------------
def find_smelters(owner_id: int, metal: str, words: str) -> list[Picked]:
    """Return smelters of a metal whose names, id, or country hold every word."""
    rows = Smelter.objects.filter(owner_id=owner_id, metal__iexact=metal)
    for word in search_words(words):
        named = SmelterName.objects.filter(Q(folded__contains=fold_name(word)) | Q(name__icontains=word))
        place = Q(city__icontains=word) | Q(country_text__icontains=word)
        by_name = Q(name__icontains=word) | Q(pk__in=named.values("smelter_id"))
        rows = rows.filter(by_name | Q(cid__icontains=word) | place)
    return [picked(smelter) for smelter in rows.order_by("name", "cid")[:MOST_FOUND]]


def pick_smelter(owner_id: int, metal: str, cid: str) -> Picked | None:
    """Return one smelter of the registry by its key."""
    found = Smelter.objects.filter(owner_id=owner_id, metal__iexact=metal, cid=cid).first()
    return picked(found) if found else None


def picked(smelter: Smelter) -> Picked:
    """Return a smelter as it is written into a form."""
    country = smelter.country_text or str(smelter.country.name or "")
    return Picked(kind="listed", metal=smelter.metal, cid=smelter.cid, name=smelter.name, country=country)


def resolve_pasted(owner_id: int, rows: Sequence[PastedRow], default: str) -> tuple[list[Picked], list[str]]:
    """Return the smelters that pasted lines mean and the lines that mean none; two queries whatever their number.

    A line that the registry does not know is kept as unlisted when it has a name and a country.
    """
    metals = {row.metal or default for row in rows}
    known = {row.pk: row for row in Smelter.objects.filter(owner_id=owner_id, metal__in=metals)}
    names = SmelterName.objects.filter(smelter__owner_id=owner_id, smelter__metal__in=metals)
    registry = Registry(
        [Known(row.pk, row.metal, row.cid, row.name) for row in known.values()],
        [KnownName(*each) for each in names.values_list("smelter_id", "folded", "kind")],
    )
    found: list[Picked] = []
    unread: list[str] = []
    for row in rows:
        metal = row.metal or default
        verdict = registry.find(Asked(metal, row.cid, (row.name,) if row.name else ()))
        if verdict is not None:
            found.append(picked(known[verdict.smelter]))
        elif row.name and row.country:
            found.append(Picked(kind="unlisted", metal=metal, cid=row.cid, name=row.name, country=row.country))
        else:
            unread.append(row.line)
    return found, unread


# What a draft would be, and what is missing in it -----------------------------------------------------
def compose(draft: Draft) -> Declared:
    """Return what a draft would be handed in as: only what is asked, with the words and cells of its template."""
    data = draft.content["declared"]
    declared = declared_of(data)
    return msgspec.structs.replace(
        declared,
        minerals=minerals_of(data),
        scope_text=SCOPE_TEXTS.get(declared.scope, ""),
        answers={
            question: {
                mineral: msgspec.structs.replace(answer, cell=cell)
                for mineral, answer in row.items()
                for cell in [cells_of(declared).get(f"answer.{question}.{mineral}", "")]
            }
            for question, row in declared.answers.items()
        },
    )


def cells_of(declared: Declared) -> Mapping[str, str]:
    """Return the cell of every field in the template: {"answer.3.Tin": "Declaration!D39", ...}."""
    layout = layout_of(declared.template, declared.version)
    minerals = layout.fixed_minerals or tuple(sorted(declared.minerals))
    cells = {
        f"answer.{question}.{mineral}": f"Declaration!D{row + place}"
        for question, row in layout.questions.items()
        for place, mineral in enumerate(minerals, start=1)
    }
    cells |= {f"policy.{letter}": f"Declaration!D{row}" for letter, row in layout.letters.items()}
    cells |= {
        f"policy.{layout.per_mineral}.{mineral}": f"Declaration!D{layout.letters[layout.per_mineral] + place}"
        for place, mineral in enumerate(minerals, start=1)
        if layout.per_mineral
    }
    outside = {"scope": "scope", "description": "scope_description", "date": "effective_date"}
    return cells | {outside.get(name, f"company.{name}"): f"Declaration!D{row}" for name, row in layout.company.items()}


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to mend, and the page and field where that is done; `follows` counts what is open because of it."""

    issue: Issue
    step: Step
    key: str = ""
    follows: int = 0


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What checking a draft found: what RMI's checker misses, and what else looks wrong."""

    missing: tuple[Open, ...]
    issues: tuple[Open, ...]


def check_draft(draft: Draft, *, owner_id: int, today: date) -> Checked:
    """Check a draft as the edition it would be, by the rules an uploaded file is checked by."""
    declared = compose(draft)
    found = examine(declared, today=today, areas=areas_for(owner_id, today))
    guide = Guide(draft.content["declared"], declared)
    return Checked(missing=guide.place(found.missing), issues=guide.place(found.issues))


class Guide:
    """Finds the page of the form on which an issue is mended."""

    def __init__(self, data: Mapping[str, Any], declared: Declared) -> None:
        self.data = data
        self.keys = {cell: key for key, cell in cells_of(declared).items()}
        self.metals = {str(row.row): row.metal for row in declared.smelters}

    def place(self, issues: Iterable[Issue]) -> tuple[Open, ...]:
        """Return each issue with its page; what only follows from an open first question is counted with that."""
        found: list[Open] = []
        firsts: dict[str, int] = {}
        for issue in issues:
            opener = self.opener_of(issue)
            if opener and opener in firsts:
                first = found[firsts[opener]]
                found[firsts[opener]] = msgspec.structs.replace(first, follows=first.follows + 1)
                continue
            if opener:
                firsts[opener] = len(found)
            found.append(self.find(issue, opener))
        return tuple(found)

    def opener_of(self, issue: Issue) -> str:
        """Return the field whose answer decides whether an open item is asked at all, "" where it is asked."""
        metal = issue.params.get("metal", "")
        if not issue.code.startswith("missing") or metal not in minerals_of(self.data) or is_used(self.data, metal):
            return ""
        return f"answer.{asked_questions(self.data, metal)[-1]}.{metal}"

    def find(self, issue: Issue, opener: str = "") -> Open:
        """Return an issue with its page: by its cell, else by its sheet and mineral."""
        sheet, _sign, cell = issue.place.partition("!")
        row = cell.lstrip(ascii_uppercase)
        key = opener or (self.keys.get(f"Declaration!D{row}", "") if sheet == "Declaration" else "")
        if key or sheet == "Declaration":
            return Open(issue=issue, step=step_of(self.data, key or "company.name"), key=key)
        if sheet == "Product List":
            return Open(issue=issue, step=first_step(self.data, "products"))
        metal = issue.params.get("metal") or issue.params.get("mineral") or self.metals.get(row, "")
        return Open(issue=issue, step=first_step(self.data, "smelters", metal))
