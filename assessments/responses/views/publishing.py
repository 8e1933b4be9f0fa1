"""Publishing a version of a questionnaire: here, because the page tells what becomes of the answers there are."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.questionnaires.comparison import compare_documents
from assessments.questionnaires.enums import Extent, VersionState
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.permissions import may
from assessments.questionnaires.queries import document_of, previous_version, versions_of, visible_versions
from assessments.questionnaires.services import publish_version
from assessments.responses.queries import count_answering_sites
from portal.accounts.queries import signed_in
from portal.lib.errors import ConflictError


@login_required
@require_http_methods(["GET", "POST"])
def questionnaire_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what publishing means, and publish what was looked at."""
    rows = visible_versions(request.user).select_related("questionnaire__owner", "base__questionnaire")
    version = get_object_or_404(rows.defer("document", "base__document"), pk=pk)
    if not may(request.user, "publish", version):
        raise PermissionDenied
    if version.state != VersionState.DRAFT:
        return redirect("questionnaire_detail", version.pk)
    if request.method == "POST":
        if request.POST.get("seen") != version.sha256:
            raise ConflictError(_("The draft was changed after you looked at it. Look at it again, then publish it."))
        publish_version(version, actor=signed_in(request), retire_earlier=request.POST.get("retire") == "on")
        messages.success(request, _("Version %(number)s can be sent now.") % {"number": version.version})
        return redirect("questionnaire_detail", version.pk)
    return render(request, "questionnaires/publish.html", publish_context(version))


def publish_context(version: QuestionnaireVersion) -> dict[str, Any]:
    """Return what becomes of earlier answers, of how many sites, and which versions could be taken out of use."""
    previous = previous_version(version)
    standing = versions_of(version).filter(state=VersionState.PUBLISHED)
    context: dict[str, Any] = {"version": version, "previous": previous, "standing": list(standing)}
    if previous is None:
        return context
    comparison = compare_documents(document_of(previous), document_of(version))
    lines = {version.questionnaire_id, previous.questionnaire_id}
    return {
        **context,
        "sites": count_answering_sites(lines, version.questionnaire.owner_id),
        "carries": {extent.value: len(comparison.carrying(extent)) for extent in Extent},
        "total": len(document_of(version).questions),
    }
