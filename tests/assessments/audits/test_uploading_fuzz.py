"""Any table, any match of columns: applied whole or refused with a sentence."""

from datetime import datetime

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from assessments.audits.services.uploading import preview_upload, upload_table
from portal.lib.errors import DomainError
from tests.assessments.audits.tables import CHOSEN, OURS, apply, audit_of, file_of, match, workbook, written
from tests.factories import cast

pytestmark = pytest.mark.django_db
CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        ["A3", "A 3", "B1", "Z9", "Major", "Conform", "NC", "#REF!", "=1/0", "=A1", "hours_insurance", "x" * 11_000]
    ),
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2100, 1, 1)),
)
HEADERS = st.lists(
    st.sampled_from([*OURS, "checkpoint", "結論", "Remarks", "", "sanpo", "# x"]), min_size=1, max_size=10
)
POINTS = ("A1", "A3", "B1", "c 2")
PLAUSIBLE = {
    "Conclusion": st.sampled_from(["Conform", "major", "軽微", "เร่งด่วน", "not_reviewed", None]),
    "Data points": st.sampled_from(["one", "one\ntwo", 66.5, "=1+1", None]),
    "Description": st.sampled_from(["Weeks of 80 hours.", datetime(2026, 3, 1)]),
    "Topic": st.sampled_from(["", "hours_insurance", None]),
}
TITLES = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="[]:*?/\\'"), max_size=25)


@st.composite
def sheets(draw):
    """A workbook with columns shuffled, doubled and missing, merged cells, formulas and faults."""
    headers = draw(st.one_of(st.permutations(OURS), st.permutations(OURS), HEADERS))
    wild = draw(st.sampled_from([False, False, True]))
    cells = [CELLS if wild else PLAUSIBLE.get(header, st.none()) for header in headers]
    rows = draw(st.lists(st.tuples(*cells).map(list), max_size=len(POINTS)))
    if not wild and "Checkpoint" in headers:
        for row, point in zip(rows, draw(st.permutations(POINTS)), strict=False):
            row[headers.index("Checkpoint")] = point
    merged = draw(st.sampled_from([(), (), ("A2:A4",), ("A2:C2",), ("B3:D5",), ("C1:D1",)]))
    return workbook([headers, *rows], titles=[draw(TITLES) or "x"], merged=merged)


ENCODINGS = ("utf-8", "utf-8-sig", "cp932", "gb18030", "cp874", "utf-16", "latin-1")
TABLES = st.one_of(
    sheets().map(lambda content: (content, "table.xlsx")),
    st.tuples(sheets(), st.integers(0, 6_000)).map(lambda pair: (pair[0][: pair[1]], "table.xlsx")),
    st.tuples(
        st.sampled_from(
            ["checkpoint,conclusion,description\nA3,major,{}\n", "Checkpoint;Conclusion\n{};Conform\n", "{}"]
        ),
        st.text(max_size=30),
        st.sampled_from(ENCODINGS),
    ).map(lambda three: (three[0].format(three[1]).encode(three[2], "replace"), "table.csv")),
    st.binary(max_size=300).map(lambda content: (content, "table.csv")),
)


@given(table=TABLES)
def test_any_table_is_applied_whole_or_refused_with_a_sentence(table):
    content, name = table
    people = FUZZ["people"]
    audit = audit_of(people)
    wanted = None
    try:
        one = upload_table(audit=audit, file=file_of(content, name), actor=people.carol)
        assert written(audit) == []
        if one.state == "ready":
            wanted = len(preview_upload(one).reading.entries)
            apply(one, people)
        event(one.state)
    except DomainError as error:
        assert error.message.strip()
        wanted = None
    assert len(written(audit)) == (wanted or 0)


FUZZ = {}


@pytest.fixture(autouse=True)
def fuzz_people(request):
    """The people of the fuzzed test: hypothesis runs all its examples in one test."""
    if "any_table" in request.node.name or "any_match" in request.node.name:
        request.getfixturevalue("db")
        FUZZ["people"] = cast()


@settings(max_examples=25)
@given(
    content=sheets(),
    columns=st.dictionaries(st.sampled_from(list(CHOSEN)), st.sampled_from([*OURS, "Remarks"])),
    row=st.integers(0, 9),
)
def test_any_match_is_read_or_refused_with_a_sentence(content, columns, row):
    people = FUZZ["people"]
    audit = audit_of(people)
    try:
        one = upload_table(audit=audit, file=file_of(content), actor=people.carol)
        words = {word: "conform" for word in ("Major", "NC", "A3", "B1")}
        match(one, people, columns=columns, words=words, header_row=row)
    except DomainError as error:
        assert error.message.strip()
    assert written(audit) == []
