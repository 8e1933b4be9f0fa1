"""The consolidated list of smelters as rows of a template, and the mines behind them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

import msgspec
from django.db.models import Q, QuerySet
from django.utils import translation
from django_countries import countries

from minerals.declarations.models import DeclaredSmelter, Edition
from minerals.rollup.aggregation import recycled_word, shorten
from minerals.rollup.enums import Recycled
from minerals.rollup.models import Rollup, RollupSmelter
from minerals.smelters.enums import CaseState
from minerals.smelters.matching import fold_name, is_junk
from minerals.templates_io.document import MineRow, SmelterRow

UNLISTED, UNIDENTIFIED = "Smelter not listed", "Smelter not yet identified"  # as the templates spell them
RECYCLED = {Recycled.YES: "Yes", Recycled.NO: "No", Recycled.MIXED: "No", Recycled.UNKNOWN: "Unknown"}
OVER_REPORTED = "Named in company-level declarations only, may not be in our products."
MinePlace = tuple[str, str]  # mine, country, as suppliers wrote them


def listed_smelters(rollup: Rollup | None) -> QuerySet[RollupSmelter]:
    """Return what belongs into the company's list: smelters, names kept as unknown, rows without a name.

    Names that wait for a decision stay out, and those rejected with a reason.
    """
    rows = RollupSmelter.objects.filter(rollup=rollup) if rollup else RollupSmelter.objects.none()
    wanted = Q(smelter__isnull=False) | Q(case=None) | Q(case__state=CaseState.UNKNOWN)
    return rows.filter(wanted).select_related("smelter", "case")


def consolidated_rows(rollup: Rollup | None, minerals: Collection[str]) -> list[SmelterRow]:
    """Return the rows of the list, smelters first, then one row for each mine that somebody names."""
    found = list(listed_smelters(rollup).filter(metal__in=minerals))
    order = {mineral: place for place, mineral in enumerate(minerals)}
    found.sort(key=lambda row: (order[row.metal], row.smelter is None, row.case is None, name_of(row), row.key))
    mines = named_mines(rollup)
    with translation.override("en"):
        heads = [list(rows_of(row, sorted(mines.get(row.key, ())))) for row in found]
    # Should the sheet run full, the smelters themselves go before the second mine of one of them.
    return [rows[0] for rows in heads] + [row for rows in heads for row in rows[1:]]


def name_of(row: RollupSmelter) -> str:
    """Return the name a sum stands under."""
    return row.smelter.name if row.smelter else row.case.name if row.case else ""


def rows_of(row: RollupSmelter, mines: list[MinePlace]) -> Iterator[SmelterRow]:
    """Return the row of one smelter with all its countries of origin, and a row of its own for each further mine."""
    origins = ", ".join(sorted(str(countries.name(code)) or code for code in row.origins))
    head = head_of(row)
    first = mines[0] if len(mines) == 1 else ("", "")
    yield msgspec.structs.replace(head, mines=first[0], mine_countries=origins or first[1])
    for mine, country in mines if len(mines) > 1 else ():
        yield msgspec.structs.replace(head, mines=mine, mine_countries=country)


def head_of(row: RollupSmelter) -> SmelterRow:
    """Return what every row of a smelter has in common."""
    counted = f"{row.suppliers} supplier{'' if row.suppliers == 1 else 's'}."
    comments = shorten(f"{counted} {OVER_REPORTED}" if row.only_whole else counted)
    recycled = RECYCLED[Recycled(recycled_word(row.recycled_yes, row.recycled_no))]
    if row.smelter:
        return SmelterRow(
            row=0,
            metal=row.metal,
            lookup=row.smelter.name,
            name=row.smelter.name,
            standard_name=row.smelter.name,
            country=row.smelter.country_text or str(row.smelter.country.name).upper(),
            cid=row.smelter.cid,
            cid_input=row.smelter.cid,
            city=row.smelter.city,
            state=row.smelter.state_text,
            recycled=recycled,
            comments=comments,
            listed=True,
        )
    if row.case:
        name, country = row.case.name, row.case.country_text
        return SmelterRow(
            row=0, metal=row.metal, lookup=UNLISTED, name=name, country=country, recycled=recycled, comments=comments
        )
    return SmelterRow(row=0, metal=row.metal, lookup=UNIDENTIFIED, recycled=recycled, comments=comments)


def named_mines(rollup: Rollup | None) -> dict[str, set[MinePlace]]:
    """Return the mines that suppliers name, by key; two spellings of one name are one mine, "n/a" is none."""
    if rollup is None:
        return {}
    rows = DeclaredSmelter.objects.filter(edition__contributions__placements__rollup=rollup).exclude(mines="")
    named = rows.order_by("mines", "mine_countries").values_list("smelter_id", "case_id", "mines", "mine_countries")
    found: dict[str, dict[tuple[str, str], MinePlace]] = defaultdict(dict)
    for smelter_id, case_id, mines, places in named.distinct():
        folded = fold_name(mines)
        if (smelter_id or case_id) and not is_junk(folded):
            key = f"s{smelter_id}" if smelter_id else f"c{case_id}"
            found[key].setdefault((folded, fold_name(places)), (mines[:250], places[:250]))
    return {key: set(spots.values()) for key, spots in found.items()}


def consolidated_mines(rollup: Rollup | None, minerals: Collection[str]) -> tuple[MineRow, ...]:
    """Return the mine lists of all editions as one, each mine of a smelter once."""
    if rollup is None:
        return ()
    editions = Edition.objects.filter(contributions__placements__rollup=rollup).exclude(content__mines=[])
    found: dict[tuple[str, ...], MineRow] = {}
    for mines in editions.order_by("pk").values_list("content__mines", flat=True).iterator(500):
        for mine in msgspec.convert(mines or [], list[MineRow]):
            if mine.metal in minerals and mine.name.strip():
                facts = (mine.metal, fold_name(mine.smelter), fold_name(mine.name), fold_name(mine.country))
                found.setdefault(facts, mine)
    return number_mines(found[facts] for facts in sorted(found))


def number_mines(mines: Iterable[MineRow]) -> tuple[MineRow, ...]:
    """Give the mines their places in the sheet, below its head."""
    return tuple(msgspec.structs.replace(mine, row=5 + place, comments="") for place, mine in enumerate(mines))
