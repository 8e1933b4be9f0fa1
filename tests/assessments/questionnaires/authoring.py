"""A small line of versions for tests of authoring: a standard questionnaire, and an extension of it."""

import io

import msgspec
import openpyxl

from assessments.questionnaires.document import parse_extension
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.services.workbooks import write_document
from tests.assessments.questionnaires.builders import make_document, make_question
from tests.factories import make_version

FLAG = {
    "code": "F-NO",
    "provision": "A1",
    "severity": "minor",
    "when": {"question": "A1-ONE", "is": "no"},
    "text": "It is not so.",
}
ONE = make_question("A1-ONE", weight=1)
TWO = make_question("A1-TWO", "number", unit="days", min=0)
OWN = {
    "code": "ours",
    "version": "1.0",
    "title": {"en": "Ours"},
    "sections": [
        {
            "code": "OWN",
            "title": {"en": "Our own"},
            "questions": [
                {
                    "code": "OWN-ONE",
                    "kind": "yes_no",
                    "text": {"en": "Do you?"},
                    "provision": "A1",
                    "show_if": {"question": "A1-ONE", "is": "yes"},
                }
            ],
        }
    ],
}


def standard_document(*questions, **fields):
    return make_document(
        *(questions or [ONE, TWO]), **{"code": "standard", "version": "1.0", "flags": [FLAG], **fields}
    )


def keep(document, **fields):
    """Store a document as a published version, or in the state given."""
    return make_version(msgspec.to_builtins(document), **fields)


def extended(base, owner, **own):
    """Store an extension of a version, with OWN changed as given."""
    fields = {key: own.pop(key) for key in ("state", "published_at") if key in own}
    document = parse_extension(document_of(base), {**OWN, **own})
    return keep(document, owner=owner, base=base, **fields)


def workbook_of(document, base=None):
    return write_document(document, base=base)


def spoil(content, sheet, cell, value):
    """Write another value into a cell of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def own_document(**fields):
    return make_document(*fields.pop("questions", [ONE, TWO]), **{"code": "ours", "version": "1.0", **fields})


def draft_of(people, **fields):
    """Store the next version of the buyer's own questionnaire as a draft."""
    return keep(own_document(version="1.1", **fields), owner=people.buyer, state="draft", published_at=None)
