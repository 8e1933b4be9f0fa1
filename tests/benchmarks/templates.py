"""Reading templates: against python-calamine on the same sheets, and whether a worker that reads many keeps its size."""

import io
import itertools
from pathlib import Path

import python_calamine as calamine
from django.conf import settings

from minerals.templates_io.workbook import build_workbook, read_declaration
from tests.benchmarks.measuring import Line, cost_of, milliseconds
from tests.minerals.world import make_declared, make_smelter_row

SAMPLES = Path(settings.BASE_DIR).parent / "shared" / "data" / "minerals"
# The sheets that a reader needs, whatever it makes of them; K only where there is no newer look-up list.
NEEDED = (
    "Declaration",
    "Smelter List",
    "Mine List",
    "Product List",
    "Checker",
    "Smelter Look-up",
    "Standard Smelter Names",
)
MANY = 1_000
PAGE = 4096


def measure_templates(rounds: int, *, small: bool) -> list[Line]:
    """Read every real file there is (.xlsx), else one of our own with as many smelters as large ones have."""
    files = [path.read_bytes() for path in sorted(SAMPLES.glob("*.xlsx"))] if SAMPLES.is_dir() else [own_file()]
    what = f"read {len(files)} templates" if SAMPLES.is_dir() else "read one template of our own"
    floor = cost_of(lambda: [read_bare(content) for content in files], rounds)
    ours = cost_of(lambda: [read_declaration(content) for content in files], rounds)
    ratio = ours.cpu / floor.cpu
    return [
        Line(
            what, "python-calamine, the same sheets", milliseconds(floor.cpu), milliseconds(ours.cpu), ratio,
            1000 * ours.cpu / len(files), 0, [("<= 2 x", ratio <= 2)],
        ),
        measure_memory(files, 2 * len(files) if small else MANY),
    ]  # fmt: skip


def measure_memory(files: list[bytes], many: int) -> Line:
    """Read many files in this process and compare its size after the first tenth and at the end."""
    early = late = 0.0
    for count, content in enumerate(itertools.islice(itertools.cycle(files), many), start=1):
        read_declaration(content)
        if count == max(many // 10, 1):
            early = resident_megabytes()
    late = resident_megabytes()
    met = [("<= 10 MB more", late - early <= 10)] if many == MANY else []
    return Line(
        f"memory after {many} templates", f"after {max(many // 10, 1)}", f"{early:.0f} MB", f"{late:.0f} MB",
        late / early, None, 0, met,
    )  # fmt: skip


def resident_megabytes() -> float:
    """What this process holds in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


def read_bare(content: bytes) -> None:
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    older = ("K",) if "Smelter Look-up" not in book.sheet_names else ()
    for name in (*NEEDED, *older):
        if name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def own_file() -> bytes:
    rows = [make_smelter_row(5 + place, lookup=f"Example {place}", cid=f"CID9{place:05}") for place in range(300)]
    return build_workbook(make_declared(smelters=rows))
