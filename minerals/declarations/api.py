"""REST: declarations with what they say; a buyer's program posts the file of a supplier."""

from typing import Any, ClassVar, cast

from django.db.models import Case, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration, DeclaredAnswer, DeclaredProduct, DeclaredSmelter, Edition
from minerals.declarations.permissions import REVIEWERS
from minerals.declarations.queries import visible_declarations
from minerals.declarations.queries.reading import reading_of
from minerals.declarations.services.posting import post_declaration
from minerals.templates_io.enums import ASKED_TEMPLATES, Grade, ScopeKind, Template
from portal.accounts.models import User
from portal.api.enums import Scope
from portal.api.views.filters import (
    ChoiceFilter,
    CountryFilter,
    IdFilter,
    NumberFilter,
    OrderingFilter,
    Rows,
    SinceFilter,
    TextFilter,
)
from portal.api.views.writing import KEY_PARAMETER, StrictSerializer, WriteViewSet, flat_errors, key_of
from suppliers.organisations.models import Relationship
from suppliers.organisations.queries import bought_relationships, has_role

TEMPLATES = [(kind.value, kind.label) for kind in ASKED_TEMPLATES]
BUYER_HELP = "Null for the supplier: it is the buyer's own knowledge."
# Columns that rest on the buyer's registry and rules.
BUYER_FIELDS = ("red_flags", "unknown_smelters")


class DeclarationRow(serializers.ModelSerializer[Declaration]):
    """One supplier's declaration for one buyer, one template, one year. Its figures are those of what stands."""

    relationship_id = serializers.IntegerField()
    buyer_id = serializers.IntegerField(source="relationship.buyer_id")
    supplier_id = serializers.IntegerField(source="relationship.supplier_id")
    supplier_name = serializers.CharField(source="relationship.supplier.name")
    vendor_code = serializers.CharField(source="relationship.vendor_code")
    site_id = serializers.IntegerField()
    country = serializers.CharField(source="site.country.code", help_text="ISO 3166, two letters.")
    template = serializers.ChoiceField(choices=Template.choices)
    minerals = serializers.ListField(child=serializers.CharField(), help_text="Asked for; empty: all.")
    scope = serializers.CharField(help_text="company, products, custom, or empty.")
    red_flags = serializers.IntegerField(allow_null=True, help_text=BUYER_HELP)
    unknown_smelters = serializers.IntegerField(allow_null=True, help_text=BUYER_HELP)

    class Meta:
        model = Declaration
        fields: tuple[str, ...] = (
            "id",
            "relationship_id",
            "buyer_id",
            "supplier_id",
            "supplier_name",
            "vendor_code",
            "site_id",
            "country",
            "template",
            "minerals",
            "year",
            "title",
            "state",
            "due_on",
            "created_at",
            "opened_at",
            "started_at",
            "submitted_at",
            "accepted_at",
            "version",
            "scope",
            "effective_on",
            "missing",
            "errors",
            "smelters",
            *BUYER_FIELDS,
        )

    def to_representation(self, declaration: Any) -> dict[str, Any]:
        """Return the columns; those of the buyer only where `is_buyer` says so."""
        row: dict[str, Any] = super().to_representation(declaration)
        return row if declaration.is_buyer else {**row, **dict.fromkeys(BUYER_FIELDS)}


class AnswerRow(serializers.ModelSerializer[DeclaredAnswer]):
    """One answer in the newest numbering and one vocabulary; `text` is what the file says."""

    class Meta:
        model = DeclaredAnswer
        fields = ("question", "mineral", "word", "text")


class NamedSmelterRow(serializers.ModelSerializer[DeclaredSmelter]):
    """One row of the smelter list."""

    origins = serializers.ListField(child=serializers.CharField(), help_text="Countries of origin, ISO 3166.")
    smelter_id = serializers.SerializerMethodField(help_text=f"What the row means in the registry. {BUYER_HELP}")

    class Meta:
        model = DeclaredSmelter
        fields = (
            "row",
            "metal",
            "cid",
            "name",
            "country_text",
            "mines",
            "mine_countries",
            "origins",
            "recycled",
            "identified",
            "smelter_id",
        )

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_smelter_id(self, row: DeclaredSmelter) -> int | None:
        """Return the smelter of the buyer's registry to the buyer."""
        return row.smelter_id if self.context["is_buyer"] else None


class ProductRow(serializers.ModelSerializer[DeclaredProduct]):
    """One product the declaration speaks of."""

    class Meta:
        model = DeclaredProduct
        fields = ("number", "name")


class IssueRow(serializers.Serializer[Any]):
    """One thing to mend; the message says how, in the language of the request."""

    severity = serializers.ChoiceField(source="grade", choices=Grade.choices)
    place = serializers.CharField()
    message = serializers.CharField(source="text")


class EditionRow(serializers.ModelSerializer[Edition]):
    """The file or form that was handed in last, with all it says."""

    answers = AnswerRow(many=True)
    smelters = NamedSmelterRow(many=True)
    products = ProductRow(many=True)
    missing = serializers.SerializerMethodField(help_text="What the checker of the template asks for.")
    issues = serializers.SerializerMethodField(help_text="What else was found.")

    class Meta:
        model = Edition
        fields = (
            "number",
            "way",
            "template",
            "version",
            "language",
            "sha256",
            "handed_in_at",
            "answers",
            "smelters",
            "products",
            "missing",
            "issues",
        )

    @extend_schema_field(IssueRow(many=True))
    def get_missing(self, edition: Edition) -> list[dict[str, Any]]:
        """Return the items that are missing."""
        return list(IssueRow(reading_of(edition).missing, many=True).data)

    @extend_schema_field(IssueRow(many=True))
    def get_issues(self, edition: Edition) -> list[dict[str, Any]]:
        """Return the other issues, the worst first."""
        return list(IssueRow(reading_of(edition).issues, many=True).data)


