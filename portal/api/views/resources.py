"""What the read endpoints of every room share."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from portal.accounts.models import User
from portal.api.authentication import SignedIn

PAGE_NAMES = frozenset({"page", "page_size"})


class ReadViewSet(ReadOnlyModelViewSet[Any]):
    """A list with filters and a page per row. A room gives `scope`, `rows()`, serializers and filters."""

    scope: ClassVar[str]
    detail_serializer_class: ClassVar[type[BaseSerializer[Any]] | None] = None
    lookup_value_regex = "[0-9]+"
    http_method_names: tuple[str, ...] = ("get", "head")

    @property
    def reader(self) -> User | AnonymousUser:
        """Who reads: the person behind the token or the session; nobody while the schema is made."""
        user: User | AnonymousUser | None = self.request.user
        return user or AnonymousUser()

    def rows(self) -> QuerySet[Any]:
        """Return what the reader sees, narrowed by visible_* and with what one row of a list shows."""
        raise NotImplementedError

    def detail_rows(self) -> QuerySet[Any]:
        """Return the same with what only the page of one row shows."""
        return self.rows()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in who may come in, then refuse names that mean nothing here: a mistyped filter would give all rows."""
        super().initial(request, *args, **kwargs)
        known = self.list_names() if self.action == "list" else frozenset[str]()
        if self.action and (wrong := wrong_names(request, known)):
            raise ValidationError(wrong)

    def list_names(self) -> frozenset[str]:
        """Return the names of query parameters a list knows."""
        filters: Any = getattr(self, "filterset_class", None)
        return PAGE_NAMES | frozenset(filters.base_filters if filters else ())

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows of the page asked for."""
        return self.detail_rows() if self.action == "retrieve" else self.rows()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filter lists only; a list without a wish is sorted by id."""
        if self.action != "list":
            return queryset
        return super().filter_queryset(queryset.order_by("pk"))

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """Return the long form for one row, the short one for lists."""
        if self.action == "retrieve" and self.detail_serializer_class:
            return self.detail_serializer_class
        return super().get_serializer_class()


def wrong_names(request: Request, known: frozenset[str]) -> dict[str, list[str]]:
    """Return a sentence for each query parameter that is unknown or given twice."""
    wrong = {}
    for name, values in request.query_params.lists():
        if name not in known and known:
            names = ", ".join(sorted(known))
            wrong[name] = [_("There is no filter of this name. Known are: %(names)s.") % {"names": names}]
        elif name not in known:
            wrong[name] = [_("This address takes no filters. Use those of the list.")]
        elif len(values) > 1:
            wrong[name] = [_("Give this filter once.")]
    return wrong


class UnknownAddress(APIView):
    """Answers every other address under /api/ in the one envelope, with a slash put behind it first."""

    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse whatever the method."""
        super().initial(request, *args, **kwargs)
        if request.path.endswith("/") or request.method not in ("GET", "HEAD"):
            raise NotFound(_("There is no such address. The list of all is at /api/v1/docs/."))

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Put a slash behind the address, as pages do."""
        plain: HttpRequest = request._request
        return HttpResponsePermanentRedirect(plain.get_full_path(force_append_slash=True))


class StartView(APIView):
    """The first address: which resources there are and which scope each needs."""

    permission_classes = (SignedIn,)
    schema = None

    def get(self, request: Request) -> Response:
        """Return the address and the scope of every resource."""
        found = {
            name: {"url": request.build_absolute_uri(f"{name}/"), "scope": view.scope} for name, view in resources()
        }
        return Response(found)


def resources() -> list[tuple[str, type[ReadViewSet]]]:
    """Return (name in the address, view) of every resource; the settings name them, for they live higher up."""
    return [(name, import_string(path)) for name, path in settings.API_ROUTES]


def make_router() -> SimpleRouter:
    """Return the addresses of every resource."""
    router = SimpleRouter()
    for name, view in resources():
        router.register(name, view, basename=name)
    return router
