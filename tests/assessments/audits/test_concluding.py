"""Conclusions: saved under a lock, compared and set, every revision kept, the audit counted again."""

from decimal import Decimal

import pytest

from assessments.audits.enums import WRITING_STATES, AuditState
from assessments.audits.models import AuditConclusion, ConclusionRevision, WorkerCount
from assessments.audits.services.concluding import (
    ClosedError,
    Given,
    UnknownCheckpointError,
    count_conclusions,
    save_conclusion,
    save_conclusions,
)
from assessments.audits.services.profiling import Heads, save_worker_profile
from portal.lib.errors import ConflictError, DomainError
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


def save(audit, people, checkpoint="A3", base_version=0, **content):
    return save_conclusion(audit=audit, checkpoint=checkpoint, base_version=base_version, actor=people.carol, **content)


WHOLE = {
    "conclusion": "major",
    "topic": "hours_insurance",
    "data_points": ["Time records of March", "Four interviews"],
    "description": "Weeks of 66 hours in March.",
    "law": "Labour act, article 36",
    "evidence": "Records 14 to 19",
    "root_cause": "Rush orders without planning",
}


def test_save_conclusion_writes_row_revision_and_figures(audit, people):
    row = save(audit, people, **WHOLE)
    row.refresh_from_db()
    assert {name: getattr(row, name) for name in WHOLE} == WHOLE
    assert (row.version, row.updated_by) == (1, people.carol)
    revisions = ConclusionRevision.objects.values_list("checkpoint", "version", "content", "actor")
    assert list(revisions) == [("A3", 1, WHOLE, people.carol.pk)]
    audit.refresh_from_db()
    assert (audit.reviewed, audit.applicable, audit.conform, audit.major, audit.score) == (1, 1, 0, 1, Decimal("-4.0"))


def test_save_conclusion_leaves_absent_fields_as_they_are(audit, people):
    save(audit, people, **WHOLE)
    row = save(audit, people, base_version=1, conclusion="minor")
    assert {name: getattr(row, name) for name in WHOLE} == {**WHOLE, "conclusion": "minor"}
    assert row.version == 2


def test_save_conclusion_again_keeps_the_version(audit, people):
    first = save(audit, people, **WHOLE)
    again = save(audit, people, base_version=0, **WHOLE)
    assert (again.pk, again.version, again.updated_at) == (first.pk, 1, first.updated_at)
    assert ConclusionRevision.objects.count() == 1


def test_save_conclusion_of_nothing_writes_nothing(audit, people):
    row = save(audit, people, conclusion="", data_points=[" "])
    assert (row.pk, row.version, AuditConclusion.objects.count()) == (None, 0, 0)


def test_save_conclusion_on_an_old_version_shows_what_stands(audit, people):
    row = save(audit, people, conclusion="conform", data_points=["Seen"])
    with pytest.raises(ConflictError) as caught:
        save_conclusion(audit=audit, checkpoint="A3", base_version=0, actor=people.frank, conclusion="minor")
    assert caught.value.detail == {
        "code": "A3",
        "value": {
            "conclusion": "conform",
            "topic": "",
            "data_points": ["Seen"],
            "description": "",
            "law": "",
            "evidence": "",
            "root_cause": "",
        },
        "version": 1,
        "by": "Carol",
        "by_id": people.carol.pk,
        "at": row.updated_at.isoformat(),
    }


@pytest.mark.parametrize("state", AuditState)
def test_save_conclusion_only_in_states_of_writing(audit, people, state):
    audit.state = state
    audit.save()
    if state in WRITING_STATES:
        assert save(audit, people, conclusion="conform").version == 1
        return
    with pytest.raises(ClosedError) as caught:
        save(audit, people, conclusion="conform")
    assert (caught.value.status, caught.value.detail) == (410, {"state": state})


def test_save_conclusion_reads_the_state_anew(audit, people):
    type(audit).objects.filter(pk=audit.pk).update(state="quality_check")
    with pytest.raises(ClosedError):
        save(audit, people, conclusion="conform")


REFUSED = [
    ("Z9", {"conclusion": "conform"}, "not_found", "The programme of this audit has no checkpoint Z9."),
    (
        "A3",
        {"conclusion": "fine"},
        "conclusion",
        "“fine” is no conclusion of this programme. Possible are: conform, minor, major, priority, not_applicable, not_reviewed.",
    ),
    (
        "A3",
        {"topic": "weather"},
        "topic",
        "The programme of this audit has no topic “weather”. Choose one from the list.",
    ),
    ("A3", {"law": 5}, "field", "The field “law” did not arrive as text. Reload the page and try again."),
    (
        "A3",
        {"data_points": "one"},
        "field",
        "The field “data_points” did not arrive as text. Reload the page and try again.",
    ),
    (
        "A3",
        {"data_points": [1]},
        "field",
        "The field “data_points” did not arrive as text. Reload the page and try again.",
    ),
    ("A3", {"severity": "major"}, "field", "A conclusion has no field “severity”."),
    ("A3", {"description": "x" * 10_001}, "too_long", "The text has 10001 characters. Shorten it to 10000."),
    ("A3", {"data_points": ["x" * 2_001]}, "too_long", "The text has 2001 characters. Shorten it to 2000."),
    (
        "A3",
        {"data_points": [f"{n}" for n in range(51)]},
        "too_many",
        "There are 51 data points. Keep the 50 that matter most.",
    ),
]


