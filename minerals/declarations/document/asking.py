"""What the form of a declaration asks, given what was answered: questions, the options of each, the steps.

Numbers of questions and option words are those of CMRT 6.5, EMRT 2.1 and AMRT 1.3.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from minerals.templates_io.document import CMRT_MINERALS
from minerals.templates_io.enums import Template, Word

NEWEST: Final = {Template.CMRT: "6.5", Template.EMRT: "2.1", Template.AMRT: "1.3"}
EMRT_MINERALS: Final = ("Cobalt", "Copper", "Graphite", "Lithium", "Mica", "Nickel")
AMRT_MINERALS: Final = (
    "Aluminum",
    "Chromium",
    "Iron/ Steel",
    "Magnesium",
    "Palladium",
    "Silicon",
    "Silver",
    "Titanium",
    "Zinc",
)
MOST_MINERALS: Final = 10  # an AMRT has room for ten
YES_NO: Final = (Word.YES, Word.NO)
OPEN: Final = (Word.YES, Word.NO, Word.UNKNOWN)
SHARES: Final = (Word.ALL, Word.OVER_90, Word.OVER_75, Word.OVER_50, Word.UP_TO_50, Word.NONE)
DECLARING: Final = (*OPEN, Word.NOT_DECLARING)
OPTIONS: Final[dict[str, dict[str, tuple[Word, ...]]]] = {
    Template.CMRT: {
        "1": YES_NO, "2": YES_NO, "3": OPEN, "4": OPEN, "5": OPEN, "6": SHARES, "7": YES_NO, "8": YES_NO,
    },
    Template.EMRT: {
        "1": DECLARING, "2": OPEN, "3": OPEN, "4": OPEN, "5": (*SHARES, Word.NOT_SURVEYED), "6": YES_NO, "7": YES_NO,
    },
    Template.AMRT: {"1": DECLARING, "2": (*SHARES, Word.UNKNOWN, Word.NOT_SURVEYED)},
}  # fmt: skip
# The words as the templates write them.
VALUES: Final = {
    Word.YES: "Yes",
    Word.NO: "No",
    Word.UNKNOWN: "Unknown",
    Word.NOT_DECLARING: "Not declaring",
    Word.NOT_SURVEYED: "Did not survey",
    Word.ALL: "100%",
    Word.OVER_90: "Greater than 90%",
    Word.OVER_75: "Greater than 75%",
    Word.OVER_50: "Greater than 50%",
    Word.UP_TO_50: "50% or less",
    Word.NONE: "None",
}
REGION_ONLY: Final = {"Mica": "India and/or Madagascar only"}
FORMATS: Final = {
    Template.CMRT: ("Yes, in conformance with IPC1755 (e.g., CMRT)", "Yes, using other format (describe)", "No"),
    Template.EMRT: ("Yes, in conformance with IPC1755 (e.g. EMRT)", "Yes, Using Other Format (Describe)", "No"),
}
DISCLOSURES: Final = ("Yes, with the SEC", "Yes, with the EU", "Yes, with the SEC and the EU", "No")
WHEN_VALIDATED: Final = ("Yes", "Yes, when more processors are validated", "No")
LETTERS: Final[dict[str, str]] = {Template.CMRT: "ABCDEFGH", Template.EMRT: "ABCDEFG", Template.AMRT: ""}
SCOPES: Final = ("A", "B", "C")
# How the templates write the scope.
SCOPE_TEXTS: Final = {
    "A": "A. Company",
    "B": "B. Product (or List of Products)",
    "C": "C. User defined [Specify in 'Description of scope']",
}
COMPANY_NEEDED: Final = (
    "company.name",
    "company.contact",
    "company.contact_email",
    "company.contact_phone",
    "company.authorizer",
    "company.authorizer_email",
)


class Step(msgspec.Struct, frozen=True):
    """One page of the form; `mineral` where it is about one."""

    code: str
    kind: str  # company, minerals, use, questions, smelters, policies, products
    mineral: str = ""


def given(data: Mapping[str, Any], question: str, mineral: str) -> str:
    """Return one answer of a draft, "" where there is none."""
    answer = data.get("answers", {}).get(question, {}).get(mineral) or {}
    return str(answer.get("value", ""))


def minerals_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the minerals a draft speaks of."""
    return CMRT_MINERALS if data["template"] == Template.CMRT else tuple(data.get("minerals", ()))


