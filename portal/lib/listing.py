"""Lists: filters that live in the address, sorting by named columns, pages of fifty."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

ROWS = 50
MOST_WORDS = 6
Row = TypeVar("Row", bound=Model)
Choices = Iterable[tuple[Any, Any]]


@dataclass(frozen=True)
class Facet:
    """One filter: its name in the address, its label, its choices, and how it narrows.

    `narrow` is the ORM path compared with the value, or a function from value to Q.
    """

    name: str
    label: str
    choices: Sequence[tuple[Any, Any]]
    narrow: str | Callable[[str], Q]

    def clause(self, value: str) -> Q:
        """Return what the value means as a WHERE clause."""
        return Q(**{self.narrow: value}) if isinstance(self.narrow, str) else self.narrow(value)

    def allows(self, value: str) -> bool:
        """Whether the value is one of the choices; anything else is ignored."""
        return value in {str(choice) for choice, _label in self.choices}


def plain_choices(values: Iterable[Any]) -> list[tuple[str, str]]:
    """Return choices of values that are their own label, empty ones left out."""
    return [(str(value), str(value)) for value in values if value not in ("", None)]


def narrow_rows(rows: QuerySet[Row], facets: Sequence[Facet], params: QueryDict | Mapping[str, str]) -> QuerySet[Row]:
    """Return the rows that the address asks for."""
    for facet in facets:
        value = params.get(facet.name, "")
        if value and facet.allows(value):
            rows = rows.filter(facet.clause(value))
    return rows


def search_words(text: str) -> list[str]:
    """Return the words of a search, at most six; without the one character that PostgreSQL does not take."""
    return text.replace("\x00", " ").split()[:MOST_WORDS]


def search_rows(rows: QuerySet[Row], words: str, paths: Sequence[str]) -> QuerySet[Row]:
    """Return the rows in which every word stands in one of the columns."""
    for word in search_words(words):
        clause = Q()
        for path in paths:
            clause |= Q(**{f"{path}__icontains": word})
        rows = rows.filter(clause)
    return rows


def sort_rows(rows: QuerySet[Row], columns: Mapping[str, str], wanted: str, default: str) -> QuerySet[Row]:
    """Return the rows sorted by a named column, `-name` for the other way round; pk makes it stable."""
    name = wanted.removeprefix("-")
    if name not in columns:
        wanted, name = default, default.removeprefix("-")
    sign = "-" if wanted.startswith("-") else ""
    return rows.order_by(f"{sign}{columns[name]}", "pk")


def page_of(rows: QuerySet[Row], request: HttpRequest, *, count: int | None = None) -> "Page[Row]":
    """Return the page the address asks for; a number out of range gives the nearest."""
    paginator = Paginator(rows, ROWS)
    if count is not None:
        paginator.count = count
    return paginator.get_page(request.GET.get("page"))


def filter_context(
    request: HttpRequest,
    facets: Sequence[Facet],
    *,
    search_label: str = "",
    remains: str = "",
    chosen: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what components/filter_bar.html needs; `chosen` stands for facets the address leaves open."""
    bars = []
    for facet in facets:
        value = request.GET.get(facet.name) or (chosen or {}).get(facet.name, "")
        value = value if facet.allows(value) else ""
        choices = [("", _("All")), *facet.choices]
        bars.append(
            {"name": facet.name, "label": facet.label, "value": value, "choices": choices, "narrowed": bool(value)}
        )
    words = request.GET.get("q", "")
    any_narrowed = bool(words) or any(bar["narrowed"] for bar in bars)
    sort = request.GET.get("sort", "")
    return {
        "filters": bars,
        "search": {"name": "q", "label": search_label, "value": words} if search_label else None,
        "keep": [("sort", sort)] if sort else [],
        "clear_url": request.path if any_narrowed else "",
        "remains": remains,
    }
