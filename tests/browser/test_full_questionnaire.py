"""The full self-assessment on a phone in Thai and in Chinese: every section answered, handed in, scored."""

import re

import pytest
from django.urls import reverse

from assessments.questionnaires.conditions import reachable_codes
from assessments.questionnaires.document import EXAMPLE_DAY
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.services import import_pack, publish_version
from assessments.responses.models import Answer, Response
from assessments.responses.services import create_responses
from assessments.scoring.scoring import read_personas
from tests import factories
from tests.browser.answering import PACKS, answer_section, model_answers, wait_for
from tests.browser.test_pages_browser import WIDER
from tests.static.test_accessibility_browser import open_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 360
RULES = "A3-RULES"  # the one question that is answered by a file
LETTERS = {"th": re.compile(r"[\u0e00-\u0e7f]"), "zh-hans": re.compile(r"[\u4e00-\u9fff]")}


def make_asked(language):
    """A manager who reads the language, and the full questionnaire waiting for her site."""
    people = factories.cast()
    people.alice.language = language
    people.alice.save(update_fields=["language"])
    version = publish_version(version=import_pack(PACKS / "facility-full", owner=None, actor=None), actor=None)
    row = Response(
        relationship=people.relationship,
        site=people.site,
        version=version,
        title="2026 annual assessment",
        period="2026",
        due_on=EXAMPLE_DAY,
    )
    return people.alice, create_responses([row])[0]


def answer_all(page, response, letters):
    """Answer section after section by the button that leads on; every question speaks the reader's language."""
    document, answers = document_of(response.version), model_answers()
    shown = reachable_codes(document, {**answers, RULES: {"evidence": [1]}}, EXAMPLE_DAY)
    for section in document.sections:
        page.wait_for_selector(f"html.js #q-{section.questions[0].code}")
        assert [
            text for text in page.locator("[data-question] legend").all_inner_texts() if not letters.search(text)
        ] == []
        assert page.evaluate(WIDER) == ""
        codes = answer_section(page, section, answers, shown)
        if RULES in document.section_codes and document.section_codes[RULES] == section.code:
            attach(page)
        saved = Answer.objects.filter(response=response, code__in=codes)
        wait_for(lambda saved=saved, codes=codes: saved.count() == len(codes), 60)
        page.click("button[name=go][value=next]")
    return {code: value for code, value in answers.items() if code in shown}


def attach(page):
    """Put a file behind the question that asks for one."""
    page.set_input_files(
        f"#q-{RULES} input[type=file]", {"name": "rules.txt", "mimeType": "text/plain", "buffer": b"Eight hours a day."}
    )
    page.wait_for_selector(f"#q-{RULES} >> text=rules.txt")


@pytest.mark.parametrize("language", LETTERS)
def test_the_full_self_assessment_is_answered_handed_in_and_scored(context, live_url, client, celery_worker, language):
    alice, response = make_asked(language)
    letters = LETTERS[language]
    page = open_page(
        context, live_url, client, alice, reverse("response_section", args=[response.pk, "P"]), width=PHONE
    )
    assert page.locator("html").get_attribute("lang").lower() == language

    expected = answer_all(page, response, letters)

    assert dict(Answer.objects.filter(response=response).values_list("code", "value")) == expected
    page.wait_for_url(re.compile("check"))
    page.fill("input[name=attested_name]", "Alice")
    page.check("input[name=is_true]")
    page.click("main form:has(input[name=attested_name]) button.btn-primary")
    page.wait_for_url(re.compile("submitted"))
    wait_for(lambda: Response.objects.filter(pk=response.pk, score__isnull=False).exists(), 60)
    response.refresh_from_db()
    persona = read_personas(PACKS / "facility-full")["model-plant"].expects["facility-full"]
    assert (float(response.score), response.band) == (persona.total, persona.band)
    page.goto(live_url + reverse("result", args=[response.pk]))
    assert letters.search(page.inner_text("main"))
