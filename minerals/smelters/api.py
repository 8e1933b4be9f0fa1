"""REST: the registry of smelters, read only."""

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from minerals.smelters.enums import Light, Status
from minerals.smelters.models import Smelter, SmelterName
from minerals.smelters.queries import visible_smelters
from minerals.smelters.queries.registry import light_clause
from portal.api.enums import Scope
from portal.api.views.filters import (
    ChoiceFilter,
    CountryFilter,
    IdFilter,
    OrderingFilter,
    Rows,
    SinceFilter,
    TextFilter,
)
from portal.api.views.resources import ReadViewSet


class SmelterRow(serializers.ModelSerializer[Smelter]):
    """A smelter or refiner as one company knows it, keyed by metal and CID."""

    owner_id = serializers.IntegerField()
    country = serializers.CharField(source="country.code", help_text="Where it stands, ISO 3166; empty if not known.")
    light = serializers.ChoiceField(choices=Light.choices, help_text="Follows from the status.")

    class Meta:
        model = Smelter
        fields: tuple[str, ...] = (
            "id",
            "owner_id",
            "metal",
            "cid",
            "name",
            "country",
            "city",
            "status",
            "status_text",
            "status_as_of",
            "light",
            "created_at",
        )


class NameRow(serializers.ModelSerializer[SmelterName]):
    """A name it goes by."""

    class Meta:
        model = SmelterName
        fields = ("name", "kind", "source")


class SmelterDetail(SmelterRow):
    """One smelter with all its names."""

    names = NameRow(many=True)

    class Meta(SmelterRow.Meta):
        fields = (*SmelterRow.Meta.fields, "names")


class SmelterFilter(Rows):
    """Filters of smelters."""

    owner = IdFilter("owner_id")
    metal = TextFilter("metal")
    cid = TextFilter("cid")
    country = CountryFilter("country")
    status = ChoiceFilter("status", choices=Status.choices)
    light = ChoiceFilter("light", choices=Light.choices, method="with_light")
    created_since = SinceFilter("created_at")
    ordering = OrderingFilter("id", "name", "metal", "cid", "status_as_of")

    def with_light(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Narrow to the statuses that give a light."""
        return rows.filter(light_clause(value))


class SmelterViewSet(ReadViewSet):
    """Smelters in the registries of companies for which the reader buys."""

    scope: ClassVar[str] = Scope.SMELTERS
    serializer_class = SmelterRow
    detail_serializer_class = SmelterDetail
    filterset_class = SmelterFilter

    def rows(self) -> QuerySet[Smelter]:
        """Return smelters the reader sees."""
        return visible_smelters(self.reader)

    def detail_rows(self) -> QuerySet[Smelter]:
        """Return the same with their names."""
        return self.rows().prefetch_related(Prefetch("names", SmelterName.objects.order_by("kind", "name", "pk")))
