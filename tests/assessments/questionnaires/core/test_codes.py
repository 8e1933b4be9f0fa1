"""Every code that a core can give is worded, marked for translation, and given with what its words name."""

import ast
import re
from itertools import chain
from pathlib import Path

import pytest
from django.utils.translation import gettext, override
from hypothesis import given
from hypothesis import strategies as st

from assessments.questionnaires.core import (
    CODES,
    ContentCode,
    ExpressionCode,
    Joint,
    Problem,
    Saying,
    ShapeCode,
    SheetCode,
    ValueCode,
    make_problem,
    make_warning,
    word_problem,
)
from assessments.questionnaires.enums import Gravity
from assessments.questionnaires.reports import list_problems, say_problem

ROOM = Path(__file__).resolve().parents[4] / "assessments" / "questionnaires"
EVERY = list(chain.from_iterable(CODES))
FAMILIES = {family.__name__: family for family in CODES}
PARAM = re.compile(r"%\(([a-z_]+)\)s")


def trees(*folders):
    files = chain.from_iterable((ROOM / folder).rglob("*.py") for folder in folders)
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(files)}


@pytest.mark.parametrize("code", EVERY, ids=str)
def test_every_code_has_a_sentence(code):
    rest = PARAM.sub("", code.sentence)
    assert code.sentence[0] in "“%" or code.sentence[0].isupper() or code.sentence.startswith(("string-", "today"))
    assert code.sentence.endswith((".", "%(fault)s"))
    assert "%" not in rest
    assert "—" not in rest


@pytest.mark.parametrize("code", EVERY, ids=str)
def test_every_code_can_be_worded(code):
    """The words name every param, in the reader's language too; a missing translation shows the English."""
    problem = Problem("survey!A1", code, {name: "x" for name in PARAM.findall(code.sentence)}, "A1-ONE")
    for language in ("en", "ja", "zh-hans", "th"):
        with override(language):
            said = say_problem(problem)
            assert "A1-ONE" in said
            assert "%(" not in said


def test_no_code_and_no_sentence_stands_twice():
    """Only values have codes that others have too: those go to whoever answers, never beside the others."""
    found = [str(code) for code in EVERY if not isinstance(code, ValueCode)]
    assert sorted(found) == sorted(set(found))
    sentences = [code.sentence for code in (*EVERY, *Joint)]
    assert [one for one in set(sentences) if sentences.count(one) > 1] == []


def test_every_sentence_is_marked_for_translation():
    """`makemessages` finds what stands in _(...), nothing else."""
    marked = {
        node.args[0].value
        for tree in trees("core").values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
    }
    assert marked == {code.sentence for code in (*EVERY, *Joint)}


def code_of(node):
    """Return the code that an expression names, as in ShapeCode.MISSING."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in FAMILIES:
        return FAMILIES[node.value.id][node.attr]
    return None


GIVERS = {"fail", "make_problem", "make_warning", "Problem", "ExpressionError"}


def codes_given():
    """Walk the calls that give a code, with the params they name; where a variable holds them, they are not seen."""
    for path, tree in trees("document", "conditions", "workbook", "services", "comparison").items():
        for node in ast.walk(tree):
            name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            code = next(filter(None, map(code_of, node.args)), None) if name in GIVERS else None
            seen = code and not any(isinstance(arg, ast.Name) and arg.id == "params" for arg in node.args)
            if seen and all(keyword.arg for keyword in node.keywords):
                keys = {key.value for arg in node.args if isinstance(arg, ast.Dict) for key in arg.keys}
                yield f"{path.name}:{node.lineno}", code, {keyword.arg for keyword in node.keywords} | keys


def test_every_code_is_given_with_the_params_its_words_name():
    found = list(codes_given())
    assert len(found) > 80
    assert [
        (where, str(code), named) for where, code, named in found if not set(PARAM.findall(code.sentence)) <= named
    ] == []


def test_every_code_is_used():
    nodes = chain.from_iterable(map(ast.walk, trees("document", "conditions", "workbook", "services").values()))
    assert set(EVERY) - {code_of(node) for node in nodes} == set()


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        (make_problem("a", ShapeCode.MISSING), "This is needed."),
        (Problem("a", ShapeCode.MISSING, owner="A1-ONE"), "A1-ONE: This is needed."),
        (make_problem("a", ShapeCode.NOT_A_MAP, found="x"), "Expected a map here, found 'x'."),
        (make_problem("a", ShapeCode.NOT_A_MAP, found=Joint.A_LIST), "Expected a map here, found a list."),
        (make_problem("a", ShapeCode.NOT_LISTED, listed=("a", "b"), found="“c”"), "Expected one of a, b; found '“c”'."),
        (make_problem("a", ShapeCode.UNKNOWN_KEY, key="x", near="y"), "'x' means nothing here. Did you mean 'y'?"),
        (make_problem("a", ShapeCode.UNKNOWN_KEY, key="x", known=("y",)), "'x' means nothing here. Known: y."),
        (
            make_problem("a", ExpressionCode.NO_OPERAND, after="=", character=3, line=2),
            "Line 2: After '=' (character 3): A value is missing.",
        ),
        (
            make_problem("a", ExpressionCode.NO_OPERAND, after="", character=0),
            "At the beginning: A value is missing.",
        ),
        (make_problem("a", ContentCode.EXAMPLE_QUIET, unread=("A1-TWO",)), "With these answers the rule does not hold, and it should. Hidden or not answered: A1-TWO."),
        (
            make_problem(
                "a",
                ContentCode.EXAMPLE_VALUE,
                question="A1-ONE",
                fault=Saying(ValueCode.TOO_LOW, {"value": -1, "min": 0, "cell": "a.b"}),
            ),
            "A1-ONE: Cell 'a.b': -1 is too low. Enter 0 or more.",
        ),
        (make_problem("a", ValueCode.UNKNOWN_CELL, cell="a.b"), "The table has no cell 'a.b'. Use the cells of the question."),
    ],
)  # fmt: skip
def test_message_is_plain_english(problem, message):
    assert problem.message == message


def test_words_are_said_in_the_language_of_the_reader():
    """All of a sentence goes through the catalogue: itself, what stands around it, and the words in it."""
    asked = []

    def say(sentence):
        asked.append(sentence)
        return f"<{sentence}>"

    problem = Problem("a", ShapeCode.NOT_A_MAP, {"found": Joint.A_LIST, "near": "y"}, "A1-ONE")

    said = word_problem(problem, say)

    sentences = [Joint.A_LIST.sentence, ShapeCode.NOT_A_MAP.sentence, Joint.NEAR.sentence, Joint.OWNER.sentence]
    assert asked == sentences
    assert said == "<A1-ONE: <<Expected a map here, found <a list>.> Did you mean “y”?>>"


def test_pages_say_it_with_the_marks_of_the_language():
    problem = make_warning("survey!A1", SheetCode.NO_COLUMN, column="when")
    message = "There is no column “when”; add it."
    assert (problem.severity, say_problem(problem)) == (Gravity.WARNING, message)
    assert list_problems([problem]) == [{"place": "survey!A1", "code": "no_column", "message": message}]


@given(st.sampled_from(EVERY), st.text(), st.text(max_size=5))
def test_no_value_breaks_the_words(code, value, owner):
    """A value with per cent signs, quotation marks or brackets is shown as it is."""
    params = {name: value for name in PARAM.findall(code.sentence)}
    assert word_problem(Problem("a", code, params, owner), gettext)
