"""One template as the further rules look at it: its answers in the newest numbering, its origins read once."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from minerals.origins.core import Areas, Origins, parse_origins
from minerals.templates_io.checks.layouts import layout_of
from minerals.templates_io.checks.policy import Policy, policy
from minerals.templates_io.document import Answer, CompanyAnswer, Declared, LookupRow, SmelterRow
from minerals.templates_io.document.upgrade import SHARE_QUESTION, Upgraded, upgrade
from minerals.templates_io.enums import Template, Word

# The same question in the newest numbering of each kind of template: CMRT, then EMRT.
_CMRT_ROLES = {"use": "1", "remains": "2", "covered": "3", "cahra": "4", "recycled": "5", "identified": "7", "all": "8"}
_EMRT_ROLES = {"use": "1", "remains": "2", "cahra": "3", "recycled": "4", "identified": "6", "all": "7"}
_ROLES = {
    Template.CMRT: _CMRT_ROLES,
    Template.EMRT: _EMRT_ROLES,
    Template.CRT: _EMRT_ROLES,
    Template.AMRT: {"use": "1"},
    Template.PRT: {"use": "1"},
}


class Case:
    """What a rule may ask about a template."""

    def __init__(self, declared: Declared, *, today: date, areas: Areas) -> None:
        self.declared = declared
        self.today = today
        self.areas = areas
        self.policy: Policy = policy()
        self.upgraded: Upgraded = upgrade(declared)
        self.layout = layout_of(declared.template, declared.version)
        self._read: dict[str, Origins] = {}

    @cached_property
    def minerals(self) -> tuple[str, ...]:
        """The minerals the template asks about, and those only its smelter list names."""
        return tuple(dict.fromkeys([*self.declared.minerals, *self.rows_by_metal]))

    @cached_property
    def rows_by_metal(self) -> dict[str, list[SmelterRow]]:
        """Rows that name or mean a smelter, by metal as the declaration writes it."""
        known = {mineral.casefold(): mineral for mineral in self.declared.minerals}
        rows: dict[str, list[SmelterRow]] = {}
        for row in self.declared.smelters:
            metal = row.metal.strip()
            if metal:
                rows.setdefault(known.get(metal.casefold(), metal), []).append(row)
        return rows

    @cached_property
    def look_up(self) -> dict[str, list[LookupRow]]:
        """The look-up list of the file by CID; empty where it was not read."""
        rows: dict[str, list[LookupRow]] = {}
        for row in self.declared.lookup:
            if row.cid:
                rows.setdefault(row.cid.strip().upper(), []).append(row)
        return rows

    def word(self, role: str, mineral: str) -> Word | None:
        """Return the answer to a question by what it is about; None where it was not answered or is not asked."""
        question = self._question(role)
        said = self.upgraded.answers.get(question, {}).get(mineral)
        return said[0] if said and said[0] != Word.ASK else None

    def own_number(self, role: str) -> str:
        """Return the number of a question in the file."""
        return self.upgraded.numbers.get(self._question(role), "")

    def answer(self, role: str, mineral: str) -> Answer:
        """Return the answer as the file has it."""
        return self.declared.answers.get(self.own_number(role), {}).get(mineral, Answer())

    def place(self, role: str, mineral: str) -> str:
        """Return the cell of an answer, or of where it would stand."""
        cell = self.answer(role, mineral).cell
        number = self.own_number(role)
        if not cell and number in self.layout.questions and mineral in self.declared.minerals:
            minerals = self.layout.minerals or self.declared.minerals
            place = minerals.index(mineral) if mineral in minerals else 0
            cell = f"D{self.layout.questions[number] + 1 + place}"
        return f"Declaration!{cell}" if cell else "Declaration"

    def field_place(self, field: str) -> str:
        """Return the cell of a field of the company block."""
        row = self.layout.company.get(field)
        return f"Declaration!D{row}" if row else "Declaration"

    def letter(self, letter: str) -> CompanyAnswer:
        """Return an answer about the company as the file has it."""
        return self.declared.company_questions.get(letter, CompanyAnswer())

    def letter_place(self, letter: str, column: str = "D") -> str:
        """Return the cell of an answer about the company, or with column G of its comment."""
        row = self.layout.letters.get(letter)
        return f"Declaration!{column}{row}" if row else "Declaration"

    def row_place(self, field: str, row: SmelterRow) -> str:
        """Return the cell of a field of a row of the Smelter List."""
        columns = self.layout.smelters.columns
        return f"Smelter List!{columns.get(field) or columns.get('name', 'B')}{row.row}"

    def origins(self, text: str) -> Origins:
        """Return what a text says of countries of origin; texts repeat, so each is read once."""
        if text not in self._read:
            self._read[text] = parse_origins(text, self.areas) if text.strip() else Origins()
        return self._read[text]

    def named(self, mineral: str) -> Sequence[SmelterRow]:
        """Return the rows of a mineral."""
        return self.rows_by_metal.get(mineral, ())

    def used(self) -> Iterator[str]:
        """Yield minerals that the declaration does not say No of."""
        for mineral in self.declared.minerals:
            if not self.is_out(mineral):
                yield mineral

    def is_out(self, mineral: str) -> bool:
        """Whether the answers say that a mineral is not in the products."""
        return Word.NO in {self.word("use", mineral), self.word("remains", mineral)}

    def _question(self, role: str) -> str:
        template = self.declared.template
        if role == "share":
            return SHARE_QUESTION[template]
        return _ROLES[template].get(role, "")
