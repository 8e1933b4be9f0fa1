"""Filters of lists: every value is read strictly, a wrong one is refused with a sentence."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

LARGEST_ID = 2**63 - 1


def sentence_with_choices(names: str) -> str:
    """Return the refusal of a value that is not on a closed list."""
    return _("Choose one of: %(names)s.") % {"names": names}


choose_one_of = lazy(sentence_with_choices, str)


class Rows(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """The filters of one list."""


@extend_schema_field(OpenApiTypes.INT64)
class IdFilter(django_filters.Filter):  # type: ignore[misc]
    """The id of a row, a whole number."""

    field_class = forms.IntegerField

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        sentence = gettext_lazy("Write the id, a whole number.")
        messages = dict.fromkeys(("invalid", "min_value", "max_value"), sentence)
        super().__init__(field_name, min_value=1, max_value=LARGEST_ID, error_messages=messages, **kwargs)


class NumberFilter(IdFilter):
    """A small whole number such as a year or a tier."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(field_name, **kwargs)
        self.extra["max_value"] = 32767
        self.extra["error_messages"] = dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Write a whole number from 1 to 32767.")
        )


class ChoiceFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """One of a closed list; the refusal names the list."""

    def __init__(self, field_name: str | None = None, *, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        pairs = [(str(value), label or str(value)) for value, label in choices]
        names = ", ".join(value for value, _label in pairs)
        kwargs["error_messages"] = {"invalid_choice": choose_one_of(names)}
        super().__init__(field_name, choices=pairs, null_label=None, empty_label=None, **kwargs)


@extend_schema_field(OpenApiTypes.BOOL)
class YesNoFilter(ChoiceFilter):
    """`true` or `false`, nothing else; without a field name `method` says what they mean."""

    def __init__(self, field_name: str | None = None, **kwargs: Any) -> None:
        super().__init__(field_name, choices=[("true", ""), ("false", "")], **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Narrow the rows."""
        if not value:
            return qs
        narrowed: QuerySet[Any] = self.get_method(qs)(**{self.field_name: value == "true"})
        return narrowed


class CountryFilter(django_filters.CharFilter):  # type: ignore[misc]
    """A country by its two letters, large or small."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        sentence = gettext_lazy("Write the country as two letters of ISO 3166, such as TH.")
        super().__init__(field_name, validators=[RegexValidator(r"^[A-Za-z]{2}\Z", sentence)], **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Narrow the rows."""
        narrowed: QuerySet[Any] = super().filter(qs, value.upper())
        return narrowed


class TextFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Exactly this text."""


class SinceFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]
    """This moment or later."""

    def __init__(self, field_name: str, *, lookup_expr: str = "gte", **kwargs: Any) -> None:
        sentence = gettext_lazy("Write the moment as 2026-01-31T09:00:00Z; in an address a plus sign must be encoded.")
        super().__init__(field_name, lookup_expr=lookup_expr, error_messages={"invalid": sentence}, **kwargs)


class DayFilter(django_filters.DateFilter):  # type: ignore[misc]
    """A day, compared as `lookup_expr` says."""

    def __init__(self, field_name: str, *, lookup_expr: str, **kwargs: Any) -> None:
        sentence = gettext_lazy("Write the day as 2026-01-31.")
        kwargs["error_messages"] = {"invalid": sentence}
        super().__init__(field_name, lookup_expr=lookup_expr, input_formats=["%Y-%m-%d"], **kwargs)


class OrderingFilter(django_filters.OrderingFilter):  # type: ignore[misc]
    """Sorts; the id breaks ties, so that no row falls between two pages."""

    def __init__(self, *fields: str | tuple[str, str], **kwargs: Any) -> None:
        pairs = [field if isinstance(field, tuple) else (field, field) for field in fields]
        names = ", ".join(f"{name}, -{name}" for _path, name in pairs)
        messages = {"invalid_choice": choose_one_of(names)}
        super().__init__(fields=pairs, error_messages=messages, **kwargs)

    def filter(self, qs: QuerySet[Any], value: list[str] | None) -> QuerySet[Any]:
        """Sort the rows; without a wish by id."""
        names = [self.get_ordering_value(name) for name in value or []]
        return qs.order_by(*names, "pk")
