"""Reading the YAML of codes and schemes, and what all of them have in common."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

Text = dict[str, str]
Shape = TypeVar("Shape")

ROOM = Path(__file__).parent.parent
BY_LANGUAGE = ("title", "text")


class UnknownCode(LookupError):
    """There is no such code of conduct, provision, crosswalk, scheme, item or mapping."""


class CodeError(ValueError):
    """A pack is broken; the message names the file and the place."""


def read_file(path: Path, shape: type[Shape]) -> Shape:
    """Read a file of one shape; raise CodeError naming the file."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return msgspec.convert(_lower_languages(raw), shape)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise CodeError(f"{path.name}: {error}") from error


def refuse_twins(name: str, codes: Sequence[str]) -> None:
    """Raise CodeError if a code stands more than once."""
    twins = [code for code, times in Counter(codes).items() if times > 1]
    if twins:
        raise CodeError(f"{name}: {', '.join(twins)} stands more than once.")


def pick(title: Text, language: str, default: str) -> str:
    """Give a text in the language ("ja-JP" is served by "ja"), else in the default one."""
    wanted = language.lower().replace("_", "-")
    return title.get(wanted) or title.get(wanted.split("-")[0]) or title[default]


def _lower_languages(raw: object) -> object:
    """Language codes are lower-case everywhere inside: zh-Hans becomes zh-hans."""
    if isinstance(raw, list):
        return [_lower_languages(item) for item in raw]
    if not isinstance(raw, dict):
        return raw
    return {
        key: {str(language).lower(): words for language, words in value.items()}
        if key in BY_LANGUAGE and isinstance(value, dict)
        else _lower_languages(value)
        for key, value in raw.items()
    }
