"""Feedback on the draft: the site writes, the auditors answer, each in its own time."""

import pytest
from django.urls import reverse

from assessments.audits.enums import AuditState
from assessments.audits.models import Audit, Feedback
from assessments.audits.services.concluding import ClosedError, UnknownCheckpointError
from assessments.audits.services.feedback import ANSWERING_STATES, answer_feedback, give_feedback
from portal.lib.errors import ConflictError, DomainError
from portal.trail.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return factories.cast()


@pytest.fixture
def audit(people):
    audit = factories.make_audit(
        people.relationship, people.site, firm=people.audit_firm, auditors=[people.carol], state="feedback"
    )
    audit.presented_at = audit.acknowledged_at = audit.asked_at
    audit.save()
    return audit


def give(audit, people, text="The records came later.", checkpoint="A3"):
    return give_feedback(audit=audit, text=text, checkpoint=checkpoint, actor=people.alice)


def answer(row, people, reply="We looked again.", incorporated=True):
    return answer_feedback(feedback=row, reply=reply, incorporated=incorporated, actor=people.carol)


def test_give_feedback_writes_a_remark_once(audit, people):
    assert give(audit, people).pk == give(audit, people, " The records came later.\r\n").pk
    row = Feedback.objects.get()
    assert (row.checkpoint, row.text, row.author, row.incorporated) == (
        "A3",
        "The records came later.",
        people.alice,
        None,
    )
    assert Entry.objects.filter(deed="give_feedback", organisation_id=people.supplier.pk).count() == 1


@pytest.mark.parametrize("state", AuditState)
def test_give_feedback_only_while_the_draft_lies_with_the_site(audit, people, state):
    Audit.objects.update(state=state)
    if state == AuditState.FEEDBACK:
        assert give(audit, people).pk
        return
    with pytest.raises(ClosedError):
        give(audit, people)


def test_give_feedback_refuses_silence_and_unknown_checkpoints(audit, people):
    with pytest.raises(DomainError, match="Write what you want to say first"):
        give(audit, people, " \n ")
    with pytest.raises(UnknownCheckpointError):
        give(audit, people, checkpoint="Z9")
    assert Feedback.objects.count() == 0


@pytest.mark.parametrize("state", AuditState)
def test_answer_feedback_only_while_the_report_is_checked_or_drafted(audit, people, state):
    row = give(audit, people)
    Audit.objects.update(state=state)
    if state in ANSWERING_STATES:
        answer(row, people)
        row.refresh_from_db()
        assert (row.reply, row.incorporated, row.replied_by) == ("We looked again.", True, people.carol)
        return
    with pytest.raises(ClosedError):
        answer(row, people)


def test_answer_feedback_of_two_at_once_one_wins(audit, people):
    row = give(audit, people)
    Audit.objects.update(state="quality_check")
    first, second = Feedback.objects.get(pk=row.pk), Feedback.objects.get(pk=row.pk)
    answer(first, people)
    with pytest.raises(ConflictError):
        answer(second, people, "No.", False)
    answer(first, people, "Corrected.", False)
    row.refresh_from_db()
    assert (row.reply, row.incorporated) == ("Corrected.", False)


# Pages --------------------------------------------------------------------------------------------------


def test_feedback_page_takes_a_remark_of_the_site(client, audit, people):
    client.force_login(people.alice)
    address = reverse("audit_feedback", args=[audit.pk])
    assert client.get(address, {"checkpoint": "A3"}).context["form"].initial == {"checkpoint": "A3"}
    assert client.post(address, {"checkpoint": "A3", "text": "Look again."}).url == address
    assert client.post(address, {"checkpoint": "", "text": "Thank you."}).url == address
    page = client.get(address)
    found = [(remark["title"], remark["row"].text) for remark in page.context["remarks"]]
    assert found == [("A3 Working Hours", "Look again."), ("The draft as a whole", "Thank you.")]
    assert reverse("audit_feedback_done", args=[audit.pk]) in page.content.decode()


@pytest.mark.parametrize("posted", [{"text": ""}, {"text": "x" * 5_001}, {"checkpoint": "Z9", "text": "x"}])
def test_feedback_page_shows_again_what_was_refused(client, audit, people, posted):
    client.force_login(people.alice)
    page = client.post(reverse("audit_feedback", args=[audit.pk]), posted)
    assert (page.status_code, Feedback.objects.count()) == (422, 0)


def test_feedback_page_takes_remarks_of_managers_only(client, audit, people):
    for name in ("bob", "carol", "frank"):
        client.force_login(people.people[name])
        assert client.post(reverse("audit_feedback", args=[audit.pk]), {"text": "x"}).status_code == 403
    assert Feedback.objects.count() == 0


def test_feedback_page_lets_the_auditors_answer_later(client, audit, people):
    row = give(audit, people)
    client.force_login(people.carol)
    address = reverse("audit_feedback", args=[audit.pk])
    assert client.get(address).context["remarks"][0]["form"] is None
    Audit.objects.update(state="quality_check")
    assert client.get(address).context["remarks"][0]["form"] is not None
    posted = {f"r{row.pk}-reply": "Changed.", f"r{row.pk}-incorporated": "yes"}
    assert client.post(reverse("audit_feedback_answer", args=[audit.pk, row.pk]), posted).url == address
    row.refresh_from_db()
    assert (row.reply, row.incorporated) == ("Changed.", True)


def test_feedback_page_asks_whether_the_draft_was_changed(client, audit, people):
    row = give(audit, people)
    Audit.objects.update(state="draft")
    client.force_login(people.carol)
    page = client.post(reverse("audit_feedback_answer", args=[audit.pk, row.pk]), {f"r{row.pk}-reply": "Changed."})
    assert (page.status_code, list(page.context["remarks"][0]["form"].errors)) == (422, ["incorporated"])


@pytest.mark.parametrize("count", [1, 3])
def test_feedback_page_costs_the_same_for_one_and_three(client, audit, people, count, django_assert_num_queries):
    for number in range(count):
        give(audit, people, f"Remark {number}")
    client.force_login(people.alice)
    client.get(reverse("audit_feedback", args=[audit.pk]))
    with django_assert_num_queries(9):
        client.get(reverse("audit_feedback", args=[audit.pk]))
