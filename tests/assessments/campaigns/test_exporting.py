"""The list of a campaign as a workbook."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from assessments.campaigns import services
from assessments.responses.models import Response
from portal.files.services import read_content
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Organisation
from tests.factories import make_membership, make_user

DUE = dt.date(2026, 1, 31)


@pytest.fixture
def campaign(world, send):
    campaign = world.draft(due_on=DUE)
    send(campaign)
    return campaign


def exported(job):
    run_job(str(job.pk))
    job = Job.objects.get(pk=job.pk)
    assert job.state == JobState.DONE
    book = load_workbook(io.BytesIO(read_content(job.result_file).read()))
    return list(book.active.iter_rows(values_only=True))


def test_every_row_is_written_with_its_types(campaign, world):
    Response.objects.filter(request__relationship__vendor_code="A").update(
        state="submitted",
        opened_at=dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC),
        answered=4,
        asked=5,
        score="71.5",
        band="medium",
    )
    Organisation.objects.filter(name="Supplier B").update(name="=HYPERLINK(1)")
    job = services.start_export(campaign=campaign, params={"sort": "code"}, actor=world.erin)
    head, first, second, *_rest = exported(job)
    assert head[:5] == ("Vendor code", "Supplier", "Site", "Country", "Business unit")
    assert first == (
        "A",
        "Supplier A",
        "Plant A",
        "JP",
        "Imaging",
        "Asia",
        "Parts",
        1,
        "Submitted",
        dt.datetime(2026, 1, 31),
        None,
        dt.datetime(2026, 1, 5, 9, 30),
        None,
        None,
        4,
        5,
        71.5,
        "medium",
        "a@test.example",
    )
    assert second[1] == "=HYPERLINK(1)"
    assert second[10] == "late"
    assert len(_rest) == 2


def test_the_export_is_narrowed_like_the_list(campaign, world):
    job = services.start_export(campaign=campaign, params={"country": "TH"}, actor=world.erin)
    assert [row[0] for row in exported(job)[1:]] == ["B"]


def test_a_narrowed_person_exports_only_what_they_see(campaign, world):
    reader = make_user("reader@test.example")
    make_membership(reader, world.buyer, Role.BUYER_READER, scopes={"region": ["South"]})
    job = services.start_export(campaign=campaign, params={}, actor=reader)
    assert [row[0] for row in exported(job)[1:]] == ["B"]


def test_an_export_is_in_the_trail(campaign, world):
    services.start_export(campaign=campaign, params={"country": "TH"}, actor=world.erin)
    entry = Entry.objects.get(deed="export_campaign")
    assert (entry.actor, entry.detail) == (world.erin, {"filter": {"country": "TH"}})
