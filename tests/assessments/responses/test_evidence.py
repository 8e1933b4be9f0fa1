"""Files behind answers, through the pages."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.responses.enums import ResponseState
from assessments.responses.models import Evidence
from assessments.scoring.services import score_submission
from portal.files.models import StoredFile
from tests.assessments.responses.test_services import submit
from tests.factories import SMALL_ANSWERS, cast, make_response

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def response(world):
    return make_response(world.relationship, world.site, answers=SMALL_ANSWERS, state=ResponseState.IN_PROGRESS)


def upload(client, response, *contents, code="A3-RECORDS", **headers):
    files = [SimpleUploadedFile(f"records{number}.pdf", content) for number, content in enumerate(contents)]
    return client.post(reverse("evidence_list", args=[response.pk, code]), {"file": files}, headers=headers)


def test_upload_several_files_and_download_one(world, response, client):
    client.force_login(world.alice)
    answer = upload(client, response, PDF, PDF + b"two")
    assert answer["Location"].endswith("/sections/A3/#q-A3-RECORDS")
    row = Evidence.objects.order_by("pk").first()
    assert Evidence.objects.count() == 2
    got = client.get(reverse("evidence_download", args=[response.pk, row.code, row.pk]))
    assert b"".join(got.streaming_content) == PDF
    assert got["Content-Disposition"].startswith("attachment")


def test_upload_by_htmx_answers_the_list_alone(world, response, client):
    client.force_login(world.alice)
    answer = upload(client, response, PDF, **{"HX-Request": "true"})
    assert 'id="files-A3-RECORDS"' in answer.text
    assert "records0.pdf" in answer.text
    assert "<html" not in answer.text


def test_upload_of_a_wrong_file_says_why_and_keeps_the_good_one(world, response, client):
    client.force_login(world.alice)
    answer = upload(client, response, PDF, b"MZ\x90\x00 a program", **{"HX-Request": "true"})
    assert "records1.pdf" in answer.text
    assert 'role="alert"' in answer.text
    assert Evidence.objects.count() == 1


def test_upload_without_a_file_asks_for_one(world, response, client):
    client.force_login(world.alice)
    assert "Choose a file first" in upload(client, response, **{"HX-Request": "true"}).text


def test_remove_and_reuse(world, response, client):
    client.force_login(world.alice)
    upload(client, response, PDF)
    row = Evidence.objects.get()
    client.post(reverse("evidence_remove", args=[response.pk, row.code, row.pk]))
    assert not Evidence.objects.exists()
    other = make_response(world.relationship, world.site, state=ResponseState.IN_PROGRESS)
    upload(client, other, PDF)
    address = reverse("evidence_reuse", args=[response.pk, "A3-RECORDS"])
    assert "records0.pdf" in client.get(address).text
    stored = StoredFile.objects.get()
    client.post(address, {"file": str(stored.pk)})
    assert response.evidence.get().file == stored
    assert client.post(address, {"file": "nonsense"}).status_code == 422


def test_files_are_only_for_their_people(world, response, client):
    client.force_login(world.alice)
    upload(client, response, PDF)
    row = Evidence.objects.get()
    address = reverse("evidence_download", args=[response.pk, row.code, row.pk])
    found = {}
    for who, user in world.people.items():
        client.logout()
        if user.is_authenticated:
            client.force_login(user)
        found[who] = client.get(address).status_code
    assert found == {
        "alice": 200,
        "bob": 200,
        "carol": 404,
        "frank": 404,
        "dave": 404,
        "erin": 404,
        "mallory": 404,
        "trent": 404,
        "anonymous": 302,
    }
    client.force_login(world.bob)
    assert upload(client, response, PDF).status_code == 403


def test_the_buyer_downloads_what_was_submitted_and_nothing_else(world, response, client):
    client.force_login(world.alice)
    upload(client, response, PDF)
    submission = submit(response, world.alice)
    [file] = json.loads(submission.snapshot)["answers"]["A3-RECORDS"]["evidence"]
    address = reverse("submission_file", args=[submission.pk, file["sha256"]])
    client.force_login(world.dave)
    assert b"".join(client.get(address).streaming_content) == PDF
    assert client.get(reverse("submission_file", args=[submission.pk, "0" * 64])).status_code == 404
    for stranger in (world.trent, world.mallory, world.carol):
        client.force_login(stranger)
        assert client.get(address).status_code == 404


def test_files_of_another_response_are_not_reached_through_ones_own(world, response, client):
    other = make_response(world.other_relationship, world.other_site)
    client.force_login(world.mallory)
    upload(client, other, PDF)
    row = Evidence.objects.get(response=other)
    client.force_login(world.alice)
    assert client.get(reverse("evidence_download", args=[response.pk, row.code, row.pk])).status_code == 404
    assert client.post(reverse("evidence_remove", args=[response.pk, row.code, row.pk])).status_code == 404
    assert Evidence.objects.filter(pk=row.pk).exists()


def test_the_review_page_links_to_the_files_of_the_submission(world, response, client):
    client.force_login(world.alice)
    upload(client, response, PDF)
    submission = submit(response, world.alice)
    score_submission(submission.pk)
    [file] = json.loads(submission.snapshot)["answers"]["A3-RECORDS"]["evidence"]
    client.force_login(world.dave)
    page = client.get(reverse("response_review", args=[response.pk]))
    assert reverse("submission_file", args=[submission.pk, file["sha256"]]) in page.text
