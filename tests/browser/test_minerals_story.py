"""Conflict minerals, end to end: a buyer asks, a factory hands in a wrong file, mends it, and it counts in the roll-up."""

import io
import re
import time

import msgspec
import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from minerals.declarations.models import Declaration, RedFlag
from minerals.rollup.models import Rollup
from minerals.templates_io.document import Declared
from minerals.templates_io.workbook import build_workbook
from portal.accounts.services import create_person
from portal.jobs.models import Job
from portal.notices.models import Mail
from suppliers.organisations.enums import Role
from tests import factories
from tests.minerals.world import make_declared, make_smelter, make_smelter_row

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long pass phrase 42"
CONTACT = "misaki@minami.example"
MORE_WORDS = "鉱山の国をもう一度ご確認ください。"
JAPANESE = re.compile(r"[\u3040-\u30ff]")


@pytest.fixture
def site(monkeypatch):
    """A plant in Japan whose contact has no account; its customer knows one smelter."""
    monkeypatch.setenv("SANPO_MAILBOX", "1")  # the worker keeps the mails where the test can read them
    buyer, supplier = factories.make_organisation("Aozora Electronics"), factories.make_organisation("Minami Seiko")
    factories.make_relationship(buyer, supplier, vendor_code="40-10001")
    erin = create_person(email="erin@aozora.example", name="Erin", password=PASSWORD)
    factories.make_membership(erin, buyer, Role.BUYER_ADMINISTRATOR)
    make_smelter(buyer)
    return factories.make_site(supplier, contact_email=CONTACT, contact_name="高橋 美咲", contact_language="ja")


@pytest.fixture
def buyer(context, live_url, site):
    """The buyer's browser, signed in by the page as a person would."""
    page = context.new_page()
    page.goto(live_url + reverse("account_login"))
    page.fill("input[name=login]", "erin@aozora.example")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "login" not in url)
    return page


@pytest.fixture
def phone(browser, live_url):
    """The supplier's browser, which speaks Japanese."""
    opened = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP", base_url=live_url)
    opened.set_default_timeout(20_000)
    yield opened.new_page()
    opened.close()


def wait_for(found, seconds=40.0):
    """Ask until there is an answer; the worker decides how long that is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        time.sleep(0.05)
    pytest.fail(f"Nothing came within {seconds} s")


def press(page, name, *args):
    """Press the button of the form that posts to this address, and wait for the page that follows."""
    with page.expect_navigation():
        page.click(f'main form[action="{reverse(name, args=args)}"] button[type=submit]')


def show(page, live_url, name, *args, more=""):
    page.goto(live_url + reverse(name, args=args) + more)
    return page


def declared_by(supplier: str, *, mended: bool) -> Declared:
    """A CMRT about tin from the DRC; at first it denies that, and an address is missing."""
    declared = make_declared(
        answers={"3": "Yes", "4": "Yes"} if mended else {"3": "No"},
        smelters=[make_smelter_row(mines="North pit", mine_countries="DRC")],
        effective_date=timezone.localdate().isoformat(),
    )
    fields = {"name": supplier} if mended else {"name": supplier, "authorizer_email": ""}
    return msgspec.structs.replace(declared, company=msgspec.structs.replace(declared.company, **fields))


# 1. The request ------------------------------------------------------------------------------------
def send_campaign(page, live_url):
    """Choose a declaration, then walk through the four steps."""
    show(page, live_url, "campaign_new")
    with page.expect_navigation():
        page.click("text=Declaration of minerals")
    page.check("input[name=template][value=CMRT]")
    page.fill("input[name=name]", "Minerals of the year")
    page.fill("input[name=due_on]", "2030-11-30")
    page.click("main form button.btn-primary")
    page.fill("textarea[name=vendor_codes]", "40-10001")
    page.click("main form button.btn-primary")
    page.fill("textarea[name=message_ja]", "ご提出をお願いします。")
    page.click("main form button.btn-primary")
    page.wait_for_selector("text=高橋 美咲")
    page.click("main form.form-acts button.btn-primary")


def sent_mail(template):
    """Return the mail to the contact, once the worker has sent it; it is in Japanese and holds a link."""
    mail = wait_for(lambda: Mail.objects.filter(to_email=CONTACT, template=template, state="sent").last())
    assert JAPANESE.search(mail.text)
    return mail


def open_link(page, link):
    """Open the link of the first mail and begin: the account is made, the declaration is what follows."""
    page.goto(link)
    assert page.locator("html").get_attribute("lang") == "ja"
    page.fill("input[name=name]", "高橋 美咲")
    for password in page.locator("input[type=password]").all():
        password.fill(PASSWORD)
    with page.expect_navigation():
        page.click("main form button.btn-primary")
    declaration = Declaration.objects.get()
    assert page.url.endswith(reverse("declaration_detail", args=[declaration.pk]))
    return declaration


# 2. Handing in, returning, mending ------------------------------------------------------------------
def upload(page, declaration, declared, folder):
    path = folder / "cmrt.xlsx"
    path.write_bytes(build_workbook(declared))
    page.set_input_files("main input[type=file]", path)
    press(page, "declaration_upload", declaration.pk)


def points_on(page):
    """Return the cells beside which the page says that something is to be mended."""
    return page.locator("section[aria-labelledby=points-head] code").all_inner_texts()


def return_by_mail(page, live_url, declaration):
    """The drafted mail is in the supplier's language; a line is added, and both points go along."""
    show(page, live_url, "declaration_return", declaration.pk)
    draft = page.input_value("textarea[name=body]")
    assert JAPANESE.search(draft)
    assert page.locator("input[name=points]").count() == page.locator("input[name=points]:checked").count() == 2
    page.fill("textarea[name=body]", f"{draft}\n\n{MORE_WORDS}")
    with page.expect_navigation():
        page.click("main form button.btn-primary")
    assert state_of(declaration) == "returned"


