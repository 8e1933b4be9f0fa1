"""REST: scores and flags, column by column and filter by filter."""

from datetime import UTC, datetime

import pytest

from assessments.scoring.models import Flag, Score
from tests.factories import SMALL_ANSWERS, cast, make_organisation, make_relationship
from tests.portal.api.world import HALF, NOTHING, hand_in, ids, moment, program_of

pytestmark = pytest.mark.django_db


def score_row(people, things):
    return {
        "id": things.score.pk,
        "submission_id": things.submission.pk,
        "response_id": things.response.pk,
        "latest": True,
        "submitted_at": "2026-03-01T09:00:00Z",
        "period": "2026",
        "relationship_id": people.relationship.pk,
        "vendor_code": "V-1",
        "site_id": people.site.pk,
        "site_name": people.site.name,
        "country": "TH",
        "scoring_version": "1",
        "total": 72.5,
        "band": "medium",
        "scored_at": moment(things.score.created_at),
    }


def test_score_row_has_its_reasons_in_detail_only():
    people = cast()
    things = hand_in(people.relationship, people.site)
    client = program_of(people.erin)
    row = score_row(people, things)
    assert client.get("/api/v1/scores/").json()["results"] == [row]
    assert client.get(f"/api/v1/scores/{things.score.pk}/").json() == {
        **row,
        "sections": {"A3": HALF, "P": NOTHING},
        "provisions": {"A3": HALF},
        "contributions": [
            {
                "question": "A3-LONGEST-WEEK",
                "state": "scored",
                "earned": 0.0,
                "weight": 3.0,
                "gain": 0.0,
                "lost": 27.5,
                "missing_evidence": False,
            }
        ],
        "not_evaluated": ["B2-NO-DRILL"],
    }


def test_what_scoring_really_writes_can_be_read():
    """The columns of a contribution are those that the scoring service stores."""
    from assessments.questionnaires.queries import document_of
    from assessments.scoring.scoring import compile_scorer
    from assessments.scoring.services import detail_of

    people = cast()
    things = hand_in(people.relationship, people.site)
    document = document_of(things.response.version)
    answers = {code: {"value": value} for code, value in SMALL_ANSWERS.items()}
    result = compile_scorer(document).score({"format": 1, "answers": answers, "as_of": "2026-03-01"})
    Score.objects.filter(pk=things.score.pk).update(detail=detail_of(result), total=result.total)
    body = program_of(people.erin).get(f"/api/v1/scores/{things.score.pk}/").json()
    lost = {row["question"]: row["lost"] for row in body["contributions"]}
    assert body["total"] == result.total
    assert lost == {part.code: round(part.lost, 3) for part in result.contributions}
    assert body["sections"] == {
        code: {"score": tally.score, "earned": tally.earned, "weight": tally.weight}
        for code, tally in result.sections.items()
    }


def test_an_empty_detail_is_an_empty_list():
    """A score written before its reasons were kept must not break the page."""
    people = cast()
    things = hand_in(people.relationship, people.site)
    Score.objects.filter(pk=things.score.pk).update(
        detail={"sections": {}, "provisions": {}, "not_evaluated": []}, total=None, band=""
    )
    body = program_of(people.erin).get(f"/api/v1/scores/{things.score.pk}/").json()
    assert (body["total"], body["contributions"], body["sections"]) == (None, [], {})


def test_flag_row():
    people = cast()
    things = hand_in(people.relationship, people.site)
    assert program_of(people.erin).get(f"/api/v1/flags/{things.flag.pk}/").json() == {
        "id": things.flag.pk,
        "score_id": things.score.pk,
        "submission_id": things.submission.pk,
        "response_id": things.response.pk,
        "finding_id": things.finding.pk,
        "relationship_id": people.relationship.pk,
        "vendor_code": "V-1",
        "site_id": people.site.pk,
        "site_name": people.site.name,
        "country": "TH",
        "period": "2026",
        "rule": "A3-OVER-60",
        "provision": "A3",
        "severity": "major",
        "inputs": {"A3-LONGEST-WEEK": 66.5},
        "current": True,
        "flagged_at": moment(things.score.created_at),
    }


@pytest.fixture
def world():
    """Two submissions of one buyer; the first was scored anew under a later version."""
    people = cast()
    first = hand_in(people.relationship, people.site)
    second = hand_in(make_relationship(people.buyer, make_organisation(country="VN"), vendor_code="V-2"))
    Flag.objects.filter(pk=second.flag.pk).update(severity="minor", provision="B2", rule="B2-NO-DRILL", current=False)
    late = datetime(2026, 4, 1, tzinfo=UTC)
    type(second.submission).objects.filter(pk=second.submission.pk).update(submitted_at=late)
    anew = Score.objects.create(submission=first.submission, scoring_version="2", total="60.0", band="high")
    type(first.submission).objects.filter(pk=first.submission.pk).update(scored_version="2")
    Score.objects.filter(pk__in=(first.score.pk, second.score.pk)).update(created_at=datetime(2026, 4, 2, tzinfo=UTC))
    return people, first, second, anew


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["first", "second", "anew"]),
        ("?latest=true", ["second", "anew"]),
        ("?latest=false", ["first"]),
        ("?scoring_version=2", ["anew"]),
        ("?band=high", ["anew"]),
        ("?country=vn", ["second"]),
        ("?vendor_code=V-2", ["second"]),
        ("?period=2025", []),
        ("?submitted_since=2026-03-15T00:00:00Z", ["second"]),
        ("?updated_since=2026-04-03T00:00:00Z", ["anew"]),
        ("?ordering=total", ["anew", "first", "second"]),
        ("?ordering=-submitted_at,-total", ["second", "first", "anew"]),
    ],
)
def test_score_filters(world, query, expected):
    people, first, second, anew = world
    names = {first.score.pk: "first", second.score.pk: "second", anew.pk: "anew"}
    assert [names[pk] for pk in ids(program_of(people.erin), "scores", query)] == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["first", "second"]),
        ("?current=true", ["first"]),
        ("?current=false", ["second"]),
        ("?severity=minor", ["second"]),
        ("?provision=A3", ["first"]),
        ("?rule=B2-NO-DRILL", ["second"]),
        ("?country=TH", ["first"]),
        ("?vendor_code=V-1", ["first"]),
        ("?period=2026", ["first", "second"]),
        ("?submitted_since=2026-03-15T00:00:00Z", ["second"]),
        ("?updated_since=2026-04-03T00:00:00Z", []),
        ("?ordering=-provision", ["second", "first"]),
    ],
)
def test_flag_filters(world, query, expected):
    people, first, second, _anew = world
    names = {first.flag.pk: "first", second.flag.pk: "second"}
    assert [names[pk] for pk in ids(program_of(people.erin), "flags", query)] == expected


def test_filters_by_id(world):
    people, _first, second, _anew = world
    client = program_of(people.erin)
    common = {
        "campaign": second.campaign.pk,
        "response": second.response.pk,
        "relationship": second.response.relationship_id,
        "site": second.site.pk,
        "submission": second.submission.pk,
    }
    for name, value in common.items():
        assert ids(client, "scores", f"?{name}={value}") == [second.score.pk]
        assert ids(client, "flags", f"?{name}={value}") == [second.flag.pk]
    assert ids(client, "flags", f"?finding={second.finding.pk}") == [second.flag.pk]
    assert ids(client, "flags", f"?score={second.score.pk}") == [second.flag.pk]
