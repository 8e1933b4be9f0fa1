"""The comparison as it is written at release: which self-assessment, which provisions, which questions."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from assessments.audits.models import Audit, Comparison, QuestionCheck
from assessments.audits.services.releasing import compare_audit
from assessments.responses.models import Submission
from tests.factories import (
    CLEAN_ANSWERS,
    SMALL_DOCUMENT,
    cast,
    conclude,
    correct,
    hand_in,
    make_audit,
    make_relationship,
    make_response,
    make_site,
    make_version,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def audit(world):
    """An audit that began ten days ago."""
    first = timezone.localdate() - 10 * DAY
    return make_audit(world.relationship, world.site, starts_on=first, ends_on=first + DAY, state="released")


def answer(world, answers=CLEAN_ANSWERS, *, days=30, **fields):
    """Hand in a self-assessment of the site so many days ago."""
    response = make_response(world.relationship, world.site, **fields)
    return on_day(hand_in(response, answers, world.alice), days)


def on_day(submission, days):
    """Move a submission to noon so many days ago."""
    moment = timezone.make_aware(datetime.combine(timezone.localdate() - days * DAY, time(12)))
    Submission.objects.filter(pk=submission.pk).update(submitted_at=moment)
    return submission


def written(audit):
    """What the comparison of an audit says."""
    rows = Comparison.objects.filter(audit=audit).order_by("pk")
    checks = QuestionCheck.objects.filter(audit=audit).order_by("pk")
    fresh = Audit.objects.get(pk=audit.pk)
    return (
        list(rows.values_list("provision", "said", "score", "found")),
        list(checks.values_list("question", "provision", "is_confirmed")),
        (fresh.claimed, fresh.confirmed),
    )


def test_comparison_sets_the_word_of_the_site_beside_that_of_the_auditors(world, audit):
    submission = answer(world)
    conclude(audit, "conform", only=["A1", "B2"])
    conclude(audit, "major", only=["A3"])
    conclude(audit, "not_reviewed", only=["C1"])

    compare_audit(audit)

    assert written(audit) == (
        [
            ("A1", "unknown", None, "conform"),
            ("A3", "conform", Decimal("100.0"), "major"),
            ("B2", "conform", Decimal("100.0"), "conform"),
            ("C1", "unknown", None, "not_reviewed"),
        ],
        [("A3-RECORDS", "A3", False), ("A3-LONGEST-WEEK", "A3", False), ("B2-DRILL", "B2", True)],
        (2, 1),
    )
    assert set(Comparison.objects.values_list("submission", flat=True)) == {submission.pk}
    assert (audit.claimed, audit.confirmed) == (2, 1)


def test_a_gap_the_site_owned_up_to_is_no_claim(world, audit):
    answer(world, {**CLEAN_ANSWERS, "A3-LONGEST-WEEK": 66, "B2-DRILL": "no"})
    conclude(audit, "major", only=["A3", "B2"])

    compare_audit(audit)

    assert written(audit) == (
        [("A3", "gap", Decimal("40.0"), "major"), ("B2", "gap", Decimal("0.0"), "major")],
        [("A3-RECORDS", "A3", False)],
        (0, 0),
    )


def test_comparison_may_be_made_again(world, audit):
    answer(world)
    conclude(audit, "major", only=["A3"])
    compare_audit(audit)
    conclude(audit, "conform", only=["A3"])
    compare_audit(audit)
    assert written(audit)[2] == (1, 1)
    assert Comparison.objects.count() == 1


@pytest.mark.parametrize(
    ("days", "claimed"),
    [(9, 0), (10, 0), (11, 2), (400, 2), (600, 0)],
    ids=["during", "first day", "before", "old", "too old"],
)
def test_only_what_was_handed_in_before_the_first_day_and_within_18_months_counts(world, audit, days, claimed):
    answer(world, days=days)
    conclude(audit, "conform", only=["A3", "B2"])
    compare_audit(audit)
    assert written(audit)[2] == (claimed, claimed)


def test_the_newest_word_before_the_audit_counts(world, audit):
    response = make_response(world.relationship, world.site)
    on_day(hand_in(response, CLEAN_ANSWERS, world.alice), 40)
    on_day(correct(response, {"B2-DRILL": "no"}, world.alice), 30)
    on_day(correct(response, {"B2-DRILL": "yes"}, world.alice), 5)
    conclude(audit, "conform", only=["A3", "B2"])

    compare_audit(audit)

    assert [row[:2] for row in written(audit)[0]] == [("A3", "conform"), ("B2", "gap")]


def test_a_newer_questionnaire_that_speaks_of_no_provision_does_not_hide_the_one_that_does(world, audit):
    answer(world, days=40)
    profile = {**SMALL_DOCUMENT, "code": "profile", "sections": SMALL_DOCUMENT["sections"][:1], "flags": []}
    answer(world, {"P-HEADS": {"permanent.male": 1, "permanent.female": 2}}, days=20, version=make_version(profile))
    conclude(audit, "conform", only=["A3", "B2"])
    compare_audit(audit)
    assert written(audit)[2] == (2, 2)


def test_what_another_site_or_buyer_was_told_does_not_count(world, audit):
    other_bond = make_relationship(world.other_buyer, world.supplier)
    hand_in_at = [(world.relationship, make_site(world.supplier)), (other_bond, world.site)]
    for bond, site in hand_in_at:
        on_day(hand_in(make_response(bond, site), CLEAN_ANSWERS, world.alice), 30)
    conclude(audit)
    compare_audit(audit)
    assert written(audit) == ([], [], (0, 0))


def test_answers_under_an_older_code_are_carried_over(world, audit):
    text = {**SMALL_DOCUMENT, "code": "older", "code_of_conduct": "rba-7.0"}
    sections = [
        {
            **section,
            "questions": [{**q, "provision": "A7"} if q["code"] == "B2-DRILL" else q for q in section["questions"]],
        }
        for section in text["sections"]
    ]
    answer(world, version=make_version({**text, "sections": sections, "flags": text["flags"][:1]}))
    conclude(audit, "conform", only=["A3"])
    conclude(audit, "minor", only=["A6", "E8"])

    compare_audit(audit)

    assert written(audit) == (
        [
            ("A3", "conform", Decimal("100.0"), "conform"),
            ("A6", "conform", Decimal("100.0"), "minor"),
            ("E8", "unknown", None, "minor"),
        ],
        [("A3-RECORDS", "A3", True), ("A3-LONGEST-WEEK", "A3", True), ("B2-DRILL", "A6", False)],
        (2, 1),
    )
