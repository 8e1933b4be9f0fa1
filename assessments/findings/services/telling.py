"""Mails about corrective actions: who is written to, one mail per person whatever the number of findings."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import translation

from assessments.findings.enums import ActionManager
from assessments.findings.models import CorrectiveAction, Finding, FindingInspector
from assessments.findings.permissions import FOLLOWERS, LEADERS, MENDERS
from assessments.findings.queries import title_of
from portal.accounts.models import User
from portal.lib.formats import distance_days, shown_date
from portal.notices.models import Mail
from portal.notices.services import build_mail, queue_mails
from suppliers.organisations.enums import Role, ScopeKind
from suppliers.organisations.models import Membership, Relationship

MOST_LISTED = 20
MOST_TOLD = 5  # an event is told to the person who confirmed the finding, else to a few who follow it


class Readers:
    """The people around some findings, read in a handful of queries whatever their number."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        sites = {finding.site.organisation_id for finding in findings}
        buyers = {finding.relationship.buyer_id for finding in findings}
        firms = {finding.firm_id for finding in findings if finding.firm_id}
        rows = Membership.objects.filter(organisation_id__in=sites | buyers | firms, user__is_active=True)
        self.members: dict[int, list[Membership]] = defaultdict(list)
        for row in rows.select_related("user").prefetch_related("scopes").order_by("pk"):
            self.members[row.organisation_id].append(row)
        self.inspectors: dict[int, set[int]] = defaultdict(set)
        marks = FindingInspector.objects.filter(finding__in=[finding.pk for finding in findings])
        for finding_id, user_id in marks.values_list("finding_id", "user_id"):
            self.inspectors[finding_id].add(user_id)
        owners = CorrectiveAction.objects.filter(finding__in=[finding.pk for finding in findings])
        self.owners = dict(owners.values_list("finding_id", "owner_email"))

    def with_roles(self, organisation_id: int, roles: frozenset[Role]) -> list[User]:
        """Return the people of an organisation in one of the roles."""
        return [row.user for row in self.members[organisation_id] if row.role in roles]

    def menders(self, finding: Finding) -> list[User]:
        """Return who works on it at the site, and its owner where that is a member."""
        here = finding.site.organisation_id
        owner = self.owners.get(finding.pk, "").lower()
        named = [row.user for row in self.members[here] if owner and row.user.email.lower() == owner]
        return unique([*self.with_roles(here, MENDERS), *named])

    def leaders(self, finding: Finding) -> list[User]:
        """Return the managers of the site."""
        return self.with_roles(finding.site.organisation_id, LEADERS)

    def followers(self, finding: Finding) -> list[User]:
        """Return who follows it for the buyer, within the scopes of their memberships."""
        bond = finding.relationship
        rows = [row for row in self.members[bond.buyer_id] if row.role in FOLLOWERS and covers(row, bond)]
        return unique(row.user for row in rows)

    def managers(self, finding: Finding) -> list[User]:
        """Return who accepts its plan and verifies what was done."""
        if finding.manager == ActionManager.SITE:
            return self.leaders(finding)
        if finding.manager == ActionManager.FIRM and finding.firm_id:
            on_it = self.inspectors[finding.pk]
            rows = self.members[finding.firm_id]
            people = unique(row.user for row in rows if row.role == Role.FIRM_MANAGER or row.user_id in on_it)
            return people or self.followers(finding)  # as in permissions.manages
        return self.followers(finding)

    def judges(self, finding: Finding) -> list[User]:
        """Return the few who are told of a dispute: no site judges its own."""
        return self.followers(finding)[:MOST_TOLD] if finding.manager == ActionManager.SITE else self.deciders(finding)

    def deciders(self, finding: Finding) -> list[User]:
        """Return the few of the managers who are told of an event: who confirmed it, else the first."""
        people = self.managers(finding)
        return [user for user in people if user.pk == finding.confirmed_by_id] or people[:MOST_TOLD]


def covers(membership: Membership, bond: Relationship) -> bool:
    """Whether a membership that may be narrowed to regions and business units reaches a relationship."""
    scopes: dict[str, set[str]] = defaultdict(set)
    for scope in membership.scopes.all():
        scopes[scope.kind].add(scope.value)
    own = {ScopeKind.REGION: bond.region, ScopeKind.BUSINESS_UNIT: bond.business_unit}
    return all(own[ScopeKind(kind)] in values for kind, values in scopes.items())


def unique(people: Iterable[User]) -> list[User]:
    """Return people once each, in their order."""
    return list({user.pk: user for user in people}.values())


# Events --------------------------------------------------------------------------------------------
def tell_manager(findings: Sequence[Finding], kind: str, *, actor: User, note: str = "") -> None:
    """Queue a mail about an event to those who have to decide now."""
    readers = Readers(findings)
    tell(findings, kind, {finding.pk: readers.deciders(finding) for finding in findings}, actor=actor, note=note)


def tell_judges(finding: Finding, *, actor: User, note: str) -> None:
    """Queue a mail to those who decide whether a disputed finding stands."""
    tell([finding], "disputed", {finding.pk: Readers([finding]).judges(finding)}, actor=actor, note=note)


def tell_site(findings: Sequence[Finding], kind: str, *, actor: User, note: str = "") -> None:
    """Queue a mail about a decision to those at the site who wait for it."""
    readers = Readers(findings)
    tell(findings, kind, {finding.pk: readers.menders(finding) for finding in findings}, actor=actor, note=note)


def tell(findings: Sequence[Finding], kind: str, people: dict[int, list[User]], *, actor: User, note: str) -> None:
    """Queue one mail per person about an event; nobody is told what they did themselves."""
    told: dict[int, list[Finding]] = defaultdict(list)
    users: dict[int, User] = {}
    for finding in findings:
        for user in people[finding.pk]:
            if user.pk != actor.pk:
                users[user.pk] = user
                told[user.pk].append(finding)
    event = uuid4().hex  # an event happens once: its deed is refused when it is done again
    extra = {"kind": kind, "note": note, "person": actor.name or actor.email}
    queue_mails(
        letter(f"action:{kind}:{event}:{pk}", "action_event", users[pk], rows, **extra) for pk, rows in told.items()
    )


def letter(key: str, template: str, user: User, findings: Sequence[Finding], **extra: Any) -> Mail:
    """Return a mail to one person in their language that lists the findings with a link each."""
    with translation.override(user.language):
        lines = [line_of(finding) for finding in findings[:MOST_LISTED]]
    first = findings[0]
    single = len(findings) == 1
    context = {
        "lines": lines,
        "count": len(findings),
        "more": max(0, len(findings) - MOST_LISTED),
        "site": first.site.name,
        "supplier": first.site.organisation.name,
        "buyer": first.relationship.buyer.name,
        "path": reverse("finding_detail", args=[first.pk]) if single else reverse("action_list"),
        **extra,
    }
    return build_mail(
        key,
        to_email=user.email,
        to_name=user.name,
        template=template,
        context=context,
        language=user.language,
        user=user,
        organisation_id=first.relationship.buyer_id,
    )


def line_of(finding: Finding) -> dict[str, str]:
    """Return what a mail says of one finding, in the active language."""
    title = title_of(finding.code_of_conduct, finding.provision, translation.get_language() or "en")
    day = finding.next_due_on
    return {
        "title": f"{finding.provision} {title}".strip(),
        "severity": finding.get_severity_display(),
        "site": finding.site.name,
        "due": finding.get_next_due_display() if day else "",
        "day": shown_date(day) if day else "",
        "distance": distance_days(day) if day else "",
        "path": reverse("finding_detail", args=[finding.pk]),
    }
