"""The demo's schedule: suppliers of large spend and high risk are audited every two years; one is due."""

from django.core.files.base import ContentFile

import suppliers.organisations.tasks  # noqa: F401 (registers the runner of the import)
from assessments.audits.models import AuditSchedule
from assessments.audits.services.scheduling import request_due_audits, save_schedule
from assessments.overview.management.demo.people import LARGE_SPEND
from portal.accounts.models import User
from portal.files.services import store_upload
from portal.jobs.services import run_job
from portal.lib.workbook import Sheet, write_workbook
from suppliers.organisations import services as organising
from suppliers.organisations.models import Organisation, Relationship

COLUMNS = ["vendor_code", "supplier_name", "supplier_country", "spend"]


def ask_by_schedule(bond: Relationship, firm: Organisation, actor: User) -> None:
    """Import what was bought of a supplier, make the schedule, and let it ask for what is due."""
    supplier = bond.supplier
    row = [bond.vendor_code, supplier.name, str(supplier.country), LARGE_SPEND * 2]
    book = ContentFile(write_workbook([Sheet("Spend", COLUMNS, [row])]), name="spend.xlsx")
    stored = store_upload(book, organisation_id=bond.buyer_id, actor=actor)
    run_job(str(organising.start_import(file=stored, organisation=bond.buyer, actor=actor).pk))
    schedule = AuditSchedule(
        buyer=bond.buyer,
        name="High risk and large spend, every two years",
        programme_code="rba-vap-style",
        kind="initial",
        bands=["high"],
        months=24,
        least_spend=LARGE_SPEND,
        firm=firm,
        most_a_month=1,
    )
    save_schedule(schedule=schedule, actor=actor)
    request_due_audits()
