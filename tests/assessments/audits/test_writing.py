"""The audit form: who sees and writes what, saving by the page and by itself, the gate."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from msgspec import to_builtins

from assessments.audits.document import read_programme
from assessments.audits.enums import AuditState
from assessments.audits.models import Audit, AuditAssignment, AuditConclusion, ProgrammeVersion
from assessments.audits.permissions import may
from assessments.audits.queries.writing import draft_problems, form_audits, sections_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return factories.cast()


@pytest.fixture
def audit(people):
    return factories.make_audit(
        people.relationship, people.site, firm=people.audit_firm, auditors=[people.carol], state="in_progress"
    )


@pytest.fixture
def carol(client, people):
    client.force_login(people.carol)
    return client


def put(client, audit, checkpoint="A3", **body):
    address = reverse("audit_conclusion", args=[audit.pk, checkpoint])
    return client.put(address, json.dumps(body), content_type="application/json")


def stored(audit, checkpoint="A3"):
    columns = ("conclusion", "data_points", "description", "version")
    return AuditConclusion.objects.filter(audit=audit, checkpoint=checkpoint).values_list(*columns).first()


def big_programme(count):
    """A programme with `count` checkpoints of its own, all on provision A3."""
    plain = to_builtins(read_programme("rba-vap-style"))
    points = [
        {"code": f"A3.{number}", "title": {"en": f"Check {number}"}, "provision": "A3"} for number in range(count)
    ]
    text = json.dumps({**plain, "code": f"own-{count}", "checkpoints": points})
    return ProgrammeVersion.objects.create(code=f"own-{count}", version="1", document=text, sha256=f"{count}")


# Saving by itself ---------------------------------------------------------------------------------------


def test_autosave_answers_with_version_and_progress(carol, audit):
    answer = put(carol, audit, value={"conclusion": "conform", "data_points": ["Seen"]}, base_version=0)
    body = answer.json()
    row = AuditConclusion.objects.get()
    assert (answer.status_code, body.pop("saved_at")) == (200, row.updated_at.isoformat())
    assert body == {
        "version": 1,
        "answered": 1,
        "total": 6,
        "sections": {
            "A": {"answered": 1, "total": 6},
            "B": {"answered": 0, "total": 8},
            "C": {"answered": 0, "total": 8},
            "D": {"answered": 0, "total": 8},
            "E": {"answered": 0, "total": 12},
        },
        "progress": {"answered": 1, "total": 42},
    }


def test_autosave_again_is_safe(carol, audit):
    for _time in range(2):
        answer = put(carol, audit, value={"conclusion": "conform"}, base_version=0)
        assert (answer.status_code, answer.json()["version"]) == (200, 1)


def test_autosave_of_nothing_is_saved_without_a_row(carol, audit):
    answer = put(carol, audit, value={"conclusion": ""}, base_version=0)
    assert (answer.status_code, answer.json()["version"], stored(audit)) == (200, 0, None)


def test_autosave_conflict_shows_what_stands(carol, audit, people):
    factories.conclude(audit, "major", only=["A3"], updated_by=people.frank)
    answer = put(carol, audit, value={"conclusion": "minor"}, base_version=0)
    detail = answer.json()["error"]["detail"]
    assert (answer.status_code, detail["version"], detail["by"]) == (409, 1, "Frank")
    assert detail["value"]["conclusion"] == "major"


REFUSED = [
    ({"value": {"conclusion": "fine"}, "base_version": 0}, 422, "conclusion"),
    ({"value": "conform", "base_version": 0}, 400, "refused"),
    ({"value": {"conclusion": "conform"}, "base_version": -1}, 400, "refused"),
    ({"value": {"conclusion": "conform"}, "base_version": True}, 400, "refused"),
    ({}, 400, "refused"),
]


@pytest.mark.parametrize(("body", "status", "code"), REFUSED)
def test_autosave_refuses(carol, audit, body, status, code):
    answer = put(carol, audit, **body)
    assert (answer.status_code, answer.json()["error"]["code"], stored(audit)) == (status, code, None)


def test_autosave_refuses_what_is_no_json(carol, audit):
    address = reverse("audit_conclusion", args=[audit.pk, "A3"])
    assert carol.put(address, "{", content_type="application/json").status_code == 400


def test_autosave_of_an_unknown_checkpoint_or_audit_is_not_found(carol, audit):
    assert put(carol, audit, "Z1", value={"conclusion": "conform"}, base_version=0).status_code == 404
    audit.pk = 0
    assert put(carol, audit, value={"conclusion": "conform"}, base_version=0).status_code == 404


def test_autosave_of_a_closed_audit_is_gone(carol, audit):
    Audit.objects.update(state="released")
    answer = put(carol, audit, value={"conclusion": "conform"}, base_version=0)
    assert (answer.status_code, answer.json()["error"]["detail"]) == (410, {"state": "released"})


def test_autosave_for_somebody_else_on_the_same_device_is_signed_out(carol, audit, people):
    answer = carol.put(
        reverse("audit_conclusion", args=[audit.pk, "A3"]),
        json.dumps({"value": {"conclusion": "conform"}, "base_version": 0}),
        content_type="application/json",
        headers={"X-Answering-User": str(people.frank.pk)},
    )
    assert (answer.status_code, stored(audit)) == (401, None)


@pytest.mark.parametrize("count", [5, 200])
def test_autosave_costs_ten_queries_whatever_the_size(carol, people, count, django_assert_max_num_queries):
    """Counted with the two statements that begin and end the transaction."""
    audit = factories.make_audit(
        people.relationship, people.site, firm=people.audit_firm, auditors=[people.carol], state="in_progress"
    )
    Audit.objects.filter(pk=audit.pk).update(programme=big_programme(count))
    put(carol, audit, "A3.0", value={"conclusion": "conform"}, base_version=0)
    with django_assert_max_num_queries(10):
        answer = put(carol, audit, "A3.0", value={"conclusion": "minor"}, base_version=1)
    assert answer.status_code == 200
    with django_assert_max_num_queries(10):
        answer = put(carol, audit, "A3.1", value={"conclusion": "minor"}, base_version=0)
    assert answer.json()["progress"] == {"answered": 2, "total": count}


# The page -----------------------------------------------------------------------------------------------


def section(client, audit, code="A", **query):
    return client.get(reverse("audit_section", args=[audit.pk, code]), query)


WHOLE = {
    "v-A3": "0",
    "conclusion-A3": "major",
    "topic-A3": "",
    "data_points-A3": "Time records\r\n\r\nFour interviews ",
    "description-A3": "Weeks of 66 hours.",
    "law-A3": "",
    "evidence-A3": "",
    "root_cause-A3": "",
}


def test_section_page_groups_checkpoints_by_section_of_the_code(audit):
    programme = read_programme("rba-vap-style")
    assert [(one.code, len(one.points)) for one in sections_of(programme)] == [
        ("A", 6),
        ("B", 8),
        ("C", 8),
        ("D", 8),
        ("E", 12),
    ]


def test_section_page_shows_what_stands_to_the_writer(carol, audit):
    factories.conclude(audit, "major", only=["A3"], description="Weeks of 66 hours.")
    page = section(carol, audit)
    card = page.context["cards"][2]
    assert (card.code, card.title, card.conclusion, card.version) == ("A3", "Working Hours", "major", 1)
    assert card.lines == "Interview with four workers\nTime records of March\nWalk through line 2"
    words = page.content.decode()
    assert 'data-response="audit-' in words and "3 of 3 data points" in words


def test_section_page_saves_without_javascript(carol, audit):
    answer = carol.post(reverse("audit_section", args=[audit.pk, "A"]), WHOLE)
    assert answer.status_code == 302
    assert stored(audit) == ("major", ["Time records", "Four interviews"], "Weeks of 66 hours.", 1)
    again = carol.post(reverse("audit_section", args=[audit.pk, "A"]), {**WHOLE, "v-A3": "1", "go": "next"})
    assert again.url == reverse("audit_section", args=[audit.pk, "B"])
    assert stored(audit)[3] == 1


def test_section_page_leads_from_the_last_section_to_the_gate(carol, audit):
    answer = carol.post(reverse("audit_section", args=[audit.pk, "E"]), {"go": "next"})
    assert answer.url == reverse("audit_gate", args=[audit.pk])


def test_section_page_shows_again_what_was_refused(carol, audit):
    posted = {**WHOLE, "description-A3": "x" * 10_001}
    page = carol.post(reverse("audit_section", args=[audit.pk, "A"]), posted)
    card = next(card for card in page.context["cards"] if card.code == "A3")
    assert (page.status_code, card.error) == (422, "The text has 10001 characters. Shorten it to 10000.")
    assert (card.conclusion, card.data_points) == ("major", ("Time records", "Four interviews "))


def test_section_page_after_a_conflict_saves_on_the_second_try(carol, audit, people):
    factories.conclude(audit, "conform", only=["A3"], updated_by=people.frank)
    page = carol.post(reverse("audit_section", args=[audit.pk, "A"]), WHOLE)
    card = next(card for card in page.context["cards"] if card.code == "A3")
    assert card.error == "Frank wrote here meanwhile. Your text stands in the fields; save again to keep yours."
    carol.post(reverse("audit_section", args=[audit.pk, "A"]), {**WHOLE, "v-A3": str(card.version)})
    assert stored(audit)[0::3] == ("major", 2)


def test_section_page_narrows_to_open_checkpoints_and_findings(carol, audit):
    factories.conclude(audit, "conform", only=["A1", "A2"])
    factories.conclude(audit, "minor", only=["A3"])
    codes = {
        only: [card.code for card in section(carol, audit, only=only).context["cards"]]
        for only in ("", "open", "findings")
    }
    assert codes == {"": ["A1", "A2", "A3", "A4", "A5", "A6"], "open": ["A4", "A5", "A6"], "findings": ["A3"]}


def test_section_page_of_an_unknown_section_is_not_found(carol, audit):
    assert section(carol, audit, "Z").status_code == 404


READERS = [
    ("in_progress", False, "alice", 403),
    ("in_progress", True, "alice", 200),
    ("in_progress", True, "bob", 200),
    ("in_progress", True, "dave", 403),
    ("feedback", True, "alice", 200),
    ("quality_check", True, "dave", 403),
    ("released", True, "dave", 200),
    ("actions_open", True, "erin", 200),
    ("released", True, "trent", 404),
    ("released", True, "mallory", 404),
    ("in_progress", False, "frank", 200),
]


@pytest.mark.parametrize(("state", "presented", "name", "status"), READERS)
def test_section_page_is_read_by_those_who_may(client, audit, people, state, presented, name, status):
    when = audit.asked_at if presented else None
    Audit.objects.update(state=state, presented_at=when)
    factories.conclude(audit, "minor", only=["A3"], description="Weeks of 66 hours.")
    client.force_login(people.people[name])
    page = section(client, audit)
    assert page.status_code == status
    if status == 200:
        assert "Weeks of 66 hours." in page.content.decode()
        assert ("<textarea" in page.content.decode()) == (name == "frank")


def test_section_page_cannot_be_posted_by_a_reader(client, audit, people):
    Audit.objects.update(presented_at=audit.asked_at)
    client.force_login(people.alice)
    answer = client.post(reverse("audit_section", args=[audit.pk, "A"]), WHOLE)
    assert (answer.status_code, stored(audit)) == (403, None)


@pytest.mark.parametrize("name", ["alice", "bob", "carol", "frank", "dave", "erin", "mallory", "trent"])
@pytest.mark.parametrize("has_conflict", [None, False, True])
def test_form_audits_says_of_writing_what_the_permissions_say(audit, people, name, has_conflict):
    AuditAssignment.objects.create(audit=audit, user=people.frank)
    audit.assignments.update(has_conflict=has_conflict)
    user = people.people[name]
    found = form_audits(user).filter(pk=audit.pk).first()
    assert (found is not None and found.can_write) == may(user, "write", audit)


@pytest.mark.parametrize("name", ["carol", "alice"])
def test_section_page_costs_the_same_whatever_its_size(client, people, name):
    costs = set()
    for count in (5, 60):
        audit = factories.make_audit(
            people.relationship,
            people.site,
            firm=people.audit_firm,
            auditors=[people.carol],
            state="feedback" if name == "alice" else "draft",
        )
        when = audit.asked_at
        Audit.objects.filter(pk=audit.pk).update(
            programme=big_programme(count), presented_at=when, acknowledged_at=when
        )
        audit = Audit.objects.select_related("programme").get(pk=audit.pk)
        factories.conclude(audit, "minor")
        client.force_login(people.people[name])
        section(client, audit)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            section(client, audit)
        costs.add(len(queries))
    assert len(costs) == 1
    assert max(costs) <= 12


# The gate -----------------------------------------------------------------------------------------------


def test_gate_page_lists_what_is_missing_with_links(carol, audit):
    factories.conclude(audit)
    AuditConclusion.objects.filter(checkpoint="A1").update(conclusion="")
    AuditConclusion.objects.filter(checkpoint="B2").update(data_points=["One"])
    AuditConclusion.objects.filter(checkpoint="C3").update(conclusion="major")
    AuditConclusion.objects.filter(checkpoint="E12").update(conclusion="not_applicable")
    page = carol.get(reverse("audit_gate", args=[audit.pk]))
    assert [(line["checkpoint"], line["text"]) for line in page.context["lines"]] == [
        ("A1", "No conclusion yet"),
        ("B2", "1 of 3 data points"),
        ("C3", "The nonconformity has no description"),
        ("E12", "No reason why it does not apply"),
    ]
    assert f"{reverse('audit_section', args=[audit.pk, 'B'])}#q-B2" in page.content.decode()


def test_draft_problems_are_none_once_everything_stands(audit):
    factories.conclude(audit)
    assert draft_problems(audit) == []


def test_gate_page_offers_the_draft_once_nothing_is_missing(carol, audit):
    Audit.objects.update(state=AuditState.ACKNOWLEDGED)
    factories.conclude(audit)
    page = carol.get(reverse("audit_gate", args=[audit.pk])).content.decode()
    assert reverse("audit_draft", args=[audit.pk]) in page
