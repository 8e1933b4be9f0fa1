"""Three years of a programme, told through the product's own services."""

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

import assessments.questionnaires
from assessments.audits.services.going import expire_audits
from assessments.campaigns.models import Campaign
from assessments.campaigns.selection import Selection
from assessments.campaigns.services import create_campaign, remind_due, send_campaign
from assessments.overview.management.demo import people, personas
from assessments.overview.management.demo.audit_cases import Case
from assessments.overview.management.demo.auditing import Auditing
from assessments.overview.management.demo.clock import at_moment
from assessments.overview.management.demo.extras import Extra, extras_of
from assessments.overview.management.demo.minerals.telling import Telling
from assessments.overview.management.demo.own_questions import add_own_questions
from assessments.overview.queries.dashboard import questionnaire_of
from assessments.questionnaires.document import Document
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.services import import_pack, publish_version
from assessments.responses import services as answering
from assessments.responses.enums import OPEN_STATES
from assessments.responses.models import Answer, Response
from assessments.scoring.services import rescore_all
from portal.accounts.models import User
from portal.accounts.services import create_person
from portal.files.services import store_upload
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.lib.workbook import Sheet, write_workbook
from portal.notices.services import send_due_mails
from suppliers.organisations import services as organising
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Membership, MembershipOffer, Organisation, Site
from suppliers.organisations.workbook import COLUMNS

PACKS = Path(assessments.questionnaires.__file__).parent / "packs"
SENT_PACKS = ("facility-short", "facility-full", "onboarding", "corporate", "human-rights")
NEW_PLANTS = 24
NEW_SINCE = timedelta(days=200)
SHARE_KEPT_LATE = 0.12
ORDINARY = ("model-plant", "average-plant")  # kinds of plants that audits go to unless a case wants another
LANGUAGES = ("en", "ja", "zh-hans", "th")
MESSAGE = {
    "en": "Please answer for the site named in this mail. Your answers help us plan training and visits.",
    "ja": "このメールに記載の工場についてご回答ください。ご回答は研修や訪問の計画に役立てます。",
    "zh-hans": "请就本邮件所列工厂作答。您的回答将帮助我们安排培训和走访。",
    "th": "โปรดตอบสำหรับโรงงานที่ระบุในอีเมลนี้ คำตอบของท่านช่วยให้เราวางแผนการอบรมและการเยี่ยมชม",
}
READERS = {"ja": "alice@minami.example", "th": "somchai@rayong.example"}
RETURN_COMMENTS = {
    "A3-LONGEST-WEEK": "Your records of August show a longer week. Please check the peak weeks again.",
    "B2-DRILLS": "Please attach the record of the last drill, with date and number of people.",
}


@dataclass(frozen=True)
class Round:
    """One year: which plants are asked, how many answer, and how many of those are late."""

    year: int
    name: str
    share_asked: float
    share_answered: float
    share_late: float
    sent: datetime
    due: datetime


