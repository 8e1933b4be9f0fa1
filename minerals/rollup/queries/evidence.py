"""The rows behind a figure: which supplier, which declaration, which row."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from minerals.declarations.models import DeclaredAnswer, DeclaredSmelter
from minerals.rollup.aggregation import Cell, Words, merge_replies, words_about
from minerals.rollup.models import Contribution, Placement, Rollup


@dataclass(frozen=True)
class Voice:
    """What one declaration says to one question: its own words and where in the file they stand."""

    contribution: Contribution
    word: str
    text: str
    comment: str
    cell: str


def suppliers_by_word(rollup: Rollup, cell: Cell) -> dict[str, set[int]]:
    """Return which relationships gave which word, exactly as the roll-up counts them."""
    replies: dict[int, list[Words]] = defaultdict(list)
    rows = Placement.objects.filter(rollup=rollup)
    for supplier, words in rows.values_list("contribution__relationship_id", "contribution__words"):
        replies[supplier].append(words)
    found: dict[str, set[int]] = defaultdict(set)
    for supplier, said in replies.items():
        word = words_about(rollup.template, merge_replies(rollup.template, said), cell)
        if word is not None:
            found[word].add(supplier)
    return found


def contributions_of(rollup: Rollup, suppliers: set[int]) -> QuerySet[Contribution]:
    """Return what some suppliers contribute to a roll-up, by supplier."""
    placed = Placement.objects.filter(rollup=rollup, contribution=OuterRef("pk"))
    rows = Contribution.objects.filter(Exists(placed), relationship_id__in=suppliers)
    rows = rows.select_related("relationship__supplier", "declaration", "edition")
    return rows.order_by("relationship__supplier__name", "relationship_id", "pk")


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


def smelter_rows(rollup: Rollup) -> QuerySet[DeclaredSmelter]:
    """Return every declared row that feeds a roll-up, with whose it is, by supplier."""
    rows = DeclaredSmelter.objects.filter(edition__contributions__placements__rollup=rollup)
    rows = rows.select_related("edition__declaration__relationship__supplier", "smelter", "case")
    return rows.order_by("edition__declaration__relationship__supplier__name", "edition_id", "row")
