"""The roll-up at the size of a large buyer: everything counted, one change, and the pages that read it."""

import random
import time
from datetime import date

from django.db import connection
from django.urls import reverse

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration, DeclaredAnswer, DeclaredSmelter, Edition
from minerals.rollup.services import refresh_rollup
from minerals.smelters.enums import Status
from minerals.smelters.models import Smelter
from minerals.templates_io.document import CMRT_MINERALS, CMRT_QUESTIONS
from suppliers.organisations.models import Relationship, Site
from tests.benchmarks.measuring import Cost, Line, bare_sql, cost_of, fetch, milliseconds, queries_of
from tests.benchmarks.pages import page_line, signed_in
from tests.benchmarks.world import BATCH, World

FULL_DECLARATIONS, ROWS_EACH, SMELTERS = 1_874, 40, 400
WORDS = ("yes", "yes", "no", "no", "no", "all", "yes", "yes")


def grow_declarations(world: World) -> int:
    """Add accepted declarations with their rows and answers; return how many."""
    draw = random.Random(11)
    total = min(FULL_DECLARATIONS, max(12, world.size))
    bonds = list(Relationship.objects.filter(buyer=world.buyer).order_by("pk")[:total])
    sites = dict(Site.objects.order_by("-pk").values_list("organisation_id", "pk"))
    smelters = Smelter.objects.bulk_create(build_smelter(world, number) for number in range(SMELTERS))
    for first in range(0, len(bonds), BATCH):
        add_declarations(
            [bond for bond in bonds[first : first + BATCH] if bond.supplier_id in sites], sites, smelters, draw
        )
    return len(bonds)


def build_smelter(world: World, number: int) -> Smelter:
    return Smelter(
        owner=world.buyer, metal=CMRT_MINERALS[number % 4], cid=f"CID9{number:05d}", name=f"Example Works {number}",
        country="MY", status=list(Status)[number % len(Status)],
    )  # fmt: skip


def add_declarations(
    bonds: list[Relationship], sites: dict[int, int], smelters: list[Smelter], draw: random.Random
) -> None:
    rows = Declaration.objects.bulk_create(
        Declaration(
            relationship=bond, site_id=sites[bond.supplier_id], template="CMRT", year=2026, title="Minerals 2026",
            state=DeclarationState.ACCEPTED, version="6.5", scope="company", effective_on=date(2026, 5, 1),
        )
        for bond in bonds
    )  # fmt: skip
    editions = Edition.objects.bulk_create(
        Edition(declaration=row, number=1, way="upload", sha256=f"{row.pk:064d}", template="CMRT", version="6.5")
        for row in rows
    )
    for row, edition in zip(rows, editions, strict=True):
        row.current = edition
    Declaration.objects.bulk_update(rows, ["current"])
    DeclaredAnswer.objects.bulk_create(
        (
            DeclaredAnswer(edition=edition, question=question, mineral=mineral, word=word)
            for edition in editions
            for mineral in CMRT_MINERALS
            for question, word in zip(CMRT_QUESTIONS, WORDS, strict=True)
        ),
        batch_size=BATCH,
    )
    DeclaredSmelter.objects.bulk_create(
        (
            DeclaredSmelter(
                edition=edition, row=place, metal=smelter.metal, cid=smelter.cid, name=smelter.name, smelter=smelter,
                recycled=draw.choice(("Yes", "No", "")), origins=draw.choice(([], ["MY"], ["CD", "RW"])),
            )
            for edition in editions
            for place, smelter in enumerate(some_smelters(smelters, draw), start=5)
        ),
        batch_size=BATCH,
    )  # fmt: skip


def some_smelters(smelters: list[Smelter], draw: random.Random) -> list[Smelter]:
    """A few that nearly everybody names, and others by chance."""
    return smelters[: ROWS_EACH // 4] + draw.sample(smelters[ROWS_EACH // 4 :], ROWS_EACH - ROWS_EACH // 4)


def measure_rollup(world: World, rounds: int) -> list[Line]:
    """Count everything, then one change, then the pages."""
    rows = DeclaredSmelter.objects.count()
    floor = bare_sql(["SELECT smelter_id, COUNT(*) FROM declarations_declaredsmelter GROUP BY smelter_id"], rounds)
    full = once()
    lines = [line_of("roll up all declarations", rows, floor, full, "<= 10 s", full.wall <= 10)]
    one = Declaration.objects.order_by("pk").values_list("pk", flat=True)[:1]
    changes = []
    for _round in range(min(rounds, 5)):
        Declaration.objects.filter(pk__in=list(one)).update(counted=False)
        changes.append(once())
    change = min(changes, key=lambda cost: cost.wall)
    lines.append(line_of("roll up one change", rows, floor, change, "<= 1 s", change.wall <= 1))
    return lines + [measure_page(world, name, rounds) for name in ("minerals", "rollup_detail", "rollup_evidence")]


def once() -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    refresh_rollup()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)


def line_of(what: str, rows: int, floor: Cost, ours: Cost, bar: str, met: bool) -> Line:
    return Line(
        what, f"GROUP BY of {rows} rows, {connection.vendor}", milliseconds(floor.wall), milliseconds(ours.wall),
        ours.wall / floor.wall, 1000 * ours.cpu, None, [(bar, met)],
    )  # fmt: skip


def measure_page(world: World, name: str, rounds: int) -> Line:
    query = {"template": "CMRT", "question": "3", "mineral": "Tin"} if name == "rollup_evidence" else None
    client, path = signed_in(world.erin), reverse(name, query=query)
    statements = queries_of(client, path)
    floor, ours = bare_sql(statements, rounds), cost_of(lambda: fetch(client, path), rounds)
    bars = [("<= 200 ms CPU", ours.cpu <= 0.2)]
    return page_line(f"page {name}", floor, ours, ours.wall / floor.wall, statements, bars)
