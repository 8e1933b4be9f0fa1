"""The form of a declaration and many files at once in a real browser."""

import pytest
from django.urls import reverse

from minerals.declarations.document import read_field
from minerals.declarations.models import Batch, Draft
from minerals.declarations.services.drafting import begin_draft, save_fields
from tests import factories
from tests.minerals.declarations.services.test_batching import workbook
from tests.minerals.world import make_declaration, make_smelter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVED = "[data-savestate-text]"


@pytest.fixture
def people():
    return factories.cast()


@pytest.fixture
def declaration(people):
    declaration = make_declaration(people.relationship, site=people.site)
    begin_draft(declaration=declaration, actor=people.alice)
    return declaration


@pytest.fixture
def browse(context, live_url, client):
    """Sign in as a person and open an address; the console must stay silent."""
    pages = []

    def visit(person, address):
        client.force_login(person)
        morsels = client.cookies.items()
        context.add_cookies([{"name": name, "value": one.value, "url": live_url} for name, one in morsels])
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda line: "Content Security Policy" in line.text and page.complaints.append(line.text))
        pages.append(page)
        page.goto(live_url + address)
        page.wait_for_selector("html.js")
        return page

    yield visit
    assert [page.complaints for page in pages if page.complaints] == []


def wait_for(page, place, words):
    page.wait_for_function(
        "([place, words]) => document.querySelector(place)?.textContent.includes(words)", arg=[place, words]
    )


def step(declaration, code):
    return reverse("declaration_form_step", args=[declaration.pk, code])


def stands(key):
    return read_field(Draft.objects.get().content["declared"], key)


def test_fields_save_by_themselves_and_open_what_follows(browse, people, declaration):
    page = browse(people.alice, step(declaration, "use"))
    second = '[data-question="answer.2.Tin"]'
    assert not page.is_visible(second)
    page.check('[data-question="answer.1.Tin"] input[value=Yes]')
    assert page.is_visible(second)
    wait_for(page, SAVED, "All changes saved")
    page.check(f"{second} input[value=Yes]")
    page.fill('[data-question="comment.1.Tin"] textarea', "Solder")
    page.click("text=Save and go on")
    page.wait_for_url("**/questions/")
    assert [stands(key) for key in ("answer.1.Tin", "answer.2.Tin", "comment.1.Tin")] == ["Yes", "Yes", "Solder"]
    page.select_option('[data-question="answer.6.Tin"] select', "100%")
    wait_for(page, "[data-section=questions] [data-section-answered]", "1")
    assert stands("answer.6.Tin") == "100%"


def test_two_who_write_on_one_field_choose(browse, people, declaration):
    page = browse(people.alice, step(declaration, "company"))
    save_fields(declaration=declaration, posted={"company.contact": ("Ann", 1)}, actor=people.bob)
    page.fill('[data-question="company.contact"] input', "Ben")
    page.press('[data-question="company.contact"] input', "Tab")
    box = '[data-question="company.contact"] [data-conflict-slot]'
    wait_for(page, box, "Ann")
    assert "Bob" in page.text_content(box) and "Ben" in page.text_content(box)
    page.click(f"{box} [data-use=mine]")
    wait_for(page, SAVED, "All changes saved")
    assert stands("company.contact") == "Ben"


def test_a_dropped_line_loses_no_word(browse, context, people, declaration):
    page = browse(people.alice, step(declaration, "company"))
    context.set_offline(True)
    page.fill('[data-question="company.authorizer"] input', "Officer")
    page.press('[data-question="company.authorizer"] input', "Tab")
    wait_for(page, SAVED, "kept on this device")
    assert stands("company.authorizer") == ""
    context.set_offline(False)
    wait_for(page, SAVED, "All changes saved")
    assert stands("company.authorizer") == "Officer"


def test_enter_searches_the_list_of_smelters(browse, people, declaration):
    save_fields(
        declaration=declaration, posted={"answer.1.Tin": ("Yes", 1), "answer.2.Tin": ("Yes", 1)}, actor=people.alice
    )
    make_smelter(people.buyer)
    page = browse(people.alice, step(declaration, "smelters-2"))
    page.fill("#find-words", "example")
    page.press("#find-words", "Enter")
    page.click(".found button")
    page.wait_for_selector("#row-5")
    page.fill('[data-question="smelter.5.mines"] input', "North pit")
    page.press('[data-question="smelter.5.mines"] input', "Tab")
    wait_for(page, SAVED, "All changes saved")
    assert stands("smelter.5.mines") == "North pit"


# Many files ----------------------------------------------------------------------------------------
def test_files_that_are_dropped_are_sent_one_by_one_and_refused_ones_stay(browse, people, tmp_path):
    page = browse(people.dave, reverse("batch_new"))
    drop_files(page, {"good.xlsx": workbook("Supplier"), "letter.xlsx": b"Dear all"})
    wait_for(page, "[data-batch-list]", "This is no Excel file.")
    page.wait_for_selector("[data-batch-result]:not([hidden])")
    assert page.text_content("[data-batch-done]") == "2"
    assert "1 file was refused" in page.text_content("[data-batch-state]")
    batch = Batch.objects.get()
    assert sorted(batch.files.values_list("name", flat=True)) == ["good.xlsx", "letter.xlsx"]
    assert batch.job_id is not None
    page.click("[data-batch-result]")
    page.wait_for_url(f"**{reverse('batch_detail', args=[batch.pk])}")


def drop_files(page, files):
    """Let files fall on the drop zone."""
    facts = [[name, list(content)] for name, content in files.items()]
    script = """(facts) => {
      const data = new DataTransfer();
      for (const [name, bytes] of facts) data.items.add(new File([new Uint8Array(bytes)], name));
      for (const kind of ["dragover", "drop"]) document.querySelector("[data-batch-drop]").dispatchEvent(
        new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(script, facts)
