"""Programmes: freeze the version an audit is asked for under; write and withdraw a buyer's own versions."""

import hashlib
import json
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import to_builtins

from assessments.audits.document import Programme, known_programmes, programme_problems, read_programme
from assessments.audits.models import ProgrammeVersion
from assessments.audits.queries import programme_of
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError
from portal.trail.services import record
from suppliers.organisations.models import Organisation


def freeze_programme(code: str, *, buyer: Organisation) -> ProgrammeVersion:
    """Return the version that new audits of a buyer take: its own newest one, else the standard one as it is now.

    A standard one is written with its first audit. Raises DomainError for an unknown code.
    """
    own = own_version(code, buyer)
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


def own_version(code: str, buyer: Organisation) -> ProgrammeVersion | None:
    """Return the buyer's own newest version that was not withdrawn."""
    return ProgrammeVersion.objects.filter(owner=buyer, code=code, withdrawn_at=None).order_by("-pk").first()


@transaction.atomic
def save_programme(programme: Programme, *, buyer: Organisation, base: int | None, actor: User) -> ProgrammeVersion:
    """Write a programme as the newest version of a buyer's own; audits from now on take it, earlier ones keep theirs.

    `base` is the own version of that code the writer started from, None where the buyer had none: if another one is the
    newest by now, ConflictError. Raises DomainError for a programme that does not hold together or changes nothing.
    """
    Organisation.objects.select_for_update().get(pk=buyer.pk)  # two who save at once take turns
    newest = own_version(programme.code, buyer)
    if (newest.pk if newest else None) != base:
        message = _("Somebody else saved a version of this programme meanwhile. Open it again to start from that one.")
        raise ConflictError(message)
    number = ProgrammeVersion.objects.filter(owner=buyer, code=programme.code).count() + 1
    programme = msgspec.structs.replace(programme, version=str(number))
    refuse_problems(programme)
    refuse_same(programme, newest)
    row = ProgrammeVersion.objects.create(
        owner=buyer,
        code=programme.code,
        version=programme.version,
        created_by=actor,
        **columns_of(programme, document_text(programme)),
    )
    named = {"name": programme.code, "version": programme.version}
    record("save_programme", actor=actor, thing=row, organisation_id=buyer.pk, **named)
    return row


def refuse_problems(programme: Programme) -> None:
    """Raise DomainError for a programme that no audit could be held against."""
    problems = programme_problems(programme)
    if problems:
        message = _("This programme does not hold together. %(problems)s") % {"problems": " ".join(problems)}
        raise DomainError(message, code="programme")


def refuse_same(programme: Programme, newest: ProgrammeVersion | None) -> None:
    """Raise DomainError where the newest version says all this already, or else the one that ships."""
    if newest is not None:
        standing = programme_of(newest)
    elif programme.code in known_programmes():
        standing = read_programme(programme.code)
    else:
        return
    if msgspec.structs.replace(standing, version=programme.version) == programme:
        raise DomainError(_("Nothing was changed, so no version was written."), code="same")


@transaction.atomic
def withdraw_programme(code: str, *, buyer: Organisation, actor: User) -> None:
    """Take a buyer's own programme back in all its versions: no further audit takes it, those that did keep it.

    Where a programme of that code ships, audits take that one again. Raises DomainError where nothing is in force.
    """
    own = ProgrammeVersion.objects.filter(owner=buyer, code=code, withdrawn_at=None)
    newest = own.order_by("-pk").first()
    if newest is None:
        raise DomainError(_("This programme is not one of your own, or it was withdrawn already."), code="withdrawn")
    own.update(withdrawn_at=timezone.now())
    record("withdraw_programme", actor=actor, thing=newest, organisation_id=buyer.pk, name=code)


def document_text(programme: Programme) -> str:
    """Return the JSON a programme is stored as: the same programme gives the same text."""
    return json.dumps(to_builtins(programme), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def columns_of(programme: Programme, text: str) -> dict[str, Any]:
    """Return what a version row holds beside its key."""
    return {"title": programme.title, "document": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}
