"""One way of paging for every list."""

from rest_framework.pagination import PageNumberPagination


class PagePagination(PageNumberPagination):
    """Pages of 100, up to 500 by `page_size`."""

    page_size_query_param = "page_size"
    max_page_size = 500
