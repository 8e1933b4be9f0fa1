"""Plans offline: out as a workbook, back with every error named, nothing half saved, safe to send twice."""

import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.findings import services
from assessments.findings.models import CorrectiveAction, Finding
from assessments.findings.queries.plans import batch_findings
from assessments.findings.services.offline import HEADS, read_plans, store_plans, write_plans
from assessments.findings.workbook import Change
from portal.lib.errors import DomainError
from portal.trail.models import Entry
from tests.factories import cast, make_finding

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 14)
FULL = {
    "containment": "Line stopped",
    "root_cause": "Nobody counted",
    "corrective": "Count weekly",
    "preventive": "A list\non Mondays",
    "owner_name": "Somchai",
    "owner_email": "somchai@test.example",
    "starts_on": DAY,
    "planned_on": DAY + timedelta(days=9),
}


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def findings(world):
    """Three findings of one audit; the second has a plan."""
    rows = [
        make_finding(world.relationship, world.site, source="audit", source_id=7, provision=provision)
        for provision in ("A3", "B2", "C3")
    ]
    services.save_plan(finding=rows[1], base_version=0, actor=world.alice, **FULL)
    return rows


def fresh(world):
    return list(batch_findings(world.alice, "audit", 7))


def opened(world):
    """The workbook as Alice downloads it, its sheet, and where each column stands."""
    book = openpyxl.load_workbook(io.BytesIO(write_plans(fresh(world))))
    sheet = book.worksheets[0]
    return book, sheet, {cell.value: cell.column for cell in sheet[1]}


def head(name):
    return str(HEADS[name])


def put(sheet, columns, row, **values):
    for name, value in values.items():
        sheet.cell(row, columns[head(name)], value)


def packed(book):
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(world, content):
    rows = fresh(world)
    stored = store_plans(findings=rows, file=io.BytesIO(content), name="plan.xlsx", actor=world.alice)
    return read_plans(rows, stored)


def upload(client, content, name="plan.xlsx"):
    return client.post(reverse("plan_batch_upload", args=["audit", 7]), {"file": SimpleUploadedFile(name, content)})


def save(client, content, **data):
    """Upload and save as the pages do; returns the last answer."""
    answer = upload(client, content)
    page = client.get(answer.headers["Location"])
    return client.post(answer.headers["Location"], {"seen": page.context["seen"], **data})


def said(finding):
    action = CorrectiveAction.objects.filter(finding=finding).first()
    return action and {name: getattr(action, name) for name in FULL}


# 1. Out --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "ja", "zh-hans", "th"])
def test_the_workbook_has_a_row_per_finding_and_hides_its_keys(world, findings, language):
    with translation.override(language):
        _book, sheet, columns = opened(world)
        assert [sheet.cell(row, 2).value[:2] for row in (2, 3, 4)] == ["A3", "B2", "C3"]
        assert sheet.cell(3, columns[head("preventive")]).value == "A list\non Mondays"
        assert sheet.cell(3, columns[head("planned_on")]).value == datetime(2026, 11, 23)
    keys = [sheet.cell(row, columns["sanpo"]).value for row in (2, 3, 4)]
    assert [key.split("|")[1:3] for key in keys] == [[str(f.pk), v] for f, v in zip(findings, "010", strict=True)]
    assert sheet.column_dimensions[sheet.cell(1, columns["sanpo"]).column_letter].hidden
    assert [rule.sqref for rule in sheet.data_validations.dataValidation] != []


def test_a_workbook_nobody_touched_changes_nothing(world, findings):
    uploaded = read(world, write_plans(fresh(world)))
    assert (uploaded.bad_cells, [one.change for one in uploaded.differences]) == ((), [Change.UNCHANGED] * 3)


# 2. In ---------------------------------------------------------------------------------------------
def test_a_filled_workbook_is_saved_and_may_be_sent_twice(client, world, findings):
    book, sheet, columns = opened(world)
    put(sheet, columns, 2, **FULL)
    put(sheet, columns, 3, preventive="Another list")
    content = packed(book)
    client.force_login(world.alice)
    answer = save(client, content)
    assert answer.headers["Location"] == reverse("plan_batch", args=["audit", 7])
    assert said(findings[0]) == FULL
    assert said(findings[1]) == {**FULL, "preventive": "Another list"}
    assert said(findings[2]) is None
    assert Entry.objects.get(deed="upload_plan").detail == {"rows": 2}
    again = read(world, content)
    assert [one.change for one in again.differences] == [Change.UNCHANGED] * 3


