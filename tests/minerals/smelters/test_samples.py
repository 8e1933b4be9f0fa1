"""Against the official blanks, where they are: what their look-up lists hold, and that every name finds its smelter."""

from collections import Counter
from pathlib import Path

import pytest

from minerals.smelters.matching import Asked, Known, KnownName, Registry, fold_name
from minerals.smelters.queries.lists import country_words
from minerals.smelters.workbook import read_looked_up
from minerals.templates_io.workbook import read_declaration

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "minerals"


@pytest.mark.parametrize(
    ("file", "counts", "names"),
    [
        ("cmrt-6.5-en-blank.xlsx", {"Gold": 182, "Tantalum": 35, "Tin": 73, "Tungsten": 59}, 0),
        ("cmrt-6.22-zh-blank.xlsx", {"Gold": 178, "Tantalum": 37, "Tin": 83, "Tungsten": 52}, 0),
        ("emrt-2.0-en-blank.xlsx", {"Cobalt": 105, "Copper": 66, "Lithium": 46, "Mica": 30, "Nickel": 40}, 0),
        ("emrt-1.3-zh-blank.xlsx", {"Cobalt": 96, "Mica": 30}, 2),  # one legal name with two ids: for a person
    ],
)
def test_the_look_up_list_of_a_template_is_a_registry(file, counts, names):
    if not SAMPLES.is_dir():
        pytest.skip("The sample templates are not here; they are not part of the project.")
    reading = read_looked_up(read_declaration((SAMPLES / file).read_bytes()).lookup, country_words())
    assert dict(Counter(metal for metal, _cid in reading.entries)) == counts
    assert (reading.faults, reading.strange) == ([], set())
    entries = list(reading.entries.values())
    named = [(place, name) for place, one in enumerate(entries) for name in (one.name, *one.names)]
    registry = Registry(
        [Known(place, one.metal, one.cid, one.name) for place, one in enumerate(entries)],
        [KnownName(place, fold_name(name), "lookup") for place, name in named],
    )
    doubtful = [name for place, name in named if not registry.find(Asked(entries[place].metal, "", (name,)))]
    assert len(doubtful) == names
