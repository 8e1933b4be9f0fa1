"""The second main job, end to end: an auditor writes on a bad line, the site mends in Japanese, the buyer verifies and prints."""

import io
import re
import time
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from assessments.audits.models import Audit, AuditConclusion, AuditFile
from assessments.findings.models import ActionFile, Finding
from portal.jobs.models import Job
from portal.notices.models import Mail
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TABLET = {"width": 820, "height": 1180}
SEEN = ["Time records of 25 workers", "Interviews with 14 workers", "Payroll of March and July"]
HOURS = "In 9 of 12 weeks people in the moulding shop worked more than 60 hours."
POINTS = 42


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SANPO_MAILBOX", "1")  # the worker keeps the mails where the test can read them
    people = factories.cast()
    people.alice.language = "ja"
    people.alice.save(update_fields=["language"])
    return people


@pytest.fixture
def audit(people):
    today = timezone.localdate()
    days = {"starts_on": today, "ends_on": today, "started_at": timezone.now()}
    return factories.make_audit(
        people.relationship, people.site, firm=people.audit_firm, auditors=[people.carol], state="in_progress", **days
    )


@pytest.fixture
def enter(browser, live_url):
    """Open a browser of this person's own, signed in; all are closed at the end."""
    opened = []

    def open_for(user, *, viewport=None):
        client = Client()
        client.force_login(user)
        context = browser.new_context(viewport=viewport or {"width": 1280, "height": 900}, base_url=live_url)
        context.set_default_timeout(20_000)
        context.add_cookies(
            [{"name": name, "value": morsel.value, "url": live_url} for name, morsel in client.cookies.items()]
        )
        opened.append(context)
        return context

    yield open_for
    for context in opened:
        context.close()


def wait_for(found, seconds=40.0):
    """Ask until there is an answer; the worker decides how long that is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        time.sleep(0.05)
    pytest.fail(f"Nothing came within {seconds} s")


def press(page, name, *args, button="button"):
    """Press the button of the form that posts to this address, and wait for the page that follows."""
    with page.expect_navigation():
        page.click(f'main form[action="{reverse(name, args=args)}"] {button}')


def show(page, name, *args, more=""):
    page.goto(reverse(name, args=args) + more)
    return page


# 1. On site, on a tablet ---------------------------------------------------------------------------
def conclude(page, code, conclusion, points, **texts):
    page.check(f"#q-{code} input[value={conclusion}]")
    page.fill(f"#points-{code}", "\n".join(points))
    for field, text in texts.items():
        page.fill(f"#{field}-{code}", text)


def wait_until_kept(page, count):
    """Wait until the status line says that so many checkpoints are kept on this device: only then may the tab close."""
    page.wait_for_function(
        "count => { const line = document.querySelector('[data-savestate]');"
        " return line.dataset.tone === 'waiting' && line.textContent.includes(count); }",
        arg=str(count),
    )


def write_on_a_bad_line(tablet, audit, photo):
    """Conclude three checkpoints; after the first the line drops, and the tab is closed before it is back."""
    page = show(tablet.new_page(), "audit_section", audit.pk, "A")
    page.wait_for_selector("html.js [data-question]")
    conclude(page, "A1", "conform", SEEN)
    wait_for(lambda: AuditConclusion.objects.filter(audit=audit, checkpoint="A1", data_points=SEEN).exists())

    tablet.set_offline(True)
    conclude(page, "A3", "major", SEEN, description=HOURS)
    conclude(page, "A4", "conform", SEEN)
    wait_until_kept(page, 2)
    page.set_input_files("#photo-A3", photo)
    page.wait_for_function("() => document.querySelector('[data-photos-sum]').textContent.includes('1')")
    page.close()
    assert not AuditConclusion.objects.filter(audit=audit, checkpoint="A3").exclude(description="").exists()

    tablet.set_offline(False)
    page = show(tablet.new_page(), "audit_section", audit.pk, "A")
    wait_for(lambda: AuditConclusion.objects.filter(audit=audit, checkpoint="A4", data_points=SEEN).exists())
    wait_for(lambda: AuditFile.objects.filter(audit=audit, checkpoint="A3").exists())
    page.wait_for_selector("#files-A3 img")
    assert page.input_value("#description-A3") == HOURS
    assert content_of(audit, "A3") == ("major", SEEN, HOURS)
    return page


def content_of(audit, code):
    row = AuditConclusion.objects.get(audit=audit, checkpoint=code)
    return row.conclusion, row.data_points, row.description


def photo_with_a_place(folder):
    """A photo that says where it was taken, as phones write it."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (35.0, 39.0, 31.0)
    path = folder / "line-2.jpg"
    Image.new("RGB", (60, 40), (200, 60, 40)).save(path, exif=exif)
    return path


