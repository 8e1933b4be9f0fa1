"""The result as the site sees it, the review as the buyer does it, and the PDF of both."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

import assessments.scoring.tasks  # noqa: F401  registers the runner of the PDF
from assessments.responses import services as responses
from assessments.responses.models import Response, ReviewComment
from assessments.scoring.queries import PEERS_NEEDED, weighted_median
from portal.jobs.models import Job
from portal.jobs.services import run_job
from suppliers.organisations.enums import Role
from tests.factories import (
    CLEAN_ANSWERS,
    SMALL_ANSWERS,
    cast,
    correct,
    hand_in,
    make_membership,
    make_organisation,
    make_relationship,
    make_response,
    make_site,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def version():
    return make_version()


@pytest.fixture
def response(world, version):
    made = make_response(world.relationship, world.site, version)
    hand_in(made, SMALL_ANSWERS, world.alice)
    return made


def page_of(client, person, name, response):
    client.force_login(person)
    answer = client.get(reverse(name, args=[response.pk]))
    assert answer.status_code == 200
    return answer


def add_peers(world, version, count, **site):
    """Sites of other suppliers with the scores 10, 20, 30 ..."""
    for number in range(1, count + 1):
        bond = make_relationship(world.buyer, make_organisation())
        make_response(
            bond, make_site(bond.supplier, **site), version, state="submitted", score=10 * number, band="high"
        )


# 1. The result ------------------------------------------------------------------------------------
def test_result_says_score_band_flags_reason_and_advice(client, world, response):
    answer = page_of(client, world.bob, "result", response)
    facts, html = answer.context["facts"], answer.content.decode()
    assert (facts.total, facts.band, facts.band_from, facts.band_below) == (50.0, "high", 0.0, 60.0)
    assert [(flag.rule, flag.severity, flag.questions) for flag in facts.flags] == [
        ("A3-OVER-60", "major", ("A3-LONGEST-WEEK",))
    ]
    assert "Longest week 66.5" in html and "Plan the work so that weeks stay short." in html
    assert 'id="flag-A3-OVER-60"' in html and 'href="#q-A3-LONGEST-WEEK"' in html and 'id="q-A3-LONGEST-WEEK"' in html
    assert [(line.code, line.lost) for line in facts.losses] == [("A3-LONGEST-WEEK", 50)]
    assert sum(line.gain + line.lost for section in facts.sections for line in section.questions) == pytest.approx(100)
    assert facts.submission.sha256 and "Attested by Alice" in html


def test_result_speaks_the_readers_language(client, world, response):
    world.alice.language = "ja"
    world.alice.save()
    client.cookies["sanpo_language"] = "ja"
    html = page_of(client, world.alice, "result", response).content.decode()
    assert '<html lang="ja"' in html
    assert "上限は60時間です。" in html and "最長の週は何時間でしたか。" in html and "計画を見直してください。" in html


def test_result_is_held_against_last_time(client, world, version, response):
    later = make_response(world.relationship, world.site, version, period="2027", previous=response)
    hand_in(later, CLEAN_ANSWERS, world.alice)
    facts = page_of(client, world.alice, "result", later).context["facts"]
    assert [(one.kind, one.value, one.difference, one.label) for one in facts.comparisons] == [
        ("before", 50.0, 50.0, "2026")
    ]
    assert {section.code: (section.score, section.before) for section in facts.sections} == {
        "P": (None, None),
        "A3": (100.0, 40.0),
        "B2": (100.0, 100.0),
    }


@pytest.mark.parametrize(("peers", "shown"), [(PEERS_NEEDED - 2, False), (PEERS_NEEDED - 1, True)])
def test_median_is_shown_only_when_five_sites_stand_behind_it(client, world, version, response, peers, shown):
    add_peers(world, version, peers, country="TH", sector=world.site.sector)
    answer = page_of(client, world.alice, "result", response)
    kinds = [one.kind for one in answer.context["facts"].comparisons]
    assert kinds == (["sector", "country"] if shown else [])
    assert ("A median is shown only when five or more sites" in answer.content.decode()) is not shown


def test_median_counts_sector_and_country_apart_and_nobody_elses(client, world, version, response):
    add_peers(world, version, 5, country="DE", sector=world.site.sector)
    for _ in range(5):  # another buyer's sites stay out
        make_response(world.other_relationship, make_site(world.other_supplier), version, state="submitted", score=1)
    facts = page_of(client, world.alice, "result", response).context["facts"]
    # 10, 20, 30, 40, 50 and the site's own 50
    assert [(one.kind, one.value, one.sites) for one in facts.comparisons] == [("sector", 35.0, 6)]


def test_two_responses_of_one_site_are_one_site_behind_a_median(client, world, version, response):
    bond = make_relationship(world.buyer, make_organisation())
    site = make_site(bond.supplier, country="TH")
    for _ in range(6):
        make_response(bond, site, version, state="accepted", score=70)
    assert page_of(client, world.alice, "result", response).context["facts"].comparisons == ()


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [([(10, 1)], 10), ([(10, 1), (20, 1)], 15), ([(10, 3), (90, 2)], 10), ([(10, 2), (90, 2)], 50), ([(1, 1), (2, 1), (9, 1)], 2)],
)  # fmt: skip
def test_weighted_median(pairs, expected):
    assert weighted_median(pairs) == expected


def test_result_waits_for_the_score_of_the_latest_submission(client, world, response):
    correct(response, {"A3-LONGEST-WEEK": 44}, world.alice, scored=False)
    answer = page_of(client, world.alice, "result", response)
    assert answer.context["facts"] is None
    assert "Your answers are safe" in answer.content.decode()
    review = page_of(client, world.erin, "response_review", response)
    assert review.context["facts"] is None and "being worked out" in review.content.decode()


def test_result_before_handing_in_says_so(client, world, version):
    draft = make_response(world.relationship, world.site, version)
    assert "There is no result" in page_of(client, world.alice, "result", draft).content.decode()


def test_buyer_is_led_from_result_to_review(client, world, response):
    client.force_login(world.erin)
    assert client.get(reverse("result", args=[response.pk])).url == reverse("response_review", args=[response.pk])


def test_result_costs_few_queries(client, world, version, response, django_assert_max_num_queries):
    later = make_response(world.relationship, world.site, version, period="2027", previous=response)
    hand_in(later, SMALL_ANSWERS, world.alice)
    page_of(client, world.alice, "result", later)
    with django_assert_max_num_queries(20):
        client.get(reverse("result", args=[later.pk]))
    page_of(client, world.erin, "response_review", later)
    with django_assert_max_num_queries(20):
        client.get(reverse("response_review", args=[later.pk]))


# 2. The list of results ---------------------------------------------------------------------------
def test_list_shows_what_ones_own_sites_handed_in_newest_first(client, world, version, response):
    later = make_response(world.relationship, make_site(world.supplier), version)
    hand_in(later, CLEAN_ANSWERS, world.alice)
    Response.objects.filter(pk=response.pk).update(submitted_at=timezone.now() - timedelta(days=9))
    make_response(world.relationship, make_site(world.supplier), version)
    client.force_login(world.bob)
    assert list(client.get(reverse("result_list")).context["page"]) == [later, response]
    client.force_login(world.mallory)
    empty = client.get(reverse("result_list"))
    assert list(empty.context["page"]) == [] and "Nothing was handed in yet." in empty.content.decode()


def test_list_costs_the_same_for_one_and_three_rows(client, world, version, response, django_assert_num_queries):
    client.force_login(world.alice)
    client.get(reverse("result_list"))
    with django_assert_num_queries(5):
        client.get(reverse("result_list"))
    for _ in range(2):
        make_response(world.relationship, make_site(world.supplier), version, submitted_at=timezone.now())
    with django_assert_num_queries(5):
        assert len(client.get(reverse("result_list")).context["page"]) == 3


# 3. The review ------------------------------------------------------------------------------------
def post(client, person, name, response, **data):
    client.force_login(person)
    return client.post(reverse(name, args=[response.pk]), data)


def test_review_from_start_to_acceptance(client, world, response):
    assert "Start review" in page_of(client, world.dave, "response_review", response).content.decode()
    post(client, world.dave, "review_start", response)
    html = page_of(client, world.dave, "response_review", response).content.decode()
    assert "Return with comments" in html and "Accept" in html and 'name="c-A3-LONGEST-WEEK"' in html
    post(client, world.dave, "review_accept", response)
    response.refresh_from_db()
    assert response.state == "accepted"
    assert "Review again" in page_of(client, world.dave, "response_review", response).content.decode()


def test_return_with_comments_reaches_the_site(client, world, response):
    post(client, world.erin, "review_start", response)
    answer = post(
        client, world.erin, "review_return", response, **{"c-A3-LONGEST-WEEK": "Which week?", "c-B2-DRILL": " "}
    )
    assert answer.status_code == 302
    response.refresh_from_db()
    assert response.state == "returned"
    assert list(ReviewComment.objects.values_list("code", "text", "author")) == [
        ("A3-LONGEST-WEEK", "Which week?", world.erin.pk)
    ]
    assert "Which week?" in page_of(client, world.erin, "response_review", response).content.decode()


@pytest.mark.parametrize("data", [{}, {"c-B2-DRILL": "   "}])
def test_return_without_a_comment_is_refused_with_a_sentence(client, world, response, data):
    post(client, world.erin, "review_start", response)
    answer = post(client, world.erin, "review_return", response, **data)
    assert answer.status_code == 422
    assert "Write at least one comment, so that the site knows what to mend." in answer.content.decode()
    response.refresh_from_db()
    assert response.state == "in_review" and not ReviewComment.objects.exists()


def test_comment_that_is_too_long_is_refused_and_no_word_is_lost(client, world, response):
    post(client, world.erin, "review_start", response)
    long, short = "x" * 2001, "When was the drill?"
    answer = post(client, world.erin, "review_return", response, **{"c-A3-LONGEST-WEEK": long, "c-B2-DRILL": short})
    html = answer.content.decode()
    assert answer.status_code == 422 and long in html and short in html
    assert 'href="#c-A3-LONGEST-WEEK"' in html and "Write at least one comment" not in html
    assert not ReviewComment.objects.exists()


def test_reader_sees_the_review_but_no_buttons(client, world, response):
    reader = make_user("reader@test.example")
    make_membership(reader, world.buyer, Role.BUYER_READER)
    html = page_of(client, reader, "response_review", response).content.decode()
    assert "Start review" not in html and "A3-LONGEST-WEEK" in html
    assert post(client, reader, "review_start", response).status_code == 403
    response.refresh_from_db()
    assert response.state == "submitted"


def test_second_start_of_a_review_is_refused_with_a_sentence(client, world, response):
    responses.start_review(response=response, actor=world.dave)
    answer = post(client, world.erin, "review_start", response)
    assert answer.status_code == 422 and "not possible" in answer.content.decode()


def test_drafts_are_not_shown_to_buyers(client, world, version):
    draft = make_response(world.relationship, world.site, version, answers={"B2-DRILL": "no"})
    html = page_of(client, world.erin, "response_review", draft).content.decode()
    assert "Drafts are not shown to buyers." in html and "B2-DRILL" not in html


# 4. PDF -------------------------------------------------------------------------------------------
FONTS = {"en": "DejaVu", "ja": "WenQuanYi", "zh-hans": "WenQuanYi", "th": "Loma"}
WORDS = {"en": "Longest week 66.5", "ja": "上限は60時間です", "zh-hans": "Longest week 66.5", "th": "Longest week 66.5"}


def pdf_of(client, person, response, language):
    client.force_login(person)
    client.cookies["sanpo_language"] = language
    person.language = language
    person.save()
    client.post(reverse("result_pdf", args=[response.pk]))
    job = Job.objects.latest("created_at")
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == "done", job.result
    return PdfReader(io.BytesIO(b"".join(client.get(reverse("job_file", args=[job.pk])).streaming_content))), job


def fonts_of(pdf):
    names = set()
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            names.add(font.get_object()["/BaseFont"].partition("+")[2] or font.get_object()["/BaseFont"])
    return names


@pytest.mark.parametrize("language", FONTS)
def test_pdf_speaks_the_language_with_embedded_fonts(client, world, response, language):
    world.site.name = {"ja": "大阪工場", "zh-hans": "苏州工厂", "th": "โรงงานระยอง"}.get(language, "Osaka plant")
    world.site.save()
    pdf, job = pdf_of(client, world.alice, response, language)
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "50.0" in text and WORDS[language].split()[0] in text.replace("\n", "")
    assert any(FONTS[language].lower() in name.lower().replace("-", "") for name in fonts_of(pdf)), fonts_of(pdf)
    assert job.language == language and pdf.trailer["/Root"]["/Lang"] == language


def test_pdf_of_a_person_who_lost_access_is_refused(client, world, response):
    client.force_login(world.alice)
    client.post(reverse("result_pdf", args=[response.pk]))
    world.alice.memberships.all().delete()
    job = Job.objects.latest("created_at")
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == "refused" and not job.result_file
