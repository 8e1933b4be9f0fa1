"""The buyer's review: the frozen answers with the score explained, then accept or return."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.responses import services
from assessments.responses.models import Response, ReviewComment
from assessments.responses.permissions import may
from assessments.responses.queries import asked_responses
from assessments.scoring.forms import ReturnForm
from assessments.scoring.reports.provisions import provision_scores
from assessments.scoring.reports.results import RELATED, result_facts
from portal.accounts.queries import signed_in


def fetch_asked(request: HttpRequest, pk: int, deed: str) -> Response:
    """Return the response, or 404 for strangers and 403 for people who may not do the deed."""
    response = get_object_or_404(asked_responses(request.user).select_related(*RELATED), pk=pk)
    if not may(request.user, deed, response):
        raise PermissionDenied
    return response


@login_required
def response_review(request: HttpRequest, pk: int) -> HttpResponse:
    """What a site handed in, question by question, and what it did to the score."""
    return show_review(request, fetch_asked(request, pk, "read_submission"))


def show_review(request: HttpRequest, response: Response, form: ReturnForm | None = None) -> HttpResponse:
    """Render the review page, with the errors of a refused return."""
    comments = ReviewComment.objects.filter(submission__response=response).select_related("author", "submission")
    by_code: dict[str, list[ReviewComment]] = {}
    for comment in comments.order_by("at"):
        by_code.setdefault(comment.code, []).append(comment)
    facts = result_facts(response)
    context = {
        "response": response,
        "facts": facts,
        "provisions": provision_scores(facts, request.GET.get("group", "")) if facts else None,
        "comments": by_code,
        "changes": response.changes.select_related("actor").order_by("at"),
        "may_review": may(request.user, "review", response),
        "form": form,
        "typed": typed_words(form),
    }
    return render(request, "scoring/review.html", context, status=422 if form else 200)


def typed_words(form: ReturnForm | None) -> dict[str, str]:
    """Return what was written beside the questions in a refused return, so that no word is lost."""
    return {name.removeprefix("c-"): str(form.data.get(name, "")) for name in form.fields} if form else {}


@require_POST
@login_required
def review_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the review: from now on the site cannot withdraw."""
    response = fetch_asked(request, pk, "review")
    services.start_review(response=response, actor=signed_in(request))
    return redirect("response_review", pk)


@require_POST
@login_required
def review_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the answers."""
    response = fetch_asked(request, pk, "review")
    services.accept_response(response=response, actor=signed_in(request))
    messages.success(request, _("The answers are accepted."))
    return redirect("response_review", pk)


@require_POST
@login_required
def review_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the answers with comments on questions."""
    response = fetch_asked(request, pk, "review")
    codes = [name.removeprefix("c-") for name in request.POST if name.startswith("c-")]
    form = ReturnForm(request.POST, codes=codes)
    if not form.is_valid():
        return show_review(request, response, form)
    services.return_response(response=response, comments=form.cleaned_data, actor=signed_in(request))
    messages.success(request, _("The answers went back to the site with your comments."))
    return redirect("response_review", pk)
