"""What the pages share: fetch a declaration within the reader's rights, and tell which side the reader is on."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from minerals.declarations.models import Declaration, Edition
from minerals.declarations.permissions import may
from minerals.declarations.queries import visible_declarations
from suppliers.organisations.queries import Workspace, current_workspace

RELATED = ("relationship__buyer", "relationship__supplier", "site", "current__file", "current__created_by", "follows")


@dataclass(frozen=True)
class Side:
    """What a reader is to a declaration. Where both companies are one, the workspace's role decides."""

    is_buyer: bool
    may_fill: bool = False
    may_hand_in: bool = False
    may_review: bool = False


def fetch_declaration(request: HttpRequest, pk: int, *deeds: str) -> Declaration:
    """Return a declaration the reader sees, 404 otherwise; 403 unless they may do one of the deeds."""
    rows = visible_declarations(request.user).select_related(*RELATED)
    declaration: Declaration = get_object_or_404(rows, pk=pk)
    if deeds and not any(may(request.user, deed, declaration) for deed in deeds):
        raise PermissionDenied
    return declaration


def side_of(request: HttpRequest, declaration: Declaration) -> Side:
    """Return which side the reader is on, with what they may do there."""
    user, bond = request.user, declaration.relationship
    own = may(user, "read_draft", declaration)
    asking = may(user, "read", declaration)
    workspace = current_workspace(request)
    as_buyer = asking and (not own or (workspace is not None and workspace.organisation.pk == bond.buyer_id))
    if as_buyer and not (own and bond.buyer_id == bond.supplier_id):
        return Side(is_buyer=True, may_review=may(user, "review", declaration))
    return Side(
        is_buyer=False,
        may_fill=may(user, "fill", declaration),
        may_hand_in=may(user, "hand_in", declaration),
        may_review=asking and may(user, "review", declaration),
    )


def fetch_edition(request: HttpRequest, pk: int, number: int) -> Edition:
    """Return an edition the reader sees: a buyer sees none before it is handed in."""
    declaration = fetch_declaration(request, pk)
    edition = get_object_or_404(declaration.editions.select_related("file", "created_by"), number=number)
    if edition.handed_in_at is None and not may(request.user, "read_draft", declaration):
        raise Http404
    edition.declaration = declaration
    return edition


def buyer_workspace(request: HttpRequest) -> Workspace:
    """Return the workspace when it is a buyer's; 403 for everybody else."""
    workspace = current_workspace(request)
    if workspace is None or not workspace.is_buyer:
        raise PermissionDenied
    return workspace


def supplier_workspace(request: HttpRequest) -> Workspace:
    """Return the workspace when it is a supplier's; 403 for everybody else."""
    workspace = current_workspace(request)
    if workspace is None or not workspace.is_supplier:
        raise PermissionDenied
    return workspace
