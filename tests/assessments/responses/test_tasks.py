"""Exports and mails of this room."""

import io

import openpyxl
import pytest
from django.urls import reverse

from assessments.responses import services, tasks
from assessments.responses.enums import ResponseState
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.notices.models import Mail
from portal.notices.queries import render_mail
from portal.trail.models import Entry
from tests.assessments.responses.test_services import submit
from tests.factories import SMALL_ANSWERS, cast, make_response, make_site

pytestmark = pytest.mark.django_db
assert tasks.export_responses  # a worker imports it by autodiscovery


@pytest.fixture
def world():
    return cast()


def test_export_holds_what_the_list_shows(world, client):
    make_response(world.relationship, world.site, band="high", score=41.5, state=ResponseState.SUBMITTED)
    make_response(world.relationship, make_site(world.supplier))
    make_response(world.other_relationship, world.other_site, band="high", state=ResponseState.SUBMITTED)
    client.force_login(world.dave)
    client.post(reverse("response_export"), {"band": "high", "back": reverse("response_list")})
    run_job(str(Job.objects.get().pk))
    job = Job.objects.get()
    assert job.state == JobState.DONE
    with job.result_file.content.open("rb") as file:
        rows = list(openpyxl.load_workbook(io.BytesIO(file.read())).worksheets[0].values)
    assert rows[0][:5] == ("Questionnaire", "Period", "Vendor code", "Supplier", "Site")
    assert [(row[4], row[10], row[15], row[16]) for row in rows[1:]] == [(world.site.name, "Submitted", 41.5, "high")]
    assert Entry.objects.filter(deed="export_responses").count() == 1


def test_export_is_for_buyers(world, client):
    client.force_login(world.alice)
    assert client.post(reverse("response_export")).status_code == 403
    assert not Job.objects.exists()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_mails_of_this_room_can_be_read(world, language):
    world.alice.language = language
    world.alice.save()
    response = make_response(world.relationship, world.site, answers=SMALL_ANSWERS, state=ResponseState.IN_PROGRESS)
    submission = submit(response, world.alice)
    services.return_response(
        response=response, comments={"B2-DRILL": "When?"}, note="Please add a date.", actor=world.dave
    )
    received, returned = (render_mail(mail, {}) for mail in Mail.objects.order_by("pk"))
    assert world.site.name in received.subject
    assert submission.sha256 in received.text
    assert reverse("response_submitted", args=[response.pk]) in received.text
    assert "Please add a date." in returned.text
    assert reverse("response_hub", args=[response.pk]) in returned.text
