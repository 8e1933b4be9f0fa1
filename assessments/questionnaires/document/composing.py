"""Documents out of documents: a part of one, and one with own questions added."""

import re
from collections.abc import Collection, Iterator, Mapping

import msgspec
from msgspec.structs import replace

from assessments.questionnaires.conditions import compile_condition
from assessments.questionnaires.core import ContentCode, Problem, ShapeCode, make_problem
from assessments.questionnaires.document.consistency import find_problems
from assessments.questionnaires.document.parsing import parse_document
from assessments.questionnaires.document.reading import DocumentErrors, shown
from assessments.questionnaires.document.references import codes_in
from assessments.questionnaires.document.structs import Document, FlagRule, Question, RawAnswers, Text
from assessments.questionnaires.enums import Gravity

OWN_KEYS = ("code", "version", "title", "sections", "flags")
"""What an extension says itself; everything else is the base's."""

_INDEXED = re.compile(r"(sections|flags)\[([0-9]+)\]")


def select_questions(base: Document, codes: Collection[str], *, code: str, version: str, title: Text) -> Document:
    """Give a document of some questions of another, in its order, with the flags that read nothing else.

    Raises DocumentErrors for codes the base does not have, and for a question that shows by one left out.
    """
    kept = frozenset(codes)
    problems = [
        make_problem("keep", ContentCode.NOT_IN_BASE, base=base.code, question=stray)
        for stray in codes
        if stray not in base.positions
    ]
    if problems:
        raise DocumentErrors(problems)
    sections = (
        replace(section, questions=tuple(_cut_warning(q, kept) for q in section.questions if q.code in kept))
        for section in base.sections
    )
    document = replace(
        base,
        code=code,
        version=version,
        title=title,
        sections=tuple(section for section in sections if section.questions),
        flags=tuple(_cut_examples(flag, kept) for flag in base.flags if _reads(flag) <= kept),
    )
    errors = [problem for problem in find_problems(document) if problem.severity is Gravity.ERROR]
    if errors:
        raise DocumentErrors(errors)
    return document


def _reads(flag: FlagRule) -> frozenset[str]:
    return compile_condition(flag.when).codes | codes_in(flag.text)


def _cut_warning(question: Question, kept: frozenset[str]) -> Question:
    rule = question.warn_if
    if rule is None or compile_condition(rule.when).codes | codes_in(rule.text) <= kept:
        return question
    return replace(question, warn_if=None)


def _cut_examples(flag: FlagRule, kept: frozenset[str]) -> FlagRule:
    def cut(examples: tuple[RawAnswers, ...]) -> tuple[RawAnswers, ...]:
        return tuple({code: value for code, value in answers.items() if code in kept} for answers in examples)

    return replace(flag, fires=cut(flag.fires), quiet=cut(flag.quiet))


def parse_extension(base: Document, own: Mapping[str, object], provisions: Collection[str] | None = None) -> Document:
    """Read own sections and flags as an addition to a document; they may read its questions.

    `own` is raw data with code, version, title, sections and flags. Languages, bands and the code of conduct are the
    base's. Raises DocumentErrors with places in `own`.
    """
    raw = msgspec.to_builtins(base)
    sections, flags = own.get("sections") or [], own.get("flags") or []
    problems = [*_check_own(base, own, sections, flags)]
    if problems:
        raise DocumentErrors(problems)
    given = {key: own.get(key) for key in ("code", "version", "title")}
    whole = {**raw, **given, "sections": [*raw["sections"], *sections], "flags": [*raw.get("flags", ()), *flags]}  # type: ignore[misc]
    before = {"sections": len(base.sections), "flags": len(base.flags)}
    try:
        return parse_document(whole, provisions)
    except DocumentErrors as errors:
        raise DocumentErrors([_relative(problem, before) for problem in errors.problems]) from None


def _check_own(base: Document, own: Mapping[str, object], sections: object, flags: object) -> Iterator[Problem]:
    """Refuse what is not a list, what an extension cannot say, and codes the base has already."""
    for key, value in (("sections", sections), ("flags", flags)):
        if not isinstance(value, list | tuple):
            yield make_problem(key, ShapeCode.NOT_A_LIST, found=shown(value))
            return
    stated = own.get("code_of_conduct")
    if stated is not None and stated != base.code_of_conduct:
        yield make_problem("code_of_conduct", ContentCode.OTHER_CODE_OF_CONDUCT, code=base.code_of_conduct)
    taken = {
        "sections": {section.code for section in base.sections},
        "questions": set(base.positions),
        "flags": {flag.code for flag in base.flags},
    }
    for thing, place, code in _own_codes(sections, flags):
        if code in taken[thing]:
            yield make_problem(f"{place}.code", ContentCode.TAKEN_CODE, code=code, base=base.code)


def _own_codes(sections: object, flags: object) -> Iterator[tuple[str, str, object]]:
    """Walk the raw codes: the kind of thing, its place, its code."""
    for index, section in _maps(sections):
        place = f"sections[{index}]"
        yield "sections", place, section.get("code")
        for number, question in _maps(section.get("questions")):
            yield "questions", f"{place}.questions[{number}]", question.get("code")
    for index, flag in _maps(flags):
        yield "flags", f"flags[{index}]", flag.get("code")


def _maps(items: object) -> Iterator[tuple[int, Mapping[str, object]]]:
    for index, item in enumerate(items if isinstance(items, list | tuple) else ()):
        if isinstance(item, Mapping):
            yield index, item


def _relative(problem: Problem, before: Mapping[str, int]) -> Problem:
    def own_place(match: re.Match[str]) -> str:
        return f"{match[1]}[{int(match[2]) - before[match[1]]}]"

    return replace(problem, place=_INDEXED.sub(own_place, problem.place, count=1))


def own_source(document: Document, base: Document) -> dict[str, object]:
    """Give the raw own part of an extension, as `parse_extension` takes it, to export it or set it on a newer base."""
    theirs = {section.code for section in base.sections}
    rules = {flag.code for flag in base.flags}
    return {
        "code": document.code,
        "version": document.version,
        "title": dict(document.title),
        "sections": [msgspec.to_builtins(one) for one in document.sections if one.code not in theirs],
        "flags": [msgspec.to_builtins(one) for one in document.flags if one.code not in rules],
    }
