"""What is wrong becomes a finding: flags of self-assessments, conclusions of audits, what a buyer enters by hand."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.codes.document import UnknownCode, read_code
from assessments.findings import lifecycle
from assessments.findings.clocks import Dates, find_clock, read_clocks, set_dates
from assessments.findings.enums import (
    ENTERED_SOURCES,
    RULED_SOURCES,
    SETTLED_STATES,
    ActionManager,
    CloseReason,
    Due,
    FindingState,
    Severity,
    Source,
)
from assessments.findings.models import UNSETTLED, CorrectiveAction, Finding, FindingChange, FindingInspector
from assessments.findings.services.telling import tell_site
from portal.accounts.models import User
from portal.lib.errors import DomainError
from portal.trail.services import record
from suppliers.organisations.models import Relationship, Site

Key = tuple[int, int, str]
Place = tuple[int, int, str]
REFRESHED = ["source_id", "severity", "provision", "text", "advice"]
DATES = ["plan_due_on", "approval_due_on", "done_due_on", "next_due", "next_due_on"]
REPORTED = ["severity", "provision", "topic", "text", "advice", "law", "manager", "firm_id", "reported_on"]
NO_DATES = Dates()
# Closed so, a finding was none: the next one on its provision repeats nothing.
NEVER_WAS = (CloseReason.NOT_CONFIRMED, CloseReason.CORRECTED, CloseReason.MERGED)
SETTLED_BEFORE = Q(state__in=sorted(SETTLED_STATES))
SEEN_BEFORE = Q(source=Source.AUDIT) | Q(confirmed_at__isnull=False)


@dataclass(frozen=True)
class Raised:
    """What a source says is wrong. `source_id` names the response, audit or document behind it.

    Clocks: `dates` run from `discovered_on` or `reported_on`; those of a flag start when a person confirms it.
    """

    site_id: int
    relationship_id: int
    source: Source
    source_id: int | None
    rule: str
    code_of_conduct: str
    provision: str
    severity: str
    text: dict[str, str]
    advice: dict[str, str]
    topic: str = ""
    law: str = ""
    firm_id: int | None = None
    manager: str = ActionManager.BUYER
    discovered_on: date | None = None
    reported_on: date | None = None
    dates: Dates = NO_DATES

    @property
    def key(self) -> Key:
        """Site, relationship and rule: one unsettled finding for each."""
        return self.site_id, self.relationship_id, self.rule

    @property
    def place(self) -> Place:
        """Site, relationship and provision: what comes back there is a recurrence."""
        return self.site_id, self.relationship_id, self.provision


# Flags ---------------------------------------------------------------------------------------------


@transaction.atomic
def raise_findings(
    raised: Iterable[Raised], *, checked: Mapping[int, frozenset[Key]], source: Source
) -> dict[Key, Finding]:
    """Make the findings match what the newest sources say, and return them by key.

    `checked` holds per source id the keys of every rule that could be evaluated, fired or not. An unsettled
    finding of the same rule is kept and re-pointed, and so is one merged into a finding that is unsettled; one
    that was settled for this very source stays so; one closed because the answer was corrected is reopened.
    What is left makes new findings, which know the one they repeat.

    A finding whose rule was checked and did not fire is closed while no person has confirmed it and no plan was
    handed in: as corrected where it came from this source, else because a newer self-assessment no longer
    shows it. One whose rule could not be checked is left alone: an answer that turned to N/A mends nothing.
    """
    source_ids = set(checked)
    spoken = frozenset().union(*checked.values())
    wanted = {item.key: item for item in raised}
    known = known_findings({key[0] for key in spoken}, source_ids, source)
    reopen = [f for f in known.values() if f.close_reason == CloseReason.CORRECTED and key_of(f) in wanted]
    lifecycle.advance_many(reopen, FindingState.OPEN)
    fresh = open_findings([item for key, item in wanted.items() if key not in known], SETTLED_BEFORE)
    kept = {key: known[key] for key in wanted if key in known}
    changed = [finding for key, finding in kept.items() if refresh(finding, wanted[key], REFRESHED)]
    Finding.objects.bulk_update(changed, REFRESHED, batch_size=500)
    refuted = untouched(known[key] for key in spoken - wanted.keys() if key in known)
    corrected = [finding for finding in refuted if finding.source_id in source_ids]
    newer = [finding for finding in refuted if finding.source_id not in source_ids]
    lifecycle.advance_many(corrected, FindingState.CLOSED, reason=CloseReason.CORRECTED)
    lifecycle.advance_many(newer, FindingState.CLOSED, reason=CloseReason.NEWER)
    return {key_of(finding): finding for finding in (*fresh, *kept.values())}


def key_of(finding: Finding) -> Key:
    """Return the key of a finding within its source."""
    return finding.site_id, finding.relationship_id, finding.rule


def known_findings(sites: set[int], source_ids: set[int], source: Source) -> dict[Key, Finding]:
    """Return by key the findings that speak of the same: unsettled ones first, then merged ones, then the last.

    Read by site, which has an index, and locked, so that nobody closes one while it is being re-pointed. What they
    were merged into is read apart: few are merged, and a re-score reads hundreds of thousands of these rows.
    """
    rows = list(Finding.objects.select_for_update().filter(site_id__in=sites, source=source).order_by("pk"))
    followed = followed_merges(rows)
    fitting = [row for row in rows if not row.is_settled or row.pk in followed or row.source_id in source_ids]
    ordered = sorted(fitting, key=lambda finding: (not finding.is_settled, finding.pk in followed))
    return {key_of(finding): finding for finding in ordered}


def followed_merges(findings: Sequence[Finding]) -> set[int]:
    """Return which of these were merged into a finding that is not settled."""
    merged = {finding.pk: finding.merged_into_id for finding in findings if finding.merged_into_id is not None}
    if not merged:
        return set()
    live = set(Finding.objects.filter(UNSETTLED, pk__in=set(merged.values())).values_list("pk", flat=True))
    return {pk for pk, target in merged.items() if target in live}


def untouched(findings: Iterable[Finding]) -> list[Finding]:
    """Return those that go by themselves when their rule no longer fires: no person has taken them up."""
    rows = [finding for finding in findings if finding.confirmed_at is None and not finding.is_settled]
    if not rows:
        return []
    planned = CorrectiveAction.objects.filter(finding__in=rows, submitted_at__isnull=False)
    taken_up = set(planned.values_list("finding_id", flat=True))
    return [finding for finding in rows if finding.pk not in taken_up]


def refresh(finding: Finding, item: Raised, names: Sequence[str]) -> bool:
    """Write what the newest source says into the named columns of a finding; whether that changed anything."""
    before = [getattr(finding, name) for name in names]
    for name in names:
        setattr(finding, name, getattr(item, name))
    return before != [getattr(finding, name) for name in names]


# New findings --------------------------------------------------------------------------------------


def open_findings(items: Sequence[Raised], before: Q, actor: User | None = None) -> list[Finding]:
    """Create findings with their history; each repeats the newest earlier one at its place that `before` allows."""
    if not items:
        return []
    earlier = newest_at(items, before)
    fresh = [build_finding(item, earlier.get(item.place)) for item in items]
    for finding in fresh:
        finding.confirmed_by = actor
    Finding.objects.bulk_create(fresh, batch_size=500)
    FindingChange.objects.bulk_create(
        FindingChange(finding=finding, source="", target=FindingState.OPEN, actor=actor) for finding in fresh
    )
    return fresh


def newest_at(items: Sequence[Raised], allowed: Q) -> dict[Place, int]:
    """Return by place the newest finding that these repeat; those of the same source and id are no earlier ones."""
    places = {item.place for item in items}
    rows = Finding.objects.filter(
        allowed, site_id__in={place[0] for place in places}, provision__in={place[2] for place in places}
    )
    same = {item.source_id for item in items if item.source == Source.AUDIT}
    rows = rows.exclude(close_reason__in=NEVER_WAS).exclude(source=Source.AUDIT, source_id__in=same)
    found = rows.order_by("opened_at", "pk").values_list("site_id", "relationship_id", "provision", "pk")
    return {(site, relationship, provision): pk for site, relationship, provision, pk in found}


def build_finding(item: Raised, repeats: int | None) -> Finding:
    """Return an unsaved open finding; all but those that a rule raised are confirmed at birth."""
    now = timezone.now()
    finding = Finding(
        site_id=item.site_id,
        relationship_id=item.relationship_id,
        source=item.source,
        source_id=item.source_id,
        rule=item.rule,
        code_of_conduct=item.code_of_conduct,
        provision=item.provision,
        topic=item.topic,
        severity=item.severity,
        text=item.text,
        advice=item.advice,
        law=item.law,
        manager=item.manager,
        firm_id=item.firm_id,
        discovered_on=item.discovered_on,
        reported_on=item.reported_on,
        recurrence_of_id=repeats,
        opened_at=now,
        confirmed_at=None if item.source in RULED_SOURCES and item.rule else now,
    )
    write_dates(finding, item.dates)
    run_clock(finding, Due.PLAN)
    return finding


def write_dates(finding: Finding, dates: Dates) -> None:
    """Set the due dates of a finding that is not saved here."""
    finding.plan_due_on, finding.approval_due_on, finding.done_due_on = dates.plan, dates.approval, dates.done


def run_clock(finding: Finding, due: Due | None) -> None:
    """Set which clock runs on a finding that is not saved here."""
    for name, value in lifecycle.due_columns(finding, due).items():
        setattr(finding, name, value)


# Audits --------------------------------------------------------------------------------------------


@transaction.atomic
def raise_audit_findings(
    raised: Iterable[Raised], *, audit_id: int, inspectors: Collection[User]
) -> dict[str, Finding]:
    """Make the findings of an audit match its conclusions, and return them by checkpoint; safe to call twice.

    The first call, at the acknowledgement, names the priority ones; the last, at release, all of them: those known
    are refreshed, and one whose conclusion did not stand is closed as not confirmed. `inspectors` are the auditors
    who follow the findings.
    """
    wanted = {item.rule: item for item in raised}
    rows = Finding.objects.select_for_update().filter(source=Source.AUDIT, source_id=audit_id)
    known = {finding.rule: finding for finding in rows.order_by("pk")}
    fresh = open_findings([item for rule, item in wanted.items() if rule not in known], SEEN_BEFORE)
    kept = [known[rule] for rule in wanted if rule in known]
    changed = [finding for finding in kept if not finding.is_settled and report(finding, wanted[finding.rule])]
    Finding.objects.bulk_update(changed, [*REPORTED, *DATES], batch_size=500)
    dropped = [finding for rule, finding in known.items() if rule not in wanted and not finding.is_settled]
    lifecycle.advance_many(dropped, FindingState.CLOSED, reason=CloseReason.NOT_CONFIRMED)
    set_inspectors(source=Source.AUDIT, source_id=audit_id, users=inspectors)
    return {finding.rule: finding for finding in (*fresh, *kept)}


def report(finding: Finding, item: Raised) -> bool:
    """Write what the report says into a finding raised before it; whether that changed anything.

    Dates that were set stay: they may have been extended. Only another severity or topic sets them anew.
    """
    graded, dated = (finding.severity, finding.topic), [getattr(finding, name) for name in DATES]
    changed = refresh(finding, item, REPORTED)
    new = item.dates
    if (finding.severity, finding.topic) == graded:
        new = Dates(
            finding.plan_due_on or new.plan,
            finding.approval_due_on or new.approval,
            finding.done_due_on or new.done,
        )
    write_dates(finding, new)
    run_clock(finding, lifecycle.awaited(finding))
    return changed or dated != [getattr(finding, name) for name in DATES]


def set_inspectors(*, source: Source, source_id: int, users: Collection[User]) -> None:
    """Make these people, and nobody else, the inspectors of every finding of a source."""
    findings = Finding.objects.filter(source=source, source_id=source_id)
    FindingInspector.objects.filter(finding__in=findings).exclude(user__in=users).delete()
    FindingInspector.objects.bulk_create(
        (FindingInspector(finding=finding, user=user) for finding in findings.only("pk") for user in users),
        ignore_conflicts=True,
    )


# By hand -------------------------------------------------------------------------------------------


@transaction.atomic
def enter_finding(
    *,
    relationship: Relationship,
    site: Site,
    source: Source,
    code_of_conduct: str,
    provision: str,
    severity: Severity,
    text: str,
    actor: User,
) -> Finding:
    """Write down what a declaration, an expired document or a grievance shows, in the language of the writer.

    It is confirmed at birth, its clock starts today, and the site is told. Raises DomainError for a source that
    raises its findings itself, for a site of another supplier and for a provision that its code does not have.
    """
    if source not in ENTERED_SOURCES:
        raise DomainError(_("Findings of this source are not entered by hand. Choose another source."), code="source")
    if site.organisation_id != relationship.supplier_id:
        raise DomainError(_("This site does not belong to this supplier. Choose one of its sites."), code="site")
    refuse_unknown_provision(code_of_conduct, provision)
    today = timezone.localdate()
    item = Raised(
        site_id=site.pk,
        relationship_id=relationship.pk,
        source=source,
        source_id=None,
        rule="",
        code_of_conduct=code_of_conduct,
        provision=provision,
        severity=severity,
        text={actor.language: text},
        advice={},
        discovered_on=today,
        reported_on=today,
        dates=set_dates(find_clock(read_clocks().clocks, severity), discovered=today, reported=today),
    )
    finding = open_findings([item], SEEN_BEFORE, actor)[0]
    record("enter_finding", actor=actor, thing=finding, organisation_id=relationship.buyer_id, kind=source)
    tell_site([finding], "confirmed", actor=actor)
    return finding


def refuse_unknown_provision(code_of_conduct: str, provision: str) -> None:
    """Refuse a provision that stands in no known code of conduct."""
    try:
        known = provision in read_code(code_of_conduct).provision_codes
    except UnknownCode:
        known = False
    if not known:
        raise DomainError(_("This code of conduct has no such provision. Choose one of the list."), code="provision")
