"""Conclusions by workbook: template out, table in, every change before it counts, all or nothing."""

import io
import threading
from datetime import datetime

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from assessments.audits.models import Audit, ColumnMapping, ConclusionRevision, FindingUpload
from assessments.audits.queries import programme_of
from assessments.audits.queries.uploads import standing_of
from assessments.audits.reports.template import PROBLEMS, template_sheets, words_of
from assessments.audits.services.concluding import save_conclusion
from assessments.audits.services.uploading import apply_upload, preview_upload, upload_table
from assessments.audits.workbook.columns import fold
from assessments.audits.workbook.comparing import Change
from portal.lib.errors import ConflictError, DomainError
from portal.lib.workbook import read_tables, write_workbook
from portal.trail.models import Entry
from tests.assessments.audits.tables import (
    CHOSEN,
    CONFORM,
    FOREIGN,
    FOREIGN_ROWS,
    MAJOR,
    MEANS,
    OURS,
    apply,
    audit_of,
    file_of,
    match,
    upload,
    workbook,
    written,
)
from tests.factories import cast, make_audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def audit(people):
    return audit_of(people)


# 1. There and back ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ja", "zh-hans", "th"])
def test_the_template_comes_back_unchanged_and_with_what_was_filled_in(audit, people, language):
    save_conclusion(
        audit=audit, checkpoint="A3", base_version=0, actor=people.carol,
        conclusion="major", description="=80 hours", data_points=["one", "two"], topic="hours_insurance",
    )  # fmt: skip
    with translation.override(language):
        content = write_workbook(template_sheets(audit, standing_of(audit).values()))
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.worksheets[0]
    assert page.max_row == 1 + len(programme_of(audit.programme).points)
    assert page.column_dimensions["J"].hidden
    one = upload_table(audit=audit, file=file_of(content), actor=people.carol)
    assert (one.state, {line.change for line in preview_upload(one).differences}) == ("ready", {Change.UNCHANGED})
    page["C2"], page["D2"] = "Minor", "seen\nheard"
    page["E2"] = "Passports are kept."
    out = io.BytesIO()
    book.save(out)
    two = upload_table(audit=audit, file=file_of(out.getvalue()), actor=people.carol)
    assert apply(two, people) == 1
    assert written(audit) == [
        ("A1", "minor", ["seen", "heard"], "Passports are kept.", "", "", "", ""),
        ("A3", "major", ["one", "two"], "=80 hours", "", "", "", "hours_insurance"),
    ]


def test_a_table_is_read_previewed_applied_and_counted(audit, people):
    one = upload(audit, people, MAJOR, CONFORM)
    assert (one.state, one.problem_count, written(audit)) == ("ready", 0, [])
    preview = preview_upload(one)
    assert [(line.checkpoint, line.change) for line in preview.differences] == [("A3", "new"), ("B1", "new")]
    assert apply(one, people) == 2
    assert written(audit) == [
        ("A3", "major", MAJOR[2].split("\n"), *MAJOR[3:]),
        ("B1", "conform", [CONFORM[2]], "", "", "", "", ""),
    ]
    one.refresh_from_db()
    audit.refresh_from_db()
    assert (one.state, one.applied_by, one.mapping["applied"]) == ("applied", people.carol, 2)
    assert (audit.major, audit.conform, audit.reviewed) == (1, 1, 2)
    deeds = Entry.objects.filter(thing_id=str(audit.pk)).order_by("pk").values_list("deed", "organisation_id")
    assert list(deeds) == [("upload_findings", people.audit_firm.pk), ("apply_findings", people.audit_firm.pk)]


def test_a_column_that_is_not_there_stays_and_an_emptied_cell_clears(audit, people):
    apply(upload(audit, people, MAJOR), people)
    apply(upload(audit, people, ["A3", "Minor", "Less."], header=["Checkpoint", "Conclusion", "Description"]), people)
    assert written(audit) == [("A3", "minor", MAJOR[2].split("\n"), "Less.", *MAJOR[4:])]
    apply(upload(audit, people, ["A3", "Minor", "Less.", ""], header=[*OURS[:2], "Description", "Law cited"]), people)
    assert written(audit)[0][4] == ""


