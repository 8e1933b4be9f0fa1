"""Writing to the trail."""

from django.db.models import Model
from django.http import HttpRequest

from portal.accounts.models import User
from portal.trail.models import Entry


def record(
    deed: str,
    *,
    actor: User | None,
    thing: Model | None = None,
    organisation_id: int | None = None,
    address: str | None = None,
    **detail: object,
) -> Entry:
    """Add one entry: `deed` is verb_noun, `detail` holds JSON-ready facts without secrets."""
    return Entry.objects.create(
        deed=deed,
        actor=actor,
        actor_label=str(actor) if actor else "",
        organisation_id=organisation_id,
        thing_type=thing._meta.label_lower if thing else "",
        thing_id=str(thing.pk) if thing else "",
        detail=detail,
        address=address,
    )


def address_of(request: HttpRequest) -> str | None:
    """Return the address a request came from, as the server saw it."""
    return request.META.get("REMOTE_ADDR") or None
