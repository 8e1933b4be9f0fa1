"""Deeds on findings: raise, close, reopen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from assessments.findings import lifecycle
from assessments.findings.enums import CloseReason, FindingState, Source
from assessments.findings.models import Finding, FindingChange

Key = tuple[int, int, str]
REFRESHED = ["source_id", "severity", "provision", "text", "advice"]


@dataclass(frozen=True)
class Raised:
    """What a source says is wrong. `source_id` names the response, audit or document behind it."""

    site_id: int
    relationship_id: int
    source: Source
    source_id: int
    rule: str
    code_of_conduct: str
    provision: str
    severity: str
    text: dict[str, str]
    advice: dict[str, str]

    @property
    def key(self) -> Key:
        """Site, relationship and rule: one open finding for each."""
        return self.site_id, self.relationship_id, self.rule


@transaction.atomic
def raise_findings(
    raised: Iterable[Raised], *, checked: Mapping[int, frozenset[Key]], source: Source
) -> dict[Key, Finding]:
    """Make the findings match what the newest sources say, and return them by key.

    `checked` holds per source id the keys of every rule that could be evaluated, fired or not. An open
    finding of the same rule is kept and re-pointed; one that a person closed for this very source
    stays closed; one closed because the answer was corrected is reopened. An open one whose rule was
    checked and did not fire is closed: as corrected where it came from this source, else because a
    newer self-assessment no longer shows it. One whose rule could not be checked is left alone: an answer
    that turned to N/A mends nothing.
    """
    source_ids = set(checked)
    spoken = frozenset().union(*checked.values())
    wanted = {item.key: item for item in raised}
    known = known_findings({key[0] for key in spoken}, source_ids, source)
    reopen = [f for f in known.values() if f.close_reason == CloseReason.CORRECTED and key_of(f) in wanted]
    lifecycle.advance_many(reopen, FindingState.OPEN)
    fresh = [build_finding(item) for key, item in wanted.items() if key not in known]
    Finding.objects.bulk_create(fresh, batch_size=500)
    FindingChange.objects.bulk_create(
        FindingChange(finding=finding, source="", target=FindingState.OPEN) for finding in fresh
    )
    kept = {key: known[key] for key in wanted if key in known}
    changed = [finding for key, finding in kept.items() if refresh(finding, wanted[key])]
    Finding.objects.bulk_update(changed, REFRESHED, batch_size=500)
    refuted = [known[key] for key in spoken - wanted.keys() if key in known]
    still_open = [finding for finding in refuted if finding.state == FindingState.OPEN]
    corrected = [finding for finding in still_open if finding.source_id in source_ids]
    newer = [finding for finding in still_open if finding.source_id not in source_ids]
    lifecycle.advance_many(corrected, FindingState.CLOSED, reason=CloseReason.CORRECTED)
    lifecycle.advance_many(newer, FindingState.CLOSED, reason=CloseReason.NEWER)
    return {key_of(finding): finding for finding in (*fresh, *kept.values())}


def key_of(finding: Finding) -> Key:
    """Return the key of a finding within its source."""
    return finding.site_id, finding.relationship_id, finding.rule


def known_findings(sites: set[int], source_ids: set[int], source: Source) -> dict[Key, Finding]:
    """Return by key the findings that speak of the same: open ones first, else the last of the same source.

    Read by site, which has an index, and locked, so that nobody closes one while it is being re-pointed.
    """
    rows = Finding.objects.select_for_update().filter(site_id__in=sites, source=source).order_by("pk")
    fitting = [row for row in rows if row.state == FindingState.OPEN or row.source_id in source_ids]
    ordered = sorted(fitting, key=lambda finding: finding.state == FindingState.OPEN)
    return {key_of(finding): finding for finding in ordered}


def build_finding(item: Raised) -> Finding:
    """Return an unsaved open finding."""
    return Finding(
        site_id=item.site_id,
        relationship_id=item.relationship_id,
        source=item.source,
        source_id=item.source_id,
        rule=item.rule,
        code_of_conduct=item.code_of_conduct,
        provision=item.provision,
        severity=item.severity,
        text=item.text,
        advice=item.advice,
        opened_at=timezone.now(),
    )


def refresh(finding: Finding, item: Raised) -> bool:
    """Point a known finding at its newest source; whether that changed anything."""
    before = [getattr(finding, name) for name in REFRESHED]
    for name in REFRESHED:
        setattr(finding, name, getattr(item, name))
    return before != [getattr(finding, name) for name in REFRESHED]