def test_an_empty_template_row_changes_nothing(audit, people):
    apply(upload(audit, people, MAJOR), people)
    with pytest.raises(DomainError, match="holds no conclusion"):
        upload(audit, people, ["A3"], ["B1"])
    assert len(written(audit)) == 1


def test_csv_in_the_encoding_of_a_japanese_excel(audit, people):
    text = "checkpoint,conclusion,description\nA3,major,週八十時間の労働が見つかりました。\n"
    one = upload_table(audit=audit, file=file_of(text.encode("cp932"), "table.csv"), actor=people.carol)
    apply(one, people)
    assert written(audit) == [("A3", "major", [], "週八十時間の労働が見つかりました。", "", "", "", "")]


def test_merged_cells_formulas_numbers_and_dates(audit, people):
    rows = [
        OURS[:4],
        ["A3", "Major", "one", "Over 60 hours."],
        [None, None, "two", None],
        [None, None, 66.5, None],
        ["B1", "Conform", datetime(2026, 3, 1), "=1+1"],
    ]
    content = workbook(rows, merged=["A2:A4", "B2:B4", "D2:D4"])
    one = upload_table(audit=audit, file=file_of(content), actor=people.carol)
    apply(one, people)
    assert [row[:3] for row in written(audit)] == [
        ("A3", "major", ["one", "two", "66.5"]),
        ("B1", "conform", ["2026-03-01"]),
    ]


def test_the_table_stands_below_a_title_on_the_second_sheet(audit, people):
    content = workbook([["Cover"], ["Rayong"]], [["Our report"], [], OURS, MAJOR], titles=["Cover", "結果 #1"])
    one = upload_table(audit=audit, file=file_of(content), actor=people.carol)
    assert (one.state, one.sheet, one.mapping["header_row"]) == ("ready", "結果 #1", 3)


# 2. What is wrong -----------------------------------------------------------------------------------


def test_bad_cells_are_named_and_nothing_is_written(audit, people):
    one = upload(audit, people, ["A3", "Major"], ["Z1", "Conform"], CONFORM, ["B2", "Bad"], ["Signed by the auditor"])
    assert (one.state, one.problem_count) == ("refused", 4)
    assert [(found["place"], found["header"], found["value"], found["code"]) for found in one.problems] == [
        ("D2", "Description", "", "description_missing"),
        ("A3", "Checkpoint", "Z1", "unknown"),
        ("B5", "Conclusion", "Bad", "conclusion"),
        ("A6", "Checkpoint", "Signed by the auditor", "footer"),
    ]
    with pytest.raises(DomainError, match="cannot be applied yet"):
        apply_upload(upload=one, seen="", take=(), keep=(), actor=people.carol)
    assert written(audit) == []


def test_every_problem_has_a_sentence():
    words = {"words": "Conform", "topics": "Hours", "limit": 5, "row": 3, "first": 2}
    sentences = [str(text) % words for text in PROBLEMS.values()]
    assert all(sentence.endswith(".") for sentence in sentences)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "table.csv", "The file is empty"),
        (b"\x00\x01\x02", "table.csv", "This is neither an Excel workbook"),
        (b"PK\x03\x04 torn", "table.xlsx", "The file is damaged"),
        (workbook([OURS]), "table.xlsx", "The table holds no conclusion"),
        (workbook([[]]), "table.xlsx", "The table holds no conclusion"),
        (
            workbook([OURS, *[["A3", "conform"]] * 10_000]),
            "table.xlsx",
            "The table has 10,000 rows; an audit takes 2,000",
        ),
        (workbook([["x"]], [OURS, *[["A3", "conform"]] * 2_001]), "table.xlsx", "The table has 2,001 rows"),
    ],
    ids=["empty", "bytes", "torn", "header", "blank", "10000", "2001"],
)
def test_a_file_that_is_no_table_gets_a_sentence(audit, people, content, name, sentence):
    with pytest.raises(DomainError, match=sentence):
        upload_table(audit=audit, file=file_of(content, name), actor=people.carol)
    assert FindingUpload.objects.count() == 0


def test_the_template_of_another_audit_is_refused(audit, people):
    other = audit_of(people)
    content = write_workbook(template_sheets(other, []))
    with pytest.raises(DomainError, match="downloaded from another audit"):
        upload_table(audit=audit, file=file_of(content), actor=people.carol)


