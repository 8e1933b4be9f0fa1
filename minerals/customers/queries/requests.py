"""Customers' requests: who sees them, and the list as it is filtered, searched and sorted."""

import datetime
from collections.abc import Mapping, Sequence

from django.db.models import Case, F, Q, QuerySet, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.customers.enums import AskedScope, RequestState
from minerals.customers.models import TEMPLATES, CustomerRequest
from portal.lib.listing import Facet, narrow_rows, search_rows, sort_rows
from suppliers.organisations.enums import BUYER_ROLES
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, organisations_where

SOON = datetime.timedelta(days=7)
COLUMNS = {
    "customer": "customer",
    "template": "template",
    "received": "received_on",
    "due": "due_on",
    "state": "state",
    "answered": "answered_at",
}
SEARCHED = ("customer", "contact", "contact_email", "reference", "products")


def visible_requests(user: Reader) -> QuerySet[CustomerRequest]:
    """Return the requests to the companies the user buys for."""
    return CustomerRequest.objects.filter(owner_id__in=organisations_where(user, BUYER_ROLES))


def listed_requests(user: Reader, owner: Organisation | None) -> QuerySet[CustomerRequest]:
    """Return the rows of the list of one company."""
    rows = visible_requests(user).filter(owner=owner) if owner else CustomerRequest.objects.none()
    return rows.select_related("group", "answered_by")


def facets_of() -> Sequence[Facet]:
    """Return the filters of the list."""
    whens = [("late", _("Overdue")), ("soon", _("Within 7 days")), ("later", _("Later")), ("none", _("No date"))]
    return [
        Facet("state", _("State"), RequestState.choices, "state"),
        Facet("due", _("Due"), whens, due_clause),
        Facet("template", _("Template"), TEMPLATES, "template"),
        Facet("scope", _("Scope"), AskedScope.choices, "scope"),
    ]


def due_clause(when: str) -> Q:
    """Return what a span of due dates means for requests that are still open."""
    today = timezone.localdate()
    spans = {
        "late": Q(due_on__lt=today),
        "soon": Q(due_on__range=(today, today + SOON)),
        "later": Q(due_on__gt=today + SOON),
        "none": Q(due_on=None),
    }
    return spans[when] & Q(state=RequestState.OPEN)


def wanted_requests(
    rows: QuerySet[CustomerRequest], params: QueryDict | Mapping[str, str]
) -> QuerySet[CustomerRequest]:
    """Return the rows the address asks for. Unsorted: the open ones first, by their due date."""
    rows = search_rows(narrow_rows(rows, facets_of(), params), params.get("q", ""), SEARCHED)
    wanted = params.get("sort", "")
    if wanted.removeprefix("-") in COLUMNS:
        return sort_rows(rows, COLUMNS, wanted, "due")
    waits = Case(When(state=RequestState.OPEN, then=0), default=1)
    return rows.order_by(waits, F("due_on").asc(nulls_last=True), "-received_on", "pk")
