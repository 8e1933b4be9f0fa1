"""What a supplier of the demo declares: drawn by its trade and its care, as the data of a template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Final

import msgspec

from assessments.overview.management.demo.minerals.smelters import BATTERY_GROUP, TIN_GROUP, Works
from minerals.templates_io.document import (
    Answer,
    Company,
    CompanyAnswer,
    Declared,
    Product,
    SmelterRow,
)
from minerals.templates_io.enums import Template
from suppliers.organisations.models import Site

# Trade -> the minerals its products hold. Who packs or drives declares that none is used.
USED: Final[dict[str, tuple[str, ...]]] = {
    "components": ("Tantalum", "Tin", "Gold", "Tungsten"),
    "circuit_boards": ("Tin", "Gold"),
    "semiconductors": ("Tantalum", "Tin", "Gold", "Tungsten"),
    "assembly": ("Tin", "Gold", "Tantalum"),
    "metals": ("Tin", "Tungsten"),
    "chemicals": ("Tin", "Gold"),
}
# How careful a supplier is -> how often one meets it.
CARE: Final[dict[str, int]] = {
    "careful": 66,
    "names unknown works": 9,
    "mistypes ids": 6,
    "leaves fields empty": 6,
    "few answers of its own suppliers": 6,
    "contradicts itself": 4,
    "old template": 3,
}
MOST_PERCENT: Final = {
    "6.5": ("100%", "Greater than 90%", "Greater than 75%", "50% or less"),
    "3.01": ("Yes, 100%", "No, but greater than 75%", "No, but greater than 50%", "No, but less than 25%"),
}
FIRST_ROW, FIRST_PRODUCT_ROW = 5, 6
UNHEARD: Final = ("INDONESIA", "CHINA", "BRAZIL")


@dataclass(frozen=True)
class Speaker:
    """Who declares, when, and how carefully; `random` belongs to this declaration alone."""

    random: Random
    site: Site
    contact: str
    day: date
    care: str


def choose_care(random: Random) -> str:
    """Return how careful a supplier is."""
    return random.choices(list(CARE), weights=list(CARE.values()))[0]


def draw_cmrt(speaker: Speaker, works: Sequence[Works]) -> Declared:
    """Return a CMRT of a supplier: 6.5, or 3.01 of one that never looks for a newer template."""
    version = "3.01" if speaker.care == "old template" else "6.5"
    used = USED.get(speaker.site.sector, ())
    smelters = draw_rows(speaker, [one for one in works if one.metal in used])
    questions = cmrt_words(speaker, version, used, smelters)
    return msgspec.structs.replace(
        shared_block(speaker, Template.CMRT, version, has_minerals=bool(used)),
        minerals=TIN_GROUP,
        answers=given_answers(questions, TIN_GROUP, used),
        smelters=smelters,
    )


def draw_emrt(speaker: Speaker, works: Sequence[Works]) -> Declared:
    """Return an EMRT 1.3 of a supplier: cobalt and mica."""
    used = tuple(mineral for mineral in BATTERY_GROUP if speaker.random.random() < 0.6 and speaker.site.sector in USED)
    smelters = draw_rows(speaker, [one for one in works if one.metal in used])
    risky = {row.metal for row in smelters if names_risk(row)}
    words = {
        mineral: {
            "1": "Yes",
            "2": "Yes",
            "3": "Yes" if mineral in risky else "No",
            **({"4": "No"} if mineral == "Cobalt" else {}),  # nobody recycles mica, so nobody is asked
            "5": "100%",
            "6": "Yes",
            "7": "Yes",
        }
        for mineral in used
    }
    return msgspec.structs.replace(
        shared_block(speaker, Template.EMRT, "1.3", has_minerals=bool(used)),
        minerals=BATTERY_GROUP,
        answers=given_answers(words, BATTERY_GROUP, used),
        smelters=smelters,
    )


def cmrt_words(
    speaker: Speaker, version: str, used: Sequence[str], smelters: Sequence[SmelterRow]
) -> dict[str, dict[str, str]]:
    """Return {mineral: {question: answer}} of the minerals used, in the numbering of the version."""
    risky = {row.metal for row in smelters if names_risk(row)}
    recycled = {metal for metal in used if all(row.recycled == "Yes" for row in smelters if row.metal == metal)}
    unidentified = {row.metal for row in smelters if row.is_unidentified}
    found: dict[str, dict[str, str]] = {}
    for mineral in used:
        share = draw_share(speaker, version)
        is_all = share in {MOST_PERCENT["6.5"][0], MOST_PERCENT["3.01"][0]}
        knows_all = is_all and mineral not in unidentified
        sources = "Yes" if mineral in risky else "No" if knows_all else "Unknown"
        if speaker.care == "contradicts itself":
            sources, knows_all = "No", True
        tail = [share, "Yes" if knows_all else "No", "Yes"]
        answers = ["Yes", "Yes", sources, "Yes" if mineral in recycled else "No", *tail]
        if version == "6.5":
            answers.insert(3, sources)  # 6.x asks for other risky areas beside the covered countries
        found[mineral] = {str(number): word for number, word in enumerate(answers, start=1)}
    return found


def draw_share(speaker: Speaker, version: str) -> str:
    """Return how many of its own suppliers have answered, in the words of the version."""
    words = MOST_PERCENT[version]
    if speaker.care == "few answers of its own suppliers":
        return words[3]
    return speaker.random.choices(words[:3], (72, 20, 8))[0]


def given_answers(
    words: dict[str, dict[str, str]], minerals: Sequence[str], used: Sequence[str]
) -> dict[str, dict[str, Answer]]:
    """Return {question: {mineral: answer}}; a mineral that is not used is answered No and asked no further."""
    numbers = sorted({number for answers in words.values() for number in answers} | {"1"})
    return {
        number: {
            mineral: Answer(words[mineral][number] if mineral in used else "No")
            for mineral in minerals
            if (number in words[mineral] if mineral in used else number == "1")
        }
        for number in numbers
    }


def draw_rows(speaker: Speaker, works: Sequence[Works]) -> tuple[SmelterRow, ...]:
    """Return the rows of the smelter list: some of the works of each metal, sorted as a clerk would."""
    by_metal: dict[str, list[Works]] = {}
    for one in works:
        by_metal.setdefault(one.metal, []).append(one)
    rows: list[SmelterRow] = []
    for metal, all_works in by_metal.items():
        count = min(len(all_works), 2 + int(speaker.random.expovariate(1 / 7)))
        for one in sorted(speaker.random.sample(all_works, count), key=lambda one: one.name):
            rows.append(draw_row(speaker, FIRST_ROW + len(rows), one))
        if speaker.care == "names unknown works" and metal in {"Tin", "Cobalt"}:
            rows += odd_rows(speaker, FIRST_ROW + len(rows), all_works)
    return tuple(rows)


def draw_row(speaker: Speaker, row: int, one: Works) -> SmelterRow:
    """Return one row; an id may be mistyped, and not everybody knows the mines."""
    cid = one.cid
    if speaker.care == "mistypes ids" and speaker.random.random() < 0.2:
        cid = cid.replace("0", "O", 1)
    knows = speaker.random.random() < 0.6
    mined = ", ".join(one.mined_in)
    return SmelterRow(
        row=row,
        metal=one.metal,
        lookup=one.name,
        name=one.name,
        standard_name=one.name,
        country=one.country_text,
        cid=cid,
        cid_input=cid,
        source="RMI",
        mines="Recycled and scrap" if one.recycles else "",
        mine_countries="Recycled and scrap" if one.recycles else mined if knows or one.is_risky else "",
        recycled="Yes" if one.recycles else "No",
        listed=True,
    )


def odd_rows(speaker: Speaker, row: int, works: Sequence[Works]) -> list[SmelterRow]:
    """Return what the queue of names is for: a name written wrongly, one of no list, one not identified yet."""
    one, metal = speaker.random.choice(works), works[0].metal
    unknown = speaker.random.choice(("Lembah Sunyi", "Gunung Putih", "Xinyang Jinshu", "Rio Escondido"))
    unlisted = partial(SmelterRow, metal=metal, lookup="Smelter not listed", recycled="Unknown")
    return [
        unlisted(row=row, name=misspell(one.name), country=one.country_text),
        unlisted(row=row + 1, name=f"{unknown} {metal} Works", country=speaker.random.choice(UNHEARD)),
        SmelterRow(row=row + 2, metal=metal, lookup="Smelter not yet identified", name="Unknown", recycled="Unknown"),
    ]


def misspell(name: str) -> str:
    """Return a name as a clerk hears it: two letters changed places, the firm's form behind."""
    middle = len(name) // 2
    return f"{name[: middle - 1]}{name[middle]}{name[middle - 1]}{name[middle + 1 :]} Co."


