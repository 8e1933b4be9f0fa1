"""Rules about countries of origin. The country of a smelter is never taken for one."""

from collections.abc import Iterator

from minerals.origins.core import Origins, country_code
from minerals.templates_io.checks.case import Case
from minerals.templates_io.checks.codes import raise_issue
from minerals.templates_io.document import Issue, SmelterRow
from minerals.templates_io.enums import Word

_RECYCLED_WORDS = frozenset({"yes"})
# So many rows that all name the smelter's own country are hardly mines.
_FEW_ROWS = 3


def check_covered(case: Case) -> Iterator[Issue]:
    """A covered country behind a No to the questions about covered or high-risk countries."""
    for mineral in case.used():
        role = next((role for role in ("covered", "cahra") if case.word(role, mineral) == Word.NO), "")
        if not role:
            continue
        for place, said in _said(case, mineral):
            if said.covered:
                params = {"metal": mineral, "country": _covered_of(case, said), "question": case.own_number(role)}
                yield raise_issue("covered_despite_no", place, **params)


def check_risky(case: Case) -> Iterator[Issue]:
    """A country of the company's own lists behind a No to the question about high-risk areas."""
    for mineral in case.used():
        if case.word("cahra", mineral) != Word.NO:
            continue
        for place, said in _said(case, mineral):
            codes = [code for code in said.countries if code in case.areas.risky and code not in case.areas.covered]
            if codes:
                params = {"metal": mineral, "country": ", ".join(codes), "question": case.own_number("cahra")}
                yield raise_issue("risky_despite_no", place, **params)


def _said(case: Case, mineral: str) -> Iterator[tuple[str, Origins]]:
    """Yield every text of a mineral that may name an origin, with its cell."""
    for row in case.named(mineral):
        yield case.row_place("mine_countries", row), case.origins(row.mine_countries)
        yield case.row_place("comments", row), case.origins(row.comments)
    for mine in case.declared.mines:
        if mine.metal.strip().casefold() == mineral.casefold():
            yield f"Mine List!F{mine.row}", case.origins(mine.country)
            yield f"Mine List!M{mine.row}", case.origins(mine.comments)
    for role in ("covered", "cahra"):
        answer = case.answer(role, mineral)
        if answer.comment.strip():
            cell = case.place(role, mineral).replace("!D", "!G")
            yield cell, case.origins(answer.comment)


def _covered_of(case: Case, said: Origins) -> str:
    """Return the codes of the covered countries that were named; empty where they were named as a group."""
    return ", ".join(code for code in said.countries if code in case.areas.covered)


def check_recycled(case: Case) -> Iterator[Issue]:
    """All from scrap by one answer, and rows that say otherwise; or the other way round."""
    for mineral in case.used():
        rows = [row for row in case.named(mineral) if not row.is_unidentified]
        word, place = case.word("recycled", mineral), case.place("recycled", mineral)
        params = {"metal": mineral, "question": case.own_number("recycled")}
        if word == Word.YES:
            for row in rows:
                if row.recycled.strip().casefold() == "no" or _names_mine(case, row):
                    cell = case.row_place("recycled", row)
                    yield raise_issue("recycled_contradicted", cell, smelter=_name(row), **params)
        elif word == Word.NO and rows and all(_is_recycled(row) for row in rows):
            yield raise_issue("recycled_rows_say_yes", place, **params)


def check_scrap_rows(case: Case) -> Iterator[Issue]:
    """A smelter fed by scrap alone has no mine (instructions 13 to 15 of the Smelter List)."""
    for row in case.declared.smelters:
        if _is_recycled(row) and _names_mine(case, row):
            params = {"metal": row.metal, "smelter": _name(row)}
            yield raise_issue("recycled_with_mine", case.row_place("mines", row), **params)


def check_unread(case: Case) -> Iterator[Issue]:
    """Countries of mines that could not be read, so that nothing was checked of them."""
    for row in case.declared.smelters:
        unread = case.origins(row.mine_countries).unread
        if unread:
            place = case.row_place("mine_countries", row)
            yield raise_issue("origin_unread", place, text=unread, smelter=_name(row))


def check_own_country(case: Case) -> Iterator[Issue]:
    """Every mine of a mineral in the country of its smelter: the classic mistake."""
    for mineral in case.used():
        rows = [row for row in case.named(mineral) if case.origins(row.mine_countries).countries]
        same = [row for row in rows if case.origins(row.mine_countries).countries == (_country(case, row),)]
        if len(rows) >= _FEW_ROWS and len(same) == len(rows):
            params = {"metal": mineral, "rows": str(len(rows))}
            yield raise_issue("origin_is_smelter_country", case.row_place("mine_countries", rows[0]), **params)


def _country(case: Case, row: SmelterRow) -> str:
    return country_code(row.country, case.areas)


def _is_recycled(row: SmelterRow) -> bool:
    return row.recycled.strip().casefold() in _RECYCLED_WORDS


def _names_mine(case: Case, row: SmelterRow) -> bool:
    """Whether a row names a mine or its country: neither empty, nor scrap, nor a word that says nothing."""
    for text in (row.mines, row.mine_countries):
        said = case.origins(text)
        if (said.countries or said.unread) and not said.recycled:
            return True
    return False


def _name(row: SmelterRow) -> str:
    return row.standard_name or row.name or row.lookup or row.cid
