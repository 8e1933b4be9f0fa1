"""The print view: every question, answered or not."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assessments.questionnaires.queries import document_of
from assessments.responses.reports import print_sections
from assessments.responses.views.access import fetch_own
from assessments.responses.views.second import second_language


@login_required
def response_print(request: HttpRequest, pk: int) -> HttpResponse:
    """All questions on one page, to read before starting or to keep on paper."""
    response = fetch_own(request, pk)
    second = second_language(request, document_of(response.version))
    context = {"response": response, "sections": list(print_sections(response, second)), "second": second}
    return render(request, "responses/print.html", context)
