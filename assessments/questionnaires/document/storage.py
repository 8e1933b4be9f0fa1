"""The stored form: canonical JSON and its hash."""

import hashlib

import msgspec

from assessments.questionnaires.core import ShapeCode, make_problem
from assessments.questionnaires.document.reading import DocumentErrors
from assessments.questionnaires.document.structs import Document

_DECODER = msgspec.json.Decoder(Document)


def dump_json(document: Document) -> bytes:
    """Write the document as canonical JSON: keys sorted, defaults left out."""
    return msgspec.json.encode(document, order="sorted")


def load_json(data: bytes | str) -> Document:
    """Read what `dump_json` wrote. It was checked before it was stored, so only its shape is."""
    try:
        return _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeError) as error:
        problem = make_problem("", ShapeCode.NOT_STORED, error=error)
        raise DocumentErrors([problem]) from error


def document_hash(document: Document) -> str:
    """Give the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(dump_json(document)).hexdigest()
