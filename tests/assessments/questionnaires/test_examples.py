"""Examples of flag rules are run whenever a document is read."""

import pytest

from assessments.questionnaires.document import DocumentErrors, parse_document
from tests.assessments.questionnaires.builders import make_question, make_source

QUESTIONS = (
    make_question("A1-NIGHT"),
    make_question("A1-PAY", "number", show_if={"question": "A1-NIGHT", "is": "yes"}),
    make_question("A1-UNTIL", "date"),
    make_question("A1-RULES", "document"),
)
UNPAID = {"all": [{"question": "A1-NIGHT", "is": "yes"}, {"question": "A1-PAY", "under": 25}]}
EXPIRED = {"question": "A1-UNTIL", "before": "as_of"}


def read(when=UNPAID, **examples):
    flag = {"code": "A1-F", "provision": "A1", "severity": "minor", "text": "x", "when": when, **examples}
    return parse_document(make_source(*QUESTIONS, flags=[flag]))


def problems(when=UNPAID, **examples):
    with pytest.raises(DocumentErrors) as caught:
        read(when, **examples)
    return [(problem.place, problem.code, problem.message) for problem in caught.value.problems]


def test_examples_that_prove_the_rule_are_kept():
    fires, quiet = {"A1-NIGHT": "yes", "A1-PAY": 24}, {"A1-NIGHT": "yes", "A1-PAY": 25}

    flag = read(fires=[fires], quiet=[quiet]).flag("A1-F")

    assert (flag.fires, flag.quiet) == ((fires,), (quiet,))


def test_a_day_in_an_example_is_held_against_a_fixed_day():
    assert read(EXPIRED, fires=[{"A1-UNTIL": "2026-11-29"}], quiet=[{"A1-UNTIL": "2026-11-30"}])


@pytest.mark.parametrize(
    ("examples", "expected"),
    [
        (
            {"fires": [{"A1-NIGHT": "yes", "A1-PAY": 25}]},
            ("flags[0].fires[0]", "example_quiet", "A1-F: With these answers the rule does not hold, and it should."),
        ),
        (
            {"quiet": [{"A1-NIGHT": "yes", "A1-PAY": 24}]},
            ("flags[0].quiet[0]", "example_holds", "A1-F: With these answers the rule holds, and it should not."),
        ),
        (
            {"quiet": [{"A1-NIGHT": "yes"}]},
            (
                "flags[0].quiet[0]",
                "example_undecided",
                "A1-F: With these answers the rule cannot be decided. Hidden or not answered: A1-PAY.",
            ),
        ),
        (
            {"fires": [{"A1-NIGHT": "no", "A1-PAY": 24}]},
            (
                "flags[0].fires[0]",
                "example_quiet",
                "A1-F: With these answers the rule does not hold, and it should. Hidden or not answered: A1-PAY.",
            ),
        ),
        (
            {"fires": [{"A1-GONE": 1}]},
            ("flags[0].fires[0]", "unknown_question", "A1-F: There is no question A1-GONE. Check the code."),
        ),
        (
            {"fires": [{"A1-NIGHT": "maybe"}]},
            (
                "flags[0].fires[0]",
                "example_value",
                "A1-F: A1-NIGHT: 'maybe' is not one of the choices. Choose one from the list.",
            ),
        ),
        (
            {"fires": ["A1-NIGHT"]},
            (
                "flags[0].fires[0]",
                "not_answers",
                "A1-F: Expected answers here: a map of question codes, e.g. {A3-LONGEST-WEEK: 61}.",
            ),
        ),
    ],
)
def test_an_example_that_proves_nothing_is_named(examples, expected):
    assert problems(**examples) == [expected]
