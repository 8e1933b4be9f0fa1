"""Packs: a YAML file, or a folder of questionnaire.yaml and texts/<language>.yaml."""

import re
from collections.abc import Collection, Hashable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml
from msgspec.structs import replace

from assessments.questionnaires.core import Problem, ShapeCode, make_problem
from assessments.questionnaires.document.composing import select_questions
from assessments.questionnaires.document.consistency import find_problems
from assessments.questionnaires.document.overlays import merge_texts
from assessments.questionnaires.document.parsing import DOCUMENT_CODE, parse_document
from assessments.questionnaires.document.reading import DocumentErrors, Reader, join
from assessments.questionnaires.document.structs import Document
from assessments.questionnaires.enums import Gravity

LIBRARY = "metrics"
"""The pack beside the others that `use: CODE` takes questions from."""

IDENTITY = frozenset({"code", "kind", "unit", "period", "decimals", "choices", "rows", "columns"})
"""What makes an answer mean the same wherever the question is asked."""

_INDEXED = re.compile(r"(sections|flags)\[([0-9]+)\]")


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """YAML 1.2 words only: "yes", "no" and days stay text. No anchors, no key twice."""

    def get_single_node(self) -> Any:
        root = super().get_single_node()
        self._refuse_aliases(root, set())
        return root

    def _refuse_aliases(self, node: Any, seen: set[int]) -> None:
        """An alias is a node that hangs in two places; a tree of aliases could be of any size."""
        if id(node) in seen:
            self._refuse("anchors and aliases are not allowed", node)
        seen.add(id(node))
        if isinstance(node, yaml.CollectionNode):
            for item in node.value:
                for child in item if isinstance(item, tuple) else (item,):
                    self._refuse_aliases(child, seen)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                self._refuse("a key must be text", key_node)
            if key in seen:
                self._refuse(f"the key '{key}' stands twice", key_node)
            seen.add(key)
        made: dict[Hashable, Any] = super().construct_mapping(node, deep=True)
        return made

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
        problem = make_problem(path.name, ShapeCode.FILE_CLOSED, error=error.strerror)
    except UnicodeDecodeError:
        problem = make_problem(path.name, ShapeCode.NOT_UTF8)
    except yaml.MarkedYAMLError as error:
        problem = _broken(path.name, error)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        problem = make_problem(path.name, ShapeCode.YAML_UNREADABLE, error=error)
    raise DocumentErrors([problem])


