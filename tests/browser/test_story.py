"""The main job, end to end: a buyer asks, a factory answers in Japanese on a bad line, a worker scores, the buyer reads and prints."""

import re

import pytest
from django.urls import reverse

from assessments.questionnaires.conditions import reachable_codes
from assessments.questionnaires.document import EXAMPLE_DAY
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.services import import_pack, publish_version
from assessments.responses.models import Answer, Response, Submission
from portal.accounts.services import create_person
from portal.jobs.models import Job
from portal.notices.models import Mail
from suppliers.organisations.enums import Role
from tests import factories
from tests.browser.answering import PACKS, answer_section, model_answers, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PACK = PACKS / "facility-short"
ANSWERS = {**model_answers(), "A3-LONGEST-WEEK": 70, "A3-OVER-60-SHARE": 12}
PASSWORD = "a long pass phrase 42"
CONTACT = "misaki@minami.example"


@pytest.fixture
def world(monkeypatch):
    """A buyer with an administrator, a supplier site whose contact has no account, a published questionnaire."""
    monkeypatch.setenv("SANPO_MAILBOX", "1")  # the worker keeps the mails where the test can read them
    buyer = factories.make_organisation("Aozora Electronics")
    supplier = factories.make_organisation("Minami Seiko")
    site = factories.make_site(supplier, contact_email=CONTACT, contact_name="高橋 美咲", contact_language="ja")
    factories.make_relationship(buyer, supplier, vendor_code="40-10001")
    erin = create_person(email="erin@aozora.example", name="Erin", password=PASSWORD)
    factories.make_membership(erin, buyer, Role.BUYER_ADMINISTRATOR)
    publish_version(version=import_pack(PACK, owner=None, actor=None), actor=None)
    return site


def sign_in(page, live_url, email):
    page.goto(live_url + reverse("account_login"))
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "login" not in url)


def send_campaign(page, live_url):
    """Walk through the four steps as a buyer would."""
    page.goto(live_url + reverse("campaign_new"))
    page.fill("input[name=name]", "2026 annual assessment")
    page.fill("input[name=due_on]", "2030-11-30")
    page.click("main form button.btn-primary")
    page.fill("textarea[name=vendor_codes]", "40-10001")
    page.click("main form button.btn-primary")
    page.fill("textarea[name=message_ja]", "ご回答をお願いします。")
    page.click("main form button.btn-primary")
    page.wait_for_selector("text=高橋 美咲")
    page.click("main form.form-acts button.btn-primary")


def link_in_mail():
    """Return the link of the request mail, once the worker has sent it."""
    mail = wait_for(lambda: Mail.objects.filter(to_email=CONTACT, template="request", state="sent").first())
    assert re.search(r"[\u3040-\u30ff]", mail.subject + mail.text)
    return re.search(r"https?://\S+", mail.text).group(0)


def wait_until_kept(page, count):
    """Wait until the status line says that so many answers are kept on this device: only then may the tab close."""
    page.wait_for_function(
        "count => { const line = document.querySelector('[data-savestate]');"
        " return line.dataset.tone === 'waiting' && line.textContent.includes(count); }",
        arg=str(count),
    )


def answer_everything(page, phone, live_url, response):
    """Answer every section; in the third the line drops, the tab is closed, and the reader comes back to a new one."""
    document = document_of(response.version)
    shown = reachable_codes(document, ANSWERS, EXAMPLE_DAY)
    for number, section in enumerate(document.sections):
        address = live_url + reverse("response_section", args=[response.pk, section.code])
        page.goto(address)
        page.wait_for_selector("html.js [data-question]")
        phone.set_offline(number == 2)
        codes = answer_section(page, section, ANSWERS, shown)
        if number == 2:
            wait_until_kept(page, len(codes))
            page.close()
            assert not Answer.objects.filter(response=response, code="A3-LONGEST-WEEK").exists()
            phone.set_offline(False)
            page = phone.new_page()
            page.goto(address)
        answers = Answer.objects.filter(response=response, code__in=codes)
        wait_for(lambda answers=answers, codes=codes: answers.count() == len(codes), 60)
    saved = dict(Answer.objects.filter(response=response).values_list("code", "value"))
    assert saved == {code: value for code, value in ANSWERS.items() if code in shown}
    assert len(saved) >= 40
    return page


def test_main_job_from_campaign_to_pdf(live_url, world, context, browser, celery_worker):
    buyer_page = context.new_page()
    sign_in(buyer_page, live_url, "erin@aozora.example")
    send_campaign(buyer_page, live_url)
    link = link_in_mail()

    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
    phone.set_default_timeout(20_000)
    page = phone.new_page()
    page.goto(link)
    assert page.locator("html").get_attribute("lang") == "ja"
    page.fill("input[name=name]", "高橋 美咲")
    for password in page.locator("input[type=password]").all():
        password.fill(PASSWORD)
    page.click("main form button.btn-primary")

    response = wait_for(lambda: Response.objects.filter(site=world).select_related("version").first())
    page = answer_everything(page, phone, live_url, response)
    page.goto(live_url + reverse("response_check", args=[response.pk]))
    page.fill("input[name=attested_name]", "高橋 美咲")
    page.check("input[name=is_true]")
    page.click("main form:has(input[name=attested_name]) button.btn-primary")
    page.wait_for_url(re.compile("submitted"))
    wait_for(lambda: Response.objects.filter(pk=response.pk, score__isnull=False).exists())
    submission = Submission.objects.get(response=response)
    assert submission.attested_name == "高橋 美咲"
    page.goto(live_url + reverse("result", args=[response.pk]))
    page.wait_for_selector("#flag-A3-OVER-60")
    phone.close()

    buyer_page.goto(live_url + reverse("response_review", args=[response.pk]))
    assert "70" in buyer_page.inner_text("#flag-A3-OVER-60")
    buyer_page.click("text=Result as PDF")
    buyer_page.wait_for_url(re.compile("/jobs/"))
    job = wait_for(lambda: Job.objects.filter(kind="scoring.result_pdf", state="done").first())
    assert job.result_file.content.read(5) == b"%PDF-"
