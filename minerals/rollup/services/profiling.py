"""The company's own block and answers, which stand in every declaration it gives."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from minerals.rollup.models import CompanyProfile
from portal.accounts.models import User
from portal.trail.services import record
from suppliers.organisations.models import Organisation


@transaction.atomic
def save_profile(
    *, owner: Organisation, company: Mapping[str, str], answers: Mapping[str, Mapping[str, Any]], actor: User | None
) -> CompanyProfile:
    """Write what the company says of itself: its block, and {template: {letter: answer}}."""
    given = {"company": dict(company), "answers": {name: dict(letters) for name, letters in answers.items()}}
    profile, _made = CompanyProfile.objects.update_or_create(owner=owner, defaults={**given, "updated_by": actor})
    record("save_minerals_profile", actor=actor, thing=profile, organisation_id=owner.pk)
    return profile