def names_risk(row: SmelterRow) -> bool:
    """Whether a row names a country that its trade calls risky; draw_works puts such a country last."""
    risky = {"Rwanda", "DRC", "Uganda", "Tanzania", "Burundi", "Zambia"}
    return any(country in risky for country in row.mine_countries.split(", "))


def shared_block(speaker: Speaker, template: Template, version: str, *, has_minerals: bool) -> Declared:
    """Return what all templates ask of the company; a hasty clerk leaves the authorizer out."""
    site, address = speaker.site, speaker.contact
    hasty = speaker.care == "leaves fields empty"
    products = has_minerals and speaker.random.random() < 0.12
    letters = {"3.01": "ABCDEFGHIJ", "6.5": "ABCDEFGH", "1.3": "ABCDEFG"}[version]
    return Declared(
        template=template,
        version=version,
        language="English",
        company=Company(
            name=site.organisation.name,
            address=f"{site.city}, {site.country.name}",
            contact=site.contact_name,
            contact_email=address,
            contact_phone="+00 000 0000",
            authorizer="" if hasty else f"Director of {site.organisation.name}"[:80],
            authorizer_title="Director",
            authorizer_email="" if hasty else address,
            authorizer_phone="+00 000 0000",
        ),
        scope="B" if products else "A",
        scope_text="B. Product (or List of Products)" if products else "A. Company",
        effective_date=(speaker.day - timedelta(days=speaker.random.randint(2, 40))).isoformat(),
        company_questions={letter: company_answer(letter, version) for letter in letters} if has_minerals else {},
        products=tuple(
            Product(row=FIRST_PRODUCT_ROW + number, number=f"AE-{1000 + number * 7}", name=f"Part {number + 1}")
            for number in range(speaker.random.randint(2, 8))
        )
        if products
        else (),
    )


def company_answer(letter: str, version: str) -> CompanyAnswer:
    """Return the answer to one question about the company itself."""
    if letter == "B":
        return CompanyAnswer("Yes", "https://www.example/responsible-minerals")
    if letter == "C" and version == "1.3":
        return CompanyAnswer(minerals={mineral: Answer("Yes") for mineral in BATTERY_GROUP})
    if letter == "E" and version == "6.5":
        return CompanyAnswer("Yes, in conformance with IPC1755 (e.g., CMRT)")
    return CompanyAnswer("No" if letter == "H" and version == "6.5" else "Yes")