@pytest.mark.parametrize("state", ["scheduled", "feedback", "released"])
def test_a_closed_audit_takes_no_table(people, state):
    audit = audit_of(people, state=state)
    with pytest.raises(DomainError, match="nothing can be written in it now"):
        upload(audit, people, MAJOR)


def test_a_table_read_before_the_audit_was_closed_is_not_applied(audit, people):
    one = upload(audit, people, MAJOR)
    Audit.objects.update(state="feedback")
    with pytest.raises(DomainError, match="nothing can be written in it now"):
        apply(one, people)
    assert written(audit) == []


# 3. Twice, and at once ------------------------------------------------------------------------------


def test_the_same_file_again_is_the_same_upload(audit, people):
    content = workbook([OURS, MAJOR])
    one = upload_table(audit=audit, file=file_of(content), actor=people.carol)
    assert upload_table(audit=audit, file=file_of(content, "copy.xlsx"), actor=people.frank).pk == one.pk
    apply(one, people)
    save_conclusion(audit=audit, checkpoint="A3", base_version=1, actor=people.carol, law="")
    again = upload_table(audit=audit, file=file_of(content, "copy.xlsx"), actor=people.frank)
    assert (again.pk, again.state) == (one.pk, "applied")
    assert apply_upload(upload=one, seen="", take=(), keep=(), actor=people.carol) == 0
    assert (written(audit)[0][4], ConclusionRevision.objects.count()) == ("", 2)


def test_what_was_written_since_is_a_conflict_that_needs_a_second_look(audit, people):
    one = upload(audit, people, MAJOR, CONFORM)
    seen = preview_upload(one).seen
    save_conclusion(audit=audit, checkpoint="A3", base_version=0, actor=people.carol, conclusion="minor", law="Act")
    with pytest.raises(ConflictError, match="look at the changes again"):
        apply_upload(upload=one, seen=seen, take=(), keep=(), actor=people.carol)
    assert [line.checkpoint for line in preview_upload(one).of(Change.CONFLICT)] == ["A3"]
    with pytest.raises(DomainError, match="Choose for A3 what is to stand"):
        apply(one, people)
    assert [row[:2] for row in written(audit)] == [("A3", "minor")]
    assert apply(one, people, keep=["A3"]) == 1
    assert [row[:2] for row in written(audit)] == [("A3", "minor"), ("B1", "conform")]


def test_a_conflict_may_be_decided_for_the_table(audit, people):
    one = upload(audit, people, MAJOR)
    save_conclusion(audit=audit, checkpoint="A3", base_version=0, actor=people.carol, conclusion="minor")
    assert apply(one, people, take=["A3"]) == 1
    assert written(audit)[0][1] == "major"


def test_a_template_row_left_alone_does_not_undo_what_was_written_since(audit, people):
    save_conclusion(audit=audit, checkpoint="A3", base_version=0, actor=people.carol, conclusion="conform", law="Act")
    content = write_workbook(template_sheets(audit, standing_of(audit).values()))
    save_conclusion(audit=audit, checkpoint="A3", base_version=1, actor=people.carol, conclusion="not_reviewed")
    one = upload_table(audit=audit, file=file_of(content), actor=people.carol)
    assert {line.change for line in preview_upload(one).differences} == {Change.UNCHANGED}


# 4. A firm's own sheet ------------------------------------------------------------------------------


def test_a_firms_own_sheet_is_matched_once_and_remembered(audit, people):
    one = upload(audit, people, *FOREIGN_ROWS, header=FOREIGN)
    assert (one.state, one.mapping["header_row"]) == ("mapping", 1)
    one = match(one, people)
    preview = preview_upload(one)
    assert (one.state, preview.reading.skipped) == ("ready", 1)
    assert preview.reading.entries["A3"].named == ("VAP-A3.1", "A 3.2")
    apply(one, people)
    assert written(audit) == [
        ("A3", "major", [], "Over 60 hours.", "", "Badge records", "", ""),
        ("B1", "conform", [], "", "", "", "", ""),
    ]
    mapping = ColumnMapping.objects.get()
    assert (mapping.firm, mapping.columns, mapping.words) == (people.audit_firm, CHOSEN, MEANS)
    later = audit_of(people)
    shuffled = [[row[3], *row[:3]] for row in FOREIGN_ROWS]
    two = upload(later, people, *shuffled, header=[FOREIGN[3], *FOREIGN[:3]])
    assert (two.state, two.mapping["foreign"]) == ("ready", True)
    apply(two, people)
    assert written(later) == written(audit)


