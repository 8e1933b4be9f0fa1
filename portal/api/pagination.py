"""One way of paging for every list."""

import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

DIGITS = re.compile(r"[0-9]{1,9}")


class PagePagination(PageNumberPagination):
    """Pages of 100, up to 500 by `page_size`; nonsense is refused instead of read as the first page."""

    page_size_query_param = "page_size"
    max_page_size = 500

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """Return the rows of the page asked for."""
        whole_number(request, self.page_query_param, None)
        try:
            return super().paginate_queryset(queryset, request, view)
        except NotFound:
            raise NotFound(_("There is no page of this number. Follow “next” until it is null.")) from None

    def get_page_size(self, request: Request) -> int | None:
        """Return how many rows make a page."""
        wanted = whole_number(request, "page_size", self.max_page_size)
        return wanted or self.page_size


def whole_number(request: Request, name: str, most: int | None) -> int | None:
    """Return a query parameter as a number from 1 to `most`, None when it is not there."""
    text = request.query_params.get(name, "")
    if not text:
        return None
    if DIGITS.fullmatch(text) and 1 <= int(text) <= (most or int(text)):
        return int(text)
    if most:
        raise ValidationError({name: [_("Write a whole number from 1 to %(most)s.") % {"most": most}]})
    raise ValidationError({name: [_("Write a whole number from 1.")]})
