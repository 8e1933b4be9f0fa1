"""The page of one finding, and every decision that is taken on it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.findings import services
from assessments.findings.models import CorrectiveAction, Finding, FindingInspector
from assessments.findings.views.detail import waits_for
from suppliers.organisations.enums import Role
from tests.factories import (
    SMALL_ANSWERS,
    cast,
    hand_in,
    make_audit,
    make_finding,
    make_membership,
    make_response,
    make_site,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


def page(client, person, finding, status=200):
    client.force_login(person)
    response = client.get(reverse("finding_detail", args=[finding.pk]))
    assert response.status_code == status
    return response


def decisions(client, person, finding):
    """What the page offers to decide, the button of the confirmation included."""
    context = page(client, person, finding).context
    return ["confirm"] * context["may_confirm"] + [decision.name for decision in context["decisions"]]


def post(client, person, name, finding, **data):
    client.force_login(person)
    return client.post(reverse(name, args=[finding.pk]), data)


# 1. What it shows ---------------------------------------------------------------------------------
def test_page_names_reason_advice_and_the_answers_behind_it(client, world):
    response = make_response(world.relationship, world.site)
    hand_in(response, SMALL_ANSWERS, world.alice)
    html = page(client, world.alice, Finding.objects.get()).content.decode()
    assert "Longest week 66.5" in html and "Plan the work so that weeks stay short." in html
    assert reverse("result", args=[response.pk]) + "#flag-A3-OVER-60" in html
    assert "Close this finding" not in html and "Confirm finding" not in html


def test_page_of_an_audit_finding_names_law_firm_and_audit(client, world):
    audit = make_audit(world.relationship, world.site, firm=world.audit_firm, auditors=[world.carol])
    finding = make_finding(
        world.relationship, world.site, source="audit", source_id=audit.pk, rule="A3.1", firm=world.audit_firm,
        law="Labour law, section 23", discovered_on=timezone.localdate(), confirmed_at=timezone.now(),
    )  # fmt: skip
    FindingInspector.objects.create(finding=finding, user=world.carol)
    for person in (world.alice, world.erin, world.carol, world.frank):
        html = page(client, person, finding).content.decode()
        assert "Labour law, section 23" in html and "Audit firm" in html
        assert f'href="{reverse("audit_detail", args=[audit.pk])}"' in html
        assert client.get(reverse("audit_detail", args=[audit.pk])).status_code == 200


def test_entered_finding_links_to_no_source(client, world):
    finding = make_finding(world.relationship, world.site, source="grievance", source_id=None, rule="")
    context = page(client, world.alice, finding).context
    assert (context["source_url"], [event.word for event in context["events"]]) == ("", [])


def test_recurrence_and_merged_ones_are_linked_as_far_as_the_reader_sees_them(client, world):
    audit = {"source": "audit", "firm": world.audit_firm, "confirmed_at": timezone.now()}
    earlier = make_finding(world.relationship, world.site, state="verified")
    finding = make_finding(world.relationship, world.site, recurrence_of=earlier, **audit)
    merged = make_finding(world.relationship, world.site, state="closed", close_reason="merged", merged_into=finding)
    html = page(client, world.erin, finding).content.decode()
    address = {name: reverse("finding_detail", args=[one.pk]) for name, one in (("e", earlier), ("m", merged))}
    assert address["e"] in html and address["m"] in html and "This is a recurrence." in html
    html = page(client, world.frank, finding).content.decode()
    assert address["e"] not in html and address["m"] not in html and "This is a recurrence." in html
    assert f"It goes on in finding {finding.pk}" in page(client, world.erin, merged).content.decode()
    assert "It came back" in page(client, world.erin, earlier).content.decode()


def test_history_holds_the_confirmation(client, world):
    finding = make_finding(world.relationship, world.site)
    services.confirm_finding(finding=finding, actor=world.dave)
    services.dispute_finding(finding=finding, note="Travel.", actor=world.alice)
    events = page(client, world.erin, finding).context["events"]
    assert [(event.word, event.actor, event.note) for event in events] == [
        ("Confirmed", world.dave, ""),
        ("Disputed", world.alice, "Travel."),
    ]


# 2. What it waits for -----------------------------------------------------------------------------
DAY = {"next_due_on": timezone.datetime(2026, 12, 4).date()}


@pytest.mark.parametrize(
    ("fields", "plan", "words"),
    [
        ({"source": "flag"}, None, "Waits for Buyer: confirm what the answers showed. No due date runs until then."),
        ({**DAY}, None, "Waits for the site: hand in a plan by 4 Dec 2026."),
        ({}, "draft", "Waits for the site: hand in a plan."),
        ({**DAY}, "submitted", "Waits for Buyer: accept or reject the plan by 4 Dec 2026."),
        ({"manager": "firm"}, "submitted", "Waits for Audit firm: accept or reject the plan."),
        ({"state": "action_agreed", **DAY}, "accepted", "Waits for the site: carry out the plan by 4 Dec 2026."),
        ({"state": "in_progress"}, "accepted", "Waits for the site: carry out the plan."),
        ({"state": "done", "manager": "site"}, "accepted", "Waits for Supplier: verify what was done."),
        ({"state": "disputed"}, None, "Waits for Buyer: decide the dispute. No due date runs until then."),
        (
            {"state": "disputed", "manager": "site"},
            None,
            "Waits for Buyer: decide the dispute. No due date runs until then.",
        ),
        ({"state": "collaborative"}, None, "Site and buyer mend this together. No due date runs."),
        (
            {"state": "verified", "verified_on": DAY["next_due_on"]},
            "accepted",
            "Mended and verified on 4 Dec 2026. Nothing more is awaited.",
        ),
        ({"state": "no_action"}, "accepted", "Settled without an action; the reason stands in the plan."),
        (
            {
                "state": "closed",
                "close_reason": "not_confirmed",
                "closed_at": timezone.make_aware(timezone.datetime(2026, 12, 4, 12)),
            },
            None,
            "Closed on 4 Dec 2026: Not confirmed.",
        ),
    ],
)
def test_one_sentence_says_what_a_finding_waits_for(world, fields, plan, words):
    values = {"source": "audit", "confirmed_at": None if "source" in fields else timezone.now(), **fields}
    finding = make_finding(world.relationship, world.site, firm=world.audit_firm, **values)
    if plan:
        CorrectiveAction.objects.create(finding=finding, state=plan, updated_at=timezone.now())
    assert waits_for(finding) == words


# 3. What each side may decide ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "buyer", "site"),
    [
        ({}, ["confirm", "dismiss", "merge"], ["dispute"]),
        ({"confirmed_at": timezone.now()}, ["merge", "collaborate", "close"], ["dispute"]),
        ({"source": "audit"}, ["collaborate", "close"], ["dispute"]),
        ({"source": "audit", "state": "disputed"}, ["settle_dispute"], []),
        ({"source": "audit", "state": "disputed", "manager": "site"}, ["settle_dispute"], []),
        ({"source": "audit", "state": "disputed", "manager": "firm"}, [], []),
        ({"source": "audit", "state": "in_progress"}, ["collaborate", "close"], []),
        ({"source": "audit", "state": "done"}, ["close"], []),
        ({"source": "audit", "state": "collaborative"}, ["close"], []),
        ({"state": "closed"}, ["reopen"], []),
        ({"state": "verified"}, ["reopen"], []),
        ({"state": "no_action"}, ["reopen"], []),
    ],
)
def test_page_offers_what_the_state_and_the_role_allow(client, world, fields, buyer, site):
    make_finding(world.relationship, world.site)
    finding = make_finding(world.relationship, world.site, firm=world.audit_firm, **fields)
    reader = make_user("reader@test.example")
    make_membership(reader, world.buyer, Role.BUYER_READER)
    assert decisions(client, world.dave, finding) == buyer
    assert decisions(client, world.alice, finding) == site
    assert decisions(client, world.bob, finding) == decisions(client, reader, finding) == []
    page(client, world.mallory, finding, 404)


def test_nothing_is_offered_to_merge_into_where_there_is_no_other_finding(client, world):
    finding = make_finding(world.relationship, world.site)
    make_finding(world.relationship, world.site, state="verified")
    make_finding(world.relationship, make_site(world.supplier))
    assert decisions(client, world.erin, finding) == ["confirm", "dismiss"]


def test_auditors_decide_disputes_of_what_their_firm_manages(client, world):
    fields = {"source": "audit", "state": "disputed", "manager": "firm", "firm": world.audit_firm}
    finding = make_finding(world.relationship, world.site, **fields)
    FindingInspector.objects.create(finding=finding, user=world.carol)
    assert decisions(client, world.carol, finding) == ["settle_dispute"]
    sent = post(client, world.carol, "finding_settle_dispute", finding, upheld="yes", note="The copy is there.")
    finding.refresh_from_db()
    assert (sent.status_code, finding.state, finding.close_reason) == (302, "closed", "not_confirmed")


# 4. Deciding --------------------------------------------------------------------------------------
def test_buyer_confirms_and_the_page_names_the_day(client, world):
    finding = make_finding(world.relationship, world.site)
    assert post(client, world.dave, "finding_confirm", finding).status_code == 302
    due = timezone.localdate() + timedelta(days=14)
    html = page(client, world.alice, finding).content.decode()
    assert "Waits for the site: hand in a plan by" in html and f'datetime="{due.isoformat()}"' in html


def test_confirming_twice_is_told(client, world):
    finding = make_finding(world.relationship, world.site)
    post(client, world.dave, "finding_confirm", finding)
    again = post(client, world.erin, "finding_confirm", finding)
    assert again.status_code == 422 and "does not wait to be confirmed" in again.content.decode()


@pytest.mark.parametrize(
    ("name", "who", "fields", "data", "state", "reason"),
    [
        ("finding_dismiss", "dave", {}, {"note": "No."}, "closed", "not_confirmed"),
        ("finding_dispute", "alice", {}, {"note": "No."}, "disputed", ""),
        ("finding_settle_dispute", "dave", {"state": "disputed"}, {"upheld": "no", "note": "x"}, "open", ""),
        ("finding_collaborate", "erin", {}, {"note": "The landlord."}, "collaborative", ""),
        ("finding_move", "dave", {}, {"reason": "mended", "note": "Rotas seen."}, "closed", "mended"),
        ("finding_move", "dave", {"state": "done"}, {"reason": "mended", "note": "Seen."}, "closed", "mended"),
        ("finding_move", "dave", {"state": "verified"}, {"note": "It is back."}, "open", ""),
        ("finding_move", "dave", {"state": "no_action"}, {"note": "It is bad."}, "open", ""),
    ],
)
def test_every_decision(client, world, name, who, fields, data, state, reason):
    finding = make_finding(world.relationship, world.site, **fields)
    assert post(client, getattr(world, who), name, finding, **data).status_code == 302
    finding.refresh_from_db()
    assert (finding.state, finding.close_reason) == (state, reason)


@pytest.mark.parametrize(
    ("name", "who", "fields", "data"),
    [
        ("finding_dismiss", "dave", {}, {"note": " "}),
        ("finding_dispute", "alice", {}, {}),
        ("finding_settle_dispute", "dave", {"state": "disputed"}, {"upheld": "no"}),
        ("finding_settle_dispute", "dave", {"state": "disputed"}, {"upheld": "maybe", "note": "x"}),
        ("finding_collaborate", "erin", {"source": "audit"}, {}),
        ("finding_move", "dave", {"source": "audit"}, {}),
        ("finding_move", "dave", {"source": "audit"}, {"reason": "mended", "note": ""}),
        ("finding_move", "dave", {"source": "audit"}, {"reason": "corrected", "note": "x"}),
        ("finding_move", "dave", {"state": "closed"}, {"note": ""}),
    ],
)
def test_decision_without_its_words_is_refused_with_a_sentence(client, world, name, who, fields, data):
    finding = make_finding(world.relationship, world.site, **fields)
    response = post(client, getattr(world, who), name, finding, **data)
    assert response.status_code == 422 and "Please correct the following" in response.content.decode()
    assert Finding.objects.get().state == finding.state


def test_what_was_typed_is_kept_where_a_decision_is_refused(client, world):
    finding = make_finding(world.relationship, world.site, state="disputed")
    html = post(client, world.dave, "finding_settle_dispute", finding, note="Travel is work.").content.decode()
    assert "Travel is work.</textarea>" in html and 'id="settle_dispute" open' in html


def test_decision_too_late_is_told_with_the_page_as_it_stands(client, world):
    finding = make_finding(world.relationship, world.site, source="audit", state="in_progress")
    response = post(client, world.alice, "finding_dispute", finding, note="It is wrong.")
    html = response.content.decode()
    assert response.status_code == 422 and "This is not possible while the finding is “In progress”." in html


def test_merging_offers_and_takes_findings_of_this_site_only(client, world):
    finding, target = make_finding(world.relationship, world.site), make_finding(world.relationship, world.site)
    elsewhere = make_finding(world.relationship, make_site(world.supplier))
    (merge,) = [one for one in page(client, world.erin, finding).context["decisions"] if one.name == "merge"]
    assert [value for value, _label in merge.form.fields["into"].choices] == ["", target.pk]
    refused = post(client, world.erin, "finding_merge", finding, into=elsewhere.pk, note="Same.")
    assert refused.status_code == 422 and "Select a valid choice" in refused.content.decode()
    assert post(client, world.erin, "finding_merge", finding, into=target.pk, note="Same.").status_code == 302
    finding.refresh_from_db()
    assert (finding.state, finding.merged_into) == ("closed", target)
