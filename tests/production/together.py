"""What races need: people and workers who all stand in front of the same door, which then opens."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse


def wait_until(fact, *, seconds=60):
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "This did not happen in time."
        time.sleep(0.02)


def waiting_sessions():
    """How many sessions wait for a lock. Not from pg_stat_activity: a transaction sees that as it was at first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


@contextmanager
def held_row(row):
    """Hold a row, so that everybody who wants to change it stands in front of the same door."""
    with transaction.atomic():
        type(row).objects.select_for_update().get(pk=row.pk)
        yield


@contextmanager
def held_table(model):
    """Let others read a table but not write to it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {model._meta.db_table} IN EXCLUSIVE MODE")
        yield


def run_together(door, deeds):
    """Start the deeds in threads with connections of their own; when all wait, open the door; return the answers."""

    def run(deed):
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        with door:
            started = [pool.submit(run, deed) for deed in deeds]
            wait_until(lambda: waiting_sessions() >= len(deeds))
        return [one.result(60) for one in started]


def press(user, name, thing, **fields):
    """Return a deed: this person presses a button; the answer is the page that follows."""
    client = Client()
    client.force_login(user)
    return lambda: client.post(reverse(name, args=[thing.pk]), fields, follow=True)
