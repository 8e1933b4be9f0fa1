"""The life of a finding: the whole table, two people at once, and what the record keeps."""

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.findings import lifecycle, services
from assessments.findings.enums import CloseReason, FindingState, Source
from assessments.findings.models import Finding, FindingChange
from assessments.findings.permissions import may
from portal.lib.errors import ConflictError, DomainError
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from tests.factories import cast, make_finding, make_membership, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def finding(world):
    return make_finding(world.relationship, world.site, rule="A3-OVER-60", source_id=7)


def raised(world, **fields):
    values = {
        "site_id": world.site.pk,
        "relationship_id": world.relationship.pk,
        "source": Source.FLAG,
        "source_id": 7,
        "rule": "A3-OVER-60",
        "code_of_conduct": "rba-8.0",
        "provision": "A3",
        "severity": "major",
        "text": {"en": "Too long."},
        "advice": {"en": "Plan."},
    }
    return services.Raised(**{**values, **fields})


def say(world, *items, checked=("A3-OVER-60",), source_id=7):
    keys = frozenset((world.site.pk, world.relationship.pk, rule) for rule in checked)
    return services.raise_findings(items, checked={source_id: keys}, source=Source.FLAG)


# 1. The table -------------------------------------------------------------------------------------
@pytest.mark.parametrize(("source", "target"), list(product(FindingState, FindingState)))
def test_every_move_of_the_table(finding, source, target):
    Finding.objects.update(state=source)
    finding.refresh_from_db()
    if source == target:
        with pytest.raises(DomainError, match="not possible") as refused:
            lifecycle.advance(finding, target, actor=None)
        assert refused.value.code == "transition" and not FindingChange.objects.exists()
    else:
        lifecycle.advance(finding, target, actor=None, reason=CloseReason.MENDED)
        assert Finding.objects.get().state == target
        assert list(FindingChange.objects.values_list("source", "target")) == [(source, target)]


def test_table_names_every_state():
    assert set(lifecycle.TRANSITIONS) == set(FindingState)


def test_close_writes_reason_note_date_and_record(world, finding):
    services.close_finding(finding=finding, reason=CloseReason.MENDED, note="Rotas seen.", actor=world.erin)
    stored = Finding.objects.get()
    assert (stored.state, stored.close_reason, stored.closed_at is not None) == ("closed", "mended", True)
    assert list(FindingChange.objects.values_list("target", "reason", "actor")) == [
        ("closed", "Rotas seen.", world.erin.pk)
    ]
    entry = Entry.objects.get(deed="close_finding")
    assert (entry.actor, entry.organisation_id) == (world.erin, world.buyer.pk)


def test_reopen_clears_reason_and_date(world, finding):
    services.close_finding(finding=finding, reason=CloseReason.NOT_CONFIRMED, note="No.", actor=world.erin)
    services.reopen_finding(finding=finding, note="New facts.", actor=world.dave)
    stored = Finding.objects.get()
    assert (stored.state, stored.close_reason, stored.closed_at) == ("open", "", None)
    assert Entry.objects.filter(deed="reopen_finding", actor=world.dave).count() == 1


def test_second_of_two_who_close_at_once_gets_a_conflict(world, finding):
    same = Finding.objects.get()
    services.close_finding(finding=finding, reason=CloseReason.MENDED, note="First.", actor=world.erin)
    with pytest.raises(ConflictError, match="Reload the page"):
        services.close_finding(finding=same, reason=CloseReason.NOT_CONFIRMED, note="Second.", actor=world.dave)
    assert Finding.objects.get().close_reason == "mended"
    assert FindingChange.objects.count() == 1


# 2. What sources say ------------------------------------------------------------------------------
def test_new_flag_opens_one_finding_with_its_history(world):
    found = say(world, raised(world))
    finding = Finding.objects.get()
    assert found == {(world.site.pk, world.relationship.pk, "A3-OVER-60"): finding}
    assert list(FindingChange.objects.values_list("source", "target")) == [("", "open")]


def test_same_flag_again_writes_nothing(world):
    say(world, raised(world))
    before = list(Finding.objects.values())
    with CaptureQueriesContext(connection) as captured:
        say(world, raised(world))
    assert [entry["sql"][:6] for entry in captured if "SAVEPOINT" not in entry["sql"]] == ["SELECT"]
    assert list(Finding.objects.values()) == before


def test_same_flag_with_other_words_is_refreshed(world):
    say(world, raised(world))
    say(world, raised(world, severity="priority", text={"en": "90 hours."}))
    finding = Finding.objects.get()
    assert (finding.severity, finding.text) == ("priority", {"en": "90 hours."})


@pytest.mark.parametrize(
    ("checked", "source_id", "state", "reason"),
    [
        (["A3-OVER-60"], 7, "closed", "corrected"),
        (["A3-OVER-60"], 8, "closed", "newer"),
        (["B2-NO-DRILL"], 7, "open", ""),
        (["B2-NO-DRILL"], 8, "open", ""),
    ],
)
def test_flag_no_longer_said_closes_only_what_was_checked(world, finding, checked, source_id, state, reason):
    say(world, checked=checked, source_id=source_id)
    stored = Finding.objects.get()
    assert (stored.state, stored.close_reason) == (state, reason)


@pytest.mark.parametrize(
    ("reason", "source_id", "expected"),
    [
        ("corrected", 7, ["open"]),
        ("mended", 7, ["closed"]),
        ("not_confirmed", 7, ["closed"]),
        ("mended", 8, ["closed", "open"]),
        ("newer", 8, ["closed", "open"]),
    ],
)
def test_flag_said_again_after_closing(world, finding, reason, source_id, expected):
    Finding.objects.update(state="closed", close_reason=reason)
    say(world, raised(world, source_id=source_id), source_id=source_id)
    assert list(Finding.objects.order_by("pk").values_list("state", flat=True)) == expected


# 3. Rights ----------------------------------------------------------------------------------------
def test_who_may_close_and_reopen(world, finding):
    reader = make_user("reader@test.example")
    make_membership(reader, world.buyer, Role.BUYER_READER)
    elsewhere = make_user("elsewhere@test.example")
    make_membership(elsewhere, world.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Europe"]})
    people = {**world.people, "reader": reader, "elsewhere": elsewhere}
    for deed in ("close", "reopen"):
        assert {name for name, person in people.items() if may(person, deed, finding)} == {"dave", "erin"}
    with pytest.raises(KeyError):
        may(world.erin, "delete", finding)
