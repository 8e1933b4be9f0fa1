"""Entering and changing requests, declining one and taking it up again."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from minerals.customers.enums import AskedScope
from minerals.customers.enums import RequestState as State
from minerals.customers.lifecycle import advance
from minerals.customers.models import CustomerRequest
from portal.accounts.models import User
from portal.lib.errors import DomainError
from portal.trail.services import record
from suppliers.organisations.models import Organisation

COLUMNS = (
    "customer",
    "contact",
    "contact_email",
    "language",
    "template",
    "version",
    "scope",
    "group",
    "products",
    "reference",
    "received_on",
    "due_on",
)


@transaction.atomic
def enter_request(*, owner: Organisation, values: Mapping[str, Any], actor: User | None) -> CustomerRequest:
    """Add a request to the register. Raises DomainError for a scope without what it speaks of."""
    request = CustomerRequest(owner=owner, created_by=actor)
    put_values(request, values)
    request.save()
    record("enter_customer_request", actor=actor, thing=request, organisation_id=owner.pk, customer=request.customer)
    return request


@transaction.atomic
def change_request(*, request: CustomerRequest, values: Mapping[str, Any], actor: User) -> CustomerRequest:
    """Correct a request; answers already given stay as they were."""
    put_values(request, values)
    request.save(update_fields=COLUMNS)
    record(
        "change_customer_request",
        actor=actor,
        thing=request,
        organisation_id=request.owner_id,
        customer=request.customer,
    )
    return request


def put_values(request: CustomerRequest, values: Mapping[str, Any]) -> None:
    """Set the columns; what another scope would need is emptied."""
    for name in COLUMNS:
        if name in values:
            setattr(request, name, values[name])
    if request.scope == AskedScope.GROUP and request.group is None:
        raise DomainError(_("Choose the product group that the customer asks for."), code="group")
    if request.scope == AskedScope.PRODUCTS and not request.products.strip():
        raise DomainError(_("List the products that the customer asks for, one in a line."), code="products")
    if request.group is not None and request.group.owner_id != request.owner_id:
        raise DomainError(_("Choose the product group that the customer asks for."), code="group")
    if request.scope == AskedScope.COMPANY:
        request.group, request.products = None, ""
    if request.due_on and request.due_on < request.received_on:
        raise DomainError(_("The due date lies before the day the request came in."), code="dates")


@transaction.atomic
def decline_request(*, request: CustomerRequest, reason: str, actor: User) -> None:
    """Decline a request, with the reason for the register; no mail is sent."""
    if not reason.strip():
        raise DomainError(_("Say why the request is declined."), code="reason")
    advance(request, State.DECLINED, actor=actor, reason=reason.strip())
    record(
        "decline_customer_request",
        actor=actor,
        thing=request,
        organisation_id=request.owner_id,
        customer=request.customer,
        reason=reason.strip(),
    )


@transaction.atomic
def reopen_request(*, request: CustomerRequest, actor: User) -> None:
    """Take up a declined request again."""
    advance(request, State.OPEN, actor=actor)
    record(
        "reopen_customer_request",
        actor=actor,
        thing=request,
        organisation_id=request.owner_id,
        customer=request.customer,
    )
