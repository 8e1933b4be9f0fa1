"""Reads of responses: who sees which."""

from django.db.models import QuerySet

from assessments.responses.models import Response, Submission
from suppliers.organisations.enums import SUPPLIER_ROLES
from suppliers.organisations.queries import Reader, bought_relationships, organisations_where


def own_responses(user: Reader) -> QuerySet[Response]:
    """Return responses of the user's own sites: the people who answer."""
    return Response.objects.filter(site__organisation_id__in=organisations_where(user, SUPPLIER_ROLES))


def asked_responses(user: Reader) -> QuerySet[Response]:
    """Return responses the user sees as the buyer: their states, and their submissions once handed in."""
    return Response.objects.filter(relationship_id__in=bought_relationships(user).values("pk"))


def visible_responses(user: Reader) -> QuerySet[Response]:
    """Return responses the user may see at all."""
    return own_responses(user) | asked_responses(user)


def visible_submissions(user: Reader) -> QuerySet[Submission]:
    """Return frozen submissions the user may see."""
    return Submission.objects.filter(response_id__in=visible_responses(user).values("pk"))