def upload_the_rest(page, audit, folder):
    """Fill in the template for every checkpoint without a conclusion, upload it, look at the preview, apply it."""
    answer = page.context.request.get(reverse("audit_template", args=[audit.pk]))
    book = openpyxl.load_workbook(io.BytesIO(answer.body()))
    sheet = book.worksheets[0]
    columns = {str(cell.value): cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        if not sheet.cell(row, columns["Conclusion"]).value:
            is_drill = sheet.cell(row, columns["Checkpoint"]).value == "B2"
            sheet.cell(row, columns["Conclusion"]).value = "Minor" if is_drill else "Conform"
            sheet.cell(row, columns["Data points"]).value = "\n".join(SEEN)
            sheet.cell(row, columns["Description"]).value = "The night shift had no fire drill." if is_drill else None
    book.save(folder / "conclusions.xlsx")

    show(page, "audit_upload", audit.pk).set_input_files("main input[type=file]", folder / "conclusions.xlsx")
    press(page, "audit_upload", audit.pk)
    with page.expect_navigation():
        page.click('main form[action$="/apply/"] button')
    assert AuditConclusion.objects.filter(audit=audit).exclude(conclusion="").count() == POINTS
    assert content_of(audit, "B2") == ("minor", SEEN, "The night shift had no fire drill.")


# 2. The report -------------------------------------------------------------------------------------
def agree_on_the_report(carol, alice, frank, audit):
    """Present, acknowledge, finish the draft, hand it over, take the site's feedback, answer, release."""
    press(show(carol, "audit_detail", audit.pk), "audit_present", audit.pk)

    page = show(alice, "audit_detail", audit.pk)
    assert page.locator("html").get_attribute("lang") == "ja"
    page.fill("main input[name=name]", "高橋 美咲")
    press(page, "audit_acknowledge", audit.pk)

    press(show(carol, "audit_detail", audit.pk), "audit_draft", audit.pk)
    press(show(carol, "audit_detail", audit.pk), "audit_hand_over", audit.pk)

    page = show(alice, "audit_feedback", audit.pk)
    page.fill("main textarea[name=text]", "夜勤の訓練は先週実施しました。")
    press(page, "audit_feedback", audit.pk)
    press(show(alice, "audit_feedback", audit.pk), "audit_feedback_done", audit.pk)

    remark = audit.feedback.get()
    page = show(carol, "audit_feedback", audit.pk)
    page.fill("main textarea[name$=-reply]", "Thank you; the drill came after our visit.")
    page.locator("main input[name$=-incorporated]").last.check()
    press(page, "audit_feedback_answer", audit.pk, remark.pk)

    press(show(frank, "audit_detail", audit.pk), "audit_release", audit.pk)
    audit.refresh_from_db()
    assert (audit.state, audit.major, audit.minor, float(audit.score)) == ("actions_open", 1, 1, 185.5)
    assert audit.acknowledged_name == "高橋 美咲"
    return Finding.objects.get(source="audit", source_id=audit.pk, provision="A3")


# 3. What is done about it --------------------------------------------------------------------------
def plan(page, finding, preventive):
    show(page, "plan_edit", finding.pk)
    page.fill("[name=root_cause]", "受注前に勤務計画を確認していません。")
    page.fill("[name=corrective]", "成形工場に第三班を置きます。")
    page.fill("[name=preventive]", preventive)
    page.fill("[name=owner_name]", "高橋 美咲")
    page.fill("[name=planned_on]", (timezone.localdate() + timezone.timedelta(days=60)).isoformat())
    with page.expect_navigation():
        page.click("main button[name=submit]")


def mend(alice, dave, finding, photo):
    """Plan, be sent back, plan better, be accepted; start, show evidence, finish; be verified."""
    plan(alice, finding, "教育を行います。")
    page = show(dave, "finding_detail", finding.pk)
    page.click("main details:has(textarea[name=reason]) summary")
    page.fill("main textarea[name=reason]", "Who checks the hours, and how often?")
    with page.expect_navigation():
        page.click("main form:has(input[value=reject]) button")

    show(alice, "plan_edit", finding.pk)
    assert "Who checks the hours, and how often?" in alice.inner_text("main")
    plan(alice, finding, "工場長が毎週月曜日に労働時間を確認します。")
    page = show(dave, "finding_detail", finding.pk)
    with page.expect_navigation():
        page.click("main form:has(input[value=accept]) button")

    press(show(alice, "finding_detail", finding.pk), "action_start", finding.pk)
    alice.set_input_files("#action-file", photo)
    press(alice, "action_files", finding.pk)
    alice.fill("[id=finish-note]", "第三班が稼働しました。")
    press(alice, "action_finish", finding.pk)

    page = show(dave, "finding_detail", finding.pk)
    page.check("main input[name=how][value=desk]")
    press(page, "action_verify", finding.pk)
    finding.refresh_from_db()
    assert (finding.state, finding.verified_on) == ("verified", timezone.localdate())


def read_as_buyer(page, audit, finding):
    """The dashboard counts what is left, the list shows it, the plan is printed by the worker."""
    show(page, "dashboard")
    show(page, "finding_list", more="?standing=open")
    assert page.locator("main tbody tr").count() == 1
    show(page, "plan_batch", "audit", audit.pk)
    assert finding.action.preventive in page.inner_text("main")
    press(page, "plan_batch_pdf", "audit", audit.pk)
    page.wait_for_url(re.compile("/jobs/"))
    job = wait_for(lambda: Job.objects.filter(kind="findings.plan_pdf", finished_at__isnull=False).first())
    assert (job.state, job.result_file is not None) == ("done", True), job.result
    assert job.result_file.content.read(5) == b"%PDF-"


def test_audit_from_the_shop_floor_to_the_verified_action(enter, people, audit, tmp_path: Path, celery_worker):
    photo = photo_with_a_place(tmp_path)
    tablet = enter(people.carol, viewport=TABLET)
    page = write_on_a_bad_line(tablet, audit, photo)
    stored = AuditFile.objects.get(audit=audit, checkpoint="A3").file
    with Image.open(stored.content) as kept:
        assert dict(kept.getexif().get_ifd(0x8825)) == {}

    show(page, "audit_gate", audit.pk)
    assert page.locator("main a[href*='#q-']").count() >= POINTS - 3
    upload_the_rest(page, audit, tmp_path)

    alice, frank, dave = (enter(user).new_page() for user in (people.alice, people.frank, people.dave))
    finding = agree_on_the_report(page, alice, frank, audit)
    mend(alice, dave, finding, photo)
    assert ActionFile.objects.filter(finding=finding).count() == 1

    read_as_buyer(enter(people.erin).new_page(), audit, finding)
    assert Audit.objects.get(pk=audit.pk).state == "actions_open"  # the drill is still open
    told = wait_for(lambda: Mail.objects.filter(user=people.alice, template="audit_step", state="sent").first())
    assert reverse("audit_detail", args=[audit.pk]) in told.text
