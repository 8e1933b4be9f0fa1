"""What the company itself adds: its list of risky areas, its product groups, its own answers, what customers ask."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from django.core.files.base import ContentFile
from django.utils import timezone

from assessments.overview.management.demo.clock import at_moment
from minerals.customers.enums import RequestState
from minerals.customers.models import CustomerRequest
from minerals.customers.reports import HEADS, PAST_HEADS
from minerals.customers.services import add_blank, start_answers, start_import
from minerals.origins.enums import ListKind
from minerals.origins.services.adding import add_list
from minerals.origins.services.reading import read_areas
from minerals.rollup.services.grouping import add_item, make_group
from minerals.rollup.services.profiling import save_profile
from minerals.smelters.enums import CaseState, OutreachKind, Status
from minerals.smelters.models import NameCase, Smelter
from minerals.smelters.services.names import keep_unknown, match_case
from minerals.smelters.services.outreach import log_outreach
from minerals.templates_io.document import CMRT_MINERALS, Declared
from minerals.templates_io.enums import Template
from minerals.templates_io.workbook import build_workbook
from portal.accounts.models import User
from portal.files.services import store_upload
from portal.jobs.models import Job
from portal.lib.workbook import Sheet, write_workbook
from suppliers.organisations.models import Organisation

REQUESTS: Final = 1874
OPEN_REQUESTS: Final = 46
ANSWERED_NOW: Final = 6
RISKY_AREAS: Final = (
    "Country,Region,Grade,Note\n"
    "CD,North and South Kivu,high,Own assessment of the purchasing department\n"
    "RW,,elevated,Transit country in our own assessment\n"
    "MM,Wa State,high,Own assessment of the purchasing department\n"
    "AE,,watch,Trade hub for gold in our own assessment\n"
)
GROUPS: Final = (("Home and mobile", "HM", "Home and mobile"), ("Displays", "DI", "Displays"))
PROFILE: Final = {
    "contact": "Responsible sourcing desk",
    "contact_email": "minerals@aozora.example",
    "contact_phone": "+81 00 0000 0000",
    "address": "Hamamatsu, Japan",
    "authorizer": "Head of procurement",
    "authorizer_title": "Executive officer",
    "authorizer_email": "procurement@aozora.example",
    "authorizer_phone": "+81 00 0000 0001",
}
POLICY: Final = "https://www.aozora.example/minerals"
CUSTOMERS: Final = (
    "Northlight Automotive", "Kestrel Medical", "Tamarind Appliances", "Yukari Robotics", "Blue Fjord Telecom",
    "Helios Rail", "Sakuragawa Optics", "Pinecrest Instruments", "Orchard Computing", "Mistral Aviation",
    "Lotus Field Power", "Granite Bay Networks", "Akatsuki Motors", "Verdant Lighting", "Silverbirch Audio",
)  # fmt: skip
DIVISIONS: Final = ("", " Europe", " Asia", " Americas", " Components", " Systems", " Service parts")


@dataclass
class Company:
    """Tells the company's own part; `finish` runs a job as a worker would."""

    now: datetime
    seed: int
    buyer: Organisation
    erin: User
    dave: User
    finish: Callable[[Job], None]

    def prepare(self) -> None:
        """Say which areas are risky, before anything is declared, and what the company answers for itself."""
        rows = read_areas(RISKY_AREAS.encode())
        add_list(
            owner=self.buyer,
            name="Risky areas, own assessment",
            kind=ListKind.CAHRA,
            source="Purchasing department",
            as_of=timezone.localdate(),
            rows=rows,
            actor=self.erin,
        )
        words = {letter: {"answer": "Yes", "comment": POLICY if letter == "B" else ""} for letter in "ABCDFG"}
        words["E"] = {"answer": "Yes, in conformance with IPC1755 (e.g., CMRT)", "comment": ""}
        words["H"] = {"answer": "No", "comment": ""}
        save_profile(owner=self.buyer, company=PROFILE, answers={Template.CMRT.value: words}, actor=self.erin)
        for name, code, unit in GROUPS:
            group = make_group(owner=self.buyer, name=name, code=code, actor=self.erin)
            for bond in self.buyer.supplied_by.filter(business_unit=unit, tier=1).order_by("pk")[:25]:
                add_item(group, relationship=bond, number="", actor=self.erin)

    def follow_up(self) -> None:
        """Decide a few names that nobody knew, and write to smelters that are in no audit programme."""
        cases = list(NameCase.objects.filter(owner=self.buyer, state=CaseState.OPEN).order_by("pk"))
        sure = [case for case in cases if case.suggestions]
        for case in sure[: len(sure) // 3]:
            smelter = Smelter.objects.get(pk=case.suggestions[0]["smelter"])
            match_case(case, smelter, actor=self.dave)
        for case in [case for case in cases if not case.suggestions][:2]:
            keep_unknown(case, reason="Small works, the supplier is asked for its audit.", actor=self.dave)
        for smelter in Smelter.objects.filter(owner=self.buyer, status=Status.OUTREACH).order_by("pk")[:8]:
            day = timezone.localdate(self.now) - timedelta(days=40 + smelter.pk % 60)
            text = "Letter to the management: please join an audit programme."
            log_outreach(smelter=smelter, kind=OutreachKind.ASKED, on=day, text=text, actor=self.dave)

    # Customers ----------------------------------------------------------------------------------------
    def take_requests(self) -> None:
        """Take the register of a year over from a workbook, then answer the oldest ones that are open."""
        self.import_register()
        blank = build_workbook(
            Declared(template=Template.CMRT, version="6.5", language="English", minerals=CMRT_MINERALS)
        )
        add_blank(owner=self.buyer, upload=ContentFile(blank, name="blank CMRT 6.5.xlsx"), actor=self.erin)
        waiting = CustomerRequest.objects.filter(
            owner=self.buyer, state=RequestState.OPEN, template=Template.CMRT, scope="company"
        )
        ids = list(waiting.order_by("due_on", "pk").values_list("pk", flat=True)[:ANSWERED_NOW])
        with at_moment(self.now - timedelta(days=1)):
            self.finish(start_answers(owner=self.buyer, ids=ids, actor=self.erin))

    def import_register(self) -> None:
        """Import the register: most requests were answered, by the spreadsheet that this takes the place of."""
        heads = {**HEADS, **PAST_HEADS}
        lines = [[values.get(name, "") for name in heads] for values in self.draw_requests()]
        sheet = Sheet("Requests", [str(head) for head in heads.values()], lines)
        book = ContentFile(write_workbook([sheet]), name="customer requests.xlsx")
        stored = store_upload(book, organisation_id=self.buyer.pk, actor=self.erin)
        self.finish(start_import(file=stored, owner=self.buyer, actor=self.erin))

    def draw_requests(self) -> list[dict[str, object]]:
        """Return the rows of the register, oldest first."""
        random = Random(f"customers:{self.seed}")
        today = timezone.localdate(self.now)
        rows: list[dict[str, object]] = []
        for number in range(REQUESTS):
            is_open = number >= REQUESTS - OPEN_REQUESTS
            received = today - timedelta(days=int(364 * (1 - number / REQUESTS)))
            answered = received + timedelta(days=random.randint(1, 12))
            row: dict[str, object] = {
                "customer": random.choice(CUSTOMERS) + random.choice(DIVISIONS),
                "contact_email": f"supplier-portal{number % 40}@customer.example",
                "language": random.choice(("en", "en", "ja", "zh-hans")),
                "template": random.choices(("CMRT", "EMRT"), (80, 20))[0],
                "reference": f"RFI-{received:%y}{number:05d}",
                "received_on": received,
                "due_on": received + timedelta(days=21),
            }
            if not is_open:
                row |= {
                    "answered_on": min(answered, today),
                    "answered_version": "6.5" if row["template"] == "CMRT" else "1.3",
                }
            rows.append(row)
        return rows
