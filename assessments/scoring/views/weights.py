"""What hangs on each question of a version, for those who may look at it."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.questionnaires.queries import document_of, visible_versions
from assessments.scoring.reports.weights import weight_facts
from portal.lib.formats import figure
from portal.lib.listing import ROWS, Facet, filter_context


@login_required
def questionnaire_weights(request: HttpRequest, pk: int) -> HttpResponse:
    """What each section, provision and answer can move, and which questions move nothing."""
    version = get_object_or_404(visible_versions(request.user), pk=pk)
    facts = weight_facts(document_of(version))
    sections = [(line.part.code, line.title) for line in facts.sections]
    facet = Facet("section", _("Section"), sections, lambda _value: Q())
    wanted = request.GET.get("section", "")
    lines = [line for line in facts.moving if not facet.allows(wanted) or line.question.section == wanted]
    remains = ngettext("%(shown)s question", "%(shown)s questions", len(lines)) % {"shown": figure(len(lines))}
    context = {
        "version": version,
        "facts": facts,
        "page": Paginator(lines, ROWS).get_page(request.GET.get("page")),
        **filter_context(request, [facet], remains=remains),
    }
    return render(request, "scoring/weights.html", context)