@dataclass
class Story:
    """Tells the story step by step; `say` shows each step."""

    say: Callable[[str], None]
    seed: int
    plants: int
    now: datetime = field(default_factory=timezone.now)
    auditing: Auditing | None = None

    def tell(self) -> None:
        """Make the whole data set."""
        start = self.now.replace(year=self.now.year - 2) - timedelta(days=90)
        with at_moment(start):
            self.say("A buyer with its own sites")
            self.buyer, self.erin, self.dave = self.make_buyer()
            self.say("Five questionnaires in four languages")
            self.versions = {name: self.publish(name) for name in SENT_PACKS}
            self.say(f"{self.plants} supplier plants, by the import of a workbook")
            plants = people.draw_plants(self.seed)[: self.plants]
            self.import_plants(plants[:-NEW_PLANTS])
        for item in self.rounds():
            if item.year == self.now.year:
                self.welcome_suppliers(plants[-NEW_PLANTS:])
            if self.auditing:
                self.auditing.tell_until(item.sent)
            self.close_old_requests(item)
            self.say(f"Campaign {item.name}: requests")
            campaign = self.send_round(item)
            self.accept_invitations(item.sent + timedelta(days=1))
            self.auditing = self.auditing or self.begin_audits(item.sent + timedelta(days=1))
            self.say(f"Campaign {item.name}: answers")
            self.answer_round(campaign, item)
            self.say(f"Campaign {item.name}: scores and reviews")
            self.score_and_review(campaign, item)
        self.say("Audits and corrective actions")
        if self.auditing:
            self.auditing.tell_until(self.now)
            expire_audits()
        with at_moment(self.now - timedelta(days=3)):
            add_own_questions(self.versions["facility-full"], self.buyer, self.erin)
        for extra in extras_of(self.buyer, self.now, self.now - NEW_SINCE):
            self.say(f"Campaign {extra.name}")
            self.tell_extra(extra)
        self.say("Conflict minerals: registry, requests, declarations")
        Telling(self.now, self.seed, self.buyer, self.erin, self.dave, self.finish).tell()
        self.finish_mails()

    # 1. The buyer -------------------------------------------------------------------------------------
    def make_buyer(self) -> tuple[Organisation, User, User]:
        """Return the buyer, its administrator and its purchaser."""
        buyer = organising.create_organisation(name=people.BUYER, country="JP", actor=None)
        erin = self.make_person("erin@aozora.example", "Erin Hayashi", "en")
        dave = self.make_person("dave@aozora.example", "Dave Mori", "ja")
        organising.add_member(user=erin, organisation=buyer, role=Role.BUYER_ADMINISTRATOR, actor=None)
        organising.add_member(user=erin, organisation=buyer, role=Role.SUPPLIER_MANAGER, actor=erin)
        organising.add_member(user=dave, organisation=buyer, role=Role.BUYER_PROCUREMENT, actor=erin)
        for number, (country, city) in enumerate(people.OWN_SITES, start=1):
            organising.create_site(
                organisation=buyer,
                code=f"OWN-{number:02d}",
                name=f"{people.BUYER} {city}",
                country=country,
                city=city,
                sector="assembly",
                workers=400 + 130 * number,
                contact_name=erin.name,
                contact_email=erin.email,
                actor=erin,
            )
        organising.start_relationship(
            buyer=buyer,
            supplier=buyer,
            vendor_code="OWN",
            business_unit="Own sites",
            region="Own sites",
            category="Own sites",
            tier=1,
            actor=erin,
        )
        return buyer, erin, dave

    def make_person(self, email: str, name: str, language: str) -> User:
        """Return a person who can sign in with the password of the demo."""
        return create_person(email=email, name=name, language=language, password=people.PASSWORD)

    def publish(self, name: str) -> QuestionnaireVersion:
        """Return a pack as a version that can be sent."""
        return publish_version(version=import_pack(PACKS / name, owner=None, actor=None), actor=None)

    # 2. The suppliers ---------------------------------------------------------------------------------
    def welcome_suppliers(self, plants: Sequence[people.Plant]) -> None:
        """Import the suppliers that began this year, and let them in."""
        begun = self.now - NEW_SINCE
        with at_moment(begun):
            self.import_plants([replace(plant, started_on=begun.date().isoformat()) for plant in plants])

    def import_plants(self, plants: Sequence[people.Plant]) -> None:
        """Import supplier plants the way a buyer does: one workbook, one job."""
        rows = [
            [
                p.vendor_code, p.supplier, p.country, p.unit, p.region, p.category, p.tier, p.spend, p.started_on,
                "", "", p.site_code, p.site, p.country, p.city, "", p.sector, p.workers, p.contact, p.email, p.language,
            ]
            for p in plants
        ]  # fmt: skip
        book = ContentFile(write_workbook([Sheet("Suppliers", list(COLUMNS), rows)]), name="suppliers.xlsx")
        stored = store_upload(book, organisation_id=self.buyer.pk, actor=self.erin)
        job = organising.start_import(file=stored, organisation=self.buyer, actor=self.erin)
        self.finish(job)

    def finish(self, job: Job) -> None:
        """Run a job here and now, as a worker would; stops the story when it fails."""
        run_job(str(job.pk))
        job.refresh_from_db()
        if job.state != JobState.DONE:
            raise RuntimeError(f"{job.kind}: {job.state} {job.result}")

    def accept_invitations(self, moment: datetime) -> None:
        """Let every invited contact come in; the first Japanese and Thai ones are for the reader of the demo."""
        known = {language: email for language, email in READERS.items() if not is_known(email)}
        with at_moment(moment), transaction.atomic():
            offers = MembershipOffer.objects.filter(invitation__accepted_at=None)
            for offer in offers.select_related("invitation").order_by("pk"):
                invitation = offer.invitation
                password = None
                if invitation.language in known:
                    invitation.email = known.pop(invitation.language)
                    invitation.save(update_fields=["email"])
                    password = people.PASSWORD
                if invitation.is_usable:
                    organising.accept_invitation(
                        invitation=invitation,
                        name=invitation.name or "Contact",
                        password=password,
                        language=invitation.language,
                    )

    # 3. The campaigns ---------------------------------------------------------------------------------
    def rounds(self) -> list[Round]:
        """Return the three years; the last one is still running."""
        found = []
        for back, asked, answered, late in ((2, 0.70, 0.78, 0.10), (1, 0.86, 0.86, 0.07), (0, 1.0, 0.89, 0.0)):
            year = self.now.year - back
            due = self.now + timedelta(days=8) - timedelta(days=365 * back)
            found.append(Round(year, f"{year} annual assessment", asked, answered, late, due - timedelta(days=45), due))
        return found

    def send_round(self, item: Round) -> Campaign:
        """Send one year's campaign: the short questionnaire in the first year, the full one since."""
        codes = sorted(self.buyer.supplied_by.values_list("vendor_code", flat=True))
        asked = [code for code in codes if self.draw(code, "asked") < item.share_asked]
        pack = "facility-short" if item.year == self.now.year - 2 else "facility-full"
        campaign = self.send(pack, item.name, asked, item.sent, item.due)
        with at_moment(item.due - timedelta(days=14)):
            remind_due()
            self.send_mails()
        campaign.refresh_from_db()
        return campaign

    def send(self, pack: str, name: str, codes: Sequence[str], sent: datetime, due: datetime) -> Campaign:
        """Create and send a campaign to the suppliers of these vendor codes."""
        with at_moment(sent):
            campaign = create_campaign(
                buyer=self.buyer,
                version=self.versions[pack],
                name=name,
                year=due.year,
                due_on=due.date(),
                languages=LANGUAGES,
                message=MESSAGE,
                selection=Selection(vendor_codes=tuple(codes)),
                actor=self.dave,
            )
            self.finish(send_campaign(campaign=campaign, actor=self.dave))
            self.send_mails()
        return campaign

    def tell_extra(self, extra: Extra) -> None:
        """Send a smaller campaign and let most of those who are asked answer at once."""
        campaign = self.send(extra.pack, extra.name, extra.codes, extra.sent, extra.due)
        self.accept_invitations(extra.sent + timedelta(days=1))
        document, managers = questionnaire_of(campaign), self.managers()
        rows = Response.objects.filter(request__campaign=campaign).select_related(
            "site__organisation", "relationship__buyer", "version", "previous__version"
        )
        for response in rows.order_by("pk"):
            actor = managers.get(response.site.organisation_id)
            if actor is None or self.draw(extra.pack, response.site_id) > extra.share_answered:
                continue
            with at_moment(extra.answered), transaction.atomic():
                self.fill(document, response, actor, share=1.0)
                answering.submit_response(response=response, attested_name=actor.name, actor=actor)
        with at_moment(extra.answered):
            for _size in rescore_all():
                pass

    def close_old_requests(self, item: Round) -> None:
        """Call off most of what earlier rounds still wait for; a few stay, late."""
        rows = Response.objects.filter(state__in=OPEN_STATES).order_by("pk")
        with at_moment(item.sent), transaction.atomic():
            for response in rows:
                if self.draw("old", item.year, response.site_id) > SHARE_KEPT_LATE:
                    answering.cancel_response(
                        response=response, actor=self.dave, reason=f"Replaced by the {item.name}."
                    )

    def draw(self, *parts: object) -> float:
        """Return a number in 0..1 that belongs to these words, the same at every run."""
        text = ":".join(str(part) for part in (self.seed, *parts))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6]) / 2**48

    # 4. The answers -----------------------------------------------------------------------------------
    def answer_round(self, campaign: Campaign, item: Round) -> None:
        """Answer, hand in, decline or leave every request of a year."""
        document, managers = questionnaire_of(campaign), self.managers()
        rows = Response.objects.filter(request__campaign=campaign).select_related(
            "site__organisation", "relationship__buyer", "version", "previous__version"
        )
        for batch in batches(list(rows.order_by("pk")), 25):
            with transaction.atomic():
                for response in batch:
                    actor = managers.get(response.site.organisation_id)
                    if actor is not None:
                        self.answer_one(document, response, item, actor)

    def managers(self) -> dict[int, User]:
        """Return a manager of every supplier that has one."""
        rows = Membership.objects.filter(role=Role.SUPPLIER_MANAGER).select_related("user")
        return {row.organisation_id: row.user for row in rows.order_by("pk")}

    def answer_one(self, document: Document, response: Response, item: Round, actor: User) -> None:
        """Let one site do what its draw says."""
        fate = self.draw("fate", item.year, response.site_id)
        for_reader = actor.has_usable_password() and response.site.organisation_id != self.buyer.pk
        is_last = item.year == self.now.year
        if for_reader and is_last:
            return
        fate = 0.0 if for_reader else fate  # so that this year's questionnaire is filled from last year's
        if fate > item.share_answered + 0.015:
            if is_last and fate > 0.95:
                self.start_only(document, response, actor)
            return
        moment = self.moment_of(response, item)
        with at_moment(moment - timedelta(hours=3)):
            if fate > item.share_answered:
                reason = "The line that supplied you was closed; the site no longer works for you."
                answering.decline_response(response=response, reason=reason, actor=actor)
                return
            self.fill(document, response, actor, share=1.0)
        with at_moment(moment):
            answering.submit_response(response=response, attested_name=actor.name, actor=actor)

    def moment_of(self, response: Response, item: Round) -> datetime:
        """Return when a site hands in: before the due date, or some days late, never in the future."""
        draw = self.draw("when", item.year, response.site_id)
        if draw < item.share_late:
            moment = item.due + timedelta(days=1 + 120 * draw)
        else:
            moment = item.sent + timedelta(days=2 + draw * ((min(item.due, self.now) - item.sent).days - 3))
        day = timezone.localtime(min(moment, self.now - timedelta(hours=6)))
        return datetime.combine(day.date(), time(8 + int(draw * 9), int(draw * 600) % 60), tzinfo=day.tzinfo)

    def start_only(self, document: Document, response: Response, actor: User) -> None:
        """Leave a questionnaire half answered."""
        with at_moment(self.now - timedelta(days=2)):
            self.fill(document, response, actor, share=0.4)

    def fill(self, document: Document, response: Response, actor: User, *, share: float) -> None:
        """Open a response and answer a share of its questions as its persona does."""
        site, today = response.site, timezone.localdate()
        drawn = Random(f"{self.seed}:{site.pk}")
        persona = personas.choose_persona(drawn, str(site.country), site.sector)
        plant = personas.Plant(
            random=Random(f"{self.seed}:{site.pk}:{today.year}"),
            persona=persona,
            workers=site.workers or 60,
            as_of=today,
            learnt=0.07 * max(0, today.year - self.now.year + 2),
        )
        answering.open_response(response=response)
        versions = dict(Answer.objects.filter(response=response).values_list("code", "version"))
        answers = list(personas.draw_answers(document, plant).items())
        given = [
            answering.Given(code, value, base_version=versions.get(code, 0), confirm=True)
            for code, value in answers[: int(len(answers) * share)]
        ]
        outcomes, _standing, _now = answering.save_answers(response=response, given=given, actor=actor)
        refused = next((outcome for outcome in outcomes if outcome.error), None)
        if refused:
            raise RuntimeError(f"{refused.code}: {refused.error}")
        if share == 1.0 and self.draw("evidence", site.pk) < 0.04:
            self.attach_record(response, actor)

    def attach_record(self, response: Response, actor: User) -> None:
        """Put a drill record behind an answer."""
        record = io.BytesIO(f"Drill record, {response.site.name}, 2 drills, all shifts.\n".encode())
        upload = ContentFile(record.getvalue(), name="drill-record.txt")
        if response.answers.filter(code="B2-DRILL-COUNT").exists():
            answering.add_evidence(response=response, code="B2-DRILL-COUNT", upload=upload, actor=actor)

    # 5. Scores and reviews ----------------------------------------------------------------------------
    def score_and_review(self, campaign: Campaign, item: Round) -> None:
        """Score what was handed in; accept the older years, review some of the running one, return a few."""
        with at_moment(min(item.due + timedelta(days=2), self.now)):
            for _size in rescore_all():
                pass
            rows = Response.objects.filter(request__campaign=campaign, state="submitted").select_related(
                "site", "relationship", "version"
            )
            for response in rows.order_by("pk"):
                draw = self.draw("review", item.year, response.site_id)
                if item.year < self.now.year or draw < 0.25:
                    answering.start_review(response=response, actor=self.dave)
                    answering.accept_response(response=response, actor=self.dave)
                elif draw < 0.27:
                    answering.return_response(response=response, comments=RETURN_COMMENTS, actor=self.dave)
                elif draw < 0.33:
                    answering.start_review(response=response, actor=self.dave)

    # 6. Audits ----------------------------------------------------------------------------------------
    def begin_audits(self, moment: datetime) -> Auditing:
        """Engage the audit firm and plan the audits; they happen between the campaigns."""
        auditing = Auditing(now=self.now, buyer=self.buyer, dave=self.dave, erin=self.erin, fits=self.fits)
        with at_moment(moment):
            auditing.prepare()
        return auditing

    def fits(self, site: Site, case: Case) -> bool:
        """Whether a site answers every year, so that its word can be compared, and is of the kind the case wants."""
        bond = site.organisation.sells_to.get(buyer=self.buyer)
        asked, drawn = self.draw(bond.vendor_code, "asked"), partial(self.draw, "fate")
        answers = all(
            asked < item.share_asked and drawn(item.year, site.pk) < item.share_answered for item in self.rounds()
        )
        if bond.started_on and bond.started_on >= (self.now - NEW_SINCE).date():
            return False
        persona = personas.choose_persona(Random(f"{self.seed}:{site.pk}"), str(site.country), site.sector)
        return answers and (persona == case.persona if case.persona else persona in ORDINARY)

    def finish_mails(self) -> None:
        """Send what is still in the outbox."""
        self.send_mails()

    def send_mails(self) -> None:
        """Let the sender run until the outbox is empty."""
        while send_due_mails():
            pass


def is_known(email: str) -> bool:
    """Whether a person has this address."""
    return User.objects.filter(email=email).exists()


def batches(rows: list[Response], size: int) -> Iterator[list[Response]]:
    """Yield the rows in lists of `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
