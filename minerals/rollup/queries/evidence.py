"""The rows behind a figure: which supplier, which declaration, which row."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from minerals.declarations.models import DeclaredAnswer, DeclaredSmelter
from minerals.rollup.aggregation import MISSING, Cell, Words, reply_of, words_about
from minerals.rollup.models import Contribution, Placement, Rollup, RollupSmelter
from minerals.smelters.enums import CaseState

# What an address says for those who have not answered, and for an answer that was left out.
SILENT, LEFT_OUT = "silent", "left_out"


@dataclass(frozen=True)
class Voice:
    """What one declaration says to one question: its own words and where in the file they stand."""

    contribution: Contribution
    word: str
    text: str
    comment: str
    cell: str


def suppliers_by_word(rollup: Rollup | None, cell: Cell) -> dict[str, set[int]]:
    """Return which relationships gave which word, exactly as the roll-up counts them."""
    if rollup is None:
        return {}
    replies: dict[int, list[Words]] = defaultdict(list)
    rows = Placement.objects.filter(rollup=rollup)
    for supplier, words in rows.values_list("contribution__relationship_id", "contribution__words"):
        replies[supplier].append(words)
    found: dict[str, set[int]] = defaultdict(set)
    for supplier, said in replies.items():
        word = words_about(rollup.template, reply_of(rollup.template, said), cell)
        if word is not None:
            found[word].add(supplier)
    return found


def contributions_of(rollup: Rollup | None, suppliers: set[int]) -> QuerySet[Contribution]:
    """Return what some suppliers contribute to a roll-up, by supplier."""
    placed = Placement.objects.filter(rollup=rollup, contribution=OuterRef("pk"))
    rows = Contribution.objects.filter(Exists(placed), relationship_id__in=suppliers)
    rows = rows.select_related("relationship__supplier", "declaration", "edition")
    return rows.order_by("relationship__supplier__name", "relationship_id", "pk")


def suppliers_who_said(by_word: Mapping[str, set[int]], word: str) -> set[int]:
    """Return who gave a word; with an empty one all who answered, with LEFT_OUT who gave none."""
    if not word:
        return set().union(*by_word.values())
    return by_word.get(MISSING if word == LEFT_OUT else word, set())


def voices_of(rows: list[Contribution], cell: Cell) -> list[Voice]:
    """Return what these declarations say to a question; one query for their own texts."""
    question, mineral = cell
    answers = DeclaredAnswer.objects.filter(
        edition_id__in=[row.edition_id for row in rows], question=question, mineral=mineral
    )
    texts = dict(answers.values_list("edition_id", "text"))
    return [voice_of(row, cell, texts.get(row.edition_id, "")) for row in rows]


def voice_of(row: Contribution, cell: Cell, text: str) -> Voice:
    """Return what one declaration says. The cell is known where the file numbers its questions as we do."""
    question, mineral = cell
    said = row.edition.content.get("answers", {}).get(question, {}).get(mineral)
    own = said if isinstance(said, dict) and said.get("value") == text else {}
    word = row.words.get(question, {}).get(mineral, "")
    return Voice(row, word, text, own.get("comment", ""), own.get("cell", ""))


def placed_rows(rollup: Rollup | None) -> QuerySet[DeclaredSmelter]:
    """Return every declared row that feeds a roll-up."""
    placed = {"edition__contributions__placements__rollup": rollup}
    return DeclaredSmelter.objects.filter(**placed).order_by() if rollup else DeclaredSmelter.objects.none()


def rows_clause(keys: Collection[str]) -> Q:
    """Return the rows that have one of the keys, as a WHERE clause."""
    smelters = [int(key[1:]) for key in keys if key.startswith("s")]
    cases = [int(key[1:]) for key in keys if key.startswith("c")]
    metals = [key[2:] for key in keys if key.startswith("u:")]
    unknown = Q(smelter=None, case=None, metal__in=metals)
    return Q(smelter_id__in=smelters) | Q(smelter=None, case_id__in=cases) | unknown


def smelter_rows(rollup: Rollup | None) -> QuerySet[DeclaredSmelter]:
    """Return every declared row that feeds a roll-up, with whose it is, by supplier."""
    rows = placed_rows(rollup).select_related("edition__declaration__relationship__supplier", "smelter", "case")
    return rows.order_by("edition__declaration__relationship__supplier__name", "edition_id", "row")


def origin_rows(rollup: Rollup | None, named: Sequence[RollupSmelter], code: str) -> QuerySet[DeclaredSmelter]:
    """Return the declared rows that name a country of origin; `named` are the sums that hold it.

    Not every database can look into a list of codes, so the list is searched as text: codes are two capitals in quotes.
    """
    smelters = [row.smelter_id for row in named if row.smelter_id]
    others = Q(smelter=None) if any(row.smelter_id is None for row in named) else Q(pk__in=())
    rows = smelter_rows(rollup).filter(Q(smelter_id__in=smelters) | others)
    rows = rows.exclude(smelter=None, case__state=CaseState.REJECTED)
    return rows.annotate(codes=Cast("origins", TextField())).filter(codes__contains=f'"{code}"')
