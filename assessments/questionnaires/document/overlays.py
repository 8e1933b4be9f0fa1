"""Laying one language's texts over a document."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

from assessments.questionnaires.core import ShapeCode
from assessments.questionnaires.document.reading import DocumentErrors, Reader, join, shown
from assessments.questionnaires.document.structs import (
    Axis,
    Choice,
    Document,
    FlagRule,
    Question,
    Section,
    Text,
)

Part = TypeVar("Part", Choice, Axis)


def merge_texts(document: Document, source: object, language: str) -> Document:
    """Give the document with these texts added; raise DocumentErrors for texts of nothing.

    `language` is the name of the file; the file says it again, so a misnamed one is seen.
    """
    overlay = _Overlay(document, source, language)
    merged = overlay.merge()
    if overlay.reader.problems:
        raise DocumentErrors(overlay.reader.problems)
    return merged


class _Overlay:
    def __init__(self, document: Document, source: object, language: str) -> None:
        self.reader = Reader()
        self.document = document
        self.raw = self.reader.mapping(source, "", ("language", "title", "sections", "questions", "flags"))
        self.reader.languages = document.languages
        self.language = self.reader.language(self.raw.get("language", language), "language")
        if self.language and self.language != language.lower():
            self.reader.fail("language", ShapeCode.MISNAMED_FILE, name=language)

    def merge(self) -> Document:
        document = self.document
        section_codes = [section.code for section in document.sections]
        question_codes = [question.code for question in document.questions]
        flag_codes = [flag.code for flag in document.flags]
        sections = self.entries(self.raw, "sections", "", section_codes)
        questions = self.entries(self.raw, "questions", "", question_codes)
        flags = self.entries(self.raw, "flags", "", flag_codes)
        return replace(
            document,
            title=self.add(document.title, self.raw, "title", ""),
            sections=tuple(self.section(s, sections, questions) for s in document.sections),
            flags=tuple(self.flag(flag, flags) for flag in document.flags),
        )

    def entries(self, raw: Mapping[str, object], key: str, place: str, known: Sequence[str]) -> Mapping[str, object]:
        """Read a map by code; codes the document does not have are refused."""
        return self.reader.mapping(raw.get(key, {}), join(place, key), known)

    def add(self, text: Text, raw: Mapping[str, object], key: str, place: str) -> Text:
        words = raw.get(key)
        if words is None:
            return text
        if not text:
            self.reader.fail(join(place, key), ShapeCode.NO_SUCH_TEXT)
            return text
        if not isinstance(words, str):
            self.reader.fail(join(place, key), ShapeCode.NOT_A_TEXT, found=shown(words))
            return text
        return {**text, **self.reader.text({self.language or "en": words}, join(place, key))}

    def section(self, section: Section, sections: Mapping[str, object], questions: Mapping[str, object]) -> Section:
        place = f"sections.{section.code}"
        raw = self.reader.mapping(sections.get(section.code, {}), place, ("title", "intro"))
        return replace(
            section,
            title=self.add(section.title, raw, "title", place),
            intro=self.add(section.intro, raw, "intro", place),
            questions=tuple(self.question(q, questions) for q in section.questions),
        )

    def question(self, question: Question, questions: Mapping[str, object]) -> Question:
        place = f"questions.{question.code}"
        keys = ("text", "guidance", "why", "choices", "rows", "columns", "evidence", "warn")
        raw = self.reader.mapping(questions.get(question.code, {}), place, keys)
        if not raw:
            return question
        warn, slot = question.warn_if, question.evidence
        warn_text = self.add(warn.text if warn else {}, raw, "warn", place)
        slot_text = self.add(slot.text if slot else {}, raw, "evidence", place)
        return replace(
            question,
            text=self.add(question.text, raw, "text", place),
            guidance=self.add(question.guidance, raw, "guidance", place),
            why=self.add(question.why, raw, "why", place),
            choices=self.parts(question.choices, raw, "choices", place),
            rows=self.parts(question.rows, raw, "rows", place),
            columns=self.parts(question.columns, raw, "columns", place),
            warn_if=replace(warn, text=warn_text) if warn else None,
            evidence=replace(slot, text=slot_text) if slot else None,
        )

    def parts(self, parts: tuple[Part, ...], raw: Mapping[str, object], key: str, place: str) -> tuple[Part, ...]:
        words = self.entries(raw, key, place, [part.code for part in parts])
        where = join(place, key)
        return tuple(replace(part, text=self.add(part.text, words, part.code, where)) for part in parts)

    def flag(self, flag: FlagRule, flags: Mapping[str, object]) -> FlagRule:
        place = f"flags.{flag.code}"
        raw = self.reader.mapping(flags.get(flag.code, {}), place, ("text", "advice"))
        return replace(
            flag,
            text=self.add(flag.text, raw, "text", place),
            advice=self.add(flag.advice, raw, "advice", place),
        )
