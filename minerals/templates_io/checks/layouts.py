"""Rules and cells of a version, from the packs: the ones nearest below where a version is not known."""

from functools import cache
from pathlib import Path

import msgspec

from minerals.origins.core import read_pack
from minerals.templates_io.document.versions import version_number
from minerals.templates_io.workbook.packs import Layout, layout_for

_PACK = Path(__file__).parent.parent / "packs" / "checker.yaml"


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


def rules_of(template: str, version: str) -> Rules:
    """Return the rules of a version; the newest ones where a file does not name its version."""
    number = version_number(version)
    mine = [rules for rules in _rules() if rules.template == template]
    fitting = [rules for rules in mine if rules.since <= number or not version]
    return fitting[-1] if fitting else mine[0]


def layout_of(template: str, version: str) -> Layout:
    """Return the cells of a version."""
    return layout_for(template, version)[0]


@cache
def _rules() -> tuple[Rules, ...]:
    return msgspec.convert(read_pack(_PACK)["rules"], tuple[Rules, ...])
