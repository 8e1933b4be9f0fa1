"""What the pages of the form show: fields with their words, values and troubles, grouped as they are read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from minerals.declarations.document import (
    AMRT_MINERALS,
    COMPANY_NAMES,
    EMRT_MINERALS,
    LETTERS,
    PRODUCT_COLUMNS,
    Outcome,
    Step,
    asked_questions,
    field_options,
    is_per_mineral,
    later_questions,
    minerals_of,
    needed_keys,
    read_field,
    rows_of,
    use_questions,
    used_minerals,
)
from minerals.declarations.models import Draft
from minerals.declarations.queries.wording import (
    COLUMNS,
    HELP,
    HINTS,
    LABELS,
    POLICIES,
    PROBLEMS,
    PRODUCT_LABELS,
    QUESTIONS,
    SCOPE_LABELS,
    WEBSITE,
    option_label,
)
from minerals.templates_io.document import UNIDENTIFIED
from minerals.templates_io.enums import Template
from minerals.templates_io.queries import mineral_name

MANY = 4  # so many options still stand beside each other
OWN_COLUMNS = ("mines", "mine_countries", "recycled", "comments")


def anchor_of(key: str) -> str:
    """Return the id of a field on its page."""
    return "f-" + re.sub(r"[^A-Za-z0-9]+", "-", key)


@dataclass(frozen=True, kw_only=True)
class FieldCard:
    """One field: its words, what stands in it, and what is wrong. `theirs` is what somebody else wrote meanwhile."""

    key: str
    label: str
    value: str
    version: int
    kind: str = "text"  # text, email, date, area, select, radio, boxes
    options: Sequence[tuple[str, str]] = ()
    hint: str = ""
    is_needed: bool = False
    error: str = ""
    theirs: str | None = None
    follows: bool = False
    short_label: str = ""

    @property
    def id(self) -> str:
        """An id for the page."""
        return anchor_of(self.key)

    @property
    def lines(self) -> list[str]:
        """The values of a field of boxes."""
        return self.value.split("\n") if self.value else []

    @property
    def own_lines(self) -> str:
        """What was named beside the boxes."""
        known = {value for value, _label in self.options}
        return "\n".join(line for line in self.lines if line not in known)

    @property
    def theirs_label(self) -> str:
        """What somebody else wrote, in words."""
        return dict(self.options).get(self.theirs or "", self.theirs or "") or _("nothing")


@dataclass(frozen=True, kw_only=True)
class Group:
    """Fields under one heading: a question with its number, or a part of a page."""

    title: str
    number: str = ""
    hint: str = ""
    is_new: bool = False
    fields: list[FieldCard] = field(default_factory=list)
    pairs: list[tuple[str, list[FieldCard]]] = field(default_factory=list)  # a mineral and its fields


@dataclass(frozen=True, kw_only=True)
class RowCard:
    """A smelter or a product: what it is, and the fields one fills in."""

    number: int
    title: str
    sub: str
    kind: str  # listed, unlisted, unidentified, product
    fields: list[FieldCard]


class Desk:
    """Builds the cards of a draft; `outcome` holds what a save could not keep."""

    def __init__(self, draft: Draft, outcome: Outcome | None = None) -> None:
        self.data: dict[str, Any] = draft.content["declared"]
        self.template = Template(self.data["template"])
        self.version = draft.version
        self.new = frozenset(draft.content["new"])
        self.outcome = outcome or Outcome()

    def card(self, key: str, label: object, **facts: Any) -> FieldCard:
        """Return a field; what could not be kept stands in it again, with what is there instead."""
        options = [(value, option_label(value)) for value in field_options(self.data, key)]
        if options and "options" not in facts:
            facts = {"kind": "select", "options": options, **facts}
        wrong, code = self.outcome.wrong.get(key, ("", ""))
        mine = self.outcome.conflicts.get(key)
        stands = read_field(self.data, key)
        value = wrong if code else stands if mine is None else mine
        return FieldCard(
            key=key,
            label=str(label),
            value=value,
            version=self.version,
            error=str(PROBLEMS.get(code, "")),
            theirs=None if mine is None else stands,
            **facts,
        )

    def groups(self, step: Step) -> list[Group]:
        """Return what a page of fields shows."""
        builders = {
            "company": self.company,
            "minerals": self.minerals,
            "use": self.use,
            "questions": self.questions,
            "policies": self.policies,
        }
        return list(builders[step.kind](frozenset(needed_keys(self.data, step)))) if step.kind in builders else []

    def company(self, needed: frozenset[str]) -> Iterable[Group]:
        """Yield scope, company and people."""
        scopes = [(value, str(label)) for value, label in SCOPE_LABELS.items()]
        day = str(HINTS["effective_date"])
        yield Group(
            title=_("Scope and date"),
            fields=[
                self.card("scope", LABELS["scope"], kind="radio", options=scopes, is_needed=True),
                self.card("scope_description", LABELS["scope_description"], kind="area", follows=True, is_needed=True),
                self.card("effective_date", LABELS["effective_date"], kind="date", hint=day, is_needed=True),
            ],
        )  # fmt: skip
        parts = {_("Company"): COMPANY_NAMES[:4], _("Contact"): COMPANY_NAMES[4:7], _("Signature"): COMPANY_NAMES[7:]}
        for title, names in parts.items():
            yield Group(title=title, fields=[self.company_card(f"company.{name}", needed) for name in names])

    def company_card(self, key: str, needed: frozenset[str]) -> FieldCard:
        """Return a field of the company block."""
        kind = "email" if key.endswith("email") else "area" if key == "company.address" else "text"
        return self.card(key, LABELS[key], kind=kind, hint=str(HINTS.get(key, "")), is_needed=key in needed)

    def minerals(self, needed: frozenset[str]) -> Iterable[Group]:
        """Yield the choice of minerals."""
        known = EMRT_MINERALS if self.template == Template.EMRT else AMRT_MINERALS
        options = [(mineral, mineral_name(mineral)) for mineral in known]
        hint = "" if self.template == Template.EMRT else _("At most ten.")
        yield Group(title=_("Which minerals does it speak of?"), hint=hint, fields=[
            self.card("minerals", LABELS["minerals"], kind="boxes", options=options, is_needed=True)
        ])  # fmt: skip

    def use(self, needed: frozenset[str]) -> Iterable[Group]:
        """Yield a group for each mineral: is it added, does it remain."""
        for mineral in minerals_of(self.data):
            cards = []
            for number in use_questions(self.data):
                cards.append(self.answer(number, mineral, kind="radio", follows=number != "1"))
            cards.append(self.card(f"comment.1.{mineral}", _("Comment"), kind="area"))
            yield Group(title=mineral_name(mineral), fields=cards)

    def answer(self, number: str, mineral: str, **facts: Any) -> FieldCard:
        """Return the answer to a question about a mineral."""
        key = f"answer.{number}.{mineral}"
        options = [(value, option_label(value)) for value in field_options(self.data, key)]
        label = f"{number}. {QUESTIONS[self.template][number]}"
        return self.card(key, label, options=options, is_needed=True, **{"kind": "select", **facts})

    def questions(self, needed: frozenset[str]) -> Iterable[Group]:
        """Yield a group for each question, a row for each mineral it is asked about."""
        for number in later_questions(self.data):
            asked = [mineral for mineral in minerals_of(self.data) if number in asked_questions(self.data, mineral)]
            yield Group(
                title=str(QUESTIONS[self.template][number]),
                number=number,
                hint=str(HELP[self.template].get(number, "")),
                is_new=number in self.new,
                pairs=[
                    (
                        mineral_name(mineral),
                        [self.answer(number, mineral), self.card(f"comment.{number}.{mineral}", _("Comment"))],
                    )
                    for mineral in asked
                ],
            )

    def policies(self, needed: frozenset[str]) -> Iterable[Group]:
        """Yield a group for each question about the company."""
        for letter in LETTERS[self.template]:
            why = WEBSITE if letter == "B" else _("Comment")
            facts: dict[str, Any] = {"title": str(POLICIES[letter]), "number": letter, "is_new": letter in self.new}
            if is_per_mineral(self.template, letter):
                pairs = [
                    (
                        mineral_name(mineral),
                        [
                            self.card(f"policy.{letter}.{mineral}", _("Answer"), is_needed=True),
                            self.card(f"why.{letter}.{mineral}", why),
                        ],
                    )
                    for mineral in used_minerals(self.data)
                ]
                yield Group(pairs=pairs, **facts)
                continue
            answer = self.card(f"policy.{letter}", _("Answer"), is_needed=True)
            kind = "radio" if len(answer.options) < MANY else "select"
            fields = [
                self.card(f"policy.{letter}", POLICIES[letter], kind=kind, options=answer.options, is_needed=True),
                self.card(f"why.{letter}", why, is_needed=f"why.{letter}" in needed),
            ]
            yield Group(fields=fields, **facts)

    def rows(self, step: Step) -> list[RowCard]:
        """Return the smelters or products of a page, nothing where it has fields alone."""
        if step.kind not in {"smelters", "products"}:
            return []
        build = self.product if step.kind == "products" else self.smelter
        return [build(row) for row in rows_of(self.data, step)]

    def smelter(self, row: dict[str, Any]) -> RowCard:
        """Return a smelter; name and country are written only where the list does not know it."""
        unidentified = str(row.get("lookup", "")).lower() == UNIDENTIFIED
        kind = "unidentified" if unidentified else "listed" if row.get("listed") else "unlisted"
        columns = ("comments",) if unidentified else OWN_COLUMNS
        columns = ("name", "country", *columns) if kind == "unlisted" else columns
        titles = {"unidentified": _("Not yet identified"), "unlisted": row.get("name") or _("Not in the list")}
        facts = [row.get("cid") or "", row.get("country") or ""] if kind == "listed" else []
        sub = " · ".join(fact for fact in facts if fact) or (_("Not in the list") if kind == "unlisted" else "")
        return RowCard(
            number=row["row"],
            title=str(titles.get(kind) or row.get("name") or row.get("lookup") or ""),
            sub=sub,
            kind=kind,
            fields=[
                self.card(f"smelter.{row['row']}.{column}", COLUMNS[column], is_needed=column in {"name", "country"})
                for column in columns
            ],
        )

    def product(self, row: dict[str, Any]) -> RowCard:
        """Return a product."""
        fields = [
            self.card(f"product.{row['row']}.{column}", PRODUCT_LABELS[column], is_needed=column == "number")
            for column in PRODUCT_COLUMNS
        ]
        return RowCard(number=row["row"], title=str(row.get("number") or ""), sub="", kind="product", fields=fields)
