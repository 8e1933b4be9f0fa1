"""Does the document hold together? Codes, kinds, numbers, provisions and texts."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from assessments.questionnaires.core import ContentCode, Problem, make_warning
from assessments.questionnaires.document.examples import check_examples
from assessments.questionnaires.document.references import (
    check_condition,
    check_placeholders,
    check_show_condition,
)
from assessments.questionnaires.document.structs import Axis, Choice, Document, Question, Step
from assessments.questionnaires.document.texts import missing_texts
from assessments.questionnaires.enums import Gravity, Kind

_CHOICE_KINDS = (Kind.SINGLE, Kind.MULTIPLE)
_NUMBER_KINDS = (Kind.NUMBER, Kind.PERCENTAGE)
_PERCENT = 100
_NEVER_SCORED = (Kind.TEXT, Kind.HEADCOUNT)
_UNSCORED = {
    "steps": ContentCode.NO_STEPS,
    "yes/no": ContentCode.NO_YES_NO_POINTS,
    "valid/expired": ContentCode.NO_DAY_POINTS,
}


def find_problems(document: Document, provisions: Collection[str] | None = None) -> list[Problem]:
    """Give every problem, errors and warnings, in the order of the document."""
    problems = list(_check_document(document))
    earlier: set[str] = set()
    for place, question in places(document):
        problems += _check_question(document, question, place, earlier, provisions)
        earlier.add(question.code)
    for index, flag in enumerate(document.flags):
        place = f"flags[{index}]"
        problems += _check_provision(flag.provision, place, flag.code, provisions)
        problems += check_condition(document, flag.when, f"{place}.when", flag.code)
        problems += check_placeholders(document, flag.text, f"{place}.text", flag.code)
        problems += check_examples(document, flag, place)
    return problems + missing_texts(document)


def places(document: Document) -> Iterator[tuple[str, Question]]:
    """Walk the questions with the place each has in the source."""
    for index, section in enumerate(document.sections):
        for number, question in enumerate(section.questions):
            yield f"sections[{index}].questions[{number}]", question


def _check_document(document: Document) -> Iterator[Problem]:
    if not document.questions:
        yield Problem("sections", ContentCode.EMPTY_DOCUMENT)
    for index, section in enumerate(document.sections):
        if not section.questions:
            yield make_warning(f"sections[{index}]", ContentCode.EMPTY_SECTION, section=section.code)
    yield from _check_unique("languages", ContentCode.DUPLICATE_LANGUAGE, document.languages)
    yield from _check_unique("sections", ContentCode.DUPLICATE_SECTION, (s.code for s in document.sections))
    yield from _check_unique("flags", ContentCode.DUPLICATE_FLAG, (flag.code for flag in document.flags))
    yield from _check_unique("sections", ContentCode.DUPLICATE_QUESTION, (q.code for q in document.questions))
    yield from _check_unique("bands", ContentCode.DUPLICATE_BAND, (band.code for band in document.bands))
    limits = [band.below for band in document.bands]
    if limits and not _ascends(limits):
        yield Problem("bands", ContentCode.BANDS_ORDER)


def _check_unique(place: str, twice: ContentCode, codes: Iterable[str], owner: str = "") -> Iterator[Problem]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield Problem(place, twice, {"code": code, "times": times}, owner)


def _ascends(limits: list[float | None]) -> bool:
    """Tell whether every limit but the last is given and each is above the one before."""
    given = [limit for limit in limits[:-1] if limit is not None]
    if len(given) != len(limits) - 1 or limits[-1] is not None:
        return False
    return all(low < high for low, high in pairwise(given))


def _check_question(
    document: Document,
    question: Question,
    place: str,
    earlier: set[str],
    provisions: Collection[str] | None,
) -> Iterator[Problem]:
    yield from _check_fields(question, place)
    yield from _check_codes_inside(question, place)
    yield from _check_limits(question, place)
    yield from _check_score(question, place)
    if question.provision is not None:
        yield from _check_provision(question.provision, place, question.code, provisions)
    if question.show_if is not None:
        yield from check_show_condition(document, question, f"{place}.show_if", earlier)
    if question.warn_if is not None:
        where = f"{place}.warn_if"
        yield from check_condition(document, question.warn_if.when, f"{where}.when", question.code)
        yield from check_placeholders(document, question.warn_if.text, f"{where}.text", question.code)


def _check_provision(provision: str, place: str, code: str, provisions: Collection[str] | None) -> Iterator[Problem]:
    if provisions is not None and provision not in provisions:
        yield Problem(f"{place}.provision", ContentCode.UNKNOWN_PROVISION, {"provision": provision}, code)


def _check_fields(question: Question, place: str) -> Iterator[Problem]:
    """Fields that mean nothing for the kind are refused, so that nobody relies on them."""
    kind, number = question.kind, question.kind in _NUMBER_KINDS
    misplaced = {
        "choices": bool(question.choices) and kind not in _CHOICE_KINDS,
        "rows": bool(question.rows) and kind is not Kind.HEADCOUNT,
        "columns": bool(question.columns) and kind is not Kind.HEADCOUNT,
        "unit": question.unit is not None and kind is not Kind.NUMBER,
        "period": question.period is not None and not (number or kind is Kind.HEADCOUNT),
        "decimals": question.decimals != 0 and not number,
        "min": question.min is not None and not number,
        "max": question.max is not None and not number,
    }
    for field, wrong in misplaced.items():
        if wrong:
            yield _misplaced(question, f"{place}.{field}", field)
    fewest = {Kind.SINGLE: 2, Kind.MULTIPLE: 1}.get(kind, 0)
    if len(question.choices) < fewest:
        params = {"kind": kind, "fewest": fewest}
        yield Problem(f"{place}.choices", ContentCode.TOO_FEW_CHOICES, params, question.code)
    if kind is Kind.HEADCOUNT and not (question.rows and question.columns):
        yield Problem(f"{place}.rows", ContentCode.TABLE_LISTS, owner=question.code)


def _misplaced(question: Question, place: str, field: str) -> Problem:
    return Problem(place, ContentCode.FIELD_KIND, {"field": field, "kind": question.kind}, question.code)


def _check_codes_inside(question: Question, place: str) -> Iterator[Problem]:
    lists: tuple[tuple[str, ContentCode, tuple[Choice | Axis, ...]], ...] = (
        ("choices", ContentCode.DUPLICATE_CHOICE, question.choices),
        ("rows", ContentCode.DUPLICATE_ROW, question.rows),
        ("columns", ContentCode.DUPLICATE_COLUMN, question.columns),
    )
    for field, twice, parts in lists:
        yield from _check_unique(f"{place}.{field}", twice, (part.code for part in parts), question.code)
    axes: tuple[Axis, ...] = question.rows + question.columns
    if any(axis.code == "total" for axis in axes):
        yield Problem(f"{place}.rows", ContentCode.RESERVED_CODE, owner=question.code)
    if question.kind is Kind.SINGLE and any(choice.exclusive for choice in question.choices):
        yield _misplaced(question, f"{place}.choices", "exclusive")


def _check_limits(question: Question, place: str) -> Iterator[Problem]:
    low, high = question.min, question.max
    if question.kind is Kind.PERCENTAGE and ((low or 0) < 0 or (high or 0) > _PERCENT):
        yield Problem(f"{place}.max", ContentCode.PERCENT_LIMITS, owner=question.code)
    if low is not None and high is not None and low >= high:
        params = {"min": f"{low:g}", "max": f"{high:g}"}
        yield Problem(f"{place}.min", ContentCode.LIMITS_ORDER, params, question.code)


def _check_score(question: Question, place: str) -> Iterator[Problem]:
    yield from _check_score_fits(question, place)
    if question.weight > 0:
        yield from _check_scored(question, place)
        return
    scores = question.score is not None or any(c.points is not None for c in question.choices)
    if scores:
        yield _warning(f"{place}.weight", ContentCode.NEVER_COUNTED, question)


def _check_score_fits(question: Question, place: str) -> Iterator[Problem]:
    rule, kind = question.score, question.kind
    if question.kind is Kind.SINGLE and any((c.points or 0) < 0 for c in question.choices):
        yield Problem(f"{place}.choices", ContentCode.POINTS_RANGE, owner=question.code)
    if rule is None:
        return
    given = {
        "steps": bool(rule.steps),
        "yes/no": rule.yes is not None or rule.no is not None,
        "valid/expired": rule.valid is not None or rule.expired is not None,
    }
    wanted = _score_form(kind)
    for form, stands in given.items():
        if stands and form != wanted:
            yield _misplaced(question, f"{place}.score", form)
    if rule.steps and not _steps_ascend(rule.steps):
        yield Problem(f"{place}.score.steps", ContentCode.STEPS_ORDER, owner=question.code)


def _steps_ascend(steps: tuple[Step, ...]) -> bool:
    return _ascends([step.up_to for step in steps])


def _score_form(kind: Kind) -> str:
    return {
        Kind.NUMBER: "steps",
        Kind.PERCENTAGE: "steps",
        Kind.YES_NO: "yes/no",
        Kind.DATE: "valid/expired",
    }.get(kind, "")


def _check_scored(question: Question, place: str) -> Iterator[Problem]:
    """A question with a weight must say what every answer to it earns."""
    rule, kind, code = question.score, question.kind, question.code
    if question.provision is None:
        yield _warning(f"{place}.provision", ContentCode.NO_PROVISION, question)
    if kind in _NEVER_SCORED:
        yield Problem(f"{place}.weight", ContentCode.NEVER_SCORED, {"kind": kind}, code)
    if kind in _CHOICE_KINDS and any(choice.points is None for choice in question.choices):
        bare = tuple(choice.code for choice in question.choices if choice.points is None)
        yield Problem(f"{place}.choices", ContentCode.NO_POINTS, {"choices": bare}, code)
    wanted = _score_form(kind)
    complete = {
        "steps": rule is not None and bool(rule.steps),
        "yes/no": rule is not None and rule.yes is not None and rule.no is not None,
        "valid/expired": rule is not None and rule.valid is not None and rule.expired is not None,
        "": True,
    }
    if not complete[wanted]:
        yield Problem(f"{place}.score", _UNSCORED[wanted], owner=code)


def _warning(place: str, code: ContentCode, question: Question) -> Problem:
    return Problem(place, code, owner=question.code, severity=Gravity.WARNING)
