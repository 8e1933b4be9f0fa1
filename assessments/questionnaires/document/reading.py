"""Reading the shape of a document: every problem is collected with its place."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from msgspec.structs import replace

from assessments.questionnaires.conditions import (
    NUMBER_LIMIT,
    ConditionErrors,
    as_number,
    compile_condition,
)
from assessments.questionnaires.core import Code, Joint, Problem, ShapeCode, make_problem
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

    def fail(self, place: str, code: Code, /, **params: object) -> None:
        """Note a problem; `params` are what the sentence of its code names."""
        self.problems.append(make_problem(place, code, **params))

    def mapping(self, value: object, place: str, keys: Iterable[str]) -> Mapping[str, object]:
        """Read a map; keys that mean nothing are refused, with the nearest that does."""
        if not isinstance(value, Mapping):
            self.fail(place, ShapeCode.NOT_A_MAP, found=shown(value))
            return {}
        known = list(keys)
        for key in value:
            if key not in known:
                self.fail(join(place, str(key)), ShapeCode.UNKNOWN_KEY, key=key, **hint(str(key), known))
        return {str(key): item for key, item in value.items() if item is not None}

    def listed(self, value: object, place: str, make: Callable[[object, str], Made]) -> tuple[Made, ...]:
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            self.fail(place, ShapeCode.NOT_A_LIST, found=shown(value))
            return ()
        return tuple(make(item, f"{place}[{index}]") for index, item in enumerate(value))

    def string(self, value: object, place: str) -> str:
        if value is None:
            self.fail(place, ShapeCode.MISSING)
            return ""
        if not isinstance(value, str) or not value.strip():
            is_number = isinstance(value, int | float)
            self.fail(place, ShapeCode.NUMBER_AS_STRING if is_number else ShapeCode.NOT_A_STRING, found=shown(value))
            return ""
        self.storable(value, place)
        return value

    def code(self, value: object, place: str, form: re.Pattern[str], otherwise: ShapeCode) -> str:
        """Read a code; one of another form is the problem `otherwise`."""
        code = self.string(value, place)
        if code and not form.fullmatch(code):
            self.fail(place, otherwise, value=cut(code))
        return code

    def choice(self, value: object, place: str, of: type[Listed]) -> Listed:
        """Read one of a closed list; the first of the list stands in."""
        for member in of:
            if value == member.value and isinstance(value, str):
                return member
        self.fail(place, ShapeCode.NOT_LISTED, listed=tuple(of), found=shown(value))
        return next(iter(of))

    def optional(self, value: object, place: str, of: type[Listed]) -> Listed | None:
        return None if value is None else self.choice(value, place, of)

    def flag(self, value: object, place: str, default: bool) -> bool:
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fail(place, ShapeCode.NOT_A_BOOLEAN, found=shown(value))
            return default
        return value

    def number(self, value: object, place: str, low: float = -NUMBER_LIMIT, high: float = NUMBER_LIMIT) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fail(place, ShapeCode.NOT_A_NUMBER, found=shown(value))
            return low
        if not low <= value <= high:  # NaN too
            self.fail(place, ShapeCode.OUT_OF_RANGE, low=f"{low:g}", high=f"{high:g}", found=shown(value))
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
                self.fail(place, ShapeCode.TEXT_MISSING)
            return {}
        if isinstance(value, str):
            value = {self.default_language: value}
        if not isinstance(value, Mapping):
            is_number = isinstance(value, int | float)
            self.fail(place, ShapeCode.NUMBER_AS_TEXT if is_number else ShapeCode.NOT_A_TEXT, found=shown(value))
            return {}
        text: Text = {}
        for key, words in value.items():
            language = self.language(key, f"{place}.{key}")
            if not isinstance(words, str) or not words.strip():
                self.fail(f"{place}.{key}", ShapeCode.NOT_A_TEXT, found=shown(words))
            elif language and self.storable(words, f"{place}.{key}"):
                text[language] = words.strip()
        if required and text and self.default_language not in text:
            self.fail(place, ShapeCode.DEFAULT_TEXT_MISSING, language=self.default_language)
        return text

    def storable(self, words: str, place: str) -> bool:
        """Refuse what a database or a page cannot hold: control characters, half characters."""
        if UNSTORABLE.search(words):
            self.fail(place, ShapeCode.BAD_CHARACTERS)
            return False
        return True

    def language(self, value: object, place: str) -> str:
        """Read a language code; one the document does not list is refused."""
        language = value.lower() if isinstance(value, str) else ""
        if not LANGUAGE.fullmatch(language):
            self.fail(place, ShapeCode.BAD_LANGUAGE, found=shown(value))
            return ""
        if self.languages and language not in self.languages:
            self.fail(place, ShapeCode.UNLISTED_LANGUAGE, language=value)
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
                self.problems.append(replace(problem, place=join(place, problem.place)))
        return copied if isinstance(copied, dict) else {}

    def answers(self, value: object, place: str) -> RawAnswers:
        """Copy a map of question codes to answers as plain data."""
        if not isinstance(value, Mapping) or not value:
            self.fail(place, ShapeCode.NOT_ANSWERS)
            return {}
        copied = self.plain(value, place, 0)
        return copied if isinstance(copied, dict) else {}

    def name_owner(self, since: int, owner: object) -> None:
        """Put the code of what is being read before the problems found since then."""
        if isinstance(owner, str) and len(owner) <= LONGEST_SHOWN:
            self.problems[since:] = [replace(problem, owner=owner) for problem in self.problems[since:]]

    def plain(self, value: object, place: str, depth: int) -> object:
        """Copy JSON data; anything else is a problem."""
        if depth > DEEPEST_DATA:
            self.fail(place, ShapeCode.TOO_DEEP)
        elif isinstance(value, Mapping):
            return {self.string(k, place): self.plain(v, join(place, str(k)), depth + 1) for k, v in value.items()}
        elif isinstance(value, list | tuple):
            return [self.plain(v, f"{place}[{i}]", depth + 1) for i, v in enumerate(value)]
        elif isinstance(value, str):
            return value if self.storable(value, place) else ""
        elif value is None or isinstance(value, bool) or as_number(value) is not None:
            return value
        else:
            self.fail(place, ShapeCode.NOT_DATA, found=shown(value))
        return None


def join(place: str, key: str) -> str:
    """Join two parts of a place; either may be empty, and an index needs no dot."""
    if not place or not key:
        return place or key
    return f"{place}{key}" if key.startswith("[") else f"{place}.{key}"


def hint(word: str, known: Sequence[str]) -> dict[str, object]:
    """Give the param of a hint for a word that is not known: the nearest that is, or all."""
    near = difflib.get_close_matches(word, known, n=1)
    return {"near": near[0]} if near else {"known": tuple(known)}


def shown(value: object) -> str | Joint:
    """Give what a message shows of a value: short, or what kind of thing it is."""
    if value is None:
        return Joint.NOTHING
    if isinstance(value, Mapping):
        return Joint.A_MAP
    if isinstance(value, list | tuple):
        return Joint.A_LIST
    try:
        return cut(str(value))
    except ValueError:  # an int of more than 4300 digits
        return "..."


def cut(words: str) -> str:
    """Cut words to what fits into a message."""
    return words if len(words) <= LONGEST_SHOWN else f"{words[:LONGEST_SHOWN]}..."