def test_columns_may_be_moved_and_rows_sorted_or_deleted(world, findings):
    _book, sheet, columns = opened(world)
    put(sheet, columns, 2, **FULL)
    lines = [list(row) for row in sheet.iter_rows(values_only=True)]
    other = openpyxl.Workbook()
    for line in (lines[0], lines[3], lines[1]):
        other.active.append(list(reversed(line)))
    uploaded = read(world, packed(other))
    assert {one.finding_id: one.change for one in uploaded.differences} == {
        findings[2].pk: Change.UNCHANGED,
        findings[0].pk: Change.NEW,
    }


def test_every_bad_cell_is_named_with_its_sheet_and_nothing_is_saved(client, world, findings):
    book, sheet, columns = opened(world)
    put(sheet, columns, 2, **{**FULL, "planned_on": "next May", "owner_email": "somchai at home"})
    put(sheet, columns, 3, no_action="perhaps", root_cause="x" * 4001)
    sheet.cell(4, columns["sanpo"]).value = "lost"
    client.force_login(world.alice)
    answer = upload(client, packed(book))
    page = client.get(answer.headers["Location"])
    assert page.status_code == 422
    found = [(cell.sheet, cell.place, cell.message) for cell in page.context["bad_cells"]]
    assert found == [
        ("Plans", "J2", "Enter one e-mail address, or leave the cell empty."),
        ("Plans", "L2", "Enter a day as year, month and day, for example 2026-11-14."),
        ("Plans", "F3", "This text is too long. Shorten it, and put details into a file."),
        ("Plans", "M3", "Enter yes, or leave the cell empty."),
        ("Plans", "A4", "This row has lost its hidden key. Download the workbook again and copy the row."),
    ]
    assert client.post(answer.headers["Location"], {"seen": ""}).status_code == 422
    assert (said(findings[0]), said(findings[1])) == (None, FULL)


def test_a_row_twice_and_a_row_of_another_plan_are_named(world, findings):
    book, sheet, columns = opened(world)
    key = sheet.cell(2, columns["sanpo"]).value
    sheet.cell(3, columns["sanpo"]).value = key
    stamp = key.split("|")[0]
    sheet.cell(4, columns["sanpo"]).value = f"{stamp}|999999|0|0123"
    uploaded = read(world, packed(book))
    assert [(cell.place, cell.message) for cell in uploaded.bad_cells] == [
        ("A3", "This row stands twice. Delete one of them."),
        ("A4", "This finding is not part of this plan. Delete the row."),
    ]


def test_a_missing_column_is_named(world, findings):
    book, sheet, columns = opened(world)
    sheet.delete_cols(columns[head("preventive")])
    with pytest.raises(DomainError, match="The column “Preventive action” is missing"):
        read(world, packed(book))


def test_the_workbook_of_another_audit_is_refused(client, world, findings):
    other = make_finding(world.relationship, world.site, source="audit", source_id=8)
    content = write_plans(list(batch_findings(world.alice, "audit", other.source_id)))
    client.force_login(world.alice)
    answer = upload(client, content)
    assert answer.headers["Location"] == reverse("plan_batch", args=["audit", 7])
    page = client.get(answer.headers["Location"])
    assert "This workbook belongs to another plan." in page.content.decode()


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken", b"%PDF-1.7"])
def test_what_is_no_workbook_gets_a_sentence(client, world, findings, content):
    client.force_login(world.alice)
    answer = upload(client, content)
    assert answer.status_code == 302
    assert list(client.get(answer.headers["Location"]).context["messages"])


# 3. Others meanwhile -------------------------------------------------------------------------------
def test_a_plan_changed_in_both_places_is_a_conflict_and_the_person_chooses(client, world, findings):
    book, sheet, columns = opened(world)
    put(sheet, columns, 3, preventive="From the workbook")
    content = packed(book)
    services.save_plan(finding=findings[1], base_version=1, actor=world.alice, preventive="From the page")
    client.force_login(world.alice)
    save(client, content)
    assert said(findings[1])["preventive"] == "From the page"
    save(client, content, **{f"use-{findings[1].pk}": "file"})
    assert said(findings[1])["preventive"] == "From the workbook"


