"""Rules and cells of a version, from the packs: the ones nearest below where a version is not known."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from minerals.templates_io.document.versions import version_number

_PACKS = Path(__file__).parent.parent / "packs"


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What RMI's Checker asks of one version; the words are explained in packs/checker.yaml."""

    template: str
    since: float
    fields: tuple[str, ...]
    emails: tuple[str, ...] = ()
    described: tuple[str, ...] = ()
    products: str = ""
    minerals: bool = False
    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    joined: str = "any"
    open: tuple[str, ...] = ("1",)
    only: tuple[str, ...] = ()
    strict: bool = False
    url: str = ""
    format: str = ""
    smelters: str = ""
    unlisted: bool = False


class Columns(msgspec.Struct, frozen=True):
    """A list: {field: column}."""

    columns: dict[str, str] = {}


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of one version: of the company's fields, of questions (their minerals follow), of letters."""

    template: str
    since: str
    company: dict[str, int]
    minerals: tuple[str, ...] = ()
    only: dict[str, tuple[str, ...]] = {}  # questions that are asked of some minerals alone
    questions: dict[str, int] = {}
    letters: dict[str, int] = {}
    per_mineral: str = ""
    smelters: Columns = Columns()


def rules_of(template: str, version: str) -> Rules:
    """Return the rules of a version."""
    number = version_number(version)
    mine = [rules for rules in _rules() if rules.template == template]
    return next((rules for rules in reversed(mine) if rules.since <= number), mine[0])


def layout_of(template: str, version: str) -> Layout:
    """Return the cells of a version."""
    number = version_number(version)
    mine = [layout for layout in _layouts() if layout.template == template]
    return next((layout for layout in reversed(mine) if version_number(layout.since) <= number), mine[0])


@cache
def _rules() -> tuple[Rules, ...]:
    return msgspec.convert(_read("checker.yaml")["rules"], tuple[Rules, ...])


@cache
def _layouts() -> tuple[Layout, ...]:
    return msgspec.convert(_read("layouts.yaml")["layouts"], tuple[Layout, ...])


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((_PACKS / name).read_text(encoding="utf-8"))
    return content
