"""What the buyer of the demo makes of flags: confirmed, dismissed, merged; and findings entered by hand."""

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.findings.enums import FindingState, Severity, Source
from assessments.findings.models import UNSETTLED, Finding
from assessments.findings.services import following, raising
from assessments.overview.management.demo import audit_words
from assessments.overview.management.demo.audit_cases import AGREED, PLANNED, RUNNING, Course
from assessments.overview.management.demo.mending import Mending
from portal.accounts.models import User
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Organisation, Relationship, Site


@dataclass(frozen=True)
class Confirmed:
    """A flag the buyer confirms `ago` days before now: the first of a rule in a country; and what becomes of it."""

    ago: int
    rule: str
    country: str
    words: str
    course: Course


@dataclass(frozen=True)
class Entered:
    """A finding entered by hand, in Japanese."""

    ago: int
    source: Source
    provision: str
    severity: Severity
    text: str


MENDED: Course = (*RUNNING, (50, "prove"), (52, "finish"), (60, "verify"))
CONFIRMED = (
    Confirmed(120, "A3-OVER-60", "CN", "hours", RUNNING),
    Confirmed(100, "C1-PERMIT-EXPIRED", "CN", "permit", MENDED),
    Confirmed(60, "E6-NO-TRAINING", "CN", "training", ()),
    Confirmed(50, "B2-NO-DRILL", "CN", "drill", AGREED),
    Confirmed(12, "A1-FEES", "MY", "fees", PLANNED),
)
DISMISSED = ((30, "B2-FIRE-EXPIRED"), (20, "C1-PERMIT-EXPIRED"))
ENTERED = (
    Entered(
        40,
        Source.GRIEVANCE,
        "A5",
        Severity.MAJOR,
        "相談窓口に、班長から大声で叱責されるとの申し出が2件ありました。申し出た人の氏名は工場に伝えません。",
    ),
    Entered(
        25,
        Source.DOCUMENT,
        "C2",
        Severity.MINOR,
        "ISO 14001の認証書の有効期限が切れています。更新の予定が届いていません。",
    ),
)


@dataclass(frozen=True)
class Flags:
    """The buyer's work on flags; sites of audits are left out but for the merge."""

    buyer: Organisation
    dave: User
    auditor: User
    audited: frozenset[int]

    def open_flags(self, **wanted: str) -> Iterator[Finding]:
        """Yield flags nobody has looked at, in a steady order."""
        rows = Finding.objects.filter(
            source=Source.FLAG,
            state=FindingState.OPEN,
            confirmed_at=None,
            relationship__buyer=self.buyer,
            site__organisation__memberships__role=Role.SUPPLIER_MANAGER,
            **wanted,
        ).exclude(site__in=self.audited)
        yield from rows.select_related("site", "relationship").order_by("pk")

    def confirm(self, flag: Confirmed) -> Finding | None:
        """Confirm a flag; a small demo may have none of the rule."""
        finding = next(self.open_flags(rule__startswith=flag.rule, site__country=flag.country), None)
        if finding is not None:
            following.confirm_finding(finding=finding, actor=self.dave)
        return finding

    def dismiss(self, rule: str) -> None:
        """Close a flag that was none."""
        finding = next(self.open_flags(rule=rule), None)
        if finding is not None:
            following.dismiss_finding(finding=finding, note=audit_words.REASONS["dismissed"], actor=self.dave)

    def mend(self, finding: Finding, words: str, deed: str) -> None:
        """Let the site go on with what was confirmed."""
        finding = Finding.objects.select_related("site", "relationship").get(pk=finding.pk)
        members = finding.site.organisation.memberships.filter(role=Role.SUPPLIER_MANAGER)
        manager = members.select_related("user").order_by("pk")[0].user
        Mending(finding, words, manager, self.dave, self.auditor).do(deed)

    def merge(self, site: Site) -> None:
        """Merge a flag of long hours into what the auditors found at the same site."""
        rows = Finding.objects.filter(UNSETTLED, site=site, provision="A3").select_related("site", "relationship")
        flag = rows.filter(source=Source.FLAG, rule="A3-OVER-60").order_by("pk").first()
        into = rows.filter(source=Source.AUDIT).first()
        if flag and into:
            note = audit_words.REASONS["merged"]
            following.merge_finding(finding=flag, into=into, note=note, actor=self.dave)

    def enter(self, entered: Entered, bond: Relationship, site: Site) -> None:
        """Enter a finding by hand."""
        raising.enter_finding(
            relationship=bond,
            site=site,
            source=entered.source,
            code_of_conduct="rba-8.0",
            provision=entered.provision,
            severity=entered.severity,
            text=entered.text,
            actor=self.dave,
        )
