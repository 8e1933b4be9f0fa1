"""The interface speaks every language it offers: nothing is missing, nothing is a guess, no placeholder is lost."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CATALOGUES = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))
ENTRY = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:"(?:[^"\\]|\\.)*"\n?)+)', re.MULTILINE)
PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def read_entries(path):
    """Return [(msgid, [translations])], the header left out."""
    found = []
    for block in path.read_text(encoding="utf-8").split("\n\n")[1:]:
        if block.startswith("#~"):
            continue
        parts = [(key, "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))) for key, text in ENTRY.findall(block + "\n")]
        texts = [text for key, text in parts if key.startswith("msgstr")]
        source = [text for key, text in parts if key.startswith("msgid")]
        if source:
            found.append((source[-1], texts, "fuzzy" in block.split("msgid")[0]))
    return found


def test_catalogues_exist_for_every_language():
    offered = {code.replace("zh-hans", "zh_Hans") for code, _name in settings.LANGUAGES} - {"en"}
    assert {path.parts[-3] for path in CATALOGUES} == offered


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_catalogue_is_complete(path):
    entries = read_entries(path)
    assert len(entries) > 1000
    assert [source for source, texts, fuzzy in entries if fuzzy or not texts or not all(texts)] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_catalogue_keeps_the_placeholders(path):
    lost = [
        source
        for source, texts, _fuzzy in read_entries(path)
        for text in texts
        if set(PLACE.findall(source)) != set(PLACE.findall(text))
    ]
    assert lost == []


ROOMS = ("portal", "suppliers", "minerals", "assessments")
ALIAS = re.compile(r"import (?:\w+, )*n?p?gettext\w* as (\w+)")


def test_no_text_is_marked_by_a_name_the_collector_does_not_know():
    sources = [path for room in ROOMS for path in (Path(settings.BASE_DIR) / room).rglob("*.py")]
    aliases = {alias for path in sources for alias in ALIAS.findall(path.read_text(encoding="utf-8"))}

    assert aliases == {"_"}