def options_of(template: str, question: str, mineral: str) -> tuple[str, ...]:
    """Return the answers one may choose from, as the template writes them."""
    values = [VALUES[word] for word in OPTIONS[template][question]]
    if template == Template.EMRT and question == "3" and mineral in REGION_ONLY:
        values.append(REGION_ONLY[mineral])
    return tuple(values)


def company_options(template: str, letter: str) -> tuple[str, ...]:
    """Return the answers to a question about the company."""
    if letter == "E":
        return FORMATS[Template(template)]
    if letter == "H":
        return DISCLOSURES
    return WHEN_VALIDATED if is_per_mineral(template, letter) else ("Yes", "No")


def is_per_mineral(template: str, letter: str) -> bool:
    """Whether a question about the company is asked for each mineral."""
    return template == Template.EMRT and letter == "C"


def is_used(data: Mapping[str, Any], mineral: str) -> bool:
    """Whether a mineral is in the products, so that everything else about it is asked."""
    if given(data, "1", mineral) != "Yes":
        return False
    return data["template"] == Template.AMRT or given(data, "2", mineral) == "Yes"


def used_minerals(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the minerals of which smelters are asked."""
    return tuple(mineral for mineral in minerals_of(data) if is_used(data, mineral))


def asked_questions(data: Mapping[str, Any], mineral: str) -> tuple[str, ...]:
    """Return the questions asked about a mineral: no more than the first while the answer to it ends the matter."""
    numbers = tuple(OPTIONS[data["template"]])
    if given(data, "1", mineral) != "Yes":
        return numbers[:1]
    return numbers if is_used(data, mineral) else numbers[:2]


def asks_company(data: Mapping[str, Any]) -> bool:
    """Whether the questions about the company are asked."""
    return bool(LETTERS[data["template"]] and used_minerals(data))


def later_questions(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the questions that follow once a mineral is used."""
    first = 1 if data["template"] == Template.AMRT else 2
    return tuple(OPTIONS[data["template"]])[first:]


def use_questions(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the questions that decide whether a mineral is used."""
    return tuple(OPTIONS[data["template"]])[: 1 if data["template"] == Template.AMRT else 2]


def steps_of(data: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the pages that this draft needs, in their order."""
    steps = [Step("company", "company")]
    if data["template"] != Template.CMRT:
        steps.append(Step("minerals", "minerals"))
    if minerals_of(data):
        steps.append(Step("use", "use"))
    if used_minerals(data):
        steps.append(Step("questions", "questions"))
    steps += [
        Step(f"smelters-{number}", "smelters", mineral)
        for number, mineral in enumerate(minerals_of(data), start=1)
        if is_used(data, mineral)
    ]
    if asks_company(data):
        steps.append(Step("policies", "policies"))
    if data.get("scope") == "B":
        steps.append(Step("products", "products"))
    return tuple(steps)


def needed_keys(data: Mapping[str, Any], step: Step) -> tuple[str, ...]:
    """Return the fields of a page that have to be filled in; for rows see `row_counts`."""
    if step.kind == "company":
        described = ("scope_description",) if data.get("scope") == "C" else ()
        return ("scope", *described, *COMPANY_NEEDED, "effective_date")
    if step.kind == "minerals":
        return ("minerals",)
    if step.kind in {"use", "questions"}:
        numbers = use_questions(data) if step.kind == "use" else later_questions(data)
        return tuple(
            f"answer.{number}.{mineral}"
            for number in numbers
            for mineral in minerals_of(data)
            if number in asked_questions(data, mineral)
        )
    return policy_keys(data) if step.kind == "policies" else ()


def policy_keys(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the answers about the company that are needed; a policy that is public needs its address."""
    keys = []
    for letter in LETTERS[data["template"]]:
        if is_per_mineral(data["template"], letter):
            keys += [f"policy.{letter}.{mineral}" for mineral in used_minerals(data)]
        else:
            keys.append(f"policy.{letter}")
    public = data.get("company_questions", {}).get("B") or {}
    return (*keys, "why.B") if public.get("answer") == "Yes" else tuple(keys)
