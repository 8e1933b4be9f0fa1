"""Deeds on organisations, their sites, and who buys from whom."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.lib.errors import DomainError
from portal.trail.services import record
from suppliers.organisations.enums import EndReason, Sector
from suppliers.organisations.models import Organisation, Relationship, Site

SITE_COLUMNS = frozenset(
    {
        "code",
        "name",
        "country",
        "city",
        "address",
        "sector",
        "workers",
        "contact_name",
        "contact_email",
        "contact_language",
    }
)


def save_checked(thing: Model) -> None:
    """Check every column and constraint, then save; raise DomainError with the first sentence."""
    try:
        thing.full_clean()
        thing.save()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), code="invalid", detail=error.message_dict) from error
    except IntegrityError as error:  # somebody else was quicker with the same code
        raise DomainError(_("This code was taken a moment ago. Choose another one."), code="taken") from error


@transaction.atomic
def create_organisation(*, name: str, country: str, actor: User | None) -> Organisation:
    """Create a company. Writes the trail; raises DomainError for an empty name or an unknown country."""
    organisation = Organisation(name=name.strip(), country=country)
    save_checked(organisation)
    record(
        "create_organisation",
        actor=actor,
        thing=organisation,
        organisation_id=organisation.pk,
        name=organisation.name,
    )
    return organisation


@transaction.atomic
def change_organisation(*, organisation: Organisation, name: str, country: str, actor: User | None) -> Organisation:
    """Change the name and country of a company. Writes the trail."""
    before = [organisation.name, str(organisation.country)]
    organisation.name, organisation.country = name.strip(), country
    save_checked(organisation)
    after = [organisation.name, str(organisation.country)]
    if after != before:
        record(
            "change_organisation",
            actor=actor,
            thing=organisation,
            organisation_id=organisation.pk,
            before=before,
            after=after,
        )
    return organisation


@transaction.atomic
def create_site(
    *,
    organisation: Organisation,
    name: str,
    country: str,
    code: str = "",
    city: str = "",
    address: str = "",
    sector: Sector | str = Sector.OTHER,
    workers: int | None = None,
    contact_name: str = "",
    contact_email: str = "",
    contact_language: str = "en",
    actor: User | None,
) -> Site:
    """Create a plant or office; without a code it gets the next number. Writes the trail.

    Raises DomainError when the code is taken or a value is not possible.
    """
    site = Site(
        organisation=organisation,
        code=code.strip() or next_site_code(organisation),
        name=name.strip(),
        country=country,
        city=city.strip(),
        address=address.strip(),
        sector=sector,
        workers=workers,
        contact_name=contact_name.strip(),
        contact_email=contact_email.strip(),
        contact_language=contact_language,
    )
    save_checked(site)
    record("create_site", actor=actor, thing=site, organisation_id=organisation.pk, name=site.name, code=site.code)
    return site


def next_site_code(organisation: Organisation) -> str:
    """Return the next free number as a code: "1", "2" ..."""
    taken = [
        int(code) for code in organisation.sites.values_list("code", flat=True) if code.isascii() and code.isdecimal()
    ]
    return str(max(taken, default=0) + 1)


@transaction.atomic
def change_site(*, site: Site, actor: User | None, **values: Any) -> Site:
    """Change columns of a site. Writes the trail with what changed; an unknown column is a TypeError."""
    unknown = set(values) - SITE_COLUMNS
    if unknown:
        raise TypeError(f"A site has no column {sorted(unknown)} to change.")
    changed = []
    for name, value in values.items():
        clean = value.strip() if isinstance(value, str) else value
        if getattr(site, name) != clean:
            changed.append(name)
            setattr(site, name, clean)
    if changed:
        save_checked(site)
        record("change_site", actor=actor, thing=site, organisation_id=site.organisation_id, changed=sorted(changed))
    return site


@transaction.atomic
def close_site(*, site: Site, closed_on: date, actor: User | None) -> Site:
    """Write that a site was closed on a day: it is not asked from then on, what it answered stays. Writes the trail."""
    if site.closed_on is not None:
        raise DomainError(_("This site is closed already."), code="closed")
    if closed_on > timezone.localdate():
        raise DomainError(_("The day of the closure lies in the future. Enter today or an earlier day."), code="future")
    site.closed_on = closed_on
    site.save(update_fields=["closed_on"])
    record("close_site", actor=actor, thing=site, organisation_id=site.organisation_id, on=closed_on.isoformat())
    return site


@transaction.atomic
def reopen_site(*, site: Site, actor: User | None) -> Site:
    """Take the closure of a site back. Writes the trail."""
    if site.closed_on is not None:
        site.closed_on = None
        site.save(update_fields=["closed_on"])
        record("reopen_site", actor=actor, thing=site, organisation_id=site.organisation_id)
    return site


@transaction.atomic
def start_relationship(
    *,
    buyer: Organisation,
    supplier: Organisation,
    vendor_code: str,
    business_unit: str = "",
    region: str = "",
    category: str = "",
    tier: int = 1,
    started_on: date | None = None,
    actor: User | None,
) -> Relationship:
    """Write that a buyer buys from a supplier; for a buyer's own sites both are the same. Writes the trail.

    Raises DomainError when the vendor code or the pair exists already.
    """
    relationship = Relationship(
        buyer=buyer,
        supplier=supplier,
        vendor_code=vendor_code.strip(),
        business_unit=business_unit.strip(),
        region=region.strip(),
        category=category.strip(),
        tier=tier,
        started_on=started_on,
    )
    save_checked(relationship)
    record(
        "start_relationship",
        actor=actor,
        thing=relationship,
        organisation_id=buyer.pk,
        supplier=supplier.name,
        vendor_code=relationship.vendor_code,
    )
    return relationship


@transaction.atomic
def end_relationship(
    *, relationship: Relationship, ended_on: date, reason: EndReason | str, actor: User | None
) -> Relationship:
    """Write when and why buying ended; what was asked and found stays. Writes the trail.

    Raises DomainError when it ended already, or before it started.
    """
    if relationship.ended_on is not None:
        raise DomainError(_("This relationship has ended already."), code="ended")
    if relationship.started_on is not None and ended_on < relationship.started_on:
        raise DomainError(_("The end lies before the start. Enter a later day."), code="order")
    relationship.ended_on, relationship.end_reason = ended_on, EndReason(reason)
    relationship.save(update_fields=["ended_on", "end_reason"])
    record(
        "end_relationship",
        actor=actor,
        thing=relationship,
        organisation_id=relationship.buyer_id,
        on=ended_on.isoformat(),
        reason=relationship.end_reason,
    )
    return relationship
