"""The fields of a document, flat, so that two can be laid over each other."""

from collections.abc import Iterable, Iterator

import msgspec

from assessments.questionnaires.comparison.structs import Change
from assessments.questionnaires.document import Axis, Choice, Document, FlagRule, Question, Section, Text

Facts = dict[str, object]
Texts = dict[str, Text]


def changes_of_head(old: Document, new: Document) -> Iterator[Change]:
    """Walk what differs in the head."""
    yield from _facts(_head_facts(old), _head_facts(new))
    yield from _texts({"title": old.title}, {"title": new.title})


def changes_of_section(old: Section, new: Section) -> Iterator[Change]:
    """Walk what differs in the words of a section; its questions are compared by themselves."""
    yield from _texts({"title": old.title, "intro": old.intro}, {"title": new.title, "intro": new.intro})


def changes_of_question(old: Question, new: Question) -> Iterator[Change]:
    """Walk what differs in a question."""
    yield from _texts(_question_texts(old), _question_texts(new))
    yield from _facts(_question_facts(old), _question_facts(new))
    yield from _listed("choices", old.choices, new.choices)
    yield from _listed("rows", old.rows, new.rows)
    yield from _listed("columns", old.columns, new.columns)


def changes_of_flag(old: FlagRule, new: FlagRule) -> Iterator[Change]:
    """Walk what differs in a flag rule; its examples prove the rule and are no part of what it says."""
    yield from _texts({"text": old.text, "advice": old.advice}, {"text": new.text, "advice": new.advice})
    yield from _facts(
        {"provision": old.provision, "severity": old.severity.value, "when": old.when},
        {"provision": new.provision, "severity": new.severity.value, "when": new.when},
    )


def scoring_of(question: Question) -> object:
    """Give everything a question's points hang on, None when it is not scored."""
    if not question.weight:
        return None
    points = {choice.code: choice.points for choice in question.choices}
    return question.kind, question.weight, question.provision, question.score, points, question.show_if


def _head_facts(document: Document) -> Facts:
    return {
        "code": document.code,
        "version": document.version,
        "code_of_conduct": document.code_of_conduct,
        "asked_of": document.asked_of.value,
        "languages": list(document.languages),
        "default_language": document.default_language,
        "bands": msgspec.to_builtins(document.bands),
    }


def _question_texts(question: Question) -> Texts:
    return {
        "text": question.text,
        "guidance": question.guidance,
        "why": question.why,
        "warn_text": question.warn_if.text if question.warn_if else {},
        "evidence_text": question.evidence.text if question.evidence else {},
    }


def _question_facts(question: Question) -> Facts:
    evidence = question.evidence
    return {
        "kind": question.kind.value,
        "unit": question.unit.value if question.unit else None,
        "period": question.period.value if question.period else None,
        "required": question.required,
        "provision": question.provision,
        "asks": [aspect.value for aspect in question.asks],
        "show_if": question.show_if,
        "decimals": question.decimals,
        "min": question.min,
        "max": question.max,
        "weight": question.weight,
        "score": msgspec.to_builtins(question.score),
        "warn_when": question.warn_if.when if question.warn_if else None,
        "evidence": None if evidence is None else "required" if evidence.required else "optional",
    }


def _facts(old: Facts, new: Facts) -> Iterator[Change]:
    for field, before in old.items():
        if before != new[field]:
            yield Change(field, before, new[field])


def _texts(old: Texts, new: Texts, part: str = "") -> Iterator[Change]:
    for field, before in old.items():
        after = new[field]
        for language in dict.fromkeys((*before, *after)):
            if before.get(language) != after.get(language):
                yield Change(field, before.get(language), after.get(language), part, language)


def _listed(field: str, old: Iterable[Choice | Axis], new: Iterable[Choice | Axis]) -> Iterator[Change]:
    """Walk the choices, rows or columns: those gone, those new, those that say something else, and their order."""
    before, after = {part.code: part for part in old}, {part.code: part for part in new}
    for code, part in before.items():
        if code not in after:
            yield Change(field, dict(part.text), None, code)
    for code, part in after.items():
        if code not in before:
            yield Change(field, None, dict(part.text), code)
        else:
            yield from _texts({field: before[code].text}, {field: part.text}, code)
            yield from _points(before[code], part)
    stayed = [code for code in before if code in after]
    order = [code for code in after if code in before]
    if stayed != order:
        yield Change(f"{field}_order", stayed, order)


def _points(old: Choice | Axis, new: Choice | Axis) -> Iterator[Change]:
    if not isinstance(old, Choice) or not isinstance(new, Choice):
        return
    if old.points != new.points:
        yield Change("points", old.points, new.points, new.code)
    if old.exclusive != new.exclusive:
        yield Change("exclusive", old.exclusive, new.exclusive, new.code)
