"""Pages left open, sides that are gone, findings opened again: what must not happen by them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.findings import services
from assessments.findings.enums import Due, Verification
from assessments.findings.models import CorrectiveAction, Finding, FindingInspector
from assessments.findings.permissions import may
from assessments.findings.queries import find_places, place_of
from assessments.findings.services.telling import Readers
from portal.lib.errors import ConflictError, DomainError
from portal.notices.models import Mail
from suppliers.organisations.models import Membership, Site
from suppliers.organisations.queries import workspaces_of
from tests.assessments.findings.builders import day, make_plan, make_waiting
from tests.factories import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def finding(world):
    return make_waiting(world)


# Two tabs -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "data", "status", "after"),
    [
        ("open", {"reason": "mended", "note": "Seen."}, 302, "closed"),
        ("closed", {"reason": "mended", "note": "Seen."}, 422, "closed"),
        ("closed", {"note": "It came back."}, 302, "open"),
        ("open", {"note": "It came back."}, 422, "open"),
    ],
)
def test_the_form_that_closes_never_opens_again_and_the_other_never_closes(client, world, state, data, status, after):
    row = make_waiting(world, state=state)
    client.force_login(world.dave)
    answer = client.post(reverse("finding_move", args=[row.pk]), data)
    assert (answer.status_code, Finding.objects.get().state) == (status, after)


def test_a_plan_that_changed_since_it_was_read_is_not_accepted(client, world, finding):
    make_plan(finding)
    services.submit_plan(finding=finding, actor=world.alice)
    client.force_login(world.dave)
    seen = client.get(reverse("finding_detail", args=[finding.pk])).context["plan"].action.version
    services.withdraw_plan(finding=finding, actor=world.alice)
    services.save_plan(finding=finding, base_version=1, actor=world.alice, planned_on=day(89))
    services.submit_plan(finding=finding, actor=world.alice)
    data = {"decision": "accept", "note": "Fine.", "version": str(seen)}
    answer = client.post(reverse("plan_decide", args=[finding.pk]), data)
    html = answer.content.decode()
    assert answer.status_code == 409 and "The site changed this plan after you opened the page." in html
    assert 'name="version" value="2"' in html and "Fine." in html
    data["version"] = "2"
    assert client.post(reverse("plan_decide", args=[finding.pk]), data).status_code == 302
    assert CorrectiveAction.objects.get().state == "accepted"


@pytest.mark.parametrize(("version", "taken"), [(None, True), (1, True), (0, False), (2, False)])
def test_accepting_names_the_version_that_was_read(world, finding, version, taken):
    make_plan(finding, state="submitted")
    if taken:
        services.accept_plan(finding=finding, note="", actor=world.dave, version=version)
    else:
        with pytest.raises(ConflictError):
            services.accept_plan(finding=finding, note="", actor=world.dave, version=version)
    assert Finding.objects.get().state == ("action_agreed" if taken else "open")


# Opened again ---------------------------------------------------------------------------------------
def test_opening_a_verified_finding_again_asks_the_site_for_a_new_plan(client, world, finding):
    make_plan(finding, state="accepted")
    Finding.objects.update(state="done")
    finding.refresh_from_db()
    services.verify_action(finding=finding, how=Verification.DESK, note="", actor=world.dave)
    Mail.objects.all().delete()
    services.reopen_finding(finding=finding, note="It came back.", actor=world.dave)
    action = CorrectiveAction.objects.get()
    assert (action.state, action.verified_how, action.verified_by) == ("draft", "", None)
    assert (finding.next_due, finding.next_due_on) == ("plan", finding.plan_due_on)
    assert [mail.to_email for mail in Mail.objects.all()] == ["alice@test.example"]
    client.force_login(world.alice)
    assert client.get(reverse("plan_edit", args=[finding.pk])).context["sent_back"] == "It came back."


def test_opening_what_nobody_confirmed_asks_the_site_for_nothing(world):
    row = make_waiting(world, confirmed_at=None, state="closed")
    services.reopen_finding(finding=row, note="Look again.", actor=world.dave)
    assert Mail.objects.count() == 0


# Later dates ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("granted", [True, False])
def test_no_date_of_a_settled_finding_is_moved(client, world, finding, granted):
    wish = services.ask_extension(
        finding=finding, due=Due.DONE, wanted_on=day(120), reason="Parts are late.", actor=world.alice
    )
    services.close_finding(finding=finding, reason="mended", note="Seen.", actor=world.dave)
    client.force_login(world.dave)
    assert "decide_extension" not in client.get(reverse("finding_detail", args=[finding.pk])).context["plan"].deeds
    with pytest.raises(DomainError, match="settled"):
        services.decide_extension(extension=wish, granted=granted, note="Why not.", actor=world.dave)
    assert Finding.objects.get().done_due_on == day(90)


# Sides that are gone --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("staff", "deciders"),
    [
        ({"auditor": True, "firm_manager": True}, ["carol", "frank"]),
        ({"auditor": True}, ["carol"]),
        ({"firm_manager": True}, ["frank"]),
        ({}, ["dave", "erin"]),
    ],
)
def test_the_buyer_decides_where_the_audit_firm_has_nobody_left(client, world, staff, deciders):
    row = make_waiting(world, source="audit", manager="firm", firm=world.audit_firm)
    FindingInspector.objects.create(finding=row, user=world.carol)
    Membership.objects.filter(organisation=world.audit_firm).exclude(role__in=staff).delete()
    people = [name for name in ("alice", "carol", "frank", "dave", "erin") if may(world.people[name], "verify", row)]
    told = sorted(user.name.lower() for user in Readers([row]).managers(row))
    assert (people, told) == (deciders, deciders)
    client.force_login(world.alice)
    named = client.get(reverse("finding_detail", args=[row.pk])).context["manager"]
    assert named == (world.audit_firm.name if staff else world.buyer.name)


def test_a_site_that_decides_for_itself_is_said_to(client, world):
    row = make_waiting(world, manager="site")
    client.force_login(world.dave)
    assert (
        "The site decides and verifies itself." in client.get(reverse("finding_detail", args=[row.pk])).content.decode()
    )


def test_the_whole_plan_names_every_side_that_decides(client, world):
    for manager, severity in (("buyer", "priority"), ("site", "minor"), ("site", "minor")):
        make_waiting(world, source="audit", source_id=7, manager=manager, severity=severity)
    client.force_login(world.dave)
    answer = client.get(reverse("plan_batch", args=["audit", 7]))
    assert answer.context["managers"] == [world.buyer.name, world.supplier.name]


@pytest.mark.parametrize(("ends", "offered"), [(0, False), (-1, False), (1, True)])
def test_no_finding_is_entered_where_the_relationship_has_ended(world, ends, offered):
    world.relationship.ended_on = timezone.localdate() + timedelta(days=ends)
    world.relationship.end_reason = "other"
    world.relationship.save()
    space = workspaces_of(world.erin)[0]
    assert bool(find_places(world.erin, space, "supplier")) is offered
    assert (place_of(world.erin, space, str(world.site.pk)) is not None) is offered


def test_no_finding_is_entered_at_a_closed_site(world):
    Site.objects.filter(pk=world.site.pk).update(closed_on=date(2026, 1, 31))
    assert place_of(world.erin, workspaces_of(world.erin)[0], str(world.site.pk)) is None
