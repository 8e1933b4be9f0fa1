"""Fetch a campaign and ask for the right to do something with it, in one breath."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.permissions import may
from assessments.campaigns.queries import visible_campaigns, visible_requests
from portal.accounts.models import User
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import current_workspace


def fetch_campaign(request: HttpRequest, pk: int, deed: str = "read") -> Campaign:
    """Return the campaign: 404 for strangers, 403 for a deed the role does not have."""
    rows = visible_campaigns(request.user).select_related(
        "buyer", "version__questionnaire", "version__base__questionnaire", "job"
    )
    campaign = get_object_or_404(rows.defer("version__document", "version__base__document"), pk=pk)
    if deed != "read" and not may(request.user, deed, campaign.buyer):
        raise PermissionDenied
    return campaign


def fetch_request(request: HttpRequest, pk: int, request_pk: int, deed: str) -> Request:
    """Return one request of a campaign: 404 for strangers, 403 for a deed the role does not have."""
    rows = (
        visible_requests(request.user)
        .filter(campaign_id=pk)
        .select_related(
            "campaign__buyer",
            "campaign__version",
            "site__organisation",
            "relationship",
            "response",
            "declaration",
            "invitation",
        )
    )
    found = get_object_or_404(rows, pk=request_pk)
    if not may(request.user, deed, found.campaign.buyer):
        raise PermissionDenied
    return found


def buyer_of(request: HttpRequest) -> Organisation:
    """Return the organisation whose campaigns this person works on just now; 403 where they are no buyer."""
    workspace = current_workspace(request)
    if workspace is None or not workspace.is_buyer:
        raise PermissionDenied
    return workspace.organisation


def person_of(request: HttpRequest) -> User:
    """Return the signed-in person, for services that leave a trace."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
