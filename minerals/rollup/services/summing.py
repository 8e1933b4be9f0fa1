"""Sums over what was placed: the words of every question, and the smelters that changed."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from minerals.declarations.models import DeclaredSmelter
from minerals.rollup.aggregation import Words, count_words, reply_of
from minerals.rollup.models import Placement, Rollup, RollupAnswer, RollupSmelter
from minerals.rollup.queries.evidence import placed_rows, rows_clause

MANY_KEYS = 200  # beyond this a condition per key costs more than all rows


def key_of(metal: str, smelter_id: int | None, case_id: int | None) -> str:
    """Return what rows that mean the same smelter share: the smelter, the undecided name, or "unidentified"."""
    if smelter_id:
        return f"s{smelter_id}"
    return f"c{case_id}" if case_id else f"u:{metal}"


def sum_rollups(dirty: Mapping[int, Collection[str]]) -> None:
    """Sum what changed in some roll-ups."""
    for rollup in Rollup.objects.filter(pk__in=dirty):
        sum_answers(rollup)
        sum_smelters(rollup, dirty[rollup.pk])


def sum_answers(rollup: Rollup) -> None:
    """Count every supplier once and write the words of every question; also how many suppliers there are."""
    rows = Placement.objects.filter(rollup=rollup).order_by("contribution_id")
    replies: dict[int, list[Words]] = defaultdict(list)
    for supplier, words in rows.values_list("contribution__relationship_id", "contribution__words"):
        replies[supplier].append(words)
    merged = {supplier: reply_of(rollup.template, said) for supplier, said in replies.items()}
    tallies = count_words(rollup.template, merged)
    rollup.answers.all().delete()
    RollupAnswer.objects.bulk_create(
        RollupAnswer(rollup=rollup, question=question, mineral=mineral, words=tally.words, examples=tally.examples)
        for (question, mineral), tally in sorted(tallies.items())
    )
    Rollup.objects.filter(pk=rollup.pk).update(suppliers=len(replies), refreshed_at=timezone.now())


def sum_smelters(rollup: Rollup, keys: Collection[str]) -> None:
    """Sum the rows of these smelters over all placed declarations; of very many, sum all."""
    rows, there = placed_rows(rollup), rollup.smelters.all()
    if len(keys) <= MANY_KEYS:
        rows, there = rows.filter(rows_clause(keys)), there.filter(key__in=keys)
    origins = union_origins(rows)
    sums = [sum_of(group) for group in group_sums(rows)]
    there.delete()
    RollupSmelter.objects.bulk_create(
        (RollupSmelter(rollup=rollup, origins=sorted(origins.get(fields["key"], ())), **fields) for fields in sums),
        batch_size=500,
    )


def by_smelter(rows: QuerySet[DeclaredSmelter]) -> Any:
    """Group rows by what they mean: a smelter, else the name that waits or was decided otherwise, else the metal."""
    unknown = Q(smelter=None)
    return rows.annotate(
        name_case=Case(When(unknown, then=F("case_id")), output_field=BigIntegerField()),
        own_metal=Case(When(unknown & Q(case=None), then=F("metal")), default=Value("")),
    ).values("smelter_id", "name_case", "own_metal")


def group_sums(rows: QuerySet[DeclaredSmelter]) -> QuerySet[DeclaredSmelter, Any]:
    """Return rows, suppliers and what they say of recycling, by smelter; every supplier counts once."""
    supplier = F("edition__declaration__relationship_id")
    sums: QuerySet[DeclaredSmelter, Any] = by_smelter(rows).annotate(
        known_metal=Max(Coalesce("smelter__metal", "case__metal")),
        row_count=Count("pk"),
        supplier_count=Count(supplier, distinct=True),
        named_count=Count(supplier, distinct=True, filter=Q(edition__contributions__placements__whole=False)),
        yes_count=Count(supplier, distinct=True, filter=Q(recycled__iexact="yes")),
        no_count=Count(supplier, distinct=True, filter=Q(recycled__iexact="no")),
    )
    return sums


def sum_of(group: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of one sum."""
    return {
        "key": key_of(group["own_metal"], group["smelter_id"], group["name_case"]),
        "metal": group["own_metal"] or group["known_metal"],
        "smelter_id": group["smelter_id"],
        "case_id": group["name_case"],
        "rows": group["row_count"],
        "suppliers": group["supplier_count"],
        "named_suppliers": group["named_count"],
        "recycled_yes": group["yes_count"],
        "recycled_no": group["no_count"],
    }


def union_origins(rows: QuerySet[DeclaredSmelter]) -> dict[str, set[str]]:
    """Return the countries of origin that any row names, by key."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in (
        by_smelter(rows.exclude(origins=[])).values("own_metal", "smelter_id", "name_case", "origins").distinct()
    ):
        found[key_of(row["own_metal"], row["smelter_id"], row["name_case"])].update(row["origins"])
    return found
