"""What hangs on each question of a version, for those who may look at it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from assessments.questionnaires.queries import document_of, visible_versions
from assessments.scoring.reports.weights import weight_facts


@login_required
def questionnaire_weights(request: HttpRequest, pk: int) -> HttpResponse:
    """What each section, provision and answer can move, and which questions move nothing."""
    version = get_object_or_404(visible_versions(request.user), pk=pk)
    facts = weight_facts(document_of(version))
    return render(request, "scoring/weights.html", {"version": version, "facts": facts})
