"""Tables of conclusions for the tests of uploads: build them, upload them, apply them, see what was written."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.audits.models import AuditConclusion
from assessments.audits.services.uploading import apply_upload, match_columns, preview_upload, upload_table
from tests.factories import make_audit

OURS = ["Checkpoint", "Conclusion", "Data points", "Description", "Law cited", "Evidence", "Root cause hint", "Topic"]
MAJOR = [
    "A3",
    "Major",
    "Badge records of March\nInterview with 4 workers",
    "80 hours a week.",
    "LPA s.23",
    "IMG 4",
    "Rush",
    "",
]
CONFORM = ["B1", "Conform", "Walk through line 2", "", "", "", "", ""]


def workbook(*sheets, titles=(), merged=()):
    """An XLSX of rows, with merged cells in its first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        page = book.create_sheet(titles[number] if number < len(titles) else f"Sheet{number}")
        for row in rows:
            page.append(row)
        for cells in merged if number == 0 else ():
            page.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def file_of(content, name="table.xlsx"):
    return SimpleUploadedFile(name, content)


FOREIGN = ["Clause", "Rating", "Finding", "Objective evidence"]
FOREIGN_ROWS = [
    ["VAP-A3.1", "NC major", "Over 60 hours.", "Badge records"],
    ["A 3.2", "OK", "", ""],
    ["B1", "C", "", ""],
    ["B2", "OFI", "Could be better.", ""],
]
CHOSEN = {"checkpoint": "Clause", "conclusion": "Rating", "description": "Finding", "evidence": "Objective evidence"}
MEANS = {"NC major": "major", "OK": "conform", "C": "conform", "OFI": "skip"}


def audit_of(people, **fields):
    values = {"state": "in_progress", "firm": people.audit_firm, "auditors": [people.carol]}
    return make_audit(people.relationship, people.site, **{**values, **fields})


def upload(audit, people, *rows, header=OURS):
    return upload_table(audit=audit, file=file_of(workbook([header, *rows])), actor=people.carol)


def apply(one, people, *, take=(), keep=()):
    return apply_upload(upload=one, seen=preview_upload(one).seen, take=take, keep=keep, actor=people.carol)


def written(audit):
    columns = ("checkpoint", "conclusion", "data_points", "description", "law", "evidence", "root_cause", "topic")
    return list(AuditConclusion.objects.filter(audit=audit).order_by("checkpoint").values_list(*columns))


def match(one, people, *, columns=CHOSEN, words=MEANS, header_row=1):
    return match_columns(
        upload=one, sheet=one.sheet, header_row=header_row, columns=columns, words=words, actor=people.carol
    )
