"""Files posted by programs: entered once per idempotency key."""

import hashlib
import json
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from minerals.declarations.enums import Way
from minerals.declarations.models import Declaration, PostedFile
from minerals.declarations.services.handing_in import enter_declaration
from minerals.declarations.services.receiving import read_capped, receive_file
from portal.accounts.models import User
from portal.lib.errors import ConflictError
from suppliers.organisations.models import Relationship

SUMMARY = ("missing", "errors", "red_flags", "smelters", "unknown_smelters")


@transaction.atomic
def post_declaration(
    *, relationship: Relationship, year: int, upload: "File[bytes]", key: str, actor: User
) -> tuple[dict[str, Any], bool]:
    """Enter a supplier's file and return the answer, and whether it is the one given before under the same key.

    A refused post leaves no trace: its key may be used again. Raises DomainError for a file that cannot be read or
    is here already (code "known"), ConflictError for a key used for something else.
    """
    facts = [relationship.pk, year, hashlib.sha256(read_capped(upload)).hexdigest()]
    print_ = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    known = PostedFile.objects.filter(user=actor, key=key).first()
    if known is not None:
        return known_answer(known, print_), True
    try:
        with transaction.atomic():
            posted = PostedFile.objects.create(user=actor, key=key, sha256=print_)
    except IntegrityError as error:  # the same key at the same time
        raise used_key() from error
    stored, declared = receive_file(upload, organisation_id=relationship.buyer_id, actor=actor)
    declaration = enter_declaration(
        relationship=relationship, declared=declared, file=stored, year=year, way=Way.API, actor=actor
    )
    posted.answer = answer_of(declaration)
    posted.save(update_fields=["answer"])
    return posted.answer, False


def known_answer(known: PostedFile, print_: str) -> dict[str, Any]:
    """Return what was answered before; raises ConflictError when something else was posted."""
    if known.sha256 != print_:
        raise used_key()
    answer: dict[str, Any] = known.answer
    return answer


def used_key() -> ConflictError:
    """The error for a key that stands for another post."""
    message = _("This Idempotency-Key was used for something else. Take a new one for every new post.")
    return ConflictError(message, code="key_used")


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