def test_a_new_word_asks_again_with_what_is_known(audit, people):
    match(upload(audit, people, *FOREIGN_ROWS, header=FOREIGN), people)
    two = upload(audit, people, ["A1", "Strange", "", ""], header=FOREIGN)
    assert two.state == "mapping"
    with pytest.raises(DomainError, match="Say what “Strange” means"):
        match(two, people, words={})
    assert match(two, people, words={"Strange": "not_reviewed"}).state == "ready"
    assert ColumnMapping.objects.get().words == {**MEANS, "Strange": "not_reviewed"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"columns": {"checkpoint": "Clause"}}, "Choose the column with the checkpoints"),
        ({"columns": {**CHOSEN, "conclusion": "Gone"}}, "Choose the column with the checkpoints"),
        ({"words": {"OK": "conform"}}, "Say what “NC major” means"),
        ({"header_row": 40}, "has nothing in row 40"),
    ],
)
def test_a_match_that_does_not_fit_gets_a_sentence(audit, people, changes, sentence):
    one = upload(audit, people, *FOREIGN_ROWS, header=FOREIGN)
    with pytest.raises(DomainError, match=sentence):
        match(one, people, **changes)
    assert ColumnMapping.objects.count() == 0


def test_another_firm_does_not_know_the_match(audit, people):
    match(upload(audit, people, *FOREIGN_ROWS, header=FOREIGN), people)
    other = make_audit(people.other_relationship, firm=people.other_buyer, state="in_progress")
    assert upload(other, people, *FOREIGN_ROWS, header=FOREIGN).state == "mapping"


def test_our_own_headers_may_be_matched_as_a_firms_sheet(audit, people):
    """A firm that took over our headers but writes finer checkpoints."""
    header, row = ["Checkpoint", "Conclusion"], ["A3.1", "OK"]
    one = upload(audit, people, row, header=header)
    assert (one.state, one.problem_count) == ("refused", 2)
    chosen = {"checkpoint": "Checkpoint", "conclusion": "Conclusion"}
    assert match(one, people, columns=chosen, words={"OK": "conform"}).state == "ready"
    assert upload(audit_of(people), people, row, header=header).state == "ready"


def test_a_foreign_sheet_of_too_many_rows_is_refused_when_it_is_read(audit, people):
    with pytest.raises(DomainError, match="The table has 2,001 rows"):
        upload(audit, people, *[["A3", "OK", "", ""]] * 2_001, header=FOREIGN)
    content = workbook([["Code"], *[["x"]] * 3_000], [FOREIGN, *FOREIGN_ROWS], titles=["Lists", "Report"])
    one = upload_table(audit=audit, file=file_of(content), actor=people.carol)
    assert (one.state, one.sheet) == ("mapping", "Report")
    assert match(one, people).state == "ready"


# 5. The pages ---------------------------------------------------------------------------------------


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def send(client, audit, content, name="table.xlsx"):
    return client.post(f"/audits/{audit.pk}/uploads/", {"file": file_of(content, name)}, follow=True)


def test_the_way_through_the_pages(audit, people):
    client = signed_in(people.carol)
    template = client.get(f"/audits/{audit.pk}/template/")
    assert read_tables(io.BytesIO(template.content))[0].headers[0] == "Checkpoint"
    content = workbook([OURS, MAJOR, CONFORM])
    page = send(client, audit, content)
    one = FindingUpload.objects.get()
    assert page.redirect_chain[-1][0] == f"/audits/{audit.pk}/uploads/{one.pk}/"
    assert "2 new checkpoints" in page.content.decode()
    done = client.post(f"/audits/{audit.pk}/uploads/{one.pk}/apply/", {"seen": page.context["seen"]}, follow=True)
    assert "2 conclusions were written." in done.content.decode()
    again = send(client, audit, content)
    assert "Uploading it again changes nothing." in again.content.decode()


