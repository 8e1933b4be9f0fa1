"""What a new form takes over from an edition: everything but the effective date, in the newest numbering."""

from collections.abc import Sequence
from typing import Any

import msgspec

from minerals.declarations.document import (
    LETTERS,
    NEWEST,
    is_per_mineral,
    minerals_of,
    options_of,
)
from minerals.declarations.document.asking import OPTIONS, REGION_ONLY, VALUES, company_options
from minerals.declarations.models import Edition
from minerals.declarations.queries.editions import declared_of
from minerals.templates_io.document import UNIDENTIFIED, UNLISTED, CompanyAnswer, Declared, SmelterRow
from minerals.templates_io.document.upgrade import Upgraded, upgrade
from minerals.templates_io.enums import ScopeKind, Template, Word

SCOPE_LETTERS = {ScopeKind.COMPANY: "A", ScopeKind.PRODUCTS: "B", ScopeKind.CUSTOM: "C", ScopeKind.UNKNOWN: ""}
Plain = dict[str, Any]


class Carried(msgspec.Struct, frozen=True):
    """A draft as plain data, and the questions and letters that the old template did not ask."""

    data: Plain
    new: tuple[str, ...]


def carry(edition: Edition, *, template: Template, minerals: Sequence[str]) -> Carried:
    """Return the draft that continues an edition."""
    old = declared_of(edition)
    newest = upgrade(old)
    declared = Declared(
        template=template,
        version=NEWEST[template],
        language="English",
        company=old.company,
        scope=SCOPE_LETTERS[old.scope_kind],
        scope_description=old.scope_description,
        minerals=tuple(sorted({*minerals, *(old.minerals if template != Template.CMRT else ())})),
        smelters=tuple(carried_smelter(row, number) for number, row in enumerate(old.smelters, start=5)),
        products=tuple(msgspec.structs.replace(row, row=number) for number, row in enumerate(old.products, start=6)),
    )
    data: Plain = msgspec.to_builtins(declared)
    data["answers"] = carried_answers(data, old, newest)
    data["company_questions"] = carried_policies(data, old, newest)
    return Carried(data, new_questions(template, newest))


def is_same_numbering(old: Declared, template: Template) -> bool:
    """Whether letters mean what they mean in the newest template, so that comments and texts go with them."""
    return old.template == template and (template != Template.CMRT or old.version.startswith("6"))


def carried_answers(data: Plain, old: Declared, newest: Upgraded) -> Plain:
    """Return the answers, with the comments of the questions they come from."""
    template = Template(data["template"])
    return {
        question: {
            mineral: {
                "value": value_of(options_of(template, question, mineral), *newest.answers[question][mineral]),
                "comment": comment_of(old, newest.numbers.get(question, ""), mineral),
            }
            for mineral in minerals_of(data)
            if mineral in newest.answers.get(question, {})
        }
        for question in OPTIONS[template]
    }


def comment_of(old: Declared, question: str, mineral: str) -> str:
    """Return the comment on a question in the old numbering."""
    answer = old.answers.get(question, {}).get(mineral)
    return answer.comment if answer else ""


def carried_policies(data: Plain, old: Declared, newest: Upgraded) -> Plain:
    """Return the answers about the company."""
    template = Template(data["template"])
    same = is_same_numbering(old, template)
    found: Plain = {}
    for letter in LETTERS[template]:
        before = old.company_questions.get(letter, CompanyAnswer()) if same else CompanyAnswer()
        options = company_options(template, letter)
        if is_per_mineral(template, letter):
            kept = {name: one for name, one in before.minerals.items() if name in minerals_of(data)}
            found[letter] = {
                "minerals": {
                    name: {"value": same_word(options, one.value), "comment": one.comment} for name, one in kept.items()
                }
            }
        elif letter in newest.company:
            word, text = newest.company[letter]
            answer = same_word(options, before.answer) or value_of(options, word, text)
            found[letter] = {"answer": answer, "comment": before.comment}
    return found


def value_of(options: Sequence[str], word: Word, text: str) -> str:
    """Return the option that an answer in the common vocabulary means, "" where none does."""
    value = REGION_ONLY["Mica"] if word == Word.REGION_ONLY else VALUES.get(Word(word), "")
    return value if value in options else same_word(options, text)


def same_word(options: Sequence[str], text: str) -> str:
    """Return the option that says the same but for its signs and capitals; versions spell them differently."""
    wanted = fold(text)
    return next((option for option in options if wanted and fold(option) == wanted), "")


def fold(text: str) -> str:
    """Return the letters and figures of a text."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def carried_smelter(row: SmelterRow, number: int) -> SmelterRow:
    """Return a smelter row under a new number; what the form shows is the name."""
    lookup = row.lookup.strip()
    if row.is_unidentified:
        lookup = UNIDENTIFIED.capitalize()
    elif row.is_unlisted or not (row.listed or row.cid):
        lookup = UNLISTED.capitalize()
    name = "" if row.is_unidentified else row.name or row.standard_name or row.lookup
    listed = lookup not in {UNIDENTIFIED.capitalize(), UNLISTED.capitalize()}
    return msgspec.structs.replace(row, row=number, lookup=lookup, name=name, listed=listed)


def new_questions(template: Template, newest: Upgraded) -> tuple[str, ...]:
    """Return the questions and letters that the older template did not ask."""
    asked = [
        question
        for question in OPTIONS[template]
        if any(word == Word.ASK for word, _text in newest.answers.get(question, {}).values())
    ]
    letters = [letter for letter, (word, _text) in sorted(newest.company.items()) if word == Word.ASK]
    return (*asked, *(letter for letter in letters if letter in LETTERS[template]))
