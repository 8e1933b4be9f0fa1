"""Facts for workbooks: words, sentences and the template in every language."""

import pytest
from django.conf import settings
from django.utils import translation

from suppliers.organisations.enums import EndReason, Sector
from suppliers.organisations.reports import (
    EXAMPLE,
    LABELS,
    MEANINGS,
    PROBLEMS,
    import_lists,
    problem_text,
    template_sheets,
)
from suppliers.organisations.workbook import COLUMNS, LIST_CODES, fold, read_headers

LANGUAGES = [code for code, _name in settings.LANGUAGES]
PARAMS = {"limit": 40, "low": 1, "high": 9, "first_row": 2, "first": "Alpha"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_problem_has_a_sentence_that_can_be_filled_in(code: str, language: str) -> None:
    with translation.override(language):
        text = problem_text(code, PARAMS)
    assert text and "%(" not in text


def test_every_code_of_the_core_has_a_sentence() -> None:
    core = {"required", "too_long", "date", "tier", "spend", "workers", "email", "reason_missing", "end_missing"}
    core |= {"end_before_start", "differs", "duplicate_site", "site_name_missing", "unknown_column"}
    core |= {"duplicate_column", "missing_column", "no_rows", *LIST_CODES.values()}
    assert core == set(PROBLEMS)


def test_every_column_has_a_label_and_a_meaning() -> None:
    assert tuple(LABELS) == tuple(MEANINGS) == COLUMNS
    assert set(EXAMPLE) <= set(COLUMNS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_template_has_the_stable_headers_and_the_words_in_the_language(language: str) -> None:
    with translation.override(language):
        table, explanation, words = template_sheets()
        rows = list(words.rows)
        assert tuple(table.headers) == COLUMNS
        assert [row[0] for row in explanation.rows] == [*COLUMNS, "#"]
        assert ("sector", Sector.METALS.value, str(Sector.METALS.label)) in rows
        assert ("end_reason", EndReason.SOCIAL.value, str(EndReason.SOCIAL.label)) in rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_and_words_in_the_language_are_understood(language: str) -> None:
    lists = import_lists()
    with translation.override(language):
        headers = [str(label) for label in LABELS.values()]
        columns, problems = read_headers(headers, 1, lists)
        assert (list(columns.values()), problems) == (list(COLUMNS), [])
        assert [lists.sectors[fold(str(sector.label))] for sector in Sector] == [sector.value for sector in Sector]
        assert [lists.end_reasons[fold(str(reason.label))] for reason in EndReason] == [r.value for r in EndReason]
