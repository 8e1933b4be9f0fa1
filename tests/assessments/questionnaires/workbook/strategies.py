"""Hypothesis strategies: every condition a document can hold, and what else one cell of a workbook says in short."""

from datetime import date

from hypothesis import strategies as st

CODES = st.sampled_from(["A3-LONGEST-WEEK", "B2-DRILLS", "P-HEADS", "1-A", "C1-PERMIT-EXPIRY"])
CELLS = st.sampled_from(["total", "agency", "*.male", "permanent.female", "under_18.male"])
NUMBERS = st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15) | st.sampled_from([0, 0.0, 60, 60.0, 0.5, 1e-7])
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12) | st.sampled_from(
    ["yes", "as_of", "it's", 'a "b"', "'", "''", "and", "${A-B}", "x' or '1' = '1", "’", "“q”", "１"]
)
DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1)).map(str)
REFERENCES = st.fixed_dictionaries({"question": CODES}, optional={"cell": CELLS, "times": NUMBERS})


def _leaf(operator, operands):
    return st.builds(lambda reference, operand: {**reference, operator: operand}, REFERENCES, operands)


SCALARS = WORDS | NUMBERS
LEAVES = st.one_of(
    *(_leaf(operator, SCALARS | REFERENCES) for operator in ("is", "is_not")),
    _leaf("in", st.lists(SCALARS, min_size=1, max_size=4)),
    _leaf("includes", WORDS),
    _leaf("includes_any", st.lists(WORDS, min_size=1, max_size=4)),
    _leaf("answered", st.booleans()),
    *(_leaf(operator, NUMBERS | REFERENCES) for operator in ("over", "under", "at_least", "at_most")),
    *(_leaf(operator, DAYS | st.just("as_of") | REFERENCES) for operator in ("before", "after")),
)


def _groups(inner):
    members = st.lists(inner, min_size=1, max_size=4)
    return st.one_of(
        st.builds(lambda several: {"all": several}, members),
        st.builds(lambda several: {"any": several}, members),
        st.builds(lambda one: {"not": one}, inner),
    )


def _same_question(operator, values):
    """{any: [...]} over one question, which must not be taken for a list."""
    return st.builds(
        lambda reference, found: {"any": [{**reference, operator: value} for value in found]},
        REFERENCES,
        st.lists(values, min_size=1, max_size=3),
    )


CONDITIONS = st.recursive(
    LEAVES | _same_question("is", SCALARS) | _same_question("includes", WORDS), _groups, max_leaves=10
)

POINTS = st.integers(0, 100).map(lambda hundredths: hundredths / 100)
TABLES = st.dictionaries(st.sampled_from(["agency.male", "agency.female"]), st.integers(0, 10**6), min_size=1)
ANSWERS = st.dictionaries(
    CODES,
    WORDS | NUMBERS | DAYS | st.lists(WORDS, max_size=3) | TABLES | st.sampled_from([True, None, {}, [1], {"a": [1]}]),
    min_size=1,
    max_size=4,
)
