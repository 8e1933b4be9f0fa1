"""The score by provision and by the items of other schemes, on the pages of a result."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

import assessments.scoring.tasks  # noqa: F401  registers the runner of the PDF
from assessments.scoring.reports.provisions import ScoreLine, Tallied, group_scores
from portal.jobs.models import Job
from portal.jobs.services import run_job
from tests.factories import SMALL_ANSWERS, cast, hand_in, make_response, make_version

NOW = {
    "A5": {"score": 50.0, "earned": 1.0, "weight": 2.0},
    "B1": {"score": 100.0, "earned": 3.0, "weight": 3.0},
    "B10": {"score": None, "earned": 0.0, "weight": 0.0},
    "B6": {"score": 0.0, "earned": 0.0, "weight": 1.0},
    "C8": {"score": 25.0, "earned": 1.0, "weight": 4.0},
}
BEFORE = {"B1": {"score": 0.0, "earned": 0.0, "weight": 3.0}}


def tally(earned):
    return {"score": 25 * earned, "earned": earned, "weight": 4.0}


def test_by_provision_every_one_that_counts_stands_alone():
    scores = group_scores(Tallied("rba-8.0", NOW, BEFORE), "")
    assert (scores.group, scores.name, scores.left, scores.unmapped) == ("provision", "", (), "")
    assert [(line.code, line.score, line.before) for line in scores.lines] == [
        ("A5", 50.0, None), ("B1", 100.0, 0.0), ("B6", 0.0, None), ("C8", 25.0, None),
    ]  # fmt: skip


def test_by_item_points_of_its_provisions_are_added_up():
    scores = group_scores(Tallied("rba-8.0", NOW, BEFORE), "sa8000")
    assert scores.lines == (
        ScoreLine("3", "Health and Safety", 75.0, 0.0, 4.0),
        ScoreLine("5", "Discrimination", 50.0, None, 2.0),
        ScoreLine("6", "Disciplinary Practices", 50.0, None, 2.0),
    )
    words = "SA8000 is about working conditions; the environment lies outside it."
    assert scores.left == (ScoreLine("C8", "Energy Consumption and Greenhouse Gas Emissions", 25.0, None, 4.0, words),)


def test_last_time_under_an_older_code_is_held_against_the_provisions_that_correspond():
    now = {"A4": tally(3.0), "A5": tally(2.0), "A6": tally(1.0)}
    before = {"A4": tally(0.0), "A5": tally(4.0), "A6": tally(3.0), "A7": tally(1.0)}  # A5 and A6 of then are A5 now

    lines = group_scores(Tallied("rba-8.0", now, before, code_before="rba-7.0"), "").lines

    assert [(line.code, line.before) for line in lines] == [("A4", 0.0), ("A5", 87.5), ("A6", 25.0)]


@pytest.mark.parametrize("group", ["rba-8.0", "rba-7.0", "sa8000", "jeita-2020", "gri"])
def test_no_provision_is_lost(group):
    scores = group_scores(Tallied("rba-8.0", NOW), group)
    assert scores.name
    assert len(scores.lines) + len(scores.left) >= 4


def test_an_own_code_without_a_mapping_says_so():
    scores = group_scores(Tallied("own-1", NOW), "gri")
    assert (scores.lines, scores.unmapped, len(scores.left)) == ((), "own-1", 4)


def test_a_group_nobody_knows_is_none():
    assert group_scores(Tallied("rba-8.0", NOW), "iso-1").group == "provision"


@pytest.fixture
def people(db):
    return cast()


@pytest.fixture
def response(people):
    response = make_response(people.relationship, people.site, make_version())
    hand_in(response, SMALL_ANSWERS, people.alice)
    return response


@pytest.mark.parametrize(("name", "person"), [("result", "alice"), ("response_review", "erin")])
def test_pages_group_by_the_scheme_asked_for(client, people, response, name, person):
    client.force_login(getattr(people, person))
    url = reverse(name, args=[response.pk])
    assert "Score by provision" in client.get(url).content.decode()
    page = client.get(f"{url}?group=jeita-2020")
    assert page.context["provisions"].group == "jeita-2020"
    assert [line.code for line in page.context["provisions"].lines] == ["2-3", "3-2"]
    for words in ("Score by JEITA RBC Guidelines 2020", "Consideration for Working Hours"):
        assert words in page.content.decode()


def test_grouping_costs_no_query(client, people, response, django_assert_num_queries):
    client.force_login(people.alice)
    url = reverse("result", args=[response.pk])
    client.get(url)
    with django_assert_num_queries(9) as plain:
        client.get(url)
    with django_assert_num_queries(len(plain)):
        client.get(f"{url}?group=gri")


def test_the_pdf_is_grouped_as_the_page_was(client, people, response):
    client.force_login(people.alice)
    page = client.get(reverse("result", args=[response.pk]) + "?group=jeita-2020").content.decode()
    assert '<input type="hidden" name="group" value="jeita-2020">' in page
    client.post(reverse("result_pdf", args=[response.pk]), {"group": "jeita-2020"})
    job = Job.objects.latest("created_at")
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == "done", job.result
    content = b"".join(client.get(reverse("job_file", args=[job.pk])).streaming_content)
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages)
    assert "Score by JEITA RBC Guidelines 2020" in text
    assert "2-3 Consideration for Working Hours" in text.replace("\n", " ")
