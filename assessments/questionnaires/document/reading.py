"""Reading the shape of a document: every problem is collected with its place."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from assessments.questionnaires.conditions import (
    NUMBER_LIMIT,
    ConditionErrors,
    Problem,
    as_number,
    compile_condition,
)
from assessments.questionnaires.document.structs import RawAnswers, RawCondition, Text

Made = TypeVar("Made")
Listed = TypeVar("Listed", bound=StrEnum)

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
DEEPEST_DATA = 40
LONGEST_SHOWN = 60


class DocumentErrors(Exception):
    """The document cannot be used; `problems` says where and how to mend each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(f"{p.place}: {p.message}" for p in problems))
        self.problems = tuple(problems)


class Reader:
    """Turns untyped data into typed values; on a problem it notes it and gives a stand-in."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.languages: tuple[str, ...] = ()
        self.default_language = "en"

    def fail(self, place: str, code: str, message: str) -> None:
        self.problems.append(Problem(place, code, message))

    def mapping(self, value: object, place: str, keys: Iterable[str]) -> Mapping[str, object]:
        """Read a map; keys that mean nothing are refused, with the nearest that does."""
        if not isinstance(value, Mapping):
            self.fail(place, "not_a_map", f"Expected a map here, found {shown(value)}.")
            return {}
        known = list(keys)
        for key in value:
            if key not in known:
                near = difflib.get_close_matches(str(key), known, n=1)
                hint = f" Did you mean '{near[0]}'?" if near else f" Known: {', '.join(known)}."
                self.fail(join(place, str(key)), "unknown_key", f"'{key}' means nothing here.{hint}")
        return {str(key): item for key, item in value.items() if item is not None}

    def listed(self, value: object, place: str, make: Callable[[object, str], Made]) -> tuple[Made, ...]:
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            self.fail(place, "not_a_list", f"Expected a list here, found {shown(value)}.")
            return ()
        return tuple(make(item, f"{place}[{index}]") for index, item in enumerate(value))

    def string(self, value: object, place: str, pattern: re.Pattern[str] | None = None) -> str:
        if value is None:
            self.fail(place, "missing", "This is needed.")
            return ""
        if not isinstance(value, str) or not value.strip():
            quote = "; put it in quotes" if isinstance(value, int | float) else ""
            self.fail(place, "not_a_string", f"Expected text, found {shown(value)}{quote}.")
            return ""
        self.storable(value, place)
        if pattern is not None and not pattern.fullmatch(value):
            self.fail(place, "bad_code", f"'{value}' does not fit the form {pattern.pattern}.")
        return value

    def choice(self, value: object, place: str, of: type[Listed]) -> Listed:
        """Read one of a closed list; the first of the list stands in."""
        for member in of:
            if value == member.value and isinstance(value, str):
                return member
        codes = ", ".join(member.value for member in of)
        self.fail(place, "not_listed", f"Expected one of {codes}; found {shown(value)}.")
        return next(iter(of))

    def optional(self, value: object, place: str, of: type[Listed]) -> Listed | None:
        return None if value is None else self.choice(value, place, of)

    def flag(self, value: object, place: str, default: bool) -> bool:
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fail(place, "not_a_boolean", f"Expected true or false, found {shown(value)}.")
            return default
        return value

    def number(self, value: object, place: str, low: float = -NUMBER_LIMIT, high: float = NUMBER_LIMIT) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fail(place, "not_a_number", f"Expected a number, found {shown(value)}.")
            return low
        if not low <= value <= high:  # NaN too
            self.fail(place, "out_of_range", f"Expected {low:g} to {high:g}, found {shown(value)}.")
            return low
        return float(value)

    def maybe_number(
        self, value: object, place: str, low: float = -NUMBER_LIMIT, high: float = NUMBER_LIMIT
    ) -> float | None:
        return None if value is None else self.number(value, place, low, high)

    def text(self, value: object, place: str, required: bool = False) -> Text:
        """Read a text: a bare string is in the default language; languages are lower-cased."""
        if value is None:
            if required:
                self.fail(place, "missing", "This text is needed.")
            return {}
        if isinstance(value, str):
            value = {self.default_language: value}
        if not isinstance(value, Mapping):
            quote = "; put it in quotes" if isinstance(value, int | float) else ""
            self.fail(place, "not_a_text", f"Expected a text, found {shown(value)}{quote}.")
            return {}
        text: Text = {}
        for key, words in value.items():
            language = self.language(key, f"{place}.{key}")
            if not isinstance(words, str) or not words.strip():
                self.fail(f"{place}.{key}", "not_a_text", f"Expected a text, found {shown(words)}.")
            elif language and self.storable(words, f"{place}.{key}"):
                text[language] = words.strip()
        if required and text and self.default_language not in text:
            self.fail(place, "missing", f"The text in '{self.default_language}' is needed.")
        return text

    def storable(self, words: str, place: str) -> bool:
        """Refuse what a database or a page cannot hold: control characters, half characters."""
        if UNSTORABLE.search(words):
            self.fail(place, "bad_characters", "Remove the control characters from this text.")
            return False
        return True

    def language(self, value: object, place: str) -> str:
        """Read a language code; one the document does not list is refused."""
        language = value.lower() if isinstance(value, str) else ""
        if not LANGUAGE.fullmatch(language):
            self.fail(place, "bad_language", f"{shown(value)} is no language code, e.g. zh-Hans.")
            return ""
        if self.languages and language not in self.languages:
            self.fail(place, "unlisted_language", f"'{value}' is not listed under 'languages'.")
        return language

    def condition(self, value: object, place: str) -> RawCondition:
        """Copy a condition as plain data and see that it compiles."""
        before = len(self.problems)
        copied = self.plain(value, place, 0)
        if len(self.problems) > before:
            return {}
        try:
            compile_condition(copied)
        except ConditionErrors as errors:
            for problem in errors.problems:
                self.fail(join(place, problem.place), problem.code, problem.message)
        return copied if isinstance(copied, dict) else {}

    def answers(self, value: object, place: str) -> RawAnswers:
        """Copy a map of question codes to answers as plain data."""
        if not isinstance(value, Mapping) or not value:
            self.fail(
                place, "not_answers", "Expected answers here: a map of question codes, e.g. {A3-LONGEST-WEEK: 61}."
            )
            return {}
        copied = self.plain(value, place, 0)
        return copied if isinstance(copied, dict) else {}

    def name_owner(self, since: int, owner: object) -> None:
        """Put the code of what is being read before the problems found since then."""
        if isinstance(owner, str) and len(owner) <= LONGEST_SHOWN:
            self.problems[since:] = [
                Problem(p.place, p.code, f"{owner}: {p.message}", p.severity) for p in self.problems[since:]
            ]

    def plain(self, value: object, place: str, depth: int) -> object:
        """Copy JSON data; anything else is a problem."""
        if depth > DEEPEST_DATA:
            self.fail(place, "too_deep", "This is nested too deep.")
        elif isinstance(value, Mapping):
            return {self.string(k, place): self.plain(v, join(place, str(k)), depth + 1) for k, v in value.items()}
        elif isinstance(value, list | tuple):
            return [self.plain(v, f"{place}[{i}]", depth + 1) for i, v in enumerate(value)]
        elif isinstance(value, str):
            return value if self.storable(value, place) else ""
        elif value is None or isinstance(value, bool) or as_number(value) is not None:
            return value
        else:
            self.fail(place, "not_data", f"{shown(value)} cannot stand here.")
        return None


def join(place: str, key: str) -> str:
    """Join two parts of a place; either may be empty, and an index needs no dot."""
    if not place or not key:
        return place or key
    return f"{place}{key}" if key.startswith("[") else f"{place}.{key}"


def shown(value: object) -> str:
    """Show a value in a message: short, and with what kind of thing it is."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a map"
    if isinstance(value, list | tuple):
        return "a list"
    try:
        words = str(value)
    except ValueError:  # an int of more than 4300 digits
        words = "a very long number"
    return f"'{words}'" if len(words) <= LONGEST_SHOWN else f"'{words[:LONGEST_SHOWN]}...'"