def _broken(name: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark
    if mark is None:
        return make_problem(name, ShapeCode.YAML_UNREADABLE, error=error.problem)
    at_line, at_column = mark.line + 1, mark.column + 1
    return make_problem(name, ShapeCode.YAML_BROKEN, at_line=at_line, at_column=at_column, error=error.problem)


def read_pack(path: Path, provisions: Collection[str] | None = None) -> Document:
    """Read a pack folder or a single file; raise DocumentErrors with every error found.

    A folder holds questionnaire.yaml and the texts of further languages. Its sections may be files of their own, its
    questions may be taken from another pack beside it (`use`), and a whole pack may be a part of another (`based_on`).
    """
    if not path.is_dir():
        return parse_document(read_yaml(path), provisions)
    return _Folder(path, {}).read(provisions)


class _Folder:
    """One pack folder on its way to a document; `others` are the packs beside it that were read already."""

    def __init__(self, path: Path, others: dict[str, Document]) -> None:
        self.path = path
        self.others = others
        self.files: dict[str, list[tuple[int, str]]] = {"sections": [], "flags": []}

    def read(self, provisions: Collection[str] | None = None) -> Document:
        head = read_yaml(self.path / "questionnaire.yaml")
        if isinstance(head, Mapping) and "based_on" in head:
            return self.add_texts(self.read_part(head))
        return self.add_texts(self.read_whole(head, provisions))

    def read_part(self, head: Mapping[str, Any]) -> Document:
        """Read a pack that is a part of another: its own code, version and title, and the codes it keeps."""
        reader = Reader()
        reader.mapping(head, "", ("code", "version", "title", "based_on", "keep"))
        code = reader.code(head.get("code"), "code", DOCUMENT_CODE, ShapeCode.BAD_DOCUMENT_CODE)
        version = reader.string(head.get("version"), "version")
        title = reader.text(head.get("title"), "title", required=True)
        keep = reader.listed(head.get("keep"), "keep", reader.string)
        if reader.problems:
            raise DocumentErrors(reader.problems)
        return select_questions(self.other(str(head["based_on"])), keep, code=code, version=version, title=title)

    def read_whole(self, head: object, provisions: Collection[str] | None) -> Document:
        if isinstance(head, Mapping):
            head = self.with_used(self.with_sections(head))
        try:
            return parse_document(head, provisions)
        except DocumentErrors as errors:
            raise DocumentErrors([self.in_file(problem) for problem in errors.problems]) from None

    def with_sections(self, head: Mapping[str, Any]) -> Mapping[str, Any]:
        """Put the files of the sections in the place of their names, the flags they hold among the flags."""
        if not all(isinstance(name, str) for name in head.get("sections") or [{}]):
            return head
        sections: list[object] = []
        flags: list[object] = list(head.get("flags") or ())
        for name in head["sections"]:
            file = f"sections/{name}.yaml"
            raw = read_yaml(self.path / file)
            section = dict(raw) if isinstance(raw, Mapping) else {"code": raw}
            self.files["sections"].append((len(sections), file))
            self.files["flags"].append((len(flags), file))
            found = section.pop("flags", None) or []
            flags += found if isinstance(found, list) else [found]  # the parser names what is no rule
            sections.append(section)
        return {**head, "sections": sections, "flags": flags}

    def with_used(self, head: Mapping[str, Any]) -> Mapping[str, Any]:
        """Put the questions of other packs in the place of `use: CODE` (a metric) and `use: PACK/CODE`."""
        sections = head.get("sections")
        if not isinstance(sections, list):
            return head
        return {**head, "sections": [self.section_with_used(section) for section in sections]}

    def section_with_used(self, section: Any) -> Any:
        if not isinstance(section, Mapping) or not isinstance(section.get("questions"), list):
            return section
        return {**section, "questions": [self.used(entry) for entry in section["questions"]]}

    def used(self, entry: Any) -> Any:
        """Return the question an entry names, with what the entry adds; other entries as they are."""
        if not isinstance(entry, Mapping) or "use" not in entry:
            return entry
        pack, _slash, code = str(entry["use"]).rpartition("/")
        added = {key: value for key, value in entry.items() if key != "use"}
        try:
            question = self.other(pack or LIBRARY).question(code)
        except KeyError:
            raise DocumentErrors([make_problem(str(entry["use"]), ShapeCode.NO_SUCH_USE)]) from None
        fixed = sorted(IDENTITY & added.keys())
        if fixed:
            where = str(entry["use"])
            raise DocumentErrors([make_problem(where, ShapeCode.FIXED_FIELD, field=fixed[0], pack=pack or LIBRARY)])
        return {**msgspec.to_builtins(question), **added}

    def other(self, name: str) -> Document:
        """Return a pack beside this one, read once."""
        if name not in self.others:
            if not (self.path.parent / name / "questionnaire.yaml").is_file() or name == self.path.name:
                raise DocumentErrors([make_problem(name, ShapeCode.UNKNOWN_PACK, pack=name)])
            self.others[name] = _Folder(self.path.parent / name, self.others).read()
        return self.others[name]

    def in_file(self, problem: Problem) -> Problem:
        """Name the file of the section a problem stands in, and count within it."""
        found = _INDEXED.match(problem.place)
        if not found or not self.files[found[1]]:
            return problem
        index = int(found[2])
        known = [(first, file) for first, file in self.files[found[1]] if first <= index]
        if not known:
            return problem
        first, file = known[-1]
        rest = problem.place[found.end() :].lstrip(".")
        inner = rest if found[1] == "sections" else join(f"flags[{index - first}]", rest)
        return replace(problem, place=f"{file}: {inner}" if inner else file)

    def add_texts(self, document: Document) -> Document:
        """Lay the texts of the other languages over it: texts/<language>.yaml, or a folder of files per language."""
        problems: list[Problem] = []
        folder = self.path / "texts"
        for path in sorted([*folder.glob("*.yaml"), *folder.glob("*/*.yaml")]):
            language = path.stem if path.parent == folder else path.parent.name
            try:
                document = merge_texts(document, read_yaml(path), language)
            except DocumentErrors as errors:
                where = path.relative_to(self.path).as_posix()
                problems += [replace(p, place=f"{where}: {p.place}" if p.place else where) for p in errors.problems]
        problems += [self.in_file(p) for p in find_problems(document) if p.severity is Gravity.ERROR]
        if problems:
            raise DocumentErrors(problems)
        return document
