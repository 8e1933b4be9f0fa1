"""What the demo's sites and their managers do about findings: each deed by the product's own service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from assessments.findings.enums import ActionManager, CloseReason, Due, ExtensionState, Verification
from assessments.findings.models import Finding
from assessments.findings.services import evidence, extending, following, planning
from assessments.overview.management.demo import audit_words
from assessments.overview.management.demo.proofs import draw_photo, write_record
from portal.accounts.models import User

LATER_DAYS = 90


@dataclass(frozen=True)
class Mending:
    """One finding, who acts on it, and which of the texts are its own."""

    finding: Finding
    words: str
    site: User
    buyer: User
    auditor: User

    def do(self, deed: str) -> None:
        """Do one deed of a course."""
        deeds: dict[str, Callable[[], object]] = {
            "plan": self.plan,
            "plan_nothing": self.plan_nothing,
            "submit": lambda: planning.submit_plan(finding=self.finding, actor=self.site),
            "accept": lambda: planning.accept_plan(finding=self.finding, note="", actor=self.manager),
            "reject": lambda: planning.reject_plan(
                finding=self.finding, reason=audit_words.REASONS["reject"], actor=self.manager
            ),
            "start": lambda: planning.start_action(finding=self.finding, actor=self.site),
            "prove": self.prove,
            "finish": lambda: planning.finish_action(
                finding=self.finding, note=self.own(audit_words.FINISHED), actor=self.site
            ),
            "verify": lambda: self.verify(Verification.DESK),
            "verify_on_site": lambda: self.verify(Verification.ON_SITE),
            "send_back": lambda: planning.send_back_action(
                finding=self.finding, reason=audit_words.REASONS["send_back"], actor=self.manager
            ),
            "close": lambda: following.close_finding(
                finding=self.finding, reason=CloseReason.MENDED, note="", actor=self.buyer
            ),
            "dispute": lambda: following.dispute_finding(
                finding=self.finding, note=self.own(audit_words.DISPUTES), actor=self.site
            ),
            "collaborate": lambda: following.make_collaborative(
                finding=self.finding, note=audit_words.REASONS["collaborative"], actor=self.buyer
            ),
            "talk": self.talk,
            "ask_later": self.ask_later,
            "grant_later": lambda: self.decide_later(granted=True, note=audit_words.REASONS["grant"]),
            "refuse_later": lambda: self.decide_later(granted=False, note=audit_words.REASONS["refuse_later"]),
        }
        deeds[deed]()

    @property
    def manager(self) -> User:
        """Return who accepts plans and verifies."""
        people = {ActionManager.SITE: self.site, ActionManager.BUYER: self.buyer, ActionManager.FIRM: self.auditor}
        return people[ActionManager(self.finding.manager)]

    def own(self, texts: dict[str, str]) -> str:
        """Return the text in the language of the site, else in English."""
        return texts.get(self.site.language, texts["en"])

    def plan(self) -> None:
        """Write the plan."""
        plans = audit_words.PLANS
        plan = plans.get((self.words, self.site.language)) or plans[self.words, "en"]
        today = timezone.localdate()
        last = self.finding.done_due_on or today + timedelta(days=180)
        planning.save_plan(
            finding=self.finding,
            base_version=0,
            actor=self.site,
            containment=plan.containment,
            root_cause=plan.root_cause,
            corrective=plan.corrective,
            preventive=plan.preventive,
            owner_name=self.site.name,
            owner_email=self.site.email,
            starts_on=today + timedelta(days=5),
            planned_on=min(last - timedelta(days=5), today + timedelta(days=90)),
        )

    def plan_nothing(self) -> None:
        """Give the reason why nothing is done."""
        reason = self.own(audit_words.NO_ACTION)
        planning.save_plan(
            finding=self.finding, base_version=0, actor=self.site, no_action=True, no_action_reason=reason
        )

    def prove(self) -> None:
        """Put a photo and a record beside it."""
        number = self.finding.pk
        note = self.own(audit_words.FINISHED)
        record = write_record(f"Record {number}, {self.finding.site.name}", [self.finding.provision, note])
        evidence.add_action_file(finding=self.finding, upload=draw_photo(number), note="", actor=self.site)
        evidence.add_action_file(finding=self.finding, upload=record, note=note, actor=self.site)

    def verify(self, how: Verification) -> None:
        """Make sure that it is mended."""
        planning.verify_action(finding=self.finding, how=how, note="", actor=self.manager)

    def talk(self) -> None:
        """Ask, and answer two hours later, so to speak."""
        planning.add_comment(finding=self.finding, text=audit_words.TALK["ask"], actor=self.buyer)
        text = audit_words.TALK.get(self.site.language, audit_words.TALK["en"])
        planning.add_comment(finding=self.finding, text=text, actor=self.site)

    def ask_later(self) -> None:
        """Ask for a later day."""
        day = (self.finding.done_due_on or timezone.localdate()) + timedelta(days=LATER_DAYS)
        reason = self.own(audit_words.LATER)
        extending.ask_extension(finding=self.finding, due=Due.DONE, wanted_on=day, reason=reason, actor=self.site)

    def decide_later(self, *, granted: bool, note: str) -> None:
        """Grant or refuse the later day that was asked for."""
        wish = self.finding.extensions.select_related("finding__relationship").get(state=ExtensionState.ASKED)
        extending.decide_extension(extension=wish, granted=granted, note=note, actor=self.manager)
