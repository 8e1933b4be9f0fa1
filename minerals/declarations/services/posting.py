"""Files posted by programs: entered once per idempotency key."""

import hashlib
from functools import partial
from typing import Any

from django.core.files.base import File

from minerals.declarations.enums import Way
from minerals.declarations.models import Declaration
from minerals.declarations.services.handing_in import enter_declaration
from minerals.declarations.services.receiving import read_capped, receive_file
from portal.accounts.models import User
from portal.api.services import answer_once
from suppliers.organisations.models import Relationship

SUMMARY = ("missing", "errors", "red_flags", "smelters", "unknown_smelters")


def post_declaration(
    *, relationship: Relationship, year: int, upload: "File[bytes]", key: str, actor: User
) -> tuple[dict[str, Any], bool]:
    """Enter a supplier's file and return the answer, and whether it is the one given before under the same key.

    A refused post leaves no trace: its key may be used again. Raises DomainError for a file that cannot be read or
    is here already (code "known"), ConflictError for a key used for something else.
    """
    return answer_once(
        key=key,
        facts=["declaration", relationship.pk, year, hashlib.sha256(read_capped(upload)).hexdigest()],
        actor=actor,
        act=partial(enter_file, relationship, year, upload, actor),
    )


def enter_file(relationship: Relationship, year: int, upload: "File[bytes]", actor: User) -> dict[str, Any]:
    """Read, keep and enter a file; returns what the program is told."""
    stored, declared = receive_file(upload, organisation_id=relationship.buyer_id, actor=actor)
    declaration = enter_declaration(
        relationship=relationship, declared=declared, file=stored, year=year, way=Way.API, actor=actor
    )
    return answer_of(declaration)


def answer_of(declaration: Declaration) -> dict[str, Any]:
    """Return what the program is told: where the file went and what was found in it."""
    declaration.refresh_from_db()
    edition = declaration.current
    return {
        "declaration_id": declaration.pk,
        "state": declaration.state,
        "edition": edition.number if edition else 0,
        "template": declaration.template,
        "version": declaration.version,
        **{name: getattr(declaration, name) for name in SUMMARY},
    }
