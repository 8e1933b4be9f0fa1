"""Two years of minerals: the registry, two campaigns for CMRTs, one for EMRTs, reviews, and what customers ask."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from django.core.files.base import ContentFile
from django.utils import timezone

from assessments.campaigns.models import Campaign
from assessments.campaigns.selection import Selection
from assessments.campaigns.services import create_campaign, send_campaign
from assessments.overview.management.demo.clock import at_moment
from assessments.overview.management.demo.minerals.company import Company
from assessments.overview.management.demo.minerals.drawing import Speaker, choose_care, draw_cmrt, draw_emrt
from assessments.overview.management.demo.minerals.smelters import BATTERY_GROUP, TIN_GROUP, Works, draw_works
from minerals.declarations import services as declaring
from minerals.declarations.enums import Way
from minerals.declarations.models import Declaration
from minerals.declarations.queries.editions import missing_of
from minerals.declarations.queries.returning import draft_letter, language_of
from minerals.declarations.services.receiving import receive_file
from minerals.rollup.services import refresh_rollup
from minerals.smelters.services import lists
from minerals.templates_io.document import LookupRow
from minerals.templates_io.enums import Template
from minerals.templates_io.workbook import build_workbook
from portal.accounts.models import User
from portal.jobs.models import Job
from portal.notices.services import send_due_mails
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Organisation

MESSAGE = {
    "en": "Please declare the minerals in what you deliver to us. Our customers ask us for the same.",
    "ja": "当社への納入品に含まれる鉱物についてご申告ください。当社の顧客からも同じ申告を求められています。",
    "zh-hans": "请就贵公司向我方供应的产品所含矿产进行申报。我们的客户也向我们提出同样的要求。",
    "th": "โปรดแจ้งข้อมูลแร่ในสินค้าที่ท่านส่งมอบให้เรา ลูกค้าของเราก็ขอข้อมูลเดียวกันจากเรา",
}


@dataclass(frozen=True)
class Call:
    """One campaign: what is asked, when, how many declare, and how many of those are accepted by now."""

    template: Template
    year: int
    name: str
    sent: datetime
    due: datetime
    declared: int
    share_accepted: float


@dataclass
class Telling:
    """Tells the story of the minerals; `finish` runs a job as a worker would."""

    now: datetime
    seed: int
    buyer: Organisation
    erin: User
    dave: User
    finish: Callable[[Job], None]
    works: list[Works] = field(default_factory=list)
    looked_up: set[tuple[Template, str]] = field(default_factory=set)

    def calls(self) -> list[Call]:
        """Return the campaigns, oldest first; 600 declarations come of them."""
        year = self.now.year
        return [
            Call(Template.CMRT, year - 1, f"Conflict minerals {year - 1}", *self.days(-330, -285), 330, 1.0),
            Call(Template.CMRT, year, f"Conflict minerals {year}", *self.days(-38, 12), 200, 0.72),
            Call(Template.EMRT, year, f"Cobalt and mica {year}", *self.days(-30, 30), 70, 0.6),
        ]

    def days(self, first: int, last: int) -> tuple[datetime, datetime]:
        """Return the moments so many days from now."""
        return self.now + timedelta(days=first), self.now + timedelta(days=last)

    def tell(self) -> None:
        """Make it all, in the order of time."""
        company = Company(self.now, self.seed, self.buyer, self.erin, self.dave, self.finish)
        for number, call in enumerate(self.calls()):
            with at_moment(call.sent - timedelta(days=3)):
                self.import_registry(call.sent.date(), number)
                if number == 0:
                    company.prepare()
            campaign = self.send(call)
            self.declare(campaign, call)
        company.follow_up()
        declaring.apply_cases()
        refresh_rollup()
        company.take_requests()

    # 1. The registry ----------------------------------------------------------------------------------
    def import_registry(self, day: date, season: int) -> None:
        """Import the list of the season and apply it; what changed since the last one becomes dated history."""
        self.works = draw_works(self.seed, day, season)
        lines = ["Metal,Smelter ID,Standard Smelter Name,Country,Assessment Status,Last Audit Date"]
        lines += [
            f'{one.metal},{one.cid},"{one.name}","{one.country_text}",{one.status},{one.audited_on:%Y-%m-%d}'
            for one in self.works
        ]
        row = lists.import_list(
            owner=self.buyer,
            content="\n".join(lines).encode(),
            file_name="smelters.csv",
            name=f"Status list of {day:%B %Y}",
            as_of=day,
            complete=True,
            actor=self.dave,
        )
        lists.apply_list(row, actor=self.dave)

    # 2. The campaigns ---------------------------------------------------------------------------------
    def send(self, call: Call) -> Campaign:
        """Create and send a campaign to every supplier."""
        codes = sorted(self.buyer.supplied_by.exclude(supplier=self.buyer).values_list("vendor_code", flat=True))
        with at_moment(call.sent):
            campaign = create_campaign(
                buyer=self.buyer,
                template=call.template,
                minerals=("Cobalt", "Mica") if call.template == Template.EMRT else (),
                name=call.name,
                year=call.year,
                due_on=call.due.date(),
                message=MESSAGE,
                selection=Selection(vendor_codes=tuple(codes)),
                actor=self.dave,
            )
            self.finish(send_campaign(campaign=campaign, actor=self.dave))
            while send_due_mails():
                pass
        campaign.refresh_from_db()
        return campaign

    # 3. What suppliers declare ------------------------------------------------------------------------
    def declare(self, campaign: Campaign, call: Call) -> None:
        """Let as many suppliers declare as the call says, one after another in time, and review them."""
        rows = Declaration.objects.filter(request__campaign=campaign).select_related(
            "relationship__supplier", "relationship__buyer", "site__organisation"
        )
        managers = {
            organisation: user
            for organisation, user in User.objects.filter(memberships__role=Role.SUPPLIER_MANAGER).values_list(
                "memberships__organisation", "pk"
            )
        }
        people = User.objects.in_bulk(list(set(managers.values())))
        asked = [row for row in rows.order_by("pk") if row.relationship.supplier_id in managers]
        Random(f"{self.seed}:{call.template}:{call.year}").shuffle(asked)
        readers = [row for row in asked if people[managers[row.relationship.supplier_id]].has_usable_password()]
        chosen = [row for row in asked if row not in readers][: call.declared - len(readers)]
        declaring_rows = [*chosen, *(readers if call.year < self.now.year else [])]
        span = min(call.due, self.now) - call.sent
        for place, row in enumerate(declaring_rows):
            moment = call.sent + span * ((place + 1) / (len(declaring_rows) + 1))
            self.declare_one(row, people[managers[row.relationship.supplier_id]], call, moment)

    def declare_one(self, row: Declaration, actor: User, call: Call, moment: datetime) -> None:
        """Let one supplier fill in a workbook, upload it and hand it in; then the buyer looks at it."""
        random = Random(f"{self.seed}:{row.template}:{row.year}:{row.relationship.vendor_code}")
        care = "careful" if actor.has_usable_password() else choose_care(random)
        speaker = Speaker(random, row.site, actor.email, timezone.localdate(moment), care)
        draw = draw_emrt if call.template == Template.EMRT else draw_cmrt
        drawn = draw(speaker, self.works)
        book = build_workbook(drawn, look_up=self.look_up(call.template, drawn.version))
        with at_moment(moment):
            declaring.open_declaration_page(row)
            stored, declared = receive_file(
                ContentFile(book, name=f"{row.template} {row.relationship.vendor_code}.xlsx"),
                organisation_id=row.relationship.supplier_id,
                actor=actor,
            )
            edition = declaring.add_edition(row, declared, way=Way.UPLOAD, file=stored, actor=actor)
            declaring.hand_in(edition, actor=actor)
        if random.random() < call.share_accepted:
            with at_moment(min(moment + timedelta(days=2), self.now)):
                self.review(row)

    def look_up(self, template: Template, version: str) -> list[LookupRow]:
        """Return the list inside the first file of a version: every smelter of its minerals. Later ones add nothing."""
        if (template, version) in self.looked_up:
            return []
        self.looked_up.add((template, version))
        minerals = BATTERY_GROUP if template == Template.EMRT else TIN_GROUP
        return [
            LookupRow(metal=one.metal, lookup=one.name, name=one.name, country=one.country_text, cid=one.cid)
            for one in self.works
            if one.metal in minerals
        ]

    def review(self, row: Declaration) -> None:
        """Accept what is complete; send back what is not."""
        row.refresh_from_db()
        missing = missing_of(row.current) if row.current else []
        if not missing:
            declaring.accept_declaration(row, actor=self.dave)
            return
        letter = draft_letter(row, language_of(row))
        declaring.return_declaration(row, subject=letter.subject, body=letter.body, issues=missing, actor=self.dave)
