"""Which organisation a person works for just now: the switch and what every page shows of it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from suppliers.organisations.queries import WORKSPACE_KEY, Workspace, current_workspace, workspaces_of

# What a buyer that answers for own sites, too, finds under one heading.
OWN_PAGES = frozenset({"inbox", "action_list", "result_list", "own_declaration_list", "site_list"})


def nav_of(workspace: Workspace, path: str) -> list[dict[str, Any]]:
    """Return the main links of a workspace, the current one marked; a buyer's pages of its own sites are marked `own`.

    The list of findings opens at those that are not settled.
    """
    pairs: list[tuple[str, str, str]] = []
    if workspace.is_buyer:
        pairs += [
            (_("Dashboard"), "dashboard", ""),
            (_("Suppliers"), "supplier_list", ""),
            (_("Campaigns"), "campaign_list", ""),
            (_("Questionnaires"), "questionnaire_list", ""),
            (_("Responses"), "response_list", ""),
            (_("Audits"), "audit_list", ""),
            (_("Findings"), "finding_list", "?standing=open"),
            (_("Minerals"), "minerals", ""),
            (_("Reports"), "report_list", ""),
        ]
    if workspace.is_supplier:
        pairs += [
            (_("To do"), "inbox", ""),
            (_("Audits"), "audit_list", ""),
            (_("Actions"), "action_list", ""),
            (_("Results"), "result_list", ""),
            (_("Declarations"), "own_declaration_list", ""),
            (_("Sites"), "site_list", ""),
        ]
    if workspace.is_firm:
        pairs += [(_("Audits"), "audit_list", ""), (_("Findings"), "finding_list", "?standing=open")]
    pairs.append((_("Team"), "team", ""))
    links = [(label, reverse(name), query, name) for label, name, query in dict.fromkeys(pairs)]
    # A company that buys and sells has both "Findings" and, inside it, "Actions": only the nearer one is current.
    here = max((url for _label, url, _query, _name in links if path.startswith(url)), key=len, default="")
    if not here and path.startswith(reverse("declaration_list")):  # one declaration stands beside the list, not in it
        here = reverse("own_declaration_list")
    return [
        {"label": label, "url": url + query, "current": url == here, "own": workspace.is_buyer and name in OWN_PAGES}
        for label, url, query, name in links
    ]


def workspace_context(request: HttpRequest) -> dict[str, Any]:
    """Give every template the workspace, its links and the other workspaces."""
    workspace = current_workspace(request) if hasattr(request, "user") else None
    if workspace is None:
        return {"workspace": None, "nav": [], "own_nav": [], "other_workspaces": []}
    others = [space for space in request.sanpo_workspaces if space != workspace]  # type: ignore[attr-defined]
    links = nav_of(workspace, request.path)
    own = [link for link in links if link["own"]]
    nav = [link for link in links if not link["own"]]
    return {"workspace": workspace, "nav": nav, "own_nav": own, "other_workspaces": others}


@require_POST
@login_required
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Work for another of the user's organisations."""
    if pk not in {space.organisation.pk for space in workspaces_of(request.user)}:
        raise Http404
    request.session[WORKSPACE_KEY] = pk
    return redirect("home")


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to the page they most likely want."""
    workspace = current_workspace(request)
    if workspace is None:
        return redirect("account")
    if workspace.is_buyer:
        return redirect("dashboard")
    return redirect("inbox" if workspace.is_supplier else "audit_list")
