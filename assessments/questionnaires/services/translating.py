"""Translating a questionnaire: start a draft, save texts, texts of one language as a workbook and back."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from django.conf.locale import LANG_INFO
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from msgspec.structs import replace

from assessments.questionnaires.document import Document, Text, document_hash, dump_json
from assessments.questionnaires.document.translations import (
    Fault,
    Phrase,
    TextState,
    clean_words,
    find_fault,
    phrases,
    put_texts,
    stamp,
    state_of,
    texts_by_key,
)
from assessments.questionnaires.enums import VersionState
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of, previous_version, versions_of
from assessments.questionnaires.reports import place_words
from assessments.questionnaires.services.authoring import next_number
from assessments.questionnaires.services.publishing import store_document
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError
from portal.lib.workbook import Row, Sheet, Table, as_text, find_heads, read_table, write_workbook
from portal.trail.services import record

STATES = {
    TextState.DONE: gettext_lazy("translated"),
    TextState.MISSING: gettext_lazy("missing"),
    TextState.OUTDATED: gettext_lazy("outdated"),
}
HEADS = {
    "key": gettext_lazy("Key"),
    "where": gettext_lazy("Where it stands"),
    "source": gettext_lazy("Text to translate"),
    "before": gettext_lazy("Text before the change"),
    "translation": gettext_lazy("Translation"),
    "state": gettext_lazy("State"),
}
NEEDED = ("key", "source", "translation")
WIDTHS = (30, 36, 60, 40, 60, 14)
MOST_PROBLEMS = 1_000


class Typed(NamedTuple):
    """A translation somebody entered, and the stamp of the text and translation it was entered over."""

    words: str
    was: str


@dataclass(frozen=True)
class Desk:
    """What translating one version takes: its texts, and those of the version before."""

    document: Document
    phrases: list[Phrase]
    earlier: dict[str, Text]

    def state(self, phrase: Phrase, language: str) -> TextState:
        """Return how a text stands in a language."""
        return state_of(phrase.text, self.earlier.get(phrase.key), language, self.document.default_language)

    def before(self, phrase: Phrase, language: str) -> str:
        """Return the text that an outdated translation was made from."""
        if self.state(phrase, language) is not TextState.OUTDATED:
            return ""
        return self.earlier[phrase.key].get(self.document.default_language, "")


def open_desk(version: QuestionnaireVersion) -> Desk:
    """Gather the texts of a version; of an extension its own."""
    document = document_of(version)
    previous = previous_version(version)
    same_line = previous is not None and previous.questionnaire_id == version.questionnaire_id
    earlier = texts_by_key(document_of(previous)) if previous is not None and same_line else {}
    return Desk(document, phrases(document, document_of(version.base) if version.base else None), earlier)


def find_draft(version: QuestionnaireVersion) -> QuestionnaireVersion | None:
    """Return the newest draft of the same questionnaire, itself if it is one."""
    if version.state == VersionState.DRAFT:
        return version
    return versions_of(version).filter(state=VersionState.DRAFT).first()


@transaction.atomic
def start_translation(version: QuestionnaireVersion, *, actor: User) -> QuestionnaireVersion:
    """Return a draft to translate: the one there is, else a copy of the version with the next number."""
    draft = find_draft(version)
    if draft is not None:
        return draft
    document = replace(document_of(version), version=next_number(version))
    return store_document(document, owner=version.questionnaire.owner, actor=actor, base=version.base)


@transaction.atomic
def add_language(version: QuestionnaireVersion, *, language: str, actor: User) -> None:
    """Give a draft one more language, with no text in it yet.

    Raises DomainError for a language that is unknown or there already, and for an extension, which speaks what its
    base speaks.
    """
    fresh = lock_draft(version)
    if fresh.base is not None:
        raise DomainError(_("An extension has the languages of the questionnaire it extends."), code="language")
    if language not in languages_to_add(document_of(fresh)):
        raise DomainError(_("Choose a language from the list that this questionnaire does not have."), code="language")
    keep_document(fresh, put_texts(document_of(fresh), language, {}), actor=actor, language=language, texts=0)


def languages_to_add(document: Document) -> list[str]:
    """Return the languages a document can still be translated into."""
    return [code for code in sorted(LANG_INFO) if code not in document.languages and "name_local" in LANG_INFO[code]]


@transaction.atomic
def save_translations(version: QuestionnaireVersion, *, language: str, typed: Mapping[str, Typed], actor: User) -> int:
    """Put entered texts into a draft and return how many changed.

    Raises ConflictError with detail {"taken": {key: what stands now}, "wrong": {key: sentence}} where somebody changed
    the same text meanwhile or it is gone, and DomainError code "texts" with detail {key: sentence} for texts that
    cannot be taken. Then nothing is saved.
    """
    fresh = lock_draft(version)
    found = sort_texts(open_desk(fresh), language, typed)
    if found.gone:
        message = _(
            "The draft no longer has these texts: %(texts)s. Nothing is saved yet: copy what you need, then save."
        )
        texts = "; ".join(f"{key} “{words}”" for key, words in found.gone.items())
        raise ConflictError(
            message % {"texts": texts}, code="gone", detail={"taken": found.taken, "wrong": found.wrong}
        )
    if found.taken:
        message = _(
            "Somebody else changed some of these texts meanwhile. Nothing is saved yet: compare and save again."
        )
        raise ConflictError(message, code="taken", detail={"taken": found.taken, "wrong": found.wrong})
    if found.wrong:
        raise DomainError(_("Some texts cannot be saved. Nothing is saved yet."), code="texts", detail=found.wrong)
    keep_texts(fresh, language, found.changes, actor=actor)
    return len(found.changes)


@dataclass
class Sorted:
    """Entered texts by key: what changes, what stands where somebody was quicker, what is wrong, what has no place."""

    changes: dict[str, str] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)


def sort_texts(desk: Desk, language: str, typed: Mapping[str, Typed]) -> Sorted:
    """Compare entered texts with those that stand; what nobody touched is left out."""
    standing = {phrase.key: phrase.text for phrase in desk.phrases}
    found = Sorted()
    for key, entered in typed.items():
        words = clean_words(entered.words)
        if key not in standing:
            if words:
                found.gone[key] = words
            continue
        source, now = standing[key].get(desk.document.default_language, ""), standing[key].get(language, "")
        if words == now or stamp(source, words) == entered.was:
            continue
        found.changes[key] = words
        if stamp(source, now) != entered.was:
            found.taken[key] = now
        fault = find_fault(words, source)
        if fault is not None:
            found.wrong[key] = fault_sentence(fault)
    return found


def lock_draft(version: QuestionnaireVersion) -> QuestionnaireVersion:
    """Return the draft as it stands now, locked until the transaction ends; raise ConflictError if it is no draft."""
    rows = QuestionnaireVersion.objects.select_related("questionnaire", "base")
    found = rows.select_for_update(of=("self",)).filter(pk=version.pk, state=VersionState.DRAFT).first()
    if found is None:
        raise ConflictError(_("This draft was published or discarded meanwhile. Reload the page."))
    return found


def keep_texts(version: QuestionnaireVersion, language: str, words: Mapping[str, str], *, actor: User) -> None:
    """Write texts into a draft that was read in this transaction."""
    if words:
        document = put_texts(document_of(version), language, words)
        keep_document(version, document, actor=actor, language=language, texts=len(words))


def keep_document(version: QuestionnaireVersion, document: Document, *, actor: User, language: str, texts: int) -> None:
    """Put a translated document in the place of the one that was read; the trail says which language and how many."""
    sha256, title = document_hash(document), dict(document.title)
    rows = QuestionnaireVersion.objects.filter(pk=version.pk, state=VersionState.DRAFT, sha256=version.sha256)
    if not rows.update(document=dump_json(document).decode(), sha256=sha256, title=title):
        raise ConflictError(_("This draft was changed or published meanwhile. Reload the page."))
    record(
        "translate_questionnaire",
        actor=actor,
        thing=version,
        organisation_id=version.questionnaire.owner_id,
        language=language,
        texts=texts,
        sha256=sha256,
    )


def fault_sentence(fault: Fault) -> str:
    """Say what is wrong with a translation and how to mend it."""
    return {
        Fault.PLACEHOLDERS: _(
            "The words in curly brackets stand for answers. Keep each as it stands in the text to translate, none more."
        ),
        Fault.BRACES: _("Curly brackets stand only around the code of a question. Remove the others."),
        Fault.UNSTORABLE: _("The text holds characters that cannot be kept. Type it anew without copying them."),
        Fault.TOO_LONG: _("The text is too long. Shorten it to 5,000 characters."),
    }[fault]


# --- One language as a workbook -------------------------------------------------------------------
def write_translations(version: QuestionnaireVersion, language: str) -> bytes:
    """Return an XLSX of the texts of one language, to translate elsewhere."""
    desk = open_desk(version)
    default = desk.document.default_language
    rows = (
        [
            phrase.key,
            place_words(desk.document, phrase),
            phrase.text.get(default, ""),
            desk.before(phrase, language),
            phrase.text.get(language, ""),
            str(STATES[desk.state(phrase, language)]),
        ]
        for phrase in desk.phrases
    )
    return write_workbook([Sheet(language, [str(head) for head in HEADS.values()], rows, WIDTHS, wrap=True)])


def import_translations(
    version: QuestionnaireVersion, *, language: str, file: IO[bytes], actor: User
) -> tuple[QuestionnaireVersion, int]:
    """Put the translations of a workbook into the draft of a questionnaire, which is started if there is none.

    Gives the draft and how many texts changed. An empty cell changes nothing. Raises DomainError code "cells" with
    detail [{place, message}] of the wrong cells; then nothing is kept.
    """
    table = read_table(file)
    with transaction.atomic():
        draft = lock_draft(start_translation(version, actor=actor))
        reader = _Reader(open_desk(draft), table, language)
        words = reader.read()
        if reader.problems:
            count = len(reader.problems)
            message = ngettext(
                "%(count)d cell is wrong. Nothing was imported. Correct it and upload the file again.",
                "%(count)d cells are wrong. Nothing was imported. Correct them and upload the file again.",
                count,
            )
            raise DomainError(message % {"count": count}, code="cells", detail=reader.problems)
        keep_texts(draft, language, words, actor=actor)
    return draft, len(words)


class _Reader:
    """Reads the rows of one language and keeps every problem with its cell."""

    def __init__(self, desk: Desk, table: Table, language: str) -> None:
        self.default = desk.document.default_language
        self.language = language
        self.table = table
        self.known = {phrase.key: phrase.text for phrase in desk.phrases}
        self.problems: list[dict[str, str]] = []
        self.columns = find_heads(table, HEADS)
        missing = [str(HEADS[name]) for name in NEEDED if name not in self.columns]
        if missing:
            message = _("The table has no column “%(heads)s”. Download the workbook of this language and fill that in.")
            raise DomainError(message % {"heads": "”, “".join(missing)}, code="heads")
        if table.sheet in desk.document.languages and table.sheet != language:
            message = _("This is the workbook of another language (%(sheet)s). Upload it on the page of that language.")
            raise DomainError(message % {"sheet": table.sheet}, code="language")

    def read(self) -> dict[str, str]:
        """Return the texts that differ from what stands."""
        words: dict[str, str] = {}
        seen: set[str] = set()
        for row in self.table.rows:
            if len(self.problems) >= MOST_PROBLEMS:
                break
            key = self.cell(row, "key")
            for name, message in self.faults(row, key, seen):
                place = self.table.place(row, self.columns[name])
                self.problems.append({"place": place, "message": message})
            seen.add(key)
            translation = self.cell(row, "translation")
            if translation and key in self.known and translation != self.known[key].get(self.language, ""):
                words[key] = translation
        return words

    def cell(self, row: Row, name: str) -> str:
        """Return a cell as clean text."""
        return clean_words(as_text(row.cells[self.columns[name]]))

    def faults(self, row: Row, key: str, seen: set[str]) -> Iterator[tuple[str, str]]:
        """Say what is wrong with a row: the column and a sentence."""
        if key in seen:
            yield "key", _("This key stands in an earlier row, too. Keep one of the two rows.")
        if key not in self.known:
            yield "key", _("This version has no text with this key. Remove the row.")
            return
        source, translation = self.known[key].get(self.default, ""), self.cell(row, "translation")
        if not translation:
            return
        if _same(self.cell(row, "source")) != _same(source):
            message = _("The text to translate is another one now: “%(text)s”. Download the workbook again.")
            yield "source", message % {"text": source}
        fault = find_fault(translation, source)
        if fault is not None:
            yield "translation", fault_sentence(fault)


def _same(words: str) -> str:
    """A workbook may compose letters and spaces anew; that is no other text."""
    return " ".join(unicodedata.normalize("NFC", words).split())
