"""The main pages with what services put on them, in a real browser: axe, 320 px, the keyboard alone."""

import pytest
from django.urls import reverse

from assessments.responses.models import Answer
from minerals.rollup.models import RollupSmelter
from minerals.rollup.services import refresh_rollup
from tests import factories
from tests.access_world import address, build_world
from tests.minerals.world import build_accepted, make_declared, make_smelter_row
from tests.static.test_accessibility_browser import open_page, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Who looks at what, by the name of the page and a query; the section, the inbox and the account are in tests/static/test_accessibility_browser.py.
PAGES = {
    "account_login": "anonymous",
    "account_request_login_code": "anonymous",
    "invitation_open": "anonymous",
    "response_hub": "alice",
    "response_check": "alice",
    "response_submitted": "alice",
    "result_list": "alice",
    "result": "alice",
    "team": "alice",
    "site_list": "alice",
    "dashboard": "erin",
    "provision_list": "erin",
    "supplier_list": "erin",
    "supplier_card": "erin",
    "supplier_import": "erin",
    "campaign_list": "erin",
    "campaign_new": "erin",
    "campaign_sites": "erin",
    "campaign_preview": "erin",
    "campaign_detail": "erin",
    "campaign_request": "erin",
    "response_list": "erin",
    "response_review": "erin",
    "finding_list": "erin",
    "finding_detail": "erin",
    "questionnaire_list": "erin",
    "questionnaire_new": "erin",
    "questionnaire_detail": "erin",
    "questionnaire_compare": "erin",
    "questionnaire_publish": "erin",
    "questionnaire_preview": "erin",
    "translation_list": "erin",
    "translation_detail": "erin",
    "job_detail": "erin",
    "trail_list": "erin",
    "audit_list": "dave",
    "audit_calendar": "dave",
    "audit_new": "dave",
    "audit_detail": "dave",
    "audit_compare": "dave",
    "firm_list": "dave",
    "schedule_list": "dave",
    "schedule_new": "dave",
    "schedule_edit": "dave",
    "programme_list": "dave",
    "programme_detail": "dave",
    "reliability_list": "dave",
    "finding_new": "dave",
    "action_list": "dave",
    "report_list": "dave",
    "report_audit_status": "dave",
    "report_provisions": "dave",
    "report_provision": "dave",
    "report_ages": "dave",
    "report_on_time": "dave",
    "report_recurrences": "dave",
    "report_gri": "dave",
    "report_gri_rows": "dave",
    "firm_new": "erin",
    "programme_edit": "erin",
    "plan_edit": "alice",
    "plan_batch": "alice",
    "audit_section": "carol",
    "audit_gate": "carol",
    "audit_files": "carol",
    "audit_workers": "carol",
    "audit_feedback": "carol",
    "audit_upload": "carol",
    "audit_upload_detail": "carol",
    "audit_upload_map": "carol",
    # Conflict minerals.
    "own_declaration_list": "alice",
    "declaration_detail?side=supplier": "alice",
    "declaration_edition?side=supplier": "alice",
    "declaration_form": "alice",
    "declaration_form_step": "alice",
    "declaration_form_check": "alice",
    "declaration_list": "dave",
    "declaration_detail": "dave",
    "declaration_edition": "dave",
    "declaration_return": "dave",
    "declaration_enter": "dave",
    "batch_new": "dave",
    "batch_detail": "dave",
    "batch_file_match": "dave",
    "smelter_declarers": "dave",
    "smelter_name_declarers": "dave",
    "smelter_list": "dave",
    "smelter_detail": "dave",
    "smelter_names": "dave",
    "smelter_name_detail": "dave",
    "smelter_lists": "dave",
    "smelter_list_import": "dave",
    "smelter_list_detail": "dave",
    "risk_list": "dave",
    "risk_list_new": "dave",
    "risk_list_detail": "dave",
    "minerals": "dave",
    "rollup_detail": "dave",
    "rollup_evidence?question=1&mineral=Tin": "dave",
    "rollup_evidence?question=1&mineral=Tin&word=silent": "dave",
    "rollup_smelter": "dave",
    "rollup_origin": "dave",
    "group_list": "dave",
    "group_new": "dave",
    "group_edit": "dave",
    "scope_list": "dave",
    "company_profile": "dave",
    "customer_request_list": "dave",
    "customer_request_new": "dave",
    "customer_request_import": "dave",
    "customer_request_detail": "dave",
    "customer_request_edit": "dave",
    "blank_list": "dave",
}
STATUS = "() => performance.getEntriesByType('navigation')[0].responseStatus"
WIDER = """() => {
    const over = document.documentElement.scrollWidth - innerWidth;
    const parts = [...document.querySelectorAll('body *')].filter(part => part.getBoundingClientRect().right > innerWidth + 1);
    return over > 0 ? `${over} px: ` + parts.slice(0, 3).map(part => part.outerHTML.slice(0, 100)).join(' ... ') : '';
}"""


