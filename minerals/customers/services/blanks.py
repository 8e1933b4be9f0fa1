"""Keeping the blank templates a company fills."""

from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from minerals.customers.models import BlankTemplate
from minerals.customers.services.filling import open_blank
from minerals.smelters.services.lists import note_template_list
from minerals.templates_io.document import Declared
from minerals.templates_io.services import read_file
from portal.accounts.models import User
from portal.files.services import store_upload
from portal.lib.errors import DomainError
from portal.trail.services import record
from suppliers.organisations.models import Organisation


@transaction.atomic
def add_blank(*, owner: Organisation, upload: "File[Any]", actor: User) -> BlankTemplate:
    """Keep a blank template; its list of smelters goes to the registry like that of any other template.

    Raises DomainError for a file that is no template, cannot be filled, or is filled in already. The same file
    uploaded again is the blank that is there."""
    upload.seek(0)
    content = upload.read()
    declared = read_file(content)
    blank = open_blank(content)
    refuse_filled(declared)
    file = store_upload(upload, organisation_id=owner.pk, actor=actor)
    values = {
        "template": blank.template.value,
        "version": declared.version,
        "language": declared.language[:40],
        "uploaded_by": actor,
    }
    kept, new = BlankTemplate.objects.get_or_create(owner=owner, file=file, defaults=values)
    if new:
        note_template_list(
            owner_id=owner.pk, template=declared.template, version=declared.version, rows=declared.lookup, actor=actor
        )
        record("add_blank_template", actor=actor, thing=kept, organisation_id=owner.pk, template=str(kept))
    return kept


def refuse_filled(declared: Declared) -> None:
    """Refuse a template with somebody's answers: they would stay in between ours."""
    answers = [answer.value for given in declared.answers.values() for answer in given.values()]
    if declared.company.name or declared.smelters or any(answers):
        message = _("This template is filled in already. Download a fresh one and upload it as it is.")
        raise DomainError(message, code="filled")


@transaction.atomic
def remove_blank(*, blank: BlankTemplate, actor: User) -> None:
    """Take a blank off the list; answers made from it stay."""
    record("remove_blank_template", actor=actor, organisation_id=blank.owner_id, template=str(blank))
    blank.delete()
