"""The docs page in a real browser: under our content policy it shows every resource and a call succeeds."""

import pytest

from tests.factories import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(context, live_url, user):
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_url}])


def test_docs_page_works_under_the_content_policy(context, browser_page, live_url):
    people = cast()
    sign_in(context, live_url, people.erin)
    refused, failed, other_hosts = [], [], []
    browser_page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    browser_page.on("pageerror", lambda error: failed.append(str(error)))
    browser_page.on(
        "request",
        lambda request: None if request.url.startswith((live_url, "data:")) else other_hosts.append(request.url),
    )
    browser_page.goto(f"{live_url}/api/v1/docs/")
    browser_page.wait_for_selector("#operations-findings-findings_list")
    assert browser_page.locator(".opblock").count() == 30
    browser_page.click("#operations-sites-sites_list .opblock-summary-control")
    browser_page.click("#operations-sites-sites_list .try-out__btn")
    browser_page.click("#operations-sites-sites_list .execute")
    answer = browser_page.locator("#operations-sites-sites_list .live-responses-table .response").first
    answer.wait_for()
    assert answer.locator(".response-col_status").inner_text().strip().startswith("200")
    assert people.site.name in answer.inner_text()
    assert (refused, failed, other_hosts) == ([], [], [])
