"""Programmes: freeze the version an audit is asked for under; a buyer's own versions."""

import hashlib
import json
from typing import Any

from django.utils.translation import gettext as _
from msgspec import to_builtins

from assessments.audits.document import Programme, known_programmes, read_programme
from assessments.audits.models import ProgrammeVersion
from portal.lib.errors import DomainError
from suppliers.organisations.models import Organisation


def freeze_programme(code: str, *, buyer: Organisation) -> ProgrammeVersion:
    """Return the version that new audits of a buyer take: its own newest one, else the standard one as it is now.

    A standard one is written with its first audit. Raises DomainError for an unknown code.
    """
    own = ProgrammeVersion.objects.filter(owner=buyer, code=code, withdrawn_at=None).order_by("-pk").first()
    if own is not None:
        return own
    if code not in known_programmes():
        raise DomainError(_("There is no such audit programme. Choose one from the list."), code="programme")
    programme = read_programme(code)
    text = document_text(programme)
    version, created = ProgrammeVersion.objects.get_or_create(
        owner=None, code=code, version=programme.version, defaults=columns_of(programme, text)
    )
    if not created and version.document != text:
        raise ValueError(f"The pack {code} was changed without a new version ({programme.version}).")
    return version


def document_text(programme: Programme) -> str:
    """Return the JSON a programme is stored as: the same programme gives the same text."""
    return json.dumps(to_builtins(programme), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def columns_of(programme: Programme, text: str) -> dict[str, Any]:
    """Return what a version row holds beside its key."""
    return {"title": programme.title, "document": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}
