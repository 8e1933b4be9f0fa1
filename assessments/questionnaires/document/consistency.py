"""Does the document hold together? Codes, kinds, numbers, provisions and texts."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from assessments.questionnaires.conditions import Problem
from assessments.questionnaires.document.examples import check_examples
from assessments.questionnaires.document.references import (
    check_condition,
    check_placeholders,
    check_show_condition,
)
from assessments.questionnaires.document.structs import Axis, Document, Question, Step
from assessments.questionnaires.document.texts import missing_texts
from assessments.questionnaires.enums import Gravity, Kind

_CHOICE_KINDS = (Kind.SINGLE, Kind.MULTIPLE)
_NUMBER_KINDS = (Kind.NUMBER, Kind.PERCENTAGE)
_PERCENT = 100
_NEVER_SCORED = (Kind.TEXT, Kind.HEADCOUNT)


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
        yield Problem("sections", "empty", "A questionnaire needs at least one question.")
    for index, section in enumerate(document.sections):
        if not section.questions:
            yield _warning(f"sections[{index}]", "empty", f"{section.code} holds no question.")
    yield from _check_unique("languages", "language", document.languages)
    yield from _check_unique("sections", "section", (s.code for s in document.sections))
    yield from _check_unique("flags", "flag", (flag.code for flag in document.flags))
    yield from _check_unique("sections", "question", (q.code for q in document.questions))
    yield from _check_unique("bands", "band", (band.code for band in document.bands))
    limits = [band.below for band in document.bands]
    if limits and not _ascends(limits):
        yield Problem(
            "bands",
            "bands_order",
            "Bands go from high risk to low: 'below' ascends, the last has none.",
        )


def _check_unique(place: str, thing: str, codes: Iterable[str]) -> Iterator[Problem]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield Problem(place, "duplicate_code", f"The {thing} code {code} stands {times} times.")


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
        yield Problem(
            f"{place}.provision",
            "unknown_provision",
            f"{code}: the code of conduct has no provision {provision}.",
        )


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
            message = f"{question.code}: '{field}' means nothing for the kind {kind}."
            yield Problem(f"{place}.{field}", "field_kind", message)
    fewest = {Kind.SINGLE: 2, Kind.MULTIPLE: 1}.get(kind, 0)
    if len(question.choices) < fewest:
        message = f"{question.code}: {kind} needs at least {fewest} choices."
        yield Problem(f"{place}.choices", "too_few", message)
    if kind is Kind.HEADCOUNT and not (question.rows and question.columns):
        message = f"{question.code}: a head-count table needs rows and columns."
        yield Problem(f"{place}.rows", "too_few", message)


def _check_codes_inside(question: Question, place: str) -> Iterator[Problem]:
    lists: dict[str, Iterable[str]] = {
        "choices": (choice.code for choice in question.choices),
        "rows": (row.code for row in question.rows),
        "columns": (column.code for column in question.columns),
    }
    for field, codes in lists.items():
        yield from _check_unique(f"{place}.{field}", f"{question.code}: {field}", codes)
    axes: tuple[Axis, ...] = question.rows + question.columns
    if any(axis.code == "total" for axis in axes):
        message = f"{question.code}: 'total' is kept for the sum of the table; take another code."
        yield Problem(f"{place}.rows", "reserved_code", message)
    if question.kind is Kind.SINGLE and any(choice.exclusive for choice in question.choices):
        message = f"{question.code}: 'exclusive' means nothing for a single choice."
        yield Problem(f"{place}.choices", "field_kind", message)


def _check_limits(question: Question, place: str) -> Iterator[Problem]:
    low, high = question.min, question.max
    if question.kind is Kind.PERCENTAGE and ((low or 0) < 0 or (high or 0) > _PERCENT):
        message = f"{question.code}: a percentage lies within 0 and 100."
        yield Problem(f"{place}.max", "bad_limits", message)
    if low is not None and high is not None and low >= high:
        message = f"{question.code}: min {low:g} must be below max {high:g}."
        yield Problem(f"{place}.min", "bad_limits", message)


def _check_score(question: Question, place: str) -> Iterator[Problem]:
    yield from _check_score_fits(question, place)
    if question.weight > 0:
        yield from _check_scored(question, place)
        return
    scores = question.score is not None or any(c.points is not None for c in question.choices)
    if scores:
        message = f"{question.code}: points are given but the weight is 0, so they never count."
        yield _warning(f"{place}.weight", "never_counted", message)


def _check_score_fits(question: Question, place: str) -> Iterator[Problem]:
    rule, kind = question.score, question.kind
    if question.kind is Kind.SINGLE and any((c.points or 0) < 0 for c in question.choices):
        message = f"{question.code}: points of a single choice lie within 0 and 1."
        yield Problem(f"{place}.choices", "out_of_range", message)
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
            message = f"{question.code}: '{form}' means nothing for the kind {kind}."
            yield Problem(f"{place}.score", "field_kind", message)
    if rule.steps and not _steps_ascend(rule.steps):
        message = f"{question.code}: 'up_to' ascends from step to step and the last has none."
        yield Problem(f"{place}.score.steps", "steps_order", message)


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
        message = f"{code}: it is scored but names no provision."
        yield _warning(f"{place}.provision", "no_provision", message)
    if kind in _NEVER_SCORED:
        message = f"{code}: the kind {kind} is never scored; remove the weight."
        yield Problem(f"{place}.weight", "never_scored", message)
    if kind in _CHOICE_KINDS and any(choice.points is None for choice in question.choices):
        bare = ", ".join(choice.code for choice in question.choices if choice.points is None)
        message = f"{code}: give 'points' to every choice (0 to 1); missing for {bare}."
        yield Problem(f"{place}.choices", "no_points", message)
    wanted = _score_form(kind)
    complete = {
        "steps": rule is not None and bool(rule.steps),
        "yes/no": rule is not None and rule.yes is not None and rule.no is not None,
        "valid/expired": rule is not None and rule.valid is not None and rule.expired is not None,
        "": True,
    }
    if not complete[wanted]:
        message = f"{code}: it has a weight, so 'score' must give {wanted}."
        yield Problem(f"{place}.score", "no_points", message)


def _warning(place: str, code: str, message: str) -> Problem:
    return Problem(place, code, message, Gravity.WARNING)
