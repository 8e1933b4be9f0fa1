"""The supplier table: what is read, what is wrong with it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.workbook import Row
from suppliers.organisations.reports import PROBLEMS, import_lists, problem_text
from suppliers.organisations.workbook import (
    COLUMNS,
    CellProblem,
    Reading,
    fold,
    read_headers,
    read_row,
)

GOOD = {
    "vendor_code": "V-1",
    "supplier_name": "Alpha",
    "supplier_country": "TH",
    "business_unit": "Imaging",
    "region": "Asia",
    "category": "Parts",
    "tier": 2,
    "spend": "2,500,000",
    "started_on": "2020-04-01",
    "site_code": "A",
    "site_name": "Alpha plant",
    "site_city": "Rayong",
    "sector": "plastics",
    "workers": "1,200",
    "contact_name": "Somchai",
    "contact_email": "a@alpha.example",
    "contact_language": "th",
}


def read(*rows: dict, given: tuple[str, ...] = COLUMNS) -> Reading:
    lists = import_lists()
    columns = dict(enumerate(given))
    reading = Reading(given=frozenset(given))
    for number, row in enumerate(rows, start=2):
        read_row(reading, Row(number, [row.get(name) for name in given]), columns, lists)
    return reading


def test_good_row_becomes_a_supplier_with_a_site() -> None:
    reading = read(GOOD)

    assert reading.problems == []
    supplier = reading.suppliers["V-1"]
    assert supplier.values == {
        "vendor_code": "V-1",
        "supplier_name": "Alpha",
        "supplier_country": "TH",
        "business_unit": "Imaging",
        "region": "Asia",
        "category": "Parts",
        "tier": 2,
        "spend": 2_500_000,
        "started_on": date(2020, 4, 1),
        "ended_on": None,
        "end_reason": None,
    }
    assert supplier.sites["A"].values == {
        "site_code": "A",
        "site_name": "Alpha plant",
        "site_country": "TH",
        "site_city": "Rayong",
        "site_address": None,
        "sector": "plastics",
        "workers": 1200,
        "contact_name": "Somchai",
        "contact_email": "a@alpha.example",
        "contact_language": "th",
    }


def test_rows_of_one_vendor_code_are_one_supplier_with_many_sites() -> None:
    second = {"vendor_code": "V-1", "site_code": "B", "site_name": "Other plant", "site_country": "Viet Nam"}
    reading = read(GOOD, second)

    assert (reading.problems, reading.rows) == ([], 2)
    assert list(reading.suppliers) == ["V-1"]
    assert [site.values["site_country"] for site in reading.suppliers["V-1"].sites.values()] == ["TH", "VN"]


def test_row_without_site_columns_is_a_supplier_only() -> None:
    reading = read({"vendor_code": 1001, "supplier_name": "Alpha", "supplier_country": "Japan"})
    assert {code: record.sites for code, record in reading.suppliers.items()} == {"1001": {}}


def test_examples_and_empty_rows_are_passed_over() -> None:
    reading = read({**GOOD, "vendor_code": "# V-1", "supplier_country": "nowhere"}, {}, GOOD)
    assert (reading.rows, list(reading.suppliers), reading.problems) == (1, ["V-1"], [])


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"vendor_code": None}, ("vendor_code", "", "required", {})),
        ({"supplier_name": None}, ("supplier_name", "", "required", {})),
        ({"supplier_country": None}, ("supplier_country", "", "required", {})),
        ({"vendor_code": "x" * 41}, ("vendor_code", "x" * 41, "too_long", {"limit": 40})),
        ({"supplier_name": "x" * 201}, ("supplier_name", "x" * 200, "too_long", {"limit": 200})),
        ({"supplier_country": "Atlantis"}, ("supplier_country", "Atlantis", "country", {})),
        ({"site_country": "ZZ"}, ("site_country", "ZZ", "country", {})),
        ({"tier": 0}, ("tier", "0", "tier", {"low": 1, "high": 9})),
        ({"tier": 10}, ("tier", "10", "tier", {"low": 1, "high": 9})),
        ({"tier": "first"}, ("tier", "first", "tier", {"low": 1, "high": 9})),
        ({"tier": 1.5}, ("tier", "1.5", "tier", {"low": 1, "high": 9})),
        ({"started_on": "01/04/2020"}, ("started_on", "01/04/2020", "date", {})),
        ({"started_on": 43922}, ("started_on", "43922", "date", {})),
        ({"started_on": date(1066, 1, 1)}, ("started_on", "1066-01-01", "date", {})),
        ({"ended_on": "2021-01-01"}, ("end_reason", "", "reason_missing", {})),
        ({"end_reason": "closed"}, ("ended_on", "", "end_missing", {})),
        ({"ended_on": "2019-01-01", "end_reason": "closed"}, ("ended_on", "2019-01-01", "end_before_start", {})),
        ({"ended_on": "2021-01-01", "end_reason": "bored"}, ("end_reason", "bored", "end_reason", {})),
        ({"sector": "magic"}, ("sector", "magic", "sector", {})),
        ({"workers": "many"}, ("workers", "many", "workers", {"low": 0, "high": 10_000_000})),
        ({"workers": -1}, ("workers", "-1", "workers", {"low": 0, "high": 10_000_000})),
        ({"contact_email": "nobody"}, ("contact_email", "nobody", "email", {})),
        ({"contact_email": "a@b.example, c@d.example"}, ("contact_email", "a@b.example, c@d.example", "email", {})),
        ({"contact_language": "Klingon"}, ("contact_language", "Klingon", "language", {})),
        ({"site_name": None}, ("site_name", "", "site_name_missing", {})),
    ],
)
def test_each_wrong_cell_is_named(cells: dict, problem: tuple) -> None:
    assert read({**GOOD, **cells}).problems == [CellProblem(2, *problem)]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"supplier_name": "Beta"}, ("supplier_name", "Beta", "differs", {"first_row": 2, "first": "Alpha"})),
        ({"tier": 3}, ("tier", "3", "differs", {"first_row": 2, "first": "2"})),
        ({"site_code": "A"}, ("site_code", "A", "duplicate_site", {"first_row": 2})),
    ],
)
def test_rows_that_contradict_each_other_are_named(cells: dict, problem: tuple) -> None:
    assert read(GOOD, {**GOOD, "site_code": "B", **cells}).problems == [CellProblem(3, *problem)]


def test_all_wrong_cells_of_a_row_are_named_at_once() -> None:
    problems = read({**GOOD, "supplier_country": "x", "tier": "y", "contact_email": "z"}).problems
    assert [problem.column for problem in problems] == ["supplier_country", "tier", "contact_email"]


@pytest.mark.parametrize(
    ("word", "country"),
    [
        ("th", "TH"), ("THA", "TH"), ("Thailand", "TH"), ("タイ", "TH"), ("泰国", "TH"), ("ไทย", "TH"),
        ("Viet Nam", "VN"), ("Vietnam", "VN"), ("ベトナム", "VN"), ("Taiwan", "TW"), ("台湾", "TW"),
        ("South Korea", "KR"), ("Korea, Republic of", "KR"), ("ＪＡＰＡＮ", "JP"), ("日本", "JP"), ("U.S.A.", "US"),
        ("Côte d’Ivoire", "CI"), ("中国", "CN"), ("香港", "HK"),
    ],
)  # fmt: skip
def test_countries_are_known_by_code_and_by_name(word: str, country: str) -> None:
    assert import_lists().countries[fold(word)] == country


@pytest.mark.parametrize(
    ("headers", "found", "problems"),
    [
        (["vendor_code", "Supplier name", " SUPPLIER-COUNTRY "], [0, 1, 2], []),
        (["仕入先コード", "supplier_name", "supplier_country"], None, ["unknown_column", "missing_column"]),
        (["vendor_code", "supplier_name", "supplier_country", "# note", ""], [0, 1, 2], []),
        (["vendor_code", "supplier_name", "supplier_country", "tire"], None, ["unknown_column"]),
        (["vendor_code", "supplier_name", "supplier_country", "Vendor code"], None, ["duplicate_column"]),
        (["vendor_code"], None, ["missing_column", "missing_column"]),
    ],
)
def test_headers(headers: list[str], found: list[int] | None, problems: list[str]) -> None:
    columns, wrong = read_headers(headers, 1, import_lists())
    assert [problem.code for problem in wrong] == problems
    if found is not None:
        assert sorted(columns) == found


cell = st.one_of(st.none(), st.text(max_size=60), st.integers(), st.floats(), st.booleans(), st.dates())


@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), cell), max_size=4))
def test_any_cells_give_records_or_problems_with_a_sentence(rows: list[dict]) -> None:
    reading = read(*rows)
    for problem in reading.problems:
        assert problem.code in PROBLEMS
        assert problem_text(problem.code, problem.params)
    for supplier in reading.suppliers.values():
        assert supplier.values["supplier_name"] and supplier.values["supplier_country"]