@pytest.fixture
def world(live_url):
    """Everything that has a page; a declaration is accepted and summed, so that the roll-up has something to show."""
    world = build_world()
    row = make_smelter_row(mines="North pit", mine_countries="DRC; Peru")
    build_accepted(world.people.relationship, make_declared(smelters=[row]), origins=["CD", "PE"])
    refresh_rollup()
    world.rolled = RollupSmelter.objects.order_by("pk").first()
    return world


@pytest.fixture
def visit(context, live_url, client, world):
    """Open the page of a name as the person who looks at it; one tab at a time."""

    def go(name):
        context.clear_cookies()
        url_name, mark, query = name.partition("?")
        user, path = PAGES[name], address(url_name, world) + mark + query
        if user == "anonymous":
            page = context.new_page()
            page.goto(live_url + path)
        else:
            page = open_page(context, live_url, client, getattr(world.people, user), path)
        page.asked = path
        return page

    return go


@pytest.mark.parametrize("user", ["anonymous", "alice", "carol", "dave", "erin"])
def test_pages_have_no_fault_axe_can_find_and_fit_into_320_pixels(visit, user):
    faults = {}
    for name in (name for name, reader in PAGES.items() if reader == user):
        page = visit(name)
        assert page.url.endswith(page.asked), f"{name} led to {page.url}"
        assert page.evaluate(STATUS) == 200, name
        assert page.locator("h1").count() == 1, name
        faults[name, "1280 px"] = violations(page)
        page.set_viewport_size({"width": 320, "height": 800})
        faults[name, "320 px"] = violations(page)
        faults[name, "wider than 320 px"] = page.evaluate(WIDER)
        page.close()
    assert {where: found for where, found in faults.items() if found} == {}


# The keyboard alone --------------------------------------------------------------------------------
FOCUSED = "() => { const part = document.activeElement; return part.value ? `${part.name}=${part.value}` : part.name || part.id; }"
MOST_STOPS = 60


def tab_to(page, wanted):
    """Press Tab until the focus is on `wanted`; a person would give up, too."""
    seen = []
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        if seen[-1].startswith(wanted):
            return
    pytest.fail(f"Tab never came to {wanted}. It stopped at {seen}")


def test_keyboard_alone_answers_two_sections_and_reaches_the_check(context, live_url, client):
    people = factories.cast()
    response = factories.make_response(people.relationship, people.site, answers={"P-HEADS": {"permanent.male": 3}})
    page = open_page(context, live_url, client, people.alice, reverse("response_section", args=[response.pk, "A3"]))

    tab_to(page, "a-A3-RECORDS")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")  # from the card reader to paper, which opens the follow-up
    tab_to(page, "a-A3-LONGEST-WEEK")
    page.keyboard.type("58.5")
    tab_to(page, "go=next")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sections/B2/")

    tab_to(page, "a-B2-DRILL")
    page.keyboard.press("Space")
    tab_to(page, "a-B2-RISKS=fire")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, "go=next")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/")

    assert dict(Answer.objects.filter(response=response).values_list("code", "value")) == {
        "P-HEADS": {"permanent.male": 3},
        "A3-RECORDS": "paper",
        "A3-LONGEST-WEEK": 58.5,
        "B2-DRILL": "yes",
        "B2-RISKS": ["fire", "quake"],
    }
