"""The mailbox page of a demo: every mail that would have gone out."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.notices.queries import latest_mails

PAGE = 50


def mailbox(request: HttpRequest) -> HttpResponse:
    """List the newest mails, narrowed by address; there is no such page outside a demo."""
    if not (settings.MAILBOX and settings.DEBUG):
        raise Http404
    search = request.GET.get("q", "").strip()
    page = Paginator(latest_mails(search), PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/mailbox.html", {"page": page, "search": search})
