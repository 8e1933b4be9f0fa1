"""What holds for every template: no inline style or script, known icons, a sane size."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LINES_OF_ICONS = (ROOT / "static" / "icons.txt").read_text(encoding="utf-8").splitlines()
ICONS = [line for line in LINES_OF_ICONS if line and not line.startswith("#")]
LINES = 250
PAGES = [path for path in TEMPLATES if path.parent.name != "emails"]  # mail readers know no style sheets
relative = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_has_no_inline_style_script_or_handler(path):
    text = path.read_text(encoding="utf-8")
    source = re.sub(r"{% comment %}.*?{% endcomment %}|{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    assert (
        re.findall(
            r"\sstyle=|\son[a-z]+=\"|<style\b|<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>|javascript:",
            source,
        )
        == []
    )


@relative
def test_template_names_only_icons_that_are_fetched(path):
    used = set(re.findall(r"{% icon \"([^\"]+)\"", path.read_text(encoding="utf-8")))
    assert used - set(ICONS) == set()


@relative
def test_template_is_not_longer_than_a_reader_bears(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES


def test_icon_list_is_sorted_and_without_doubles():
    assert sorted(set(ICONS)) == ICONS
