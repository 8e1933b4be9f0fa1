"""Translating: every text with a key that stays, how far each language is, and putting texts in."""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from assessments.questionnaires.conditions import compile_condition
from assessments.questionnaires.document.reading import UNSTORABLE
from assessments.questionnaires.document.references import PLACEHOLDER, placeholders
from assessments.questionnaires.document.storage import dump_json, load_json
from assessments.questionnaires.document.structs import Document, FlagRule, Text
from assessments.questionnaires.document.texts import TextPlace, flag_places, section_places

TITLE = "title"
LONGEST = 5_000
_LISTS = {"choice": "choices", "row": "rows", "column": "columns"}


class TextState(StrEnum):
    """How one text stands in one language."""

    DONE = "done"
    MISSING = "missing"
    OUTDATED = "outdated"


class Fault(StrEnum):
    """Why a translation cannot be taken."""

    PLACEHOLDERS = "placeholders"
    BRACES = "braces"
    UNSTORABLE = "unstorable"
    TOO_LONG = "too_long"


class Phrase(Struct, frozen=True):
    """One text to translate. `key` is the same in every version: "A3-OVER-60.advice", "P-HEADS.rows.agency".

    `section` is "" for the title of the questionnaire; a flag stands with the first question that it reads.
    """

    key: str
    section: str
    place: TextPlace
    is_flag: bool = False

    @property
    def text(self) -> Text:
        return self.place.text


class Measure(Struct, frozen=True):
    """How far a language is."""

    total: int
    missing: int
    outdated: int

    @property
    def translated(self) -> int:
        return self.total - self.missing


def phrases(document: Document, base: Document | None = None) -> list[Phrase]:
    """Give every text in the order of the document, section by section, with the section's flags after its questions.

    Of an extension only what it says itself: the texts of its base are translated there.
    """
    theirs = {section.code for section in base.sections} if base else set()
    rules = {flag.code for flag in base.flags} if base else set()
    flags = _flags_by_section(document)
    found = [Phrase(TITLE, "", TextPlace("", TITLE, document.title))]
    for section in document.sections:
        if section.code not in theirs:
            found += [Phrase(_key(place), section.code, place) for place in section_places(section)]
        for flag in flags.get(section.code, ()):
            if flag.code not in rules:
                found += _flag_phrases(document, flag, section.code)
    return found


def _key(place: TextPlace) -> str:
    part = _LISTS.get(place.part, place.part)
    return ".".join(filter(None, (place.owner, part, place.item)))


def _flag_phrases(document: Document, flag: FlagRule, section: str) -> Iterator[Phrase]:
    """A flag and a question may have the same code; the key of the flag then says that it is one."""
    mark = ".flag" if flag.code in document.positions else ""
    for place in flag_places(flag):
        yield Phrase(f"{flag.code}{mark}.{place.part}", section, place, is_flag=True)


def _flags_by_section(document: Document) -> Mapping[str, list[FlagRule]]:
    grouped: dict[str, list[FlagRule]] = {}
    for flag in document.flags:
        read = [code for code in compile_condition(flag.when).codes if code in document.positions]
        first = min(read, key=document.positions.__getitem__, default=document.questions[-1].code)
        grouped.setdefault(document.section_codes[first], []).append(flag)
    return grouped


def texts_by_key(document: Document | None) -> dict[str, Text]:
    """Give every text by its key; none of no document."""
    return {phrase.key: phrase.text for phrase in phrases(document)} if document else {}


def state_of(text: Text, earlier: Text | None, language: str, default: str) -> TextState:
    """Tell how a text stands: outdated if its first language changed since `earlier` and the translation did not."""
    if not text.get(language):
        return TextState.MISSING
    if language == default or not earlier or earlier.get(default) == text.get(default):
        return TextState.DONE
    return TextState.OUTDATED if earlier.get(language) == text[language] else TextState.DONE


def measure_language(found: Collection[Phrase], earlier: Mapping[str, Text], language: str, default: str) -> Measure:
    """Count the texts that are missing and outdated in a language; `earlier` are those of the previous version."""
    states = [state_of(phrase.text, earlier.get(phrase.key), language, default) for phrase in found]
    return Measure(len(states), states.count(TextState.MISSING), states.count(TextState.OUTDATED))


def find_fault(words: str, source: str) -> Fault | None:
    """Tell what is wrong with a translation of a text, if anything; an empty one is a text not translated yet."""
    if not words:
        return None
    if UNSTORABLE.search(words):
        return Fault.UNSTORABLE
    if len(words) > LONGEST:
        return Fault.TOO_LONG
    if set(placeholders(words)) != set(placeholders(source)):
        return Fault.PLACEHOLDERS
    if re.search(r"[{}]", PLACEHOLDER.sub("", words)) and not re.search(r"[{}]", PLACEHOLDER.sub("", source)):
        return Fault.BRACES
    return None


def clean_words(words: str) -> str:
    """Give the text without blanks around it and with plain line ends, as it is kept."""
    return words.replace("\r\n", "\n").replace("\r", "\n").strip()


def put_texts(document: Document, language: str, words: Mapping[str, str]) -> Document:
    """Give the document with these texts of a language, by key; an empty one takes the translation away.

    A language that is new to the document is added. Keys it does not have raise KeyError.
    """
    made = load_json(dump_json(document))  # a copy that nobody shares, so its texts may be written into
    known = texts_by_key(made)
    for key, text in words.items():
        if text:
            known[key][language] = text
        else:
            known[key].pop(language, None)
    return made if language in made.languages else replace(made, languages=(*made.languages, language))


def stamp(source: str, words: str) -> str:
    """Give a short mark of a text and its translation; a form knows by it whether somebody changed them meanwhile."""
    return hashlib.sha256(f"{source}\0{words}".encode()).hexdigest()[:12]
