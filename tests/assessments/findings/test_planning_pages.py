"""The pages of corrective actions: who may do what, what is kept on a mistake, the work list, the whole plan."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image
from PIL.ExifTags import GPS, IFD

import assessments.findings.tasks  # noqa: F401  registers the runners
from assessments.findings.models import ActionFile, CorrectiveAction, Finding, FindingInspector
from suppliers.organisations.enums import Role
from tests.assessments.findings.builders import PEOPLE, day, make_plan, make_waiting, statuses
from tests.factories import cast, make_membership, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def finding(world):
    return make_waiting(world)


def typed(**fields):
    values = {
        "base_version": "0",
        "root_cause": "Nobody counted",
        "corrective": "Count weekly",
        "preventive": "A list on Mondays",
        "owner_name": "Somchai",
        "planned_on": day(60).isoformat(),
    }
    return {**values, **fields}


def post(client, name, finding, data=None, **kwargs):
    return client.post(reverse(name, args=[finding.pk]), data or {}, **kwargs)


# 1. Rights -----------------------------------------------------------------------------------------
SITE = [302, 403, 404, 404, 403, 403, 404, 404]
EDIT = [200, 403, 404, 404, 403, 403, 404, 404]


def test_the_page_of_a_plan_is_for_those_who_mend(client, world, finding):
    url = reverse("plan_edit", args=[finding.pk])
    assert statuses(client, world, lambda: client.get(url).status_code) == [*EDIT, 302]


@pytest.mark.parametrize("manager", ["buyer", "firm", "site"])
def test_the_side_that_manages_decides_and_no_other(client, world, finding, manager):
    FindingInspector.objects.create(finding=finding, user=world.carol)
    Finding.objects.update(manager=manager, firm=world.audit_firm)
    make_plan(finding, state="submitted")
    url = reverse("plan_decide", args=[finding.pk])
    got = statuses(client, world, lambda: client.post(url, {"decision": "reject"}).status_code)
    forbidden = {"buyer": ("alice", "bob", "carol", "frank"), "firm": ("alice", "bob", "dave", "erin")}
    forbidden["site"] = ("bob", "carol", "frank", "dave", "erin")
    wanted = [403 if name in forbidden[manager] else 422 for name in PEOPLE[:6]] + [404, 404, 302]
    assert got == wanted


@pytest.mark.parametrize(
    ("name", "state", "side"),
    [
        ("plan_submit", "open", "site"),
        ("plan_withdraw", "open", "site"),
        ("action_start", "action_agreed", "site"),
        ("action_finish", "in_progress", "site"),
        ("extension_ask", "open", "site"),
        ("plan_again", "in_progress", "buyer"),
        ("action_verify", "done", "buyer"),
        ("action_send_back", "done", "buyer"),
    ],
)
def test_deeds_are_refused_to_readers_and_to_the_other_side(client, world, finding, name, state, side):
    Finding.objects.update(state=state)
    url = reverse(name, args=[finding.pk])
    forbidden = ("bob", "dave", "erin") if side == "site" else ("alice", "bob")
    for who in forbidden:
        client.force_login(world.people[who])
        assert client.post(url).status_code == 403
    for who in ("mallory", "trent", "carol"):
        client.force_login(world.people[who])
        assert client.post(url).status_code == 404


def test_a_buyer_narrowed_to_another_region_sees_nothing(client, world, finding):
    grace = make_user("grace@test.example")
    make_membership(grace, world.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Europe"]})
    client.force_login(grace)
    assert post(client, "action_comment", finding, {"text": "Hello"}).status_code == 404


# 2. Writing a plan ---------------------------------------------------------------------------------
def test_a_draft_is_saved_and_shown_on_the_page_of_the_finding(client, world, finding):
    client.force_login(world.alice)
    answer = post(client, "plan_edit", finding, typed(root_cause="Nobody <counted>"), follow=True)
    assert answer.redirect_chain == [(reverse("finding_detail", args=[finding.pk]), 302)]
    assert "Nobody &lt;counted&gt;" in answer.content.decode()
    assert CorrectiveAction.objects.get().state == "draft"


def test_save_and_submit_hands_the_plan_in(client, world, finding):
    client.force_login(world.alice)
    post(client, "plan_edit", finding, typed(submit="1"))
    assert CorrectiveAction.objects.get().state == "submitted"


def test_an_incomplete_plan_is_saved_and_says_what_is_missing(client, world, finding):
    client.force_login(world.alice)
    answer = post(client, "plan_edit", finding, typed(submit="1", preventive=""))
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "The plan is saved, but it cannot be submitted yet.",
        "The preventive action is missing.",
    ]
    again = {**answer.context["form"].data, "preventive": "A list", "submit": "1"}
    assert post(client, "plan_edit", finding, again).status_code == 302
    assert CorrectiveAction.objects.get().state == "submitted"


def test_nothing_typed_is_lost_on_a_mistake(client, world, finding):
    client.force_login(world.alice)
    answer = post(client, "plan_edit", finding, typed(planned_on="31 of May", root_cause="Long thought"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Long thought" in page
    assert "31 of May" in page
    assert not CorrectiveAction.objects.exists()


def test_a_conflict_shows_both_and_saving_again_replaces(client, world, finding):
    make_plan(finding, version=3, preventive="Bob wrote this", updated_by=world.bob)
    client.force_login(world.alice)
    answer = post(client, "plan_edit", finding, typed(base_version="2", preventive="Alice wrote this"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Bob wrote this" in page
    assert "Alice wrote this" in page
    assert answer.context["standing"] == [
        ("Preventive action: what keeps it from coming back, also elsewhere?", "Bob wrote this")
    ]
    assert post(client, "plan_edit", finding, answer.context["form"].data).status_code == 302
    assert CorrectiveAction.objects.get().preventive == "Alice wrote this"


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_broken_version_is_a_mistake_not_a_crash(client, world, finding, version):
    client.force_login(world.alice)
    assert post(client, "plan_edit", finding, typed(base_version=version)).status_code == 422


# 3. Deciding, doing, verifying ---------------------------------------------------------------------
def test_the_way_from_plan_to_verified_through_the_pages(client, world, finding):
    client.force_login(world.alice)
    post(client, "plan_edit", finding, typed(submit="1"))
    client.force_login(world.dave)
    post(client, "plan_decide", finding, {"decision": "accept", "note": ""})
    client.force_login(world.alice)
    post(client, "action_start", finding)
    assert post(client, "action_finish", finding, {"note": ""}).status_code == 422
    post(client, "action_files", finding, {"file": SimpleUploadedFile("list.txt", b"hours"), "note": "The list"})
    post(client, "action_finish", finding, {"note": ""})
    client.force_login(world.dave)
    assert post(client, "action_verify", finding, {"note": "No way chosen"}).status_code == 422
    answer = post(client, "action_verify", finding, {"how": "desk", "note": "Seen"}, follow=True)
    assert answer.status_code == 200
    finding.refresh_from_db()
    assert (finding.state, finding.action.state, finding.action.verified_how) == ("verified", "accepted", "desk")
    moves = finding.changes.order_by("pk").values_list("target", flat=True)
    assert list(moves) == ["action_agreed", "in_progress", "done", "verified"]


def test_the_second_of_two_verifiers_gets_a_page_that_says_so(client, world, finding):
    Finding.objects.update(state="done")
    client.force_login(world.dave)

    def quicker(execute, sql, params, many, context):
        """Erin verifies in the moment before the update of Dave reaches the database."""
        if sql.startswith("UPDATE") and "verified_on" in sql and not Finding.objects.filter(state="verified").exists():
            context["cursor"].execute("UPDATE findings_finding SET state = 'verified'")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(quicker):
        answer = post(client, "action_verify", finding, {"how": "desk", "note": "Mine"})
    assert answer.status_code == 409
    assert "Somebody else changed this a moment ago." in answer.content.decode()


def test_a_verification_that_came_too_late_is_refused_with_a_sentence(client, world, finding):
    Finding.objects.update(state="verified")
    client.force_login(world.dave)
    answer = post(client, "action_verify", finding, {"how": "desk", "note": ""})
    assert answer.status_code == 422
    assert "This is not possible while the finding is “Verified”." in answer.content.decode()


def test_a_rejection_without_a_reason_keeps_the_page(client, world, finding):
    make_plan(finding, state="submitted")
    client.force_login(world.dave)
    answer = post(client, "plan_decide", finding, {"decision": "reject", "reason": " "})
    assert answer.status_code == 422
    assert CorrectiveAction.objects.get().state == "submitted"


def test_comments_go_both_ways(client, world, finding):
    for person in (world.alice, world.dave):
        client.force_login(person)
        post(client, "action_comment", finding, {"text": f"From {person.name}"})
    page = client.get(reverse("finding_detail", args=[finding.pk])).content.decode()
    assert page.index("From Alice") < page.index("From Dave")


# 4. Files ------------------------------------------------------------------------------------------
def test_several_files_at_once_each_stored_or_refused(client, world, finding):
    client.force_login(world.alice)
    good, bad = SimpleUploadedFile("list.txt", b"hours"), SimpleUploadedFile("tool.exe", b"MZ\x00")
    answer = post(client, "action_files", finding, {"file": [good, bad], "note": "Lists"})
    assert answer.status_code == 422
    assert "tool.exe" in str(answer.context["plan"].forms["file"].non_field_errors())
    assert ActionFile.objects.values_list("file__name", "note", "added_by__email").get() == (
        "list.txt",
        "Lists",
        "alice@test.example",
    )


def test_a_photo_loses_its_place_before_it_is_kept(client, world, finding):
    photo, place = Image.new("RGB", (8, 8)), Image.Exif()
    place.get_ifd(IFD.GPSInfo)[GPS.GPSLatitudeRef] = "N"
    content = io.BytesIO()
    photo.save(content, "JPEG", exif=place)
    client.force_login(world.alice)
    post(client, "action_files", finding, {"file": SimpleUploadedFile("line.jpg", content.getvalue()), "note": ""})
    with Image.open(ActionFile.objects.get().file.content) as kept:
        assert dict(kept.getexif().get_ifd(IFD.GPSInfo)) == {}


def test_a_file_is_read_by_both_sides_and_removed_by_who_added_it(client, world, finding):
    client.force_login(world.alice)
    post(client, "action_files", finding, {"file": SimpleUploadedFile("list.txt", b"hours"), "note": ""})
    row = ActionFile.objects.get()
    url, gone = (reverse(name, args=[finding.pk, row.pk]) for name in ("action_file", "action_file_remove"))
    client.force_login(world.dave)
    assert b"".join(client.get(url).streaming_content) == b"hours"
    assert client.post(gone).status_code == 403
    client.force_login(world.mallory)
    assert client.get(url).status_code == 404
    client.force_login(world.alice)
    assert client.post(gone).status_code == 302
    assert not ActionFile.objects.exists()


def test_a_file_handed_over_to_be_verified_stays(client, world, finding):
    client.force_login(world.alice)
    post(client, "action_files", finding, {"file": SimpleUploadedFile("list.txt", b"hours"), "note": ""})
    Finding.objects.update(state="done")
    answer = client.post(reverse("action_file_remove", args=[finding.pk, ActionFile.objects.get().pk]))
    assert answer.status_code == 422
    assert ActionFile.objects.count() == 1


# 5. Later dates ------------------------------------------------------------------------------------
def test_a_later_date_is_asked_for_and_granted(client, world, finding):
    client.force_login(world.alice)
    wish = {"due": "plan", "wanted_on": day(15).isoformat(), "reason": "Our engineer is ill"}
    assert post(client, "extension_ask", finding, wish).status_code == 302
    again = post(client, "extension_ask", finding, {**wish, "reason": "Still ill"})
    assert again.status_code == 422
    assert "Still ill" in again.content.decode()
    client.force_login(world.dave)
    row = finding.extensions.get()
    url = reverse("extension_decide", args=[finding.pk, row.pk])
    assert client.post(url, {"decision": "refuse", "note": ""}).status_code == 422
    assert client.post(url, {"decision": "grant", "note": ""}).status_code == 302
    finding.refresh_from_db()
    assert finding.plan_due_on == day(15)


@pytest.mark.parametrize(("field", "value"), [("due", "nonsense"), ("wanted_on", "soon"), ("reason", "")])
def test_a_broken_wish_is_shown_again(client, world, finding, field, value):
    client.force_login(world.alice)
    wish = {"due": "plan", "wanted_on": day(15).isoformat(), "reason": "Ill", field: value}
    assert post(client, "extension_ask", finding, wish).status_code == 422
    assert not finding.extensions.exists()