class DeclarationDetail(DeclarationRow):
    """One declaration with the edition that stands; null before one is handed in."""

    edition = serializers.SerializerMethodField()

    class Meta(DeclarationRow.Meta):
        fields = (*DeclarationRow.Meta.fields, "edition")

    @extend_schema_field(EditionRow(allow_null=True))
    def get_edition(self, declaration: Declaration) -> dict[str, Any] | None:
        """Return what was handed in last."""
        seen_by = {"is_buyer": declaration.is_buyer}  # type: ignore[attr-defined]  # annotated by rows()
        return dict(EditionRow(declaration.current, context=seen_by).data) if declaration.current else None


class DeclarationPost(StrictSerializer):
    """The file of a supplier."""

    vendor_code = serializers.CharField(max_length=40)
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    file = serializers.FileField(help_text="A filled template, .xlsx or .xls, up to 10 MB.")
    buyer = serializers.IntegerField(required=False, help_text="Who buys, where you work for more than one company.")


class PostedAnswer(serializers.Serializer[Any]):
    """Where the file went and what was found in it."""

    declaration_id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=DeclarationState.choices)
    edition = serializers.IntegerField(help_text="Which of the declaration's editions it is.")
    template = serializers.ChoiceField(choices=Template.choices)
    version = serializers.CharField()
    missing = serializers.IntegerField()
    errors = serializers.IntegerField()  # type: ignore[assignment]  # a column, not the faults of a serializer
    red_flags = serializers.IntegerField()
    smelters = serializers.IntegerField()
    unknown_smelters = serializers.IntegerField()


class DeclarationFilter(Rows):
    """Filters of declarations."""

    state = ChoiceFilter("state", choices=DeclarationState.choices)
    template = ChoiceFilter("template", choices=TEMPLATES)
    scope = ChoiceFilter("scope", choices=[choice for choice in ScopeKind.choices if choice[0]])
    year = NumberFilter("year")
    buyer = IdFilter("relationship__buyer_id")
    relationship = IdFilter("relationship_id")
    vendor_code = TextFilter("relationship__vendor_code")
    site = IdFilter("site_id")
    country = CountryFilter("site__country")
    submitted_since = SinceFilter("submitted_at")
    accepted_since = SinceFilter("accepted_at")
    created_since = SinceFilter("created_at")
    ordering = OrderingFilter("id", "year", "due_on", "created_at", "submitted_at", "accepted_at")


class DeclarationViewSet(WriteViewSet):
    """Declarations of the reader's own companies, and of suppliers the reader buys from."""

    scope: ClassVar[str] = Scope.DECLARATIONS
    create_scope: ClassVar[str] = Scope.WRITE_DECLARATIONS
    parser_classes = (MultiPartParser,)
    serializer_class = DeclarationRow
    detail_serializer_class = DeclarationDetail
    filterset_class = DeclarationFilter

    def rows(self) -> QuerySet[Declaration]:
        """Return declarations the reader sees, and of each whether as its buyer."""
        bought = bought_relationships(self.reader).values("pk")
        is_buyer = Case(When(relationship_id__in=bought, then=Value(True)), default=Value(False))
        named = visible_declarations(self.reader).select_related("relationship__supplier", "site")
        return named.annotate(is_buyer=is_buyer).defer("site__address")

    def detail_rows(self) -> QuerySet[Declaration]:
        """Return the same with what the edition that stands says."""
        smelters = DeclaredSmelter.objects.order_by("row", "pk")
        answers = DeclaredAnswer.objects.order_by("question", "mineral")
        return (
            self.rows()
            .select_related("current")
            .prefetch_related(
                Prefetch("current__answers", answers), Prefetch("current__smelters", smelters), "current__products"
            )
        )

    @extend_schema(
        request={"multipart/form-data": DeclarationPost},
        responses={201: PostedAnswer},
        filters=False,
        parameters=[KEY_PARAMETER],
    )
    def create(self, request: Request) -> Response:
        """Enter the file that a supplier sent: for its open request of this template and year, else for a new one."""
        key, form = key_of(request), DeclarationPost(data=request.data)
        if not form.is_valid():
            raise ValidationError(flat_errors(form.errors))
        given = form.validated_data
        answer, is_replay = post_declaration(
            relationship=self.bond_of(given["vendor_code"], given.get("buyer")),
            year=given["year"],
            upload=given["file"],
            key=key,
            actor=cast(User, self.reader),
        )
        return Response(answer, status=201, headers={"Idempotent-Replay": "true"} if is_replay else {})

    def bond_of(self, vendor_code: str, buyer: int | None) -> Relationship:
        """Return the running relationship of a vendor code: 404 for a stranger's, 403 where the role only reads."""
        running = Q(ended_on=None) | Q(ended_on__gt=timezone.localdate())
        seen = bought_relationships(self.reader).filter(running, vendor_code=vendor_code)
        rows = list(seen.filter(buyer_id=buyer) if buyer else seen[:2])
        if not rows:
            raise NotFound(_("No running relationship of yours has this vendor code."))
        if len(rows) > 1:
            raise ValidationError({"buyer": [_("You buy for several companies that use this code. Name the one.")]})
        if not has_role(self.reader, rows[0].buyer_id, REVIEWERS):
            raise PermissionDenied(_("Your role does not let you enter declarations."))
        return rows[0]
