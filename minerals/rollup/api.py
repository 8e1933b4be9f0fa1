"""REST: what the company declares itself, read only."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from minerals.rollup.aggregation import recycled_word
from minerals.rollup.enums import Recycled
from minerals.rollup.models import Rollup, RollupSmelter
from minerals.rollup.queries import read_figures
from minerals.rollup.queries.rights import visible_rollups
from minerals.rollup.queries.smelters import rolled_smelters
from minerals.templates_io.enums import ASKED_TEMPLATES, Template
from portal.api.enums import Scope
from portal.api.views.filters import ChoiceFilter, IdFilter, OrderingFilter, Rows
from portal.api.views.resources import ReadViewSet

TEMPLATES = [(kind.value, kind.label) for kind in ASKED_TEMPLATES]


class RollupRow(serializers.ModelSerializer[Rollup]):
    """The roll-up of one template, for the whole company or one group of products."""

    owner_id = serializers.IntegerField()
    template = serializers.ChoiceField(choices=Template.choices)
    group_id = serializers.IntegerField(allow_null=True, help_text="Null: the whole company.")
    group_name = serializers.CharField(source="group.name", allow_null=True, default=None)
    suppliers = serializers.IntegerField(help_text="Whose accepted declarations count.")

    class Meta:
        model = Rollup
        fields: tuple[str, ...] = (
            "id",
            "owner_id",
            "template",
            "group_id",
            "group_name",
            "suppliers",
            "refreshed_at",
        )


class FigureRow(serializers.Serializer[Any]):
    """One answer of the company."""

    question = serializers.CharField()
    mineral = serializers.CharField()
    word = serializers.CharField(help_text="An answer, open while too few have answered, empty where it is not asked.")
    answered = serializers.IntegerField(help_text="Suppliers that matter and have answered.")
    relevant = serializers.IntegerField(help_text="Suppliers that matter.")
    words = serializers.DictField(child=serializers.IntegerField(), help_text="How many suppliers gave which word.")
    comment = serializers.CharField(help_text="Where it comes from, as it stands in the comment of a file.")


class RolledSmelterRow(serializers.ModelSerializer[RollupSmelter]):
    """One smelter, or one name nobody knows, over all suppliers who declare it."""

    smelter_id = serializers.IntegerField(allow_null=True)
    cid = serializers.CharField(source="smelter.cid", default="")
    name = serializers.SerializerMethodField(help_text="Empty where suppliers have not identified it yet.")
    country = serializers.CharField(source="smelter.country.code", default="", help_text="Where it stands.")
    status = serializers.CharField(source="smelter.status", default="")
    light = serializers.CharField(source="smelter.light", default="")
    decision = serializers.CharField(source="case.state", default="", help_text="Of a name nobody knows.")
    origins = serializers.ListField(child=serializers.CharField(), help_text="Countries of origin, ISO 3166.")
    recycled = serializers.SerializerMethodField()

    class Meta:
        model = RollupSmelter
        fields = (
            "metal",
            "smelter_id",
            "cid",
            "name",
            "country",
            "status",
            "light",
            "decision",
            "suppliers",
            "named_suppliers",
            "rows",
            "origins",
            "recycled",
        )

    def get_name(self, row: RollupSmelter) -> str:
        """Return the name in the registry, else the one that suppliers write."""
        known = row.smelter or row.case
        return known.name if known else ""

    @extend_schema_field(serializers.ChoiceField(choices=Recycled.choices))
    def get_recycled(self, row: RollupSmelter) -> str:
        """Return whether all of it is recycled, over all rows."""
        return str(recycled_word(row.recycled_yes, row.recycled_no))


class RollupDetail(RollupRow):
    """One roll-up with its figures and the consolidated list of smelters."""

    minerals = serializers.SerializerMethodField()
    figures = serializers.SerializerMethodField()
    smelters = serializers.SerializerMethodField()

    class Meta(RollupRow.Meta):
        fields = (*RollupRow.Meta.fields, "minerals", "figures", "smelters")

    def to_representation(self, rollup: Any) -> dict[str, Any]:
        """Read the figures once for all columns."""
        rollup.read = read_figures(rollup.owner, rollup.template, rollup.group)
        row: dict[str, Any] = super().to_representation(rollup)
        return row

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_minerals(self, rollup: Any) -> list[str]:
        """Return the minerals of the roll-up."""
        return list(rollup.read.minerals)

    @extend_schema_field(FigureRow(many=True))
    def get_figures(self, rollup: Any) -> list[dict[str, Any]]:
        """Return the answers of the company, by question and mineral."""
        return list(FigureRow(figures_of(rollup.read), many=True).data)

    @extend_schema_field(RolledSmelterRow(many=True))
    def get_smelters(self, rollup: Rollup) -> list[dict[str, Any]]:
        """Return every smelter and name, by metal, those with most suppliers first."""
        rows = rolled_smelters(rollup).order_by("metal", "-suppliers", "key")
        return list(RolledSmelterRow(rows, many=True).data)


def figures_of(read: Any) -> Iterator[dict[str, Any]]:
    """Yield the cells of a roll-up."""
    for (question, mineral), figure in read.table.items():
        yield {
            "question": question,
            "mineral": mineral,
            "word": str(figure.word),
            "answered": figure.answered,
            "relevant": figure.relevant,
            "words": {str(word): count for word, count in figure.tally.words.items()},
            "comment": read.provenance((question, mineral)),
        }


class RollupFilter(Rows):
    """Filters of roll-ups."""

    owner = IdFilter("owner_id")
    template = ChoiceFilter("template", choices=TEMPLATES)
    group = IdFilter("group_id")
    ordering = OrderingFilter("id", "template", "refreshed_at")


class RollupViewSet(ReadViewSet):
    """Roll-ups of companies for which the reader buys, unless narrowed to a part of them."""

    scope: ClassVar[str] = Scope.DECLARATIONS
    serializer_class = RollupRow
    detail_serializer_class = RollupDetail
    filterset_class = RollupFilter

    def rows(self) -> QuerySet[Rollup]:
        """Return roll-ups the reader sees."""
        return visible_rollups(self.reader).select_related("group", "owner")