def test_a_row_nobody_touched_never_undoes_what_changed_online(world, findings):
    content = write_plans(fresh(world))
    services.save_plan(finding=findings[1], base_version=1, actor=world.alice, preventive="From the page")
    assert {one.change for one in read(world, content).differences} == {Change.UNCHANGED}


def test_a_plan_that_was_submitted_meanwhile_is_named(world, findings):
    book, sheet, columns = opened(world)
    put(sheet, columns, 3, preventive="Too late")
    services.submit_plan(finding=findings[1], actor=world.alice)
    assert [(cell.place, cell.message) for cell in read(world, packed(book)).bad_cells] == [
        ("A3", "This plan was submitted or decided. Take it back on its page, or leave the row as it was.")
    ]


def test_nothing_is_saved_when_plans_changed_while_the_page_stood_open(client, world, findings):
    book, sheet, columns = opened(world)
    put(sheet, columns, 2, **FULL)
    put(sheet, columns, 3, preventive="From the workbook")
    client.force_login(world.alice)
    answer = upload(client, packed(book))
    page = client.get(answer.headers["Location"])
    services.save_plan(finding=findings[1], base_version=1, actor=world.alice, preventive="From the page")
    answer = client.post(answer.headers["Location"], {"seen": page.context["seen"]})
    assert answer.status_code == 302
    assert (said(findings[0]), said(findings[1])["preventive"]) == (None, "From the page")


def test_another_persons_upload_is_nobody_elses(client, world, findings):
    stored = store_plans(
        findings=fresh(world), file=io.BytesIO(write_plans(fresh(world))), name="plan.xlsx", actor=world.alice
    )
    url = reverse("plan_batch_compare", args=["audit", 7, stored.pk])
    for person, status in ((world.alice, 200), (world.bob, 403), (world.dave, 403), (world.mallory, 404)):
        client.force_login(person)
        assert client.get(url).status_code == status


# 4. Anything at all --------------------------------------------------------------------------------
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30),
    st.sampled_from(["=1+1", "=HYPERLINK(1)", "yes", "No", "2026-13-45", "2026/1/2", "a@b.cd", "|", "x" * 4001]),
    st.dates(date(1950, 1, 1), date(2090, 1, 1)),
    st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_no_workbook_breaks_the_reading_or_saves_by_itself(world, findings, data):
    """Shuffled and missing columns, formulas, merged cells, wrong types: a result or a sentence, never a crash."""
    _book, sheet, columns = opened(world)
    lines = [list(row) for row in sheet.iter_rows(values_only=True)]
    for row in range(1, len(lines)):
        for column in data.draw(st.lists(st.integers(0, len(columns) - 1), max_size=4)):
            lines[row][column] = data.draw(CELLS)
    order = data.draw(st.permutations(range(len(columns))))
    order = order[: data.draw(st.integers(len(columns) - 2, len(columns)))]
    other = openpyxl.Workbook()
    for line in lines[: data.draw(st.integers(1, len(lines)))]:
        other.active.append([line[place] for place in order])
    if data.draw(st.booleans()):
        other.active.merge_cells("A2:B3")
    before = list(CorrectiveAction.objects.order_by("pk").values())
    try:
        uploaded = read(world, packed(other))
    except DomainError as error:
        assert error.message
    else:
        assert all(cell.message and cell.place for cell in uploaded.bad_cells)
        assert not (uploaded.bad_cells and uploaded.differences)
    assert list(CorrectiveAction.objects.order_by("pk").values()) == before


def test_a_closed_finding_in_the_plan_stays_as_it_is(world, findings):
    Finding.objects.filter(pk=findings[0].pk).update(state="closed", closed_at=timezone.now())
    book, sheet, columns = opened(world)
    put(sheet, columns, 4, **FULL)
    assert [one.change for one in read(world, packed(book)).differences] == [
        Change.UNCHANGED,
        Change.UNCHANGED,
        Change.NEW,
    ]