def test_the_page_of_bad_cells_and_its_workbook(audit, people):
    client = signed_in(people.frank)
    page = send(client, audit, workbook([OURS, ["A3", "Major"], ["Z1", "Conform"]]))
    assert "2 cells need a correction; nothing was written" in page.content.decode()
    one = FindingUpload.objects.get()
    table = read_tables(io.BytesIO(client.get(f"/audits/{audit.pk}/uploads/{one.pk}/problems/").content))[0]
    assert [row.cells[:3] for row in table.rows] == [["D2", "Description", None], ["A3", "Checkpoint", "Z1"]]


def test_the_page_that_matches_columns(audit, people):
    client = signed_in(people.carol)
    page = send(client, audit, workbook([["Report of Rayong"], [], FOREIGN, *FOREIGN_ROWS]))
    form, address = page.context["form"], page.redirect_chain[-1][0]
    assert address.endswith("/columns/")
    guesses = {f"column_{column}": header for column, header in CHOSEN.items()}
    words = {"words_of": "Rating", "word_0": "major", "word_1": "conform", "word_2": "conform", "word_3": ""}
    assert form.initial == {**guesses, **words}
    place = {"sheet": "Sheet0", "header_row": "3"}
    missing = client.post(address, {**place, **guesses, **words})
    assert (missing.status_code, list(missing.context["form"].errors)) == (400, ["word_3"])
    other = client.post(address, {**place, **guesses, **words, "column_conclusion": "Finding"})
    assert "You chose another column of conclusions: “Finding”" in other.content.decode()
    done = client.post(address, {**place, **guesses, **words, "word_3": "skip"}, follow=True)
    assert done.redirect_chain[-1][0] == address.removesuffix("columns/")
    assert "VAP-A3.1 · A 3.2" in done.content.decode()


def test_a_choice_of_one_column_twice_is_refused(audit, people):
    client = signed_in(people.carol)
    page = send(client, audit, workbook([FOREIGN, *FOREIGN_ROWS]))
    values = {**page.context["form"].initial, "sheet": "Sheet0", "header_row": "1", "word_3": "skip"}
    answer = client.post(page.redirect_chain[-1][0], {**values, "column_law": "Finding"})
    assert "“Finding” is chosen already for “Description”." in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [("carol", 200), ("frank", 200), ("alice", 403), ("bob", 403), ("dave", 403), ("erin", 403), ("mallory", 404), ("trent", 404)],
)  # fmt: skip
def test_only_the_people_of_the_firm_upload(audit, people, name, status):
    one = upload(audit, people, MAJOR)
    client = signed_in(people.people[name])
    pages = (f"/audits/{audit.pk}/uploads/", f"/audits/{audit.pk}/template/", f"/audits/{audit.pk}/uploads/{one.pk}/")
    assert [client.get(address).status_code for address in pages] == [status] * 3


def test_an_upload_of_another_audit_is_not_found(audit, people):
    one = upload(audit, people, MAJOR)
    other = audit_of(people)
    assert signed_in(people.carol).get(f"/audits/{other.pk}/uploads/{one.pk}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_changes_costs_the_same_for_any_number_of_rows(audit, people, rows, django_assert_num_queries):
    many = [[code, "Conform", "seen"] for code in ("A1", "A2", "A4")][:rows]
    one = upload(audit, people, *many, header=OURS[:3])
    client = signed_in(people.carol)
    client.get("/inbox/")
    with django_assert_num_queries(9):
        client.get(f"/audits/{audit.pk}/uploads/{one.pk}/")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_apply_at_once_one_writes():
    people = cast()
    audit = audit_of(people)
    one = upload(audit, people, MAJOR, CONFORM)
    seen, counts, errors = preview_upload(one).seen, [], []

    def press():
        try:
            counts.append(apply_upload(upload=one, seen=seen, take=(), keep=(), actor=people.carol))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(counts), errors) == ([0, 2], [])
    assert ConclusionRevision.objects.count() == 2


def test_words_of_a_programme_know_its_own_grades(audit):
    programme = programme_of(audit.programme)
    titles = {title: str(grade.severity) for grade in programme.grades for title in grade.title.values()}
    words = words_of(programme)
    assert {title: words.conclusions[fold(title)] for title in titles} == titles
