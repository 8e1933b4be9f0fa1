"""The page of a job: progress, sentences, faults per cell, the file, and nobody else's."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from portal.files.models import StoredFile
from portal.jobs.models import Job
from portal.trail.models import Entry
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_user("ann@test.example")


@pytest.fixture
def signed_in(client, person):
    client.force_login(person)
    return client


def make_job(person, state="running", **fields):
    return Job.objects.create(
        **{"kind": "things.import", "actor": person, "state": state, "organisation_id": 7, **fields}
    )


def make_file(**fields):
    values = {
        "kind": "export",
        "name": "suppliers.xlsx",
        "content_type": "application/octet-stream",
        "size": 3,
        "sha256": "0" * 64,
    }
    stored = StoredFile(**{**values, **fields})
    stored.content.save("x", ContentFile(b"abc"), save=False)
    stored.save()
    return stored


def show(client, job, **headers):
    return client.get(reverse("job_detail", args=[job.pk]), headers=headers)


def test_running_job_polls_and_works_without_scripts(signed_in, person):
    text = show(signed_in, make_job(person, done=30, total=120)).content.decode()
    assert "<h1>Import</h1>" in text
    assert 'hx-trigger="every 2s"' in text and "<b>30</b>/120" in text and 'value="30"' in text
    assert "Look again" in text


def test_waiting_job_says_so(signed_in, person):
    assert "It waits for its turn." in show(signed_in, make_job(person, "queued")).content.decode()


def test_poll_gets_the_bar_alone_then_the_page_is_loaded_anew(signed_in, person):
    job = make_job(person)
    text = show(signed_in, job, **{"HX-Request": "true"}).content.decode()
    assert text.count('id="job"') == 1 and "<html" not in text
    Job.objects.update(state="done")
    answer = show(signed_in, job, **{"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_done_job_says_what_came_out(signed_in, person):
    text = show(signed_in, make_job(person, "done", result={"message": "40 rows."})).content.decode()
    assert "40 rows." in text and "hx-trigger" not in text


def test_failed_job_says_what_to_do(signed_in, person):
    text = show(signed_in, make_job(person, "failed", return_path="/suppliers/")).content.decode()
    assert "Nothing is half done. Start it again." in text and 'href="/suppliers/"' in text


def test_refused_job_lists_its_faults_and_escapes_them(signed_in, person):
    detail = [{"row": 4, "column": "Country", "value": "<b>XX</b>", "message": "There is no such country."}]
    text = show(
        signed_in, make_job(person, "refused", result={"message": "1 cell is wrong.", "detail": detail})
    ).content.decode()
    assert "1 cell is wrong." in text and "1 thing to correct" in text
    assert "&lt;b&gt;XX&lt;/b&gt;" in text and "There is no such country." in text


def test_first_two_hundred_faults_are_listed(signed_in, person):
    detail = [{"row": n, "column": "A", "value": "", "message": f"Fault {n}."} for n in range(1, 301)]
    text = show(signed_in, make_job(person, "refused", result={"detail": detail})).content.decode()
    assert "300 things to correct" in text and "The first 200 are listed." in text
    assert "Fault 200." in text and "Fault 201." not in text


@pytest.mark.parametrize("detail", [None, "words", {"a": 1}, [1, "x", {"row": 1}]])
def test_odd_details_are_no_crash(signed_in, person, detail):
    assert "to correct" not in show(signed_in, make_job(person, "refused", result={"detail": detail})).content.decode()


def test_file_is_handed_out_and_recorded(signed_in, person):
    job = make_job(person, "done", kind="things.export", result_file=make_file())
    assert "suppliers.xlsx" in show(signed_in, job).content.decode()
    answer = signed_in.get(reverse("job_file", args=[job.pk]))
    assert b"".join(answer.streaming_content) == b"abc"
    assert "attachment" in answer.headers["Content-Disposition"]
    entry = Entry.objects.get()
    assert (entry.deed, entry.actor, entry.organisation_id, entry.address) == ("download_file", person, 7, "127.0.0.1")
    assert entry.detail == {"name": "suppliers.xlsx", "kind": "things.export"}


def test_expired_file_gets_a_sentence_and_no_entry(signed_in, person):
    job = make_job(person, "done", result_file=make_file(expires_at=timezone.now() - timedelta(days=1)))
    answer = signed_in.get(reverse("job_file", args=[job.pk]))
    assert answer.status_code == 422 and not Entry.objects.exists()


@pytest.mark.parametrize("name", ["job_detail", "job_file"])
def test_job_of_another_is_not_there(client, person, name):
    job = make_job(person, "done", result_file=make_file())
    client.force_login(make_user())
    assert client.get(reverse(name, args=[job.pk])).status_code == 404
    client.logout()
    assert client.get(reverse(name, args=[job.pk])).url.startswith(reverse("account_login"))


def test_job_without_actor_is_nobodys(signed_in):
    assert show(signed_in, make_job(None)).status_code == 404


def test_unknown_job_is_not_there(signed_in):
    assert signed_in.get(reverse("job_detail", args=[uuid.uuid4()])).status_code == 404


def test_list_is_ones_own_the_newest_first(signed_in, person):
    assert "You have not started any long work yet" in signed_in.get(reverse("job_list")).content.decode()
    make_job(person, "done", result={"message": "First."})
    make_job(person, "done", result={"message": "Second."})
    make_job(make_user(), "done", result={"message": "Foreign."})
    text = signed_in.get(reverse("job_list")).content.decode()
    assert text.index("Second.") < text.index("First.") and "Foreign." not in text


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_few_questions(signed_in, person, count, django_assert_num_queries):
    for _n in range(count):
        make_job(person, "done", result_file=make_file())
    with django_assert_num_queries(5):
        signed_in.get(reverse("job_list"))
