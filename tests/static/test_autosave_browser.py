"""A section page in a real browser: no word is lost when the line drops, the session ends or a colleague answers too."""

import pytest
from django.urls import reverse

from assessments.responses.models import Answer
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people():
    return factories.cast()


@pytest.fixture
def response(people):
    return factories.make_response(people.relationship, people.site)


@pytest.fixture
def section(context, live_url, client, people, response):
    """The page of section A3, signed in as the supplier's manager; the console must stay silent."""
    sign_in(context, live_url, client, people.alice)
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda line: "Content Security Policy" in line.text and page.complaints.append(line.text))
    page.address = live_url + reverse("response_section", args=[response.pk, "A3"])
    page.goto(page.address)
    page.wait_for_selector("html.js [data-question]")
    yield page
    assert page.complaints == []


def sign_in(context, live_url, client, user):
    client.force_login(user)
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": live_url} for name, morsel in client.cookies.items()]
    )


def wait_for_status(page, words):
    page.wait_for_function(
        "words => document.querySelector('[data-savestate-text]').textContent.includes(words)", arg=words
    )


def saved(response, code):
    return Answer.objects.filter(response=response, code=code).values_list("value", "version").first()


WEEK = "#a-A3-LONGEST-WEEK"


def choose(page, value):
    page.check(f"#q-A3-RECORDS input[value={value}]")


def test_autosave_stores_an_answer_and_opens_its_follow_up(section, response):
    assert not section.is_visible("#q-A3-LONGEST-WEEK")
    choose(section, "card")
    assert section.is_visible("#q-A3-LONGEST-WEEK")
    section.fill(WEEK, "６１．５")
    wait_for_status(section, "All changes saved")
    section.wait_for_selector("#q-A3-LONGEST-WEEK .sev.good")
    assert (saved(response, "A3-RECORDS"), saved(response, "A3-LONGEST-WEEK")) == (("card", 1), (61.5, 1))


def test_autosave_keeps_the_answer_through_a_dropped_line_and_a_closed_tab(section, context, response):
    choose(section, "card")
    wait_for_status(section, "All changes saved")
    context.set_offline(True)
    section.fill(WEEK, "58")
    wait_for_status(section, "1 answer is kept on this device")
    section.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(section.address)
    wait_for_status(again, "All changes saved")
    assert again.input_value(WEEK) == "58"
    assert saved(response, "A3-LONGEST-WEEK") == (58, 1)


def test_autosave_waits_for_a_new_sign_in_and_then_sends(section, context, live_url, client, people, response):
    context.clear_cookies()
    choose(section, "paper")
    section.wait_for_selector("[data-signed-out] a[target=_blank]")
    assert saved(response, "A3-RECORDS") is None
    sign_in(context, live_url, client, people.alice)
    context.new_page().goto(section.address)  # the other tab, where the reader signed in; it brings a fresh form token
    section.evaluate("window.dispatchEvent(new Event('online'))")
    section.wait_for_selector("[data-signed-out]", state="detached")
    assert saved(response, "A3-RECORDS") == ("paper", 1)


def test_autosave_shows_both_answers_of_a_conflict_and_sends_the_chosen(section, response, people):
    now = response.created_at
    Answer.objects.create(
        response=response, code="A3-RECORDS", value="none", version=1, updated_by=people.bob, updated_at=now
    )
    choose(section, "card")
    section.wait_for_selector("#q-A3-RECORDS .versus")
    assert section.locator("#q-A3-RECORDS .versus .val").all_inner_texts() == ["Card reader", "Not recorded"]
    assert saved(response, "A3-RECORDS") == ("none", 1)
    section.click("#q-A3-RECORDS [data-use=mine]")
    wait_for_status(section, "All changes saved")
    assert saved(response, "A3-RECORDS") == ("card", 2)


def test_autosave_shows_a_refusal_at_the_question_until_it_is_mended(section, response):
    choose(section, "card")
    section.fill(WEEK, "about sixty")
    wait_for_status(section, "1 answer needs a correction")
    assert section.is_visible("#err-A3-LONGEST-WEEK")
    assert section.get_attribute(WEEK, "aria-invalid") == "true"
    section.fill(WEEK, "60")
    wait_for_status(section, "All changes saved")
    assert not section.is_visible("#err-A3-LONGEST-WEEK")
    assert saved(response, "A3-LONGEST-WEEK") == (60, 1)


def test_section_page_works_without_javascript(browser, live_url, client, people, response):
    context = browser.new_context(java_script_enabled=False)
    try:
        sign_in(context, live_url, client, people.alice)
        page = context.new_page()
        page.goto(live_url + reverse("response_section", args=[response.pk, "A3"]))
        page.check("#q-A3-RECORDS input[value=card]")
        page.fill(WEEK, "47")
        page.click(".foot button[value=stay]")
        assert page.input_value(WEEK) == "47"
        assert (saved(response, "A3-RECORDS"), saved(response, "A3-LONGEST-WEEK")) == (("card", 1), (47, 1))
    finally:
        context.close()
