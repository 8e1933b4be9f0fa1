"""A real worker, killed in the middle of sending: nobody gets a mail twice."""

import time

import pytest
from django.conf import settings

from portal.notices.models import Mail
from portal.notices.services import build_mail, queue_mails

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]
COUNT = 200
CONTEXT = {"title": "Q", "site": "S", "buyer": "B", "attested_name": "A", "sha256": "0", "path": "/x/"}


def wait_until(fact, seconds=90):
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "took too long"
        time.sleep(0.05)


def test_killed_worker_sends_nothing_twice_and_loses_at_most_what_it_was_saying(start_worker, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.portal.notices.worker_settings")
    log = settings.DATA_DIR / "mails-taken.txt"
    log.unlink(missing_ok=True)
    worker = start_worker(beat=True)
    queue_mails(
        build_mail(
            f"kill:{n}", to_email=f"p{n}@test.example", template="response_submitted", context=CONTEXT, language="en"
        )
        for n in range(COUNT)
    )
    wait_until(lambda: log.exists() and len(log.read_text().splitlines()) > 30)
    worker.kill()
    assert Mail.objects.filter(state="waiting").exists()
    start_worker(beat=True)
    wait_until(lambda: Mail.objects.filter(state="sent").count() >= COUNT - 1)
    taken = log.read_text().splitlines()
    stuck = Mail.objects.exclude(state="sent")
    assert len(taken) == len(set(taken))
    assert stuck.count() <= 1 and set(stuck.values_list("state", flat=True)) <= {"sending"}
    assert len(taken) + stuck.count() >= COUNT
