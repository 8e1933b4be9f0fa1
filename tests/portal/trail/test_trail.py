"""The trail: the database refuses changes, the chain finds what was changed all the same."""

import threading
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory

from portal.trail.chain import FIRST, next_digest
from portal.trail.guards import statements_to_install, statements_to_remove, trigger_names
from portal.trail.models import AppendOnlyError, Entry, Seal
from portal.trail.queries import Verdict, verify_chain
from portal.trail.services import address_of, record, seal_entries
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def fill(count=3):
    return [record("add_thing", actor=None, organisation_id=1, number=number, word="名") for number in range(count)]


def run(statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def behind_the_back(statement):
    """Do what only somebody with the keys of the database can do."""
    run(statements_to_remove(connection.vendor))
    run([statement])
    run(statements_to_install(connection.vendor))


# The database refuses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "deed",
    [
        lambda: Entry.objects.update(deed="x"),
        lambda: Entry.objects.all().delete(),
        lambda: Seal.objects.update(digest="x"),
        lambda: Seal.objects.all().delete(),
    ],
)
def test_code_is_refused_before_it_reaches_the_database(deed):
    fill()
    with pytest.raises(AppendOnlyError):
        deed()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_entry SET deed = 'x'",
        "UPDATE trail_entry SET address = NULL",
        "DELETE FROM trail_entry",
        "UPDATE trail_seal SET digest = 'x'",
        "DELETE FROM trail_seal",
    ],
)
def test_database_refuses_changes(statement):
    fill()
    seal_entries()
    before = (list(Entry.objects.values()), list(Seal.objects.values()))
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        run([statement])
    assert before == (list(Entry.objects.values()), list(Seal.objects.values()))


def test_database_refuses_a_saved_or_deleted_row():
    entry = fill(1)[0]
    entry.deed = "x"
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        entry.save()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk)._raw_delete(using="default")
    assert Entry.objects.get().deed == "add_thing"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
def test_database_refuses_replace():
    entry = fill(1)[0]
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        run(
            [
                f"INSERT OR REPLACE INTO trail_entry SELECT id, at, '', organisation_id, 'x', '', '', detail, address, actor_id FROM trail_entry WHERE id = {entry.pk}"
            ]
        )
    assert Entry.objects.get().deed == "add_thing"


def test_person_with_a_past_cannot_be_deleted():
    user = make_user()
    record("add_thing", actor=user)
    with pytest.raises(Exception, match="protected"):
        user.delete()


@pytest.mark.django_db(transaction=True)
def test_flush_is_the_one_way_out_and_leaves_the_guard_standing():
    fill()
    call_command("flush", interactive=False, verbosity=0)
    assert not Entry.objects.exists()
    fill(1)
    with pytest.raises(DatabaseError, match="never changed"):
        run(["DELETE FROM trail_entry"])


# The chain -----------------------------------------------------------------------------------------


