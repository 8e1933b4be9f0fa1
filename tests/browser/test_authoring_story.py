"""A sustainability manager adds own questions to a standard questionnaire: workbook, errors, preview, differences, publish."""

import openpyxl
import pytest
from django.urls import reverse

from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of
from portal.accounts.services import create_person
from suppliers.organisations.enums import Role
from tests import factories
from tests.assessments.questionnaires.authoring import keep, standard_document
from tests.assessments.questionnaires.builders import make_question

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long pass phrase 42"
QUESTION = "How many suppliers of yours have signed our code?"
OTHER = "In the last 12 months, how many suppliers of yours have signed our code?"


@pytest.fixture
def buyer():
    """A buyer with an administrator; one standard questionnaire is published."""
    organisation = factories.make_organisation("Aozora Electronics")
    erin = create_person(email="erin@aozora.example", name="Erin", password=PASSWORD)
    factories.make_membership(erin, organisation, Role.BUYER_ADMINISTRATOR)
    keep(standard_document(languages=["en", "ja"]))
    return organisation


@pytest.fixture
def page(context, live_url, buyer):
    """The administrator's browser, signed in by the page as a person would."""
    opened = context.new_page()
    opened.goto(live_url + reverse("account_login"))
    opened.fill("input[name=login]", "erin@aozora.example")
    opened.fill("input[name=password]", PASSWORD)
    opened.click("main button[type=submit]")
    opened.wait_for_url(lambda url: "login" not in url)
    return opened


def follow(page, words):
    """Click the link with these words in the page, and wait for the next."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=words, exact=True).first.click()


def save(page, words, path):
    """Click a link that hands a workbook out, and keep it."""
    with page.expect_download() as download:
        page.get_by_role("main").get_by_role("link", name=words, exact=True).first.click()
    download.value.save_as(path)


def write_row(path, target, name, **cells):
    """Write over the example question, or what was written there before."""
    book = openpyxl.load_workbook(path)
    sheet = book["survey"]
    heads = {str(cell.value).removesuffix("+").strip(): cell.column for cell in sheet[1]}
    row = next(
        row for row in sheet.iter_rows(min_row=2) if str(row[heads["type"] - 1].value).startswith(("select", "integer"))
    )
    values = {"name": name, "type": "integer", "weight": None, "score": None, **cells}
    for head, column in heads.items():
        if head in values:
            sheet.cell(row[0].row, column).value = values[head]
    book.save(target)
    return f"survey!{sheet.cell(row[0].row, heads['relevant']).coordinate}"


def upload(page, live_url, path):
    page.goto(live_url + reverse("questionnaire_new"))
    page.set_input_files("input[type=file]", path)
    with page.expect_navigation():
        page.click("#upload button[type=submit]")


def publish(page):
    follow(page, "Publish")
    assert "never changes again" in page.inner_text("main")
    with page.expect_navigation():
        page.click("main form button.btn-primary")
    assert "can be sent now" in page.inner_text("main")


def test_own_questions_are_added_to_a_standard_questionnaire(page, live_url, buyer, tmp_path):
    # 1. The workbook of a standard questionnaire, with an example row.
    page.goto(live_url + reverse("questionnaire_list"))
    follow(page, "Small questionnaire")
    started, wrong, right, changed = (tmp_path / f"{name}.xlsx" for name in ("started", "wrong", "right", "changed"))
    save(page, "Add your own questions", started)

    # 2. A condition on a question that is not there: the cell is named, nothing is kept.
    text = {"label::English (en)": QUESTION, "label::Japanese (ja)": "取引先の何社が署名しましたか。"}
    cell = write_row(started, wrong, "OWN-SIGNED", relevant="${A1-ONEE} = 'yes'", **text)
    upload(page, live_url, wrong)
    assert cell in page.inner_text("main table")
    assert not QuestionnaireVersion.objects.filter(questionnaire__owner=buyer).exists()

    # 3. Mended, it lands on the page of the draft, which shows it as a supplier will see it.
    write_row(wrong, right, "OWN-SIGNED", relevant="${A1-ONE} = 'yes'", **text)
    upload(page, live_url, right)
    draft = QuestionnaireVersion.objects.get(questionnaire__owner=buyer)
    assert page.url == live_url + reverse("questionnaire_detail", args=[draft.pk])
    follow(page, "Our own questions")
    assert QUESTION in page.inner_text("main")
    page.go_back()

    # 4. What differs from the standard one, then publish.
    follow(page, "All differences")
    assert "OWN-SIGNED" in page.inner_text("main")
    page.go_back()
    publish(page)

    # 5. Next year: other words in a new version; both texts side by side, and the old version out of use.
    write_row(right, changed, "OWN-SIGNED", relevant="${A1-ONE} = 'yes'", **{**text, "label::English (en)": OTHER})
    raise_version(changed, "1.1")
    upload(page, live_url, changed)
    follow(page, "All differences")
    shown = page.inner_text("main")
    assert QUESTION in shown
    assert OTHER in shown
    page.go_back()
    follow(page, "Publish")
    page.check("input[name=retire]")
    with page.expect_navigation():
        page.click("main form button.btn-primary")
    states = dict(QuestionnaireVersion.objects.filter(questionnaire__owner=buyer).values_list("version", "state"))
    assert states == {"1.0": "retired", "1.1": "published"}

    # 6. The standard one is published anew: the own questions move to it.
    keep(
        standard_document(
            make_question("A1-ONE", weight=1), make_question("A1-THREE"), version="1.1", languages=["en", "ja"]
        )
    )
    page.reload()
    with page.expect_navigation():
        page.click("main .note button[type=submit]")
    moved = QuestionnaireVersion.objects.get(questionnaire__owner=buyer, state="draft")
    assert moved.version == "1.2"
    assert [question.code for question in document_of(moved).questions] == ["A1-ONE", "A1-THREE", "OWN-SIGNED"]
    assert "A1-THREE" in page.inner_text("main")


def raise_version(path, number):
    """Write another version into the settings of a workbook."""
    book = openpyxl.load_workbook(path)
    sheet = book["settings"]
    heads = {str(cell.value): cell.column for cell in sheet[1]}
    sheet.cell(2, heads["version"]).value = number
    book.save(path)
