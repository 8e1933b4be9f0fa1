"""A closure audit from the first day on site to the end of what it checks: its auditors verify on site."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.audits.enums import AuditState as State
from assessments.audits.models import Audit
from assessments.audits.queries.closures import findings_to_verify
from assessments.audits.services import going
from assessments.findings.models import CorrectiveAction, Finding
from tests.factories import cast, conclude, make_audit, make_finding

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 4)


@pytest.fixture
def world():
    people = cast()
    first = make(people, State.CLOSURE_SCHEDULED)
    closure = make(people, State.SCHEDULED, kind="closure", follows=first)
    return SimpleNamespace(first=first, closure=closure, **vars(people))


def make(world, state, **fields):
    return make_audit(
        world.relationship,
        world.site,
        firm=world.audit_firm,
        auditors=[world.carol],
        state=state,
        starts_on=DAY,
        ends_on=DAY,
        **fields,
    )


def done(world, rule, **fields):
    """A finding of the followed audit that the site says is mended; the firm verifies."""
    values = {"source": "audit", "source_id": world.first.pk, "state": "done", "manager": "firm", **fields}
    return make_finding(world.relationship, world.site, firm=world.audit_firm, rule=rule, provision=rule, **values)


def hub(client, person, audit):
    client.force_login(person)
    return client.get(reverse("audit_detail", args=[audit.pk]))


def test_what_is_mended_is_verified_on_site_and_both_audits_close(client, world):
    finding = done(world, "A3")
    going.start_audit(audit=world.closure, actor=world.carol)
    assert hub(client, world.carol, world.closure).context["to_verify"] == []
    conclude(world.closure)
    page = hub(client, world.carol, world.closure)
    assert page.context["to_verify"] == [finding]
    address = reverse("finding_detail", args=[finding.pk])
    assert f'href="{address}#verify"' in page.content.decode()
    assert 'id="verify"' in client.get(address).content.decode()
    client.post(reverse("action_verify", args=[finding.pk]), {"how": "on_site", "note": "New rota on the wall"})
    assert Finding.objects.get().state == "verified"
    assert CorrectiveAction.objects.get().verified_how == "on_site"
    assert hub(client, world.carol, world.closure).context["to_verify"] == []
    assert going.settle_audits() == 0  # the closure audit is going on
    Audit.objects.filter(pk=world.closure.pk).update(state=State.QUALITY_CHECK)
    world.closure.refresh_from_db()
    going.release_audit(audit=world.closure, actor=world.frank)
    assert list(Audit.objects.order_by("pk").values_list("state", flat=True)) == [State.CLOSED, State.CLOSED]


def test_the_sweep_closes_both_when_the_last_action_is_verified_after_the_release(client, world):
    finding, again = done(world, "A3"), done(world, "B2")
    going.start_audit(audit=world.closure, actor=world.carol)
    conclude(world.closure)
    conclude(world.closure, "minor", only=["B2"], description="Still no drill")
    Audit.objects.filter(pk=world.closure.pk).update(state=State.QUALITY_CHECK)
    world.closure.refresh_from_db()
    going.release_audit(audit=world.closure, actor=world.frank)
    assert set(Audit.objects.values_list("state", flat=True)) == {State.ACTIONS_OPEN}
    assert hub(client, world.carol, world.closure).context["to_verify"] == [finding]
    client.post(reverse("action_verify", args=[finding.pk]), {"how": "on_site", "note": ""})
    Finding.objects.filter(source_id=world.closure.pk).update(state="verified")
    Finding.objects.filter(pk=again.pk).update(state="closed")
    assert going.settle_audits() == 2
    assert set(Audit.objects.values_list("state", flat=True)) == {State.CLOSED}


def test_the_list_holds_what_conforms_is_done_and_is_the_readers_to_verify(client, world):
    by_firm, by_buyer = done(world, "A1", severity="minor"), done(world, "A2", manager="buyer")
    worst = done(world, "A4", severity="priority")
    done(world, "A3")
    done(world, "A5", state="in_progress")
    done(world, "A6", source_id=world.first.pk + 999)
    going.start_audit(audit=world.closure, actor=world.carol)
    conclude(world.closure)
    conclude(world.closure, "major", only=["A3"], description="As before")

    def shown():
        people = ("alice", "bob", "carol", "frank", "dave")
        return {name: hub(client, getattr(world, name), world.closure).context["to_verify"] for name in people}

    firm = {"alice": [], "bob": [], "carol": [worst, by_firm], "frank": [worst, by_firm]}
    assert shown() == {**firm, "dave": []}  # the buyer reads what was concluded once it is released
    Audit.objects.filter(pk=world.closure.pk).update(state=State.CLOSED)
    assert shown() == {**firm, "dave": [by_buyer]}
    assert hub(client, world.carol, world.first).context["to_verify"] == []


def test_one_and_three_cost_the_same(world):
    done(world, "A1")
    going.start_audit(audit=world.closure, actor=world.carol)
    conclude(world.closure)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            findings_to_verify(world.carol, world.closure)
        return len(queries)

    one = cost()
    done(world, "A2")
    done(world, "A3")
    going.inspect_findings(world.closure)
    assert cost() == one
    assert len(findings_to_verify(world.carol, world.closure)) == 3
