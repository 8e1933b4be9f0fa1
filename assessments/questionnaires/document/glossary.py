"""The glossary: one word for one thing in every language, and the translations that go against it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from assessments.questionnaires.core import ContentCode, Problem, make_warning
from assessments.questionnaires.document.packs import read_yaml
from assessments.questionnaires.document.reading import DocumentErrors, Reader
from assessments.questionnaires.document.references import PLACEHOLDER
from assessments.questionnaires.document.structs import Document
from assessments.questionnaires.document.texts import all_texts

SOURCE = "en"
_GONE = "\0"  # what was read already; no word of a language holds it


class Term(Struct, frozen=True):
    """The English words that count as a term.

    `loose`: a translation may leave it out. `title`: the title of a provision, written with these capitals.
    """

    code: str
    words: tuple[str, ...]
    note: str = ""
    loose: bool = False
    title: bool = False


class Entry(Struct, frozen=True):
    """A term in one language: the word, others that are right too, and words that are wrong for it."""

    word: str
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    @property
    def right(self) -> tuple[str, ...]:
        return (self.word, *self.also)


class Wordlist(Struct, frozen=True, dict=True):
    """One language: its entries by term, and names in which a wrong word may stand."""

    entries: dict[str, Entry]
    names: tuple[str, ...] = ()

    @cached_property
    def right(self) -> re.Pattern[str]:
        """Every word that is right for something."""
        return _any_of([*self.names, *(word for entry in self.entries.values() for word in entry.right)])


class Glossary(Struct, frozen=True, dict=True):
    terms: dict[str, Term]
    languages: dict[str, Wordlist]
    ignore: tuple[str, ...] = ()

    @cached_property
    def _term_of(self) -> Mapping[str, Term]:
        plain = (term for term in self.terms.values() if not term.title)
        return {word.casefold(): term for term in plain for word in term.words}

    @cached_property
    def _title_of(self) -> Mapping[str, Term]:
        return {word: term for term in self.terms.values() if term.title for word in term.words}

    @cached_property
    def _whole_title_of(self) -> Mapping[str, Term]:
        return {word.casefold(): term for word, term in self._title_of.items()}

    @cached_property
    def _titles(self) -> re.Pattern[str]:
        """Titles of one word ("Training") are too common to be known by a capital."""
        return _any_of([word for word in self._title_of if " " in word], edge=r"\b")

    @cached_property
    def _words(self) -> re.Pattern[str]:
        return _any_of([*self._term_of, *self.ignore], edge=r"\b", flags=re.IGNORECASE)

    def terms_in(self, text: str, *, is_title: bool = False) -> dict[str, Term]:
        """Give the terms of an English text by the word that stands there; the longest wins."""
        plain = PLACEHOLDER.sub(_GONE, text).replace("\u2019", "'")
        whole = self._whole_title_of.get(plain.casefold()) if is_title else None
        if whole is not None:
            return {plain: whole}
        titles = {word: self._title_of[word] for word in self._titles.findall(plain)}
        words = self._words.findall(self._titles.sub(_GONE, plain))
        found = {word: self._term_of[word.casefold()] for word in words if word.casefold() in self._term_of}
        return titles | found


def _any_of(words: Iterable[str], *, edge: str = "", flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """Match any of the words, the longest first; an `edge` stands only beside letters."""
    escaped = []
    for word in sorted(words, key=len, reverse=True):
        first = edge if word[0].isalnum() else ""
        last = edge if word[-1].isalnum() else ""
        escaped.append(first + re.escape(word) + last)
    return re.compile("|".join(escaped) or r"(?!)", flags)


def read_glossary(folder: Path) -> Glossary:
    """Read en.yaml and the file of every other language; raise DocumentErrors with every error found."""
    problems: list[Problem] = []
    reader = Reader()
    raw = reader.mapping(read_yaml(folder / f"{SOURCE}.yaml"), "", ("language", "ignore", "terms"))
    terms = _read_terms(reader, raw)
    ignore = reader.listed(raw.get("ignore"), "ignore", reader.string)
    problems += [_in_file(f"{SOURCE}.yaml", problem) for problem in reader.problems]
    languages = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.stem != SOURCE:
            reader = Reader()
            languages[path.stem.lower()] = _read_wordlist(reader, read_yaml(path), terms)
            problems += [_in_file(path.name, problem) for problem in reader.problems]
    if problems:
        raise DocumentErrors(problems)
    return Glossary(terms, languages, ignore)


def _in_file(name: str, problem: Problem) -> Problem:
    return replace(problem, place=f"{name}: {problem.place}")


def _read_terms(reader: Reader, raw: Mapping[str, object]) -> dict[str, Term]:
    terms = {}
    for code, source, place in _entries(reader, raw, None):
        one = reader.mapping(source, place, ("words", "note", "loose", "title"))
        terms[code] = Term(
            code=code,
            words=_words(reader, one, "words", place) or (code,),
            note=reader.string(one["note"], f"{place}.note") if "note" in one else "",
            loose=reader.flag(one.get("loose"), f"{place}.loose", False),
            title=reader.flag(one.get("title"), f"{place}.title", False),
        )
    return terms


def _read_wordlist(reader: Reader, source: object, terms: Mapping[str, Term]) -> Wordlist:
    raw = reader.mapping(source, "", ("language", "names", "terms"))
    entries = {}
    for code, one_source, place in _entries(reader, raw, terms):
        one = reader.mapping(one_source, place, ("word", "also", "never"))
        word = reader.string(one.get("word"), f"{place}.word")
        entries[code] = Entry(word, _words(reader, one, "also", place), _words(reader, one, "never", place))
    for code in terms:
        if code not in entries:
            reader.fail(f"terms.{code}", ContentCode.TERM_NEEDED)
    return Wordlist(entries, reader.listed(raw.get("names"), "names", reader.string))


def _entries(
    reader: Reader, raw: Mapping[str, object], known: Mapping[str, Term] | None
) -> Iterator[tuple[str, object, str]]:
    source = raw.get("terms")
    keys = known if known is not None else source if isinstance(source, Mapping) else ()
    for code, one in reader.mapping(source, "terms", keys).items():
        yield code, one, f"terms.{code}"


def _words(reader: Reader, raw: Mapping[str, object], key: str, place: str) -> tuple[str, ...]:
    return reader.listed(raw.get(key), f"{place}.{key}", reader.string)


def find_term_problems(document: Document, glossary: Glossary) -> list[Problem]:
    """Name every translation that lacks the word of a term, or uses a wrong one. Warnings all."""
    return list(_walk_problems(document, glossary))


def _walk_problems(document: Document, glossary: Glossary) -> Iterator[Problem]:
    for place, text in all_texts(document):
        found = glossary.terms_in(text.get(SOURCE, ""), is_title=place.endswith("title"))
        for language, words in text.items():
            wordlist = glossary.languages.get(language)
            if wordlist is not None and words:
                for code, params in _faults(found, wordlist, words):
                    yield make_warning(place, code, language=language, **params)


def _faults(
    found: Mapping[str, Term], wordlist: Wordlist, words: str
) -> Iterator[tuple[ContentCode, dict[str, object]]]:
    """Give what is wrong, but no wrong word inside a right one: 工人 is fine in 员工人数, a number of 员工."""
    rest = wordlist.right.sub(_GONE, words)
    told: set[str] = set()
    for shown, term in found.items():
        if term.code in told:
            continue
        told.add(term.code)
        entry = wordlist.entries[term.code]
        wrong = [word for word in entry.never if word in rest]
        if wrong:
            yield ContentCode.TERM_WRONG, {"term": shown, "word": entry.word, "wrong": wrong[0]}
        elif not term.loose and not any(word in words for word in entry.right):
            yield ContentCode.TERM_LEFT_OUT, {"term": shown, "word": entry.word}
