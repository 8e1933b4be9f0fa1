"""The audit form in a real browser, on a shop floor: no word and no photo is lost when the line drops."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from assessments.audits.models import AuditConclusion, AuditFile
from portal.files.services import read_content
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people():
    return factories.cast()


@pytest.fixture
def audit(people):
    return factories.make_audit(
        people.relationship, people.site, firm=people.audit_firm, auditors=[people.carol], state="in_progress"
    )


@pytest.fixture
def section(context, live_url, client, people, audit):
    """Section A on a tablet, signed in as the auditor; the console must stay silent."""
    client.force_login(people.carol)
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": live_url} for name, morsel in client.cookies.items()]
    )
    page = open_page(context, live_url + reverse("audit_section", args=[audit.pk, "A"]))
    yield page
    assert page.complaints == []


def open_page(context, address):
    page = context.new_page()
    page.set_viewport_size({"width": 768, "height": 1024})
    page.complaints, page.address = [], address
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda line: "Content Security Policy" in line.text and page.complaints.append(line.text))
    page.goto(address)
    page.wait_for_selector("html.js [data-question]")
    return page


def wait_for(page, place, words):
    page.wait_for_function(
        "([place, words]) => document.querySelector(place)?.textContent.includes(words)", arg=[place, words]
    )


def photo() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 41.0, 30.0)})
    target = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 40, 40)).save(target, "JPEG", exif=exif)
    return target.getvalue()


def stored(checkpoint):
    columns = ("conclusion", "data_points", "description", "version")
    return AuditConclusion.objects.filter(checkpoint=checkpoint).values_list(*columns).first()


SAVED = "[data-savestate-text]"


def test_audit_form_opens_what_a_nonconformity_needs_and_counts_data_points(section):
    assert not section.is_visible("#law-A3")
    section.check("#q-A3 input[value=major]")
    assert section.is_visible("#law-A3") and section.is_visible("#topic-A3")
    section.fill("#points-A3", "Time records\nInterviews\nTime records")
    wait_for(section, "#count-A3", "2 of 3")
    wait_for(section, SAVED, "All changes saved")
    wait_for(section, "[data-section=A] [data-section-answered]", "1")


def test_audit_form_keeps_words_and_photos_through_a_dropped_line_and_a_closed_tab(section, context):
    section.wait_for_function("() => document.querySelector('[data-savestate-text]') && window.htmx")
    context.set_offline(True)
    section.check("#q-A3 input[value=major]")
    section.fill("#points-A3", "Time records of March")
    section.fill("#description-A3", "Weeks of 66 hours.")
    section.set_input_files(
        "#photo-A3", [{"name": f"line{n}.jpg", "mimeType": "image/jpeg", "buffer": photo() + bytes(n)} for n in (1, 2)]
    )
    wait_for(section, SAVED, "1 checkpoint is kept on this device")
    wait_for(section, "[data-photos-sum]", "2 photos wait for a connection")
    section.close()
    assert (stored("A3"), AuditFile.objects.count()) == (None, 0)
    context.set_offline(False)
    again = open_page(context, section.address)
    wait_for(again, SAVED, "All changes saved")
    assert (again.input_value("#description-A3"), again.is_checked("#q-A3 input[value=major]")) == (
        "Weeks of 66 hours.",
        True,
    )
    again.wait_for_selector("#files-A3 .shots img")
    again.wait_for_function("() => document.querySelector('[data-photos-sum]').textContent === ''")
    assert stored("A3")[:3] == ("major", ["Time records of March"], "Weeks of 66 hours.")
    row = AuditFile.objects.select_related("file").get()  # the same picture twice is one
    assert dict(Image.open(read_content(row.file)).getexif()) == {}
    assert again.complaints == []


def test_audit_form_shows_both_texts_of_a_conflict(section, audit, people):
    factories.conclude(audit, "minor", only=["A3"], updated_by=people.frank, description="Some long weeks.")
    section.check("#q-A3 input[value=major]")
    section.wait_for_selector("#q-A3 .versus")
    mine, theirs = section.locator("#q-A3 .versus .val").all_inner_texts()
    points = "Interview with four workers; Time records of March; Walk through line 2"
    assert mine == "Major\nData points: nothing\nDescription: nothing"
    assert theirs == f"Minor\nData points: {points}\nDescription: Some long weeks."
    section.click("#q-A3 [data-use=theirs]")
    wait_for(section, SAVED, "All changes saved")
    assert section.is_checked("#q-A3 input[value=minor]")
    assert stored("A3")[0] == "minor"


def test_audit_form_says_what_is_wrong_with_a_photo(section):
    heic = {"name": "IMG_1.heic", "mimeType": "image/heic", "buffer": b"\0\0\0\x18ftypheic" + bytes(40)}
    section.set_input_files("#photo-A3", [heic])
    wait_for(section, "[data-waiting-photos=A3]", "send a copy as JPEG")
    section.click("[data-waiting-photos=A3] button")
    section.wait_for_selector("[data-waiting-photos=A3] li", state="detached")


def test_audit_form_leaves_no_photo_on_the_device_after_signing_out(section, context, live_url):
    section.wait_for_function("() => window.htmx")
    section.route("**/files/", lambda route: route.abort())
    section.set_input_files("#photo-A3", [{"name": "line.jpg", "mimeType": "image/jpeg", "buffer": photo()}])
    wait_for(section, "[data-photos-sum]", "1 photo waits for a connection")
    section.on("dialog", lambda dialog: dialog.accept())
    section.evaluate("document.querySelector('form[data-signout]').requestSubmit()")
    section.wait_for_url(lambda url: "sections" not in url)
    left = section.evaluate(
        """() => new Promise((resolve) => {
            const opening = indexedDB.open("sanpo-photos", 1);
            opening.onsuccess = () => {
                const reading = opening.result.transaction("answers").objectStore("answers").count();
                reading.onsuccess = () => resolve(reading.result);
            };
        })"""
    )
    assert left == 0
