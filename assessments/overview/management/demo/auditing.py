"""Nineteen audits and what became of them, told through the product's own services between the yearly campaigns."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count

from django.utils import timezone

from assessments.audits.document import Checkpoint
from assessments.audits.enums import Asker, FileUse, WorkerGroup
from assessments.audits.models import Audit
from assessments.audits.queries import programme_of
from assessments.audits.services import concluding, feedback, filing, firms, going, profiling, requesting
from assessments.audits.services.programmes import save_programme
from assessments.findings.enums import Severity, Source
from assessments.findings.models import Finding
from assessments.overview.management.demo import audit_words, people
from assessments.overview.management.demo.audit_cases import CASES, Case, Found
from assessments.overview.management.demo.clock import at_moment
from assessments.overview.management.demo.flags import CONFIRMED, DISMISSED, ENTERED, Confirmed, Flags
from assessments.overview.management.demo.mending import Mending
from assessments.overview.management.demo.own_programme import build_own
from assessments.overview.management.demo.proofs import draw_photo, print_report
from assessments.overview.management.demo.schedule import ask_by_schedule
from portal.accounts.models import Invitation, User
from portal.notices.services import send_due_mails
from suppliers.organisations import services as organising
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Organisation, Relationship, Site

FIRM = "Meridian Assurance"
FRANK, CAROL = "frank@meridian.example", "carol@meridian.example"
COLLEAGUE = "lin@meridian.example"
SETTLING = ("accept", "verify", "verify_on_site", "close")  # deeds after which an audit may be done
DAYS_ON_SITE = 3
DAYS_TO_FRIDAY = (3, 4, 0, 0, 0, 1, 2)  # from a day back to one on which three working days can end
DAYS_TO_REPORT = 20
SHARES = {  # of the heads at a site, and of them how many are women
    WorkerGroup.PERMANENT: (0.68, 0.48),
    WorkerGroup.FIXED_TERM: (0.14, 0.52),
    WorkerGroup.DISPATCHED: (0.11, 0.44),
    WorkerGroup.CONTRACTORS: (0.04, 0.30),
    WorkerGroup.TRAINEES: (0.03, 0.55),
}


@dataclass(frozen=True)
class Place:
    """Where a case happens, and who answers for the site."""

    site: Site
    bond: Relationship
    manager: User


@dataclass
class Auditing:
    """Tells the audits in the order of time; `fits` says whether a site suits a case."""

    now: datetime
    buyer: Organisation
    dave: User
    erin: User
    fits: Callable[[Site, Case], bool]
    agenda: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    places: dict[str, Place] = field(default_factory=dict)
    audits: dict[str, Audit] = field(default_factory=dict)

    def prepare(self) -> None:
        """Engage the firm, let its people in, choose the sites and write the agenda."""
        self.frank, self.carol, self.lin = self.engage_firm()
        save_programme(build_own(), buyer=self.buyer, base=None, actor=self.erin)
        self.choose_places()
        for case in CASES:
            if case.code in self.places:
                self.plan_case(case)
        self.plan_flags()

    def tell_until(self, moment: datetime) -> None:
        """Do what stands on the agenda up to a moment, each at its own, and send the mails of it."""
        while self.agenda and self.agenda[0][0] <= moment:
            when, _number, deed = heappop(self.agenda)
            with at_moment(when):
                deed()
                send_due_mails()

    # 1. The firm --------------------------------------------------------------------------------------
    def engage_firm(self) -> tuple[User, User, User]:
        """Return the manager and two auditors of the firm, who came in by invitation."""
        firm = firms.engage_firm(
            buyer=self.buyer, name=FIRM, country="SG", email=FRANK, language="en", actor=self.erin
        ).firm
        frank = self.let_in(FRANK, "Frank Okafor")
        for email in (CAROL, COLLEAGUE):
            organising.invite_member(organisation=firm, role=Role.AUDITOR, email=email, actor=frank)
        return frank, self.let_in(CAROL, "Carol Lindqvist"), self.let_in(COLLEAGUE, "Lin Jiayi")

    def let_in(self, email: str, name: str) -> User:
        """Accept an invitation with the password of the demo."""
        invitation = Invitation.objects.get(email=email, accepted_at=None)
        return organising.accept_invitation(invitation=invitation, name=name, password=people.PASSWORD, language="en")

    # 2. The sites -------------------------------------------------------------------------------------
    def choose_places(self) -> None:
        """Give every case a site of its country nobody else has; a small demo has fewer sites and fewer audits."""
        taken: set[int] = set()
        for case in sorted(CASES, key=lambda case: (not case.reader, bool(case.at_site_of))):
            place = self.places.get(case.at_site_of) or self.find_place(case, taken)
            if place is not None:
                self.places[case.code] = place
                taken.add(place.site.organisation_id)

    def find_place(self, case: Case, taken: Iterable[int]) -> Place | None:
        """Return a free site that suits a case, with its manager."""
        if case.at_site_of:
            return None
        sites = Site.objects.filter(country=case.country, organisation__memberships__role=Role.SUPPLIER_MANAGER)
        if case.reader:
            sites = sites.filter(organisation__memberships__user__email=case.reader)
        sites = sites.exclude(organisation__in=[*taken, self.buyer.pk]).distinct()
        for site in sites.select_related("organisation").order_by("pk"):
            if case.reader or self.fits(site, case):
                bond = site.organisation.sells_to.select_related("buyer", "supplier").get(buyer=self.buyer)
                manager = site.organisation.memberships.filter(role=Role.SUPPLIER_MANAGER).order_by("pk")[0].user
                return Place(site, bond, manager)
        return None

    # 3. The agenda ------------------------------------------------------------------------------------
    def plan_case(self, case: Case) -> None:
        """Write the steps of an audit on the agenda, as far as it has come."""
        last = self.last_day(case)
        steps: list[tuple[str, date, int, Callable[[Case], object]]] = [
            ("requested", last - timedelta(days=case.before), 9, self.request),
            ("scheduled", last - timedelta(days=case.before * 0.9), 10, self.accept),
            ("scheduled", last - timedelta(days=case.before * 0.8), 11, self.schedule),
            ("scheduled", last - timedelta(days=case.before * 0.7), 15, self.assign),
            ("on_site", last - timedelta(days=case.before * 0.6), 9, self.declare),
            ("on_site", last - timedelta(days=DAYS_ON_SITE - 1), 8, self.start),
            ("on_site", min(last, self.day(0)), 12, self.write),
            ("feedback", last, 15, self.present),
            ("feedback", last, 17, self.acknowledge),
            ("feedback", last + timedelta(days=4), 10, self.draft),
            ("feedback", last + timedelta(days=7), 16, self.comment),
            ("released", last + timedelta(days=12), 14, self.check),
            ("released", last + timedelta(days=DAYS_TO_REPORT), 10, self.release),
        ]
        order = ("requested", "scheduled", "on_site", "feedback", "released")
        for reached, day, hour, deed in steps:
            if order.index(reached) <= order.index(case.until):
                self.note(day, hour, partial(deed, case))
        if case.until == "released":
            for found in case.found:
                self.plan_course(case, found, last)

    def plan_course(self, case: Case, found: Found, last: date) -> None:
        """Write what becomes of a finding on the agenda."""
        first = last if found.severity == Severity.PRIORITY else last + timedelta(days=DAYS_TO_REPORT)
        for days, deed in found.course:
            self.note(first + timedelta(days=days), 14, partial(self.mend, case, found, deed))

    def plan_flags(self) -> None:
        """Write the work on flags on the agenda, and the findings entered by hand."""
        flags = Flags(self.buyer, self.dave, self.carol, frozenset(place.site.pk for place in self.places.values()))
        for flag in CONFIRMED:
            self.note(self.day(flag.ago), 9, partial(self.confirm, flags, flag))
        for ago, rule in DISMISSED:
            self.note(self.day(ago), 9, partial(flags.dismiss, rule))
        for entered, place in zip(ENTERED, self.places.values(), strict=False):
            self.note(self.day(entered.ago), 16, partial(flags.enter, entered, place.bond, place.site))
        if merged := self.places.get("CN-10"):
            self.note(self.day(10), 16, partial(flags.merge, merged.site))

    def confirm(self, flags: Flags, flag: Confirmed) -> None:
        """Confirm a flag and write on the agenda what the site does about it."""
        finding = flags.confirm(flag)
        if finding is not None:
            for days, deed in flag.course:
                self.note(self.day(flag.ago - days), 14, partial(flags.mend, finding, flag.words, deed))

    def note(self, day: date, hour: int, deed: Callable[[], object]) -> None:
        """Put a deed on the agenda, on a working day and never in the future."""
        day -= timedelta(days=max(0, day.weekday() - 4))
        moment = timezone.make_aware(datetime.combine(day, time(hour)))
        heappush(self.agenda, (min(moment, self.now - timedelta(minutes=30)), next(self.numbers), deed))

    def day(self, ago: int) -> date:
        """Return the day so many days before now."""
        return timezone.localdate(self.now) - timedelta(days=ago)

    def last_day(self, case: Case) -> date:
        """Return the last day on site, so that all of them are working days; who is there now is there today."""
        day = self.day(case.ended)
        return day if case.until == "on_site" else day - timedelta(days=DAYS_TO_FRIDAY[day.weekday()])

    # 4. The steps of an audit -------------------------------------------------------------------------
    def request(self, case: Case) -> None:
        """Ask for the audit."""
        place = self.places[case.code]
        if case.asked_by == Asker.SCHEDULE:
            return ask_by_schedule(place.bond, self.firm, self.dave)
        by_site = case.asked_by == Asker.SITE
        self.audits[case.code] = requesting.request_audit(
            relationship=place.bond,
            site=place.site,
            programme_code=case.programme,
            kind=case.kind,
            asked_by=Asker(case.asked_by),
            reason=audit_words.WHY[case.kind if case.follows else case.asked_by],
            preferred_on=self.last_day(case),
            payer="site" if by_site else "buyer",
            scope=audit_words.SCOPE,
            follows=self.audits[case.follows] if case.follows else None,
            actor=place.manager if by_site else self.dave,
        )

    def accept(self, case: Case) -> None:
        """Let the other side accept."""
        actor = self.dave if case.asked_by == Asker.SITE else self.places[case.code].manager
        requesting.accept_audit(audit=self.audits[case.code], actor=actor)

    def schedule(self, case: Case) -> None:
        """Choose the firm and set the days on site."""
        audit, last = self.audits[case.code], self.last_day(case)
        requesting.choose_firm(audit=audit, firm=self.firm, actor=self.dave)
        first = last - timedelta(days=DAYS_ON_SITE - 1)
        requesting.schedule_audit(audit=audit, starts_on=first, ends_on=last, actor=self.frank)

    @property
    def firm(self) -> Organisation:
        """Return the audit firm."""
        return self.frank.memberships.select_related("organisation")[0].organisation

    def assign(self, case: Case) -> None:
        """Put the auditors on it."""
        team = [self.carol, self.lin]
        requesting.assign_auditors(audit=self.audits[case.code], users=team, lead=self.carol, actor=self.frank)

    def declare(self, case: Case) -> None:
        """Let each auditor declare that there is no conflict of interest."""
        for assignment in self.audits[case.code].assignments.select_related("user", "audit"):
            requesting.declare_interest(assignment=assignment, has_conflict=False, actor=assignment.user)

    def start(self, case: Case) -> None:
        """Begin on site and count heads."""
        audit = self.audits[case.code]
        going.start_audit(audit=audit, actor=self.carol)
        counts = {str(group): count_heads(audit.site.workers or 200, *SHARES[group]) for group in SHARES}
        profiling.save_worker_profile(audit=audit, counts=counts, actor=self.carol)

    def write(self, case: Case) -> None:
        """Write the conclusions; an audit that still goes on has only some."""
        audit = self.audits[case.code]
        programme = programme_of(audit.programme)
        points = programme.points if case.until != "on_site" else programme.points[:23]
        found = {one.provision: one for one in case.found}
        concluding.save_conclusions(
            audit=audit,
            given=[self.conclude(case, point, found.get(point.provision)) for point in points],
            actor=self.carol,
            together=True,
        )
        for number, point in enumerate(point for point in points if point.provision in found):
            filing.add_audit_file(
                audit=audit,
                upload=draw_photo(audit.pk * 7 + number, f"{point.code}-photo.png"),
                use=FileUse.EVIDENCE,
                checkpoint=point.code,
                actor=self.carol,
            )

    def conclude(self, case: Case, point: Checkpoint, found: Found | None) -> concluding.Given:
        """Return what the auditors write on one checkpoint."""
        topics = {topic.code for topic in programme_of(self.audits[case.code].programme).topics}
        looked_at = audit_words.CONFORMING[point.provision[0]]
        if found is not None:
            seen = audit_words.NONCONFORMITIES[found.words]
            content = {
                "conclusion": found.severity,
                "topic": found.topic if found.topic in topics else "",
                "data_points": list(seen.data_points),
                "description": seen.text,
                "law": seen.law,
                "root_cause": seen.root_cause,
            }
        elif case.follows and point.provision not in self.provisions_of(case.follows):
            content = {"conclusion": "not_reviewed"}
        elif point.provision == "D7" and case.country not in ("CN", "JP"):
            content = {"conclusion": "not_applicable", "description": audit_words.NO_MINERALS}
        else:
            content = {"conclusion": "conform", "data_points": list(looked_at)}
        return concluding.Given(point.code, content)

    def provisions_of(self, code: str) -> set[str]:
        """Return the provisions of which a case found something."""
        return {found.provision for case in CASES if case.code == code for found in case.found}

    def point_of(self, case: Case, found: Found) -> str:
        """Return the checkpoint of a nonconformity: programmes name theirs as they like."""
        points = programme_of(self.audits[case.code].programme).points
        return next(point.code for point in points if point.provision == found.provision)

    def present(self, case: Case) -> None:
        """Show the site what was found."""
        going.present_audit(audit=self.audits[case.code], actor=self.carol)

    def acknowledge(self, case: Case) -> None:
        """Let the site's manager sign that it was seen."""
        manager = self.places[case.code].manager
        going.acknowledge_audit(audit=self.audits[case.code], name=manager.name, actor=manager)

    def draft(self, case: Case) -> None:
        """Finish the draft and hand it to the site."""
        audit = self.audits[case.code]
        lines = [f"{found.provision}  {found.severity}" for found in case.found] or ["No findings."]
        report = print_report(f"{FIRM}: audit {case.code}", lines)
        filing.add_audit_file(audit=audit, upload=report, use=FileUse.REPORT, checkpoint="", actor=self.carol)
        going.finish_draft(audit=audit, actor=self.carol)
        going.hand_to_site(audit=audit, actor=self.carol)

    def comment(self, case: Case) -> None:
        """Let the site say something about its first finding."""
        manager = self.places[case.code].manager
        text = audit_words.FEEDBACK.get(manager.language, audit_words.FEEDBACK["en"])
        for found in case.found[:1]:
            feedback.give_feedback(
                audit=self.audits[case.code], checkpoint=self.point_of(case, found), text=text, actor=manager
            )

    def check(self, case: Case) -> None:
        """End the feedback; the auditors answer it."""
        audit = self.audits[case.code]
        going.finish_feedback(audit=audit, actor=self.places[case.code].manager)
        for row in audit.feedback.filter(replied_at=None):
            feedback.answer_feedback(feedback=row, reply=audit_words.REPLY, incorporated=True, actor=self.carol)

    def release(self, case: Case) -> None:
        """Release the report; what has run out meanwhile expires."""
        going.expire_audits()
        going.release_audit(audit=self.audits[case.code], actor=self.frank)

    # 5. What becomes of the findings ------------------------------------------------------------------
    def mend(self, case: Case, found: Found, deed: str) -> None:
        """Do one deed about a finding, then close the audits that are done."""
        finding = Finding.objects.select_related("site", "relationship").get(
            source=Source.AUDIT, source_id=self.audits[case.code].pk, rule=self.point_of(case, found)
        )
        Mending(finding, found.words, self.places[case.code].manager, self.dave, self.carol).do(deed)
        if deed in SETTLING:
            going.settle_audits()


def count_heads(workers: int, share: float, women: float) -> profiling.Heads:
    """Return a group of the worker profile; the square root of a group is interviewed, as such programmes ask."""
    count = round(workers * share)
    interviewed = min(count, max(1, round(count**0.5)))
    return profiling.Heads(women=round(count * women), men=count - round(count * women), interviewed=interviewed)
