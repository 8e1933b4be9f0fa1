"""RMI's own formulas, recalculated by LibreOffice over blanks that this test fills at random, count what we count.

The templates are not part of the project: without them, or without LibreOffice, there is nothing to compare with.
"""

import random
import shutil
import subprocess
import warnings
from pathlib import Path

import openpyxl
import pytest

from minerals.templates_io.checks import missing_items
from minerals.templates_io.checks.layouts import layout_of
from minerals.templates_io.workbook import read_declaration

# Minutes of a real office program: it runs with the other real programs, not at every change.
pytestmark = pytest.mark.production

SAMPLES = Path(__file__).parents[5] / "shared" / "data" / "minerals"
OFFICE = shutil.which("soffice")
TEXTS = {"contact_email": "contact@parts.example", "authorizer_email": "n/a", "date": "2026-05-10"}
WORDS = {
    "CMRT": ["Yes", "Yes", "Yes", "No", "Unknown", None],
    "EMRT": ["Yes", "Yes", "Yes", "No", "Unknown", "Not declaring", "Not applicable for this declaration", None],
    "AMRT": ["Yes", "No", "Unknown", "Not declaring", None],
}
SCOPES = {
    2: ["A. Company Level", "B. Division Level", "D. Product Level"],
    3: ["A. Company", "B. Product (or List of Products)", "C. User defined [Specify in 'Description of scope']"],
}
# (sample, template, version, count cell, column of the metal in its Smelter List)
BLANKS = [
    ("cmrt-2.03a-en-high-risk", "CMRT", "2.03a", "H52"),
    ("cmrt-3.01-en-green", "CMRT", "3.01", "H63"),
    ("cmrt-6.22-zh-blank", "CMRT", "6.22", "H70"),
    ("cmrt-6.5-en-blank", "CMRT", "6.5", "H70"),
    ("emrt-1.3-zh-blank", "EMRT", "1.3", "H65"),
    ("emrt-2.0-en-blank", "EMRT", "2.0", "H125"),
    ("amrt-1.21-en-blank", "AMRT", "1.21", "H50"),
]
SEEDS = [1]
MINERALS = {
    "EMRT 2.0": ("Cobalt", "Copper", "Graphite", "Lithium", "Mica", "Nickel"),
    "AMRT 1.21": (
        "Aluminum",
        "Chromium",
        "Iron/ Steel",
        "Magnesium",
        "Palladium",
        "Silicon",
        "Silver",
        "Titanium",
        "Zinc",
    ),
}


def fill_blank(path, target, template, version, seed):
    """Write random answers over a template; a cell is left empty now and then."""
    chance = random.Random(f"{path.stem} {seed}")
    layout = layout_of(template, version)
    minerals = layout.minerals or MINERALS[f"{template} {version}"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    sheet = book["Declaration"]
    for field, row in layout.company.items():
        if field not in {"minerals", "others", "scope"}:
            sheet[f"D{row}"] = chance.choice([TEXTS.get(field, "Example"), TEXTS.get(field, "Example"), None])
    sheet[f"D{layout.company['scope']}"] = chance.choice([*SCOPES[2 if version.startswith("2.03") else 3], None])
    for row in layout.questions.values():
        for place, _mineral in enumerate(minerals, start=1):
            sheet[f"D{row + place}"] = chance.choice(WORDS[template])
    for letter, row in layout.letters.items():
        rows = range(row + 1, row + 1 + len(minerals)) if letter == layout.per_mineral else [row]
        for one in rows:
            sheet[f"D{one}"] = chance.choice(["Yes", "Yes", "No", None])
        if letter != layout.per_mineral:
            sheet[f"G{row}"] = chance.choice(["http://parts.example", "www.parts.example", "x", None])
    book["Product List"]["B6"] = chance.choice(["P-1", None])
    fill_smelters(book["Smelter List"], layout.smelters.columns, minerals, chance)
    book.save(target)


def fill_smelters(sheet, columns, minerals, chance):
    """Write a few rows of smelters, some of them unlisted and without a name or a country."""
    for row in range(5, 15):
        values = dict.fromkeys(("metal", "lookup", "name", "country"))
        if chance.random() < 0.4:
            values["metal"] = chance.choice(minerals)
            values["lookup"] = chance.choice(["Example Works", "Smelter not listed", None])
            values["name"] = chance.choice(["Example Works", None])
            values["country"] = chance.choice(["MALAYSIA", None])
        for field, value in values.items():
            if field in columns:
                sheet[f"{columns[field]}{row}"] = value


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory):
    """Return {(sample, seed): path} of filled templates that LibreOffice has calculated anew."""
    if not SAMPLES.is_dir():
        pytest.skip("The RMI templates are not part of the project and not beside it.")
    if not OFFICE:
        pytest.skip("LibreOffice is not installed, so nothing can recalculate the templates.")
    folder, out = tmp_path_factory.mktemp("filled"), tmp_path_factory.mktemp("recalculated")
    for name, template, version, _cell in BLANKS:
        for seed in SEEDS:
            fill_blank(SAMPLES / f"{name}.xlsx", folder / f"{name}-{seed}.xlsx", template, version, seed)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    files = sorted(str(file) for file in folder.glob("*.xlsx"))
    subprocess.run(
        [OFFICE, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *files],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return {(name, seed): out / f"{name}-{seed}.xlsx" for name, *_rest in BLANKS for seed in SEEDS}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "template", "version", "cell"), BLANKS, ids=[blank[0] for blank in BLANKS])
def test_missing_is_what_the_formulas_count(recalculated, name, template, version, cell, seed):
    content = recalculated[name, seed].read_bytes()
    declared = read_declaration(content)
    checker = openpyxl.load_workbook(recalculated[name, seed], data_only=True, read_only=True)["Checker"]

    assert (declared.template, declared.version) == (template, version)
    assert len(missing_items(declared)) == int(checker[cell].value)
