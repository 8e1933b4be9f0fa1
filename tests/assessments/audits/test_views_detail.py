"""The page of one audit: whose turn it is, what each reader is shown, the deeds, asking for a new one."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from msgspec import structs

from assessments.audits.document import read_programme
from assessments.audits.enums import AuditState as State
from assessments.audits.models import Audit, AuditAssignment, AuditSchedule, Engagement
from assessments.audits.services.programmes import save_programme, withdraw_programme
from tests.factories import cast, conclude, make_audit, make_organisation, make_relationship, make_site

pytestmark = pytest.mark.django_db
NAMES = ("alice", "bob", "carol", "frank", "dave")
# The deed each reader is shown as the next step, by state; the audit has its firm, days and a declared team.
NEXT = {
    State.REQUESTED: {"alice": "audit_answer"},
    State.ACCEPTED: {"dave": "audit_schedule", "frank": "audit_schedule"},
    State.DECLINED: {"dave": "audit_again"},
    State.SCHEDULED: {"carol": "audit_start", "frank": "audit_start"},
    State.IN_PROGRESS: {"carol": "audit_present", "frank": "audit_present"},
    State.ACKNOWLEDGED: {"carol": "audit_draft", "frank": "audit_draft"},
    State.DRAFT: {"carol": "audit_hand_over", "frank": "audit_hand_over"},
    State.FEEDBACK: {"alice": "audit_feedback_done"},
    State.QUALITY_CHECK: {"frank": "audit_release"},
    State.RELEASED: {},
    State.ACTIONS_OPEN: {},
    State.CLOSURE_SCHEDULED: {},
    State.CLOSED: {},
    State.CANCELLED: {},
    State.EXPIRED: {},
}


@pytest.fixture
def world():
    world = cast()
    Engagement.objects.create(buyer=world.buyer, firm=world.audit_firm)
    return world


def make(world, state, **fields):
    values = {"starts_on": date(2026, 5, 4), "ends_on": date(2026, 5, 6)} if state != State.REQUESTED else {}
    return make_audit(
        world.relationship,
        world.site,
        firm=world.audit_firm,
        auditors=[world.carol],
        state=state,
        **{**values, **fields},
    )


def hub(client, person, audit):
    client.force_login(person)
    answer = client.get(reverse("audit_detail", args=[audit.pk]))
    assert answer.status_code == 200
    return answer


def press(client, person, name, audit, /, **values):
    client.force_login(person)
    return client.post(reverse(name, args=[audit.pk]), values)


# 1. Whose turn it is ------------------------------------------------------------------------------
@pytest.mark.parametrize("state", State)
def test_the_next_step_of_every_reader_in_every_state(client, world, state):
    audit = make(world, state)
    found = {}
    for name in NAMES:
        context = hub(client, getattr(world, name), audit).context
        assert context["waiting"]
        if context["next"]:
            found[name] = context["next"].deed.name
    assert found == NEXT[state]


def test_a_reader_is_led_through_what_is_missing(client, world):
    audit = make_audit(world.relationship, world.site, state="accepted")
    assert hub(client, world.dave, audit).context["next"].deed.name == "audit_firm"
    press(client, world.dave, "audit_firm", audit, firm=world.audit_firm.pk)
    press(client, world.dave, "audit_schedule", audit, starts_on="2026-05-04", ends_on="2026-05-06")
    page = hub(client, world.dave, audit)
    assert (page.context["next"], page.context["waiting"]) == (None, "The audit firm assigns the auditors.")
    assert hub(client, world.frank, audit).context["next"].deed.name == "audit_team"
    press(client, world.frank, "audit_team", audit, auditors=[world.carol.pk], lead=world.carol.pk)
    assert hub(client, world.carol, audit).context["next"].deed.name == "audit_declare"
    press(client, world.carol, "audit_declare", audit, has_conflict="no")
    assert hub(client, world.carol, audit).context["next"].deed.name == "audit_start"
    press(client, world.carol, "audit_start", audit)
    assert Audit.objects.get().state == State.IN_PROGRESS


def test_once_presented_the_site_acknowledges(client, world):
    audit = make(world, State.IN_PROGRESS, presented_at="2026-05-06T10:00Z")
    assert hub(client, world.alice, audit).context["next"].deed.name == "audit_acknowledge"
    answer = press(client, world.alice, "audit_acknowledge", audit, name="Alice A.")
    assert (answer.url, Audit.objects.get().acknowledged_name) == (
        reverse("audit_detail", args=[audit.pk]),
        "Alice A.",
    )


def test_who_may_go_on_without_the_signature_and_what_is_shown_of_it(client, world):
    audit = make(world, State.IN_PROGRESS, presented_at="2026-05-06T10:00Z")
    offered = {
        name
        for name in NAMES
        if "audit_unsigned" in [card.deed.name for card in hub(client, getattr(world, name), audit).context["others"]]
    }
    assert offered == {"carol", "frank"}
    assert press(client, world.carol, "audit_unsigned", audit, reason=" ").status_code == 422
    press(client, world.carol, "audit_unsigned", audit, reason="Refused on 6 May")
    assert Audit.objects.get().state == State.ACKNOWLEDGED
    for name in NAMES:
        page = hub(client, getattr(world, name), audit).content.decode()
        assert page.count("Not signed by the site") == page.count("Refused on 6 May") == 2  # the facts, the history
    Audit.objects.update(ends_on=date(2999, 1, 1), state=State.IN_PROGRESS)
    page = hub(client, world.carol, audit)
    assert "audit_unsigned" not in [card.deed.name for card in page.context["others"]]


def test_the_draft_is_checked_where_it_is_finished(client, world):
    audit = make(world, State.ACKNOWLEDGED)
    gate = reverse("audit_gate", args=[audit.pk])
    shown = {name for name in NAMES if gate in hub(client, getattr(world, name), audit).content.decode()}
    assert shown == {"carol", "frank"}


# 2. What a reader is shown ------------------------------------------------------------------------
def test_the_firm_reads_of_the_site_only_what_it_needs(client, world):
    world.relationship.business_unit = "Secret unit"
    world.relationship.save()
    first = make(world, State.CLOSURE_SCHEDULED)
    AuditAssignment.objects.all().delete()
    audit = make(world, State.SCHEDULED, kind="closure", follows=first)
    page = hub(client, world.carol, audit).content.decode()
    assert world.site.contact_email in page and world.site.city in page
    assert world.relationship.vendor_code not in page and "Secret unit" not in page
    assert reverse("supplier_card", args=[world.relationship.pk]) not in page
    assert reverse("audit_detail", args=[first.pk]) not in page
    assert reverse("audit_compare", args=[audit.pk]) not in page
    assert reverse("audit_detail", args=[first.pk]) in hub(client, world.dave, audit).content.decode()


def test_figures_show_once_they_may_be_read(client, world):
    audit = make(world, State.IN_PROGRESS, score=120, reviewed=40, started_at="2026-05-04T08:00Z")
    shown = {name: "Conclusions so far" in hub(client, getattr(world, name), audit).content.decode() for name in NAMES}
    assert shown == {"alice": False, "bob": False, "carol": True, "frank": True, "dave": False}
    Audit.objects.update(state=State.CLOSED)
    pages = [hub(client, getattr(world, name), audit).content.decode() for name in NAMES]
    assert all("120 of 200" in page for page in pages)


def test_why_somebody_is_off_the_audit_is_read_by_the_firms_manager_alone(client, world):
    audit = make(world, State.SCHEDULED)
    AuditAssignment.objects.create(audit=audit, user=world.frank, has_conflict=True, statement="My brother works there")
    shown = {name: "My brother" in hub(client, getattr(world, name), audit).content.decode() for name in NAMES}
    assert shown == {"alice": False, "bob": False, "carol": False, "frank": True, "dave": False}


def test_the_hub_costs_the_same_for_one_and_three(client, world):
    audit = make(world, State.CLOSED)
    client.force_login(world.dave)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            hub(client, world.dave, audit)
        return len(queries)

    conclude(audit, only=["A1"])
    cost()
    one = cost()
    conclude(audit, only=["A2", "A3"])
    for person in (world.frank, world.erin):
        AuditAssignment.objects.create(audit=audit, user=person, has_conflict=False)
    assert cost() == one <= 32


# 3. The deeds -------------------------------------------------------------------------------------
def test_a_refused_form_keeps_what_was_typed(client, world):
    audit = make(world, State.ACCEPTED, starts_on=None, ends_on=None)
    answer = press(client, world.dave, "audit_schedule", audit, starts_on="2026-05-06", ends_on="2026-05-04")
    assert answer.status_code == 422
    card = answer.context["next"]
    assert (card.deed.name, card.form.non_field_errors(), card.form.data["starts_on"]) == (
        "audit_schedule",
        ["The last day lies before the first. Enter a later last day."],
        "2026-05-06",
    )
    assert Audit.objects.get().state == State.ACCEPTED


def test_decline_by_its_own_button(client, world):
    audit = make(world, State.REQUESTED)
    answer = press(client, world.alice, "audit_answer", audit, answer="decline", reason="")
    assert (answer.status_code, Audit.objects.get().state) == (422, State.REQUESTED)
    press(client, world.alice, "audit_answer", audit, answer="decline", reason="We move")
    assert Audit.objects.get().state == State.DECLINED
    press(client, world.dave, "audit_again", audit)
    press(client, world.alice, "audit_answer", audit, answer="accept", reason="")
    assert Audit.objects.get().state == State.ACCEPTED


def test_of_two_who_press_the_second_is_told(client, world):
    audit = make(world, State.FEEDBACK)
    press(client, world.alice, "audit_feedback_done", audit)
    answer = press(client, world.alice, "audit_feedback_done", audit)
    assert answer.status_code == 422
    assert "This is not possible while the audit is “Quality check”." in answer.content.decode()


def test_a_conflict_leads_its_auditor_off_the_page(client, world):
    audit = make(world, State.SCHEDULED)
    answer = press(client, world.carol, "audit_declare", audit, statement="A cousin works there")
    assert answer.url == reverse("audit_list")
    assert client.get(reverse("audit_detail", args=[audit.pk])).status_code == 404


def test_a_closure_audit_is_planned_from_the_hub(client, world):
    audit = make(world, State.ACTIONS_OPEN, payer="site")
    values = {"kind": "closure", "preferred_on": "2027-01-11", "reason": "To see it"}
    press(client, world.dave, "audit_closure", audit, **values)
    closure = Audit.objects.get(follows=audit)
    assert (closure.kind, closure.payer, closure.firm, closure.preferred_on, closure.state) == (
        "closure",
        "site",
        world.audit_firm,
        date(2027, 1, 11),
        State.REQUESTED,
    )
    page = hub(client, world.dave, audit)
    assert page.context["closures"] == [closure]


def test_a_closure_audit_does_not_stay_with_a_firm_that_was_ended(client, world):
    Engagement.objects.update(ended_on=date(2026, 5, 1))
    press(client, world.dave, "audit_closure", make(world, State.ACTIONS_OPEN), kind="closure")
    assert Audit.objects.get(kind="closure").firm is None


def test_an_auditor_who_left_the_firm_is_replaced_before_the_start(client, world):
    audit = make(world, State.SCHEDULED)
    world.carol.memberships.all().delete()
    page = hub(client, world.frank, audit)
    assert page.context["next"].deed.name == "audit_team"
    assert hub(client, world.dave, audit).context["waiting"] == "The audit firm assigns the auditors."
    assert press(client, world.frank, "audit_start", audit).status_code == 422
    assert Audit.objects.get().state == State.SCHEDULED
    press(client, world.frank, "audit_team", audit, auditors=[world.frank.pk], lead=world.frank.pk)
    assert list(AuditAssignment.objects.values_list("user", "is_lead")) == [(world.frank.pk, True)]


# 4. Asking for one --------------------------------------------------------------------------------
def pairs(client, query):
    answer = client.get(reverse("audit_new") + query)
    return [(pair.site, pair.bond) for pair in answer.context["pairs"]]


def test_the_buyer_finds_a_site_and_asks(client, world):
    make_site(world.supplier, name="Closed one", closed_on=date(2026, 1, 1))
    client.force_login(world.dave)
    assert pairs(client, "") == []
    assert pairs(client, f"?q={world.site.name}") == pairs(client, "?q=v-1") == [(world.site, world.relationship)]
    assert client.get(reverse("audit_new") + f"?site={world.other_site.pk}").status_code == 404
    path = reverse("audit_new") + f"?as=buyer&site={world.site.pk}"
    assert client.post(path, {"programme_kind": "nonsense"}).status_code == 422
    values = {"programme_kind": "rba-vap-style:initial", "firm": world.audit_firm.pk, "payer": "shared", "scope": "All"}
    answer = client.post(path, values)
    audit = Audit.objects.get()
    assert answer.url == reverse("audit_detail", args=[audit.pk])
    assert (audit.asked_by, audit.asker, audit.firm, audit.payer) == ("buyer", world.dave, world.audit_firm, "shared")
    answer = client.post(path, values)
    assert (answer.status_code, Audit.objects.count()) == (422, 1)


def test_the_site_asks_one_of_its_buyers(client, world):
    second = make_relationship(make_organisation("Another buyer"), world.supplier)
    client.force_login(world.alice)
    assert pairs(client, "") == [(world.site, second), (world.site, world.relationship)]
    path = reverse("audit_new") + f"?as=site&site={world.site.pk}&bond="
    assert client.get(path + str(world.other_relationship.pk)).status_code == 404
    assert "firm" not in client.get(path + str(second.pk)).context["form"].fields
    client.post(path + str(second.pk), {"programme_kind": "rba-vap-style:initial", "payer": "site"})
    audit = Audit.objects.get()
    assert (audit.asked_by, audit.relationship, audit.payer) == ("site", second, "site")


# 5. Schedules -------------------------------------------------------------------------------------
VALUES = {
    "name": "Every two years",
    "programme_kind": "rba-vap-style:initial",
    "months": 24,
    "payer": "buyer",
    "lead_days": 60,
    "most_a_month": 20,
    "is_active": "on",
}


def test_a_schedule_is_counted_before_it_is_saved(client, world):
    client.force_login(world.dave)
    answer = client.post(reverse("schedule_new"), {**VALUES, "count": "1"})
    assert (answer.context["due"], AuditSchedule.objects.count()) == (1, 0)
    assert "1 site is due by these conditions today." in answer.content.decode()
    answer = client.post(reverse("schedule_new"), {**VALUES, "bands": ["high"], "least_spend": "1000"})
    schedule = AuditSchedule.objects.get()
    assert (answer.url, schedule.buyer, schedule.bands, schedule.least_spend, schedule.kind) == (
        reverse("schedule_list"),
        world.buyer,
        ["high"],
        1000,
        "initial",
    )
    page = client.get(reverse("schedule_list"))
    assert [row for row, _title in page.context["rows"]] == [schedule]
    answer = client.post(reverse("schedule_edit", args=[schedule.pk]), {**VALUES, "is_active": ""})
    schedule.refresh_from_db()
    assert (answer.status_code, schedule.is_active, schedule.bands) == (302, False, [])


def test_a_schedule_whose_programme_was_withdrawn_can_rest(client, world):
    own = structs.replace(read_programme("rba-vap-style"), code="own-style")
    save_programme(own, buyer=world.buyer, base=None, actor=world.erin)
    client.force_login(world.dave)
    values = {**VALUES, "programme_kind": "own-style:initial"}
    client.post(reverse("schedule_new"), values)
    path = reverse("schedule_edit", args=[AuditSchedule.objects.get().pk])
    withdraw_programme("own-style", buyer=world.buyer, actor=world.erin)
    assert client.post(path, values).status_code == 422
    assert client.post(path, {**values, "is_active": ""}).status_code == 302
    schedule = AuditSchedule.objects.get()
    assert (schedule.is_active, schedule.programme_code, schedule.kind) == (False, "own-style", "initial")


def test_a_schedule_without_months_is_told_so(client, world):
    client.force_login(world.dave)
    answer = client.post(reverse("schedule_new"), {**VALUES, "months": ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["months"])
