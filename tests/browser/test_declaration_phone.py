"""A supplier fills in the form of a declaration on a phone, page by page in Thai, and hands it in."""

import msgspec
import pytest
from django.urls import reverse

from minerals.declarations.document import needed_keys, read_field, steps_of
from minerals.declarations.enums import Way
from tests import factories
from tests.browser.test_pages_browser import WIDER
from tests.minerals.world import make_declaration, make_declared, make_smelter, make_smelter_row
from tests.static.test_accessibility_browser import open_page, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = 360
WANTED = msgspec.to_builtins(make_declared(smelters=[make_smelter_row(mine_countries="Peru", mines="North pit")]))


def enter(page, key, value):
    """Enter one field the way its kind is entered."""
    field = page.locator(f'[data-question="{key}"]')
    kind = field.get_attribute("data-kind")
    if kind == "radio":
        field.locator(f'input[value="{value}"]').check()
    elif kind == "select":
        field.locator("select").select_option(value)
    else:
        field.locator("input:not([type=hidden]), textarea").fill(value)


def add_smelter(page):
    """Search the list of smelters, add the one that is found, say where its ore comes from."""
    page.fill("#find-words", "example tin")
    page.click("#find-go")
    with page.expect_navigation():
        page.click(".found button")
    for column in ("mines", "mine_countries", "recycled"):
        enter(page, f"smelter.5.{column}", read_field(WANTED, f"smelter.5.{column}"))


def fill_page(page, step):
    """Fill in what a page needs; the phone never scrolls sideways and axe finds nothing."""
    page.wait_for_selector("html.js [data-question], html.js #find-words")
    if step.kind == "smelters":
        add_smelter(page)
    for key in needed_keys(WANTED, step):
        enter(page, key, read_field(WANTED, key))
    assert (page.evaluate(WIDER), violations(page)) == ("", []), step


def test_a_declaration_is_filled_in_on_a_phone_and_handed_in(context, live_url, client):
    people = factories.cast()
    people.alice.language = "th"
    people.alice.save(update_fields=["language"])
    make_smelter(people.buyer)
    declaration = make_declaration(people.relationship, site=people.site)
    page = open_page(
        context, live_url, client, people.alice, reverse("declaration_detail", args=[declaration.pk]), width=PHONE
    )
    assert page.locator("html").get_attribute("lang") == "th"
    form, check = (reverse(name, args=[declaration.pk]) for name in ("declaration_form", "declaration_form_check"))
    page.click(f'main a[href="{form}"]')
    page.click(f'main form[action="{form}"] button')

    for step in steps_of(WANTED):
        page.wait_for_url(f"**{reverse('declaration_form_step', args=[declaration.pk, step.code])}*")
        fill_page(page, step)
        page.click("button[name=go][value=next]")
    page.wait_for_url(f"**{check}")
    assert (page.evaluate(WIDER), violations(page)) == ("", [])
    assert page.locator("[aria-labelledby=missing-head] li").count() == 0
    with page.expect_navigation():
        page.click(f'main form[action="{reverse("declaration_form_hand_in", args=[declaration.pk])}"] button')

    declaration.refresh_from_db()
    said = declaration.current.content
    assert (declaration.state, declaration.current.way) == ("received", Way.FORM)
    keys = [key for step in steps_of(WANTED) for key in needed_keys(WANTED, step)]
    assert {key: read_field(said, key) for key in keys} == {key: read_field(WANTED, key) for key in keys}
    [row] = said["smelters"]
    assert (row["cid"], row["mines"], row["mine_countries"]) == ("CID900001", "North pit", "Peru")