def test_sealing_chains_every_entry_once():
    fill(3)
    assert (seal_entries(), seal_entries()) == (3, 0)
    fill(2)
    assert seal_entries() == 2
    assert list(Seal.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert verify_chain() == Verdict(5, Seal.objects.get(number=5).digest, 0)


def test_empty_trail_verifies():
    assert verify_chain() == Verdict(0, FIRST, 0)


def test_unsealed_entries_are_counted():
    fill(2)
    assert verify_chain() == Verdict(0, FIRST, 2)


@pytest.mark.parametrize(
    "column",
    [
        "deed = 'x'",
        "detail = '{}'",
        "address = '10.0.0.1'",
        "organisation_id = 2",
        "actor_label = 'Eve'",
        "thing_id = '9'",
        "at = '2020-01-01 00:00:00'",
    ],
)
def test_every_changed_column_is_found(column):
    entry = fill(3)[1]
    seal_entries()
    behind_the_back(f"UPDATE trail_entry SET {column} WHERE id = {entry.pk}")
    verdict = verify_chain()
    assert verdict.number == 1
    assert f"Entry {entry.pk}" in verdict.fault


def test_removed_entry_is_found():
    entry = fill(3)[1]
    seal_entries()
    behind_the_back(f"DELETE FROM trail_seal WHERE entry_id = {entry.pk}")
    behind_the_back(f"DELETE FROM trail_entry WHERE id = {entry.pk}")
    assert verify_chain().fault == "Seal 2 is missing: entries were removed after seal 1."


def test_rewritten_seal_is_found():
    entry = fill(3)[1]
    seal_entries()
    behind_the_back(f"UPDATE trail_entry SET deed = 'x' WHERE id = {entry.pk}")
    entry.refresh_from_db()
    from portal.trail.queries import facts_of

    forged = next_digest(Seal.objects.get(number=1).digest, 2, facts_of(entry))
    behind_the_back(f"UPDATE trail_seal SET digest = '{forged}' WHERE number = 2")
    assert "seal 3" in verify_chain().fault


def test_entry_that_commits_late_is_still_sealed():
    """On PostgreSQL a smaller id may become visible after a larger one was sealed."""
    late, _early = fill(2)
    behind_the_back(f"DELETE FROM trail_entry WHERE id = {late.pk}")
    seal_entries()
    Entry.objects.bulk_create([late])
    assert seal_entries() == 1
    assert verify_chain().fault == ""


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain():
    fill(50)
    barrier = threading.Barrier(2)

    def seal():
        barrier.wait()
        try:
            seal_entries()
        finally:
            connection.close()

    threads = [threading.Thread(target=seal) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_entries()
    assert verify_chain().number == 50 and verify_chain().fault == ""


# The command ---------------------------------------------------------------------------------------


def verify(**options):
    out = StringIO()
    call_command("verify_trail", stdout=out, **options)
    return out.getvalue()


def test_command_says_how_far_the_chain_holds():
    fill(2)
    seal_entries()
    assert (
        verify()
        == f"2 entries are sealed and fit, 0 wait for their seal.\nLast seal: 2:{Seal.objects.get(number=2).digest}\n"
    )


def test_command_fails_on_a_fault():
    entry = fill(2)[0]
    seal_entries()
    behind_the_back(f"UPDATE trail_entry SET deed = 'x' WHERE id = {entry.pk}")
    with pytest.raises(CommandError, match="does not fit its seal 1"):
        verify()


def test_noted_seal_proves_the_end():
    _first, second = fill(2)
    seal_entries()
    noted = f"2:{Seal.objects.get(number=2).digest}"
    assert "2 entries" in verify(expect=noted)
    behind_the_back(f"DELETE FROM trail_seal WHERE entry_id = {second.pk}")
    behind_the_back(f"DELETE FROM trail_entry WHERE id = {second.pk}")
    assert "1 entries" in verify()
    with pytest.raises(CommandError, match="Seal 2 is gone"):
        verify(expect=noted)


@pytest.mark.parametrize("noted", ["x", "2", "2:", ":abc"])
def test_nonsense_instead_of_a_seal_gets_a_sentence(noted):
    with pytest.raises(CommandError, match="NUMBER:DIGEST"):
        verify(expect=noted)


def test_missing_guard_is_reported():
    run(statements_to_remove(connection.vendor))
    with pytest.raises(CommandError, match="does not refuse changes"):
        verify()
    run(statements_to_install(connection.vendor))


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_every_guard_has_its_name(vendor):
    text = " ".join(statements_to_install(vendor))
    assert all(f"CREATE TRIGGER {name} " in text for name in trigger_names(vendor))
    assert len(statements_to_remove(vendor)) == len(trigger_names(vendor))


# Addresses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trusted", "named", "remote", "expected"),
    [
        (0, "1.1.1.1", "9.9.9.9", "9.9.9.9"),
        (1, "1.1.1.1, 2.2.2.2", "9.9.9.9", "2.2.2.2"),
        (1, "", "9.9.9.9", "9.9.9.9"),
        (2, "1.1.1.1, 2.2.2.2", "9.9.9.9", "1.1.1.1"),
        (1, "nonsense", "9.9.9.9", None),
        (0, "", "", None),
        (0, "", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_address_is_what_a_trusted_proxy_says(settings, trusted, named, remote, expected):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = trusted
    headers = {"x-forwarded-for": named} if named else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    request.user = AnonymousUser()
    assert address_of(request) == expected