def state_of(declaration):
    declaration.refresh_from_db()
    return declaration.state


# 3. What it comes to -------------------------------------------------------------------------------
def read_roll_up(page, live_url):
    """The figure of question 3 says Yes; its evidence names the supplier and the cell."""
    wait_for(lambda: Rollup.objects.filter(template="CMRT", group=None, suppliers=1).exists())
    show(page, live_url, "rollup_detail", more="?template=CMRT")
    figure = page.locator('a[href*="question=3&mineral=Tin"]')
    assert "Yes" in figure.inner_text()
    with page.expect_navigation():
        figure.click()
    [line] = page.locator("main tbody tr").all()
    assert "Minami Seiko" in line.inner_text()
    assert re.fullmatch(r"D\d+", line.locator("code").inner_text())


def export_smelters(page, live_url):
    """Start the export beside the figures, wait for the worker, press the button that the page then shows."""
    show(page, live_url, "rollup_detail", more="?template=CMRT")
    with page.expect_navigation():
        page.click(f'main button[formaction="{reverse("rollup_smelters_export")}"][value=xlsx]')
    page.wait_for_url(re.compile("/jobs/"))
    job = wait_for(lambda: Job.objects.filter(kind="customers.smelter_export", finished_at__isnull=False).first())
    assert job.state == "done", job.result
    with page.expect_download() as download:
        page.click("#job a.btn-primary")
    return openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()), read_only=True)


def test_declaration_from_campaign_to_the_list_of_smelters(live_url, buyer, phone, site, tmp_path, celery_worker):
    send_campaign(buyer, live_url)
    link = re.search(r"https?://\S+", sent_mail("declaration_request").text).group(0)
    declaration = open_link(phone, link)

    upload(phone, declaration, declared_by("Minami Seiko", mended=False), tmp_path)
    assert points_on(phone) == ["Declaration!D20", "Smelter List!O5"]
    press(phone, "declaration_hand_in", declaration.pk)
    assert state_of(declaration) == "received"

    show(buyer, live_url, "declaration_detail", declaration.pk)
    assert "Smelter List!O5" in buyer.inner_text("section[aria-labelledby=flags-head]")
    assert points_on(buyer) == ["Declaration!D20"]
    return_by_mail(buyer, live_url, declaration)

    mail = sent_mail("declaration_returned")
    assert MORE_WORDS in mail.text
    assert "1. Declaration!D20" in mail.text and "2. Smelter List!O5" in mail.text
    phone.goto(re.search(r"https?://\S+", mail.text).group(0))
    assert MORE_WORDS in phone.inner_text("section[aria-labelledby=returned-head]")
    upload(phone, declaration, declared_by("Minami Seiko", mended=True), tmp_path)
    assert points_on(phone) == []
    press(phone, "declaration_hand_in", declaration.pk)
    assert [flag.code for flag in RedFlag.objects.filter(declaration=declaration)] == ["origin_covered"]

    show(buyer, live_url, "declaration_detail", declaration.pk)
    press(buyer, "declaration_accept", declaration.pk)
    assert (state_of(declaration), declaration.current.number) == ("accepted", 2)
    read_roll_up(buyer, live_url)
    book = export_smelters(buyer, live_url)
    words = {str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row}
    assert {"CID900001", "Example Tin Works"} <= words
