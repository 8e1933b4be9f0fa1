"""Thresholds of the further checks: packs/policy.yaml."""

from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from minerals.origins.core import read_pack
from minerals.templates_io.document.versions import version_number
from minerals.templates_io.enums import Word

_PACK = Path(__file__).parent.parent / "packs" / "policy.yaml"


class LastDay(msgspec.Struct, frozen=True):
    """The last effective date that some versions of a template accept."""

    since: float
    until: float
    day: date


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The words are explained in packs/policy.yaml."""

    months_stale: int
    template_days: int
    low_shares: tuple[Word, ...]
    first_day: date
    last_days: dict[str, LastDay]
    replaced: dict[str, str]
    releases: dict[str, dict[str, date]]
    same_words: frozenset[str]

    def newest_release(self, template: str, on: date) -> tuple[str, date] | None:
        """Return the newest version of a template on a day, and when it came out."""
        known = [(day, version) for version, day in self.releases.get(template, {}).items() if day <= on]
        return (max(known)[1], max(known)[0]) if known else None

    def released_on(self, template: str, version: str) -> date | None:
        """Return when a version came out; None where it is newer than the pack."""
        number = version_number(version)
        known = self.releases.get(template, {})
        earlier = [(version_number(name), day) for name, day in known.items() if version_number(name) <= number]
        if not earlier or number > max(version_number(name) for name in known):
            return None
        return max(earlier)[1]

    def last_day(self, template: str, version: str) -> date | None:
        """Return the last effective date that a version accepts."""
        last = self.last_days.get(template)
        return last.day if last and last.since <= version_number(version) <= last.until else None


@cache
def policy() -> Policy:
    """Return the pack."""
    return msgspec.convert(read_pack(_PACK), Policy, strict=False)
