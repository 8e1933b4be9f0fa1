"""Packs: a YAML file, or a folder of questionnaire.yaml and texts/<language>.yaml."""

import re
from collections.abc import Collection, Hashable
from pathlib import Path
from typing import Any

import yaml

from assessments.questionnaires.conditions import Problem
from assessments.questionnaires.document.consistency import find_problems
from assessments.questionnaires.document.overlays import merge_texts
from assessments.questionnaires.document.parsing import parse_document
from assessments.questionnaires.document.reading import DocumentErrors
from assessments.questionnaires.document.structs import Document
from assessments.questionnaires.enums import Gravity


class _Loader(yaml.SafeLoader):
    """YAML 1.2 words only: "yes", "no" and days stay text. No anchors, no key twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(None, None, "aliases are not allowed", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                self._refuse("a key must be text", key_node)
            if key in seen:
                self._refuse(f"the key '{key}' stands twice", key_node)
            seen.add(key)
        return super().construct_mapping(node, deep=True)

    def _refuse(self, words: str, node: Any) -> None:
        raise yaml.constructor.ConstructorError(None, None, words, node.start_mark)


_PLAIN_FORMS = (
    ("bool", r"true|false", [*"tf"]),
    ("int", r"[-+]?(0|[1-9][0-9]*)", [*"-+0123456789"]),
    ("float", r"[-+]?[0-9]+\.[0-9]+([eE][-+]?[0-9]+)?", [*"-+0123456789"]),
    ("null", r"~|null|", ["~", "n", ""]),
)
"""YAML 1.1 reads yes, 010, 1:30 and 2026-01-01 in ways that surprise writers; this does not."""

_Loader.yaml_implicit_resolvers = {}
for _name, _form, _first_characters in _PLAIN_FORMS:
    _resolver = (f"tag:yaml.org,2002:{_name}", re.compile(rf"({_form})\Z"))
    for _character in _first_characters:
        _Loader.yaml_implicit_resolvers.setdefault(_character, []).append(_resolver)


def read_yaml(path: Path) -> object:
    """Read one YAML file; raise DocumentErrors naming the line."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  # a SafeLoader
    except OSError as error:
        message = f"The file cannot be opened: {error.strerror}."
    except UnicodeDecodeError:
        message = "The file is not UTF-8 text."
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        message = f"The YAML is broken{where}: {error.problem}."
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        message = f"The YAML cannot be read: {error}."
    raise DocumentErrors([Problem(path.name, "yaml", message)])


def read_pack(path: Path, provisions: Collection[str] | None = None) -> Document:
    """Read a pack folder or a single file; raise DocumentErrors with every error found."""
    if not path.is_dir():
        return parse_document(read_yaml(path), provisions)
    document = parse_document(read_yaml(path / "questionnaire.yaml"), provisions)
    problems: list[Problem] = []
    for overlay_path in sorted((path / "texts").glob("*.yaml")):
        try:
            document = merge_texts(document, read_yaml(overlay_path), overlay_path.stem)
        except DocumentErrors as errors:
            where = f"texts/{overlay_path.name}"
            problems += [
                Problem(f"{where}: {p.place}" if p.place else where, p.code, p.message) for p in errors.problems
            ]
    problems += [p for p in find_problems(document) if p.severity is Gravity.ERROR]
    if problems:
        raise DocumentErrors(problems)
    return document
