"""Pages in a real browser: axe finds nothing, nothing runs over the edge at 320 px, the keyboard reaches what the mouse does."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from assessments.audits.services.feedback import give_feedback
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
SMALLEST_TARGET = 24


@pytest.fixture
def world(live_url):
    people = factories.cast()
    answers = {**factories.SMALL_ANSWERS, "B2-DRILL": "no"}
    response = factories.make_response(people.relationship, people.site, answers=answers)
    factories.make_campaign(people.buyer, responses=[response])
    return people, response, make_audits(people)


def make_audits(people):
    """An audit that is written, with a photo behind a finding, and a draft that the site reads."""
    firm = {"firm": people.audit_firm, "auditors": [people.carol]}
    written = factories.make_audit(people.relationship, people.site, **firm, state="in_progress")
    factories.conclude(written, "major", only=["A3"], description="Weeks of 66 hours.", law="Act 24")
    read = factories.make_audit(people.relationship, people.site, **firm, state="feedback")
    read.presented_at = read.acknowledged_at = read.asked_at
    read.save()
    factories.conclude(read, "minor", description="Weeks of 66 hours.", law="Act 24")
    give_feedback(audit=read, text="Please look again.", checkpoint="A3", actor=people.alice)
    return written, read


def open_page(context, live_url, client, user, path, *, width=1280, scheme="light"):
    client.force_login(user)
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": live_url} for name, morsel in client.cookies.items()]
    )
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(live_url + path)
    page.wait_for_load_state("networkidle")
    return page


def pages_of(people, response, audits):
    written, read = audits
    section = reverse("response_section", args=[response.pk, "A3"])
    return [
        (people.alice, section),
        (people.alice, section.replace("A3", "P") + "?second=ja"),
        (people.alice, reverse("inbox")),
        (people.alice, reverse("account")),
        (people.erin, reverse("help")),
        (people.carol, reverse("audit_section", args=[written.pk, "A"])),
        (people.carol, reverse("audit_workers", args=[written.pk])),
        (people.carol, reverse("audit_gate", args=[written.pk])),
        (people.carol, reverse("audit_files", args=[written.pk])),
        (people.alice, reverse("audit_section", args=[read.pk, "A"])),
        (people.alice, reverse("audit_feedback", args=[read.pk])),
    ]


def violations(page):
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_pages_have_no_fault_axe_can_find(context, live_url, client, world, width, scheme):
    faults = {}
    for user, path in pages_of(*world):
        page = open_page(context, live_url, client, user, path, width=width, scheme=scheme)
        if found := violations(page):
            faults[path] = found
        page.close()
    assert faults == {}


def test_pages_fit_into_320_pixels(context, live_url, client, world):
    wider = {}
    for user, path in pages_of(*world):
        page = open_page(context, live_url, client, user, path, width=320)
        wider[path] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        page.close()
    assert set(wider.values()) == {0}, wider


def test_section_page_has_no_target_smaller_than_24_pixels(context, live_url, client, world):
    people, response, _audits = world
    page = open_page(context, live_url, client, people.alice, reverse("response_section", args=[response.pk, "A3"]))
    small = page.evaluate(
        """smallest => [...document.querySelectorAll('main :is(a, button, summary, input, textarea)')]
            .filter(part => part.offsetParent && !part.closest('.visually-hidden, p, .drop') && !part.matches('[type=radio], [type=checkbox], .visually-hidden'))
            .filter(part => { const box = part.getBoundingClientRect(); return box.height < smallest || box.width < smallest; })
            .map(part => part.outerHTML.slice(0, 120))""",
        SMALLEST_TARGET,
    )
    assert small == []


def test_keyboard_skips_to_the_content_and_closes_a_menu(context, live_url, client, world):
    people, response, _audits = world
    page = open_page(context, live_url, client, people.alice, reverse("response_section", args=[response.pk, "A3"]))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    menu = page.locator("details.menu", has=page.locator("form[action$='/language/']"))
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_keyboard_answers_a_question_and_focus_stays_in_view(context, live_url, client, world):
    people, response, _audits = world
    page = open_page(context, live_url, client, people.alice, reverse("response_section", args=[response.pk, "A3"]))
    page.set_viewport_size({"width": 1280, "height": 500})
    page.locator("#q-A3-RECORDS input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.is_checked("#q-A3-RECORDS input[value=paper]")
    hidden = []
    for _ in range(25):
        page.keyboard.press("Tab")
        hidden.append(
            page.evaluate(
                """() => { const part = document.activeElement; const foot = document.querySelector('.foot');
                if (!part.closest('main') || !foot) return null;
                return part.getBoundingClientRect().top < foot.getBoundingClientRect().top ? null : part.outerHTML.slice(0, 120); }"""
            )
        )
    assert [part for part in hidden if part] == []
