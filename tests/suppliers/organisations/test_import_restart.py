"""A real worker imports, is killed in the middle, and another one does it over: all or nothing, nothing twice."""

import datetime as dt
import time

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.files.services import store_upload
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.lib.workbook import Sheet, write_workbook
from portal.trail.models import Entry
from suppliers.organisations import services
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Organisation, Relationship, Site
from tests.factories import make_membership, make_organisation, make_user

ROWS = 12_000
HEADERS = ["vendor_code", "supplier_name", "supplier_country", "site_name"]


def wait_until(done, *, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return
        time.sleep(0.01)
    raise AssertionError("This did not happen in time.")


def test_a_killed_import_leaves_nothing_and_is_done_over(start_worker) -> None:
    buyer, dave = make_organisation("Buyer"), make_user()
    make_membership(dave, buyer, Role.BUYER_PROCUREMENT)
    rows = ([f"V-{number}", f"Supplier {number}", "TH", "Plant"] for number in range(ROWS))
    content = write_workbook([Sheet("Suppliers", HEADERS, rows)])
    file = store_upload(SimpleUploadedFile("suppliers.xlsx", content), organisation_id=buyer.pk, actor=dave)

    first = start_worker()
    job = services.start_import(file=file, organisation=buyer, actor=dave)
    # The bar moves for others to see while the table is read.
    wait_until(lambda: 0 < Job.objects.get(pk=job.pk).done < 2 * ROWS)
    first.kill()
    job.refresh_from_db()
    assert (job.state, job.total) == (JobState.RUNNING, 2 * ROWS)
    assert Relationship.objects.count() == Site.objects.count() == 0

    long_ago = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=long_ago)  # its lease has run out
    start_worker(beat=True)
    wait_until(lambda: Job.objects.get(pk=job.pk).state == JobState.DONE)
    assert Relationship.objects.count() == Site.objects.count() == ROWS
    assert Organisation.objects.count() == ROWS + 1
    assert Entry.objects.filter(deed="import_suppliers").count() == 1