@pytest.mark.parametrize(("checkpoint", "content", "code", "message"), REFUSED)
def test_save_conclusion_refuses_with_a_sentence(audit, people, checkpoint, content, code, message):
    with pytest.raises(DomainError) as caught:
        save(audit, people, checkpoint, **content)
    assert (caught.value.code, caught.value.message) == (code, message)
    assert AuditConclusion.objects.count() == 0


def test_save_conclusion_refuses_an_unknown_checkpoint_as_not_found(audit, people):
    with pytest.raises(UnknownCheckpointError) as caught:
        save(audit, people, "Z9", conclusion="conform")
    assert caught.value.status == 404


def test_save_conclusion_cleans_texts(audit, people):
    row = save(audit, people, description=" a\x00b\r\nc ", data_points=["  one\n two ", "", "three\x07"])
    assert (row.description, row.data_points) == ("ab\nc", ["one two", "three"])


def test_save_conclusions_saves_or_refuses_each_on_its_own(audit, people):
    given = [Given("A1", {"conclusion": "conform"}), Given("A2", {"conclusion": "fine"}), Given("A3", {"law": "x"})]
    outcomes = save_conclusions(audit=audit, given=given, actor=people.carol)
    told = [(one.checkpoint, one.changed, one.error.code if one.error else "") for one in outcomes]
    assert told == [("A1", True, ""), ("A2", False, "conclusion"), ("A3", True, "")]
    assert sorted(AuditConclusion.objects.values_list("checkpoint", flat=True)) == ["A1", "A3"]


def test_save_conclusions_together_saves_nothing_when_one_is_refused(audit, people):
    given = [Given("A1", {"conclusion": "conform"}), Given("A2", {"conclusion": "fine"})]
    with pytest.raises(DomainError, match="no conclusion"):
        save_conclusions(audit=audit, given=given, actor=people.carol, together=True)
    assert AuditConclusion.objects.count() == ConclusionRevision.objects.count() == 0


def test_save_conclusions_takes_the_same_number_of_queries_for_many_new_ones(audit, people, django_assert_num_queries):
    for codes in (["A1"], ["A2", "A3", "A4", "A5", "A6"]):
        given = [Given(code, {"conclusion": "conform"}) for code in codes]
        with django_assert_num_queries(7):  # savepoint, lock, read, insert, revisions, figures, release
            save_conclusions(audit=audit, given=given, actor=people.carol)


def test_count_conclusions_counts_every_kind(audit):
    for conclusion, codes in {
        "conform": ["A1", "A2", "A3"],
        "minor": ["B1", "B2"],
        "major": ["B3"],
        "priority": ["B4"],
        "not_applicable": ["C1"],
        "not_reviewed": ["C2"],
        "": ["C3"],
    }.items():
        factories.conclude(audit, conclusion, only=codes)
    count_conclusions(audit)
    audit.refresh_from_db()
    figures = ("reviewed", "applicable", "conform", "priority", "major", "minor", "score")
    assert [getattr(audit, name) for name in figures] == [7, 8, 3, 1, 1, 2, Decimal("74.0")]


# The worker profile -----------------------------------------------------------------------------------


def test_save_worker_profile_writes_groups_and_keeps_the_others(audit, people):
    save_worker_profile(
        audit=audit, counts={"permanent": Heads(60, 40, 8), "trainees": Heads(5, 0, 5)}, actor=people.carol
    )
    save_worker_profile(audit=audit, counts={"permanent": Heads(61, 40, 8)}, actor=people.carol)
    rows = WorkerCount.objects.order_by("group").values_list("group", "women", "men", "interviewed")
    assert list(rows) == [("permanent", 61, 40, 8), ("trainees", 5, 0, 5)]


def test_save_worker_profile_refuses_more_interviews_than_people(audit, people):
    counts = {"permanent": Heads(1, 1, 1), "contractors": Heads(2, 1, 4)}
    with pytest.raises(DomainError) as caught:
        save_worker_profile(audit=audit, counts=counts, actor=people.carol)
    assert caught.value.message == (
        "On-site contractors: 4 were interviewed, but only 3 are there. Correct one of both."
    )
    assert WorkerCount.objects.count() == 0


def test_save_worker_profile_only_while_writing(audit, people):
    audit.state = "feedback"
    audit.save()
    with pytest.raises(ClosedError):
        save_worker_profile(audit=audit, counts={"permanent": Heads(1)}, actor=people.carol)
