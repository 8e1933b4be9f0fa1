"""What endpoints that write share: their methods, a strict body, the idempotency key."""

from typing import Any, ClassVar, Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from portal.api.views.resources import ReadViewSet
from portal.lib.errors import DomainError

LONGEST_KEY: Final = 100
KEY_PARAMETER: Final = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=True,
    description="Up to 100 characters of your own. The same post with the same key is written once.",
)


class BodyTooLargeError(DomainError):
    """The body is larger than the settings allow."""

    status = 413


class WriteViewSet(ReadViewSet):
    """A ReadViewSet with actions that write: a POST below one row names its own `scope`; `create` has `create_scope`.

    A token needs that scope, a person in the browser the form token (CSRF). Rights are asked by the action.
    """

    create_scope: ClassVar[str] = ""

    http_method_names: tuple[str, ...] = ("get", "head", "post")

    def posted(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Return the body, checked; raises ValidationError that names the place of each fault."""
        plain: HttpRequest = self.request._request
        try:
            _read = plain.body
        except RequestDataTooBig as error:
            message = _("The body is too large. Post less at once.")
            raise BodyTooLargeError(message, code="too_large") from error
        form = serializer(data=self.request.data)
        if not form.is_valid():
            raise ValidationError(flat_errors(form.errors))
        return dict(form.validated_data)


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses names it does not know: a mistyped one would otherwise be dropped without a word."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the clean values."""
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if unknown:
            names = ", ".join(self.fields)
            sentence = _("There is no field of this name. Known are: %(names)s.") % {"names": names}
            raise ValidationError({name: [sentence] for name in unknown})
        return super().to_internal_value(data)


def key_of(request: Request) -> str:
    """Return the idempotency key; refuse a post without one."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if key and len(key) <= LONGEST_KEY and key.isascii() and key.isprintable():
        return key
    sentence = _("Send a header Idempotency-Key of 1 to %(limit)s plain characters, a new one for every new post.")
    raise ValidationError({"Idempotency-Key": [sentence % {"limit": LONGEST_KEY}]})


def flat_errors(errors: Any, path: str = "") -> dict[str, list[str]]:
    """Return nested errors by the place of each, such as conclusions[3].conclusion."""
    if isinstance(errors, dict):
        found = {join_place(path, str(name)): below for name, below in errors.items()}
    elif all(isinstance(one, dict) for one in errors):
        found = {f"{path}[{index}]": below for index, below in enumerate(errors)}
    else:
        return {path or "body": [str(one) for one in errors]}
    return {place: told for name, below in found.items() for place, told in flat_errors(below, name).items()}


def join_place(path: str, name: str) -> str:
    """Return the place of a field below another; faults of the whole belong to the place itself."""
    if name == "non_field_errors":
        return path
    if name.isdecimal():
        return f"{path}[{name}]"
    return f"{path}.{name}" if path else name
