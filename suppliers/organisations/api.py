"""REST: organisations, sites and relationships, read only."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

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
    YesNoFilter,
)
from portal.api.views.resources import ReadViewSet
from suppliers.organisations.enums import Sector
from suppliers.organisations.models import Organisation, Relationship, Site
from suppliers.organisations.permissions import DEEDS
from suppliers.organisations.queries import (
    bought_relationships,
    organisations_where,
    visible_organisations,
    visible_sites,
)


def token_organisations(user: User) -> list[int]:
    """Return the organisations in which the person may use tokens; the settings name this for portal.api."""
    held = organisations_where(user, DEEDS["use_tokens"]).order_by("organisation_id").distinct()
    return [row["organisation_id"] for row in held]


class OrganisationRow(serializers.ModelSerializer[Organisation]):
    """A company."""

    country = serializers.CharField(source="country.code", help_text="ISO 3166, two letters.")

    class Meta:
        model = Organisation
        fields = ("id", "name", "country", "created_at")


class SiteRow(serializers.ModelSerializer[Site]):
    """A plant or office, without the people behind it."""

    organisation_id = serializers.IntegerField()
    organisation_name = serializers.CharField(source="organisation.name")
    country = serializers.CharField(source="country.code", help_text="ISO 3166, two letters.")

    class Meta:
        model = Site
        fields = (
            "id",
            "organisation_id",
            "organisation_name",
            "code",
            "name",
            "country",
            "city",
            "address",
            "sector",
            "workers",
            "closed_on",
        )


class RelationshipRow(serializers.ModelSerializer[Relationship]):
    """A supplier in the buyer's own words: vendor code, business unit, region, category, tier, yearly spend."""

    buyer_id = serializers.IntegerField()
    buyer_name = serializers.CharField(source="buyer.name")
    supplier_id = serializers.IntegerField()
    supplier_name = serializers.CharField(source="supplier.name")
    supplier_country = serializers.CharField(source="supplier.country.code", help_text="ISO 3166, two letters.")

    class Meta:
        model = Relationship
        fields = (
            "id",
            "buyer_id",
            "buyer_name",
            "supplier_id",
            "supplier_name",
            "supplier_country",
            "vendor_code",
            "business_unit",
            "region",
            "category",
            "tier",
            "spend",
            "started_on",
            "ended_on",
            "end_reason",
        )


class VendorCodeRows(Rows):
    """Filters that also find rows by the vendor code of a relationship the reader sees as the buyer."""

    supplier_path = "pk"

    def of_vendor(self, rows: QuerySet[Any], _name: str, code: str) -> QuerySet[Any]:
        """Narrow to the suppliers that carry this code at one of the reader's buyers."""
        bought = bought_relationships(self.request.user).filter(vendor_code=code)
        return rows.filter(**{f"{self.supplier_path}__in": bought.values("supplier_id")})


class OrganisationFilter(VendorCodeRows):
    """Filters of organisations."""

    country = CountryFilter("country")
    name = TextFilter("name")
    vendor_code = TextFilter(method="of_vendor")
    created_since = SinceFilter("created_at")
    ordering = OrderingFilter("id", "name", "country", "created_at")


class SiteFilter(VendorCodeRows):
    """Filters of sites."""

    supplier_path = "organisation_id"
    organisation = IdFilter("organisation_id")
    country = CountryFilter("country")
    sector = ChoiceFilter("sector", choices=Sector.choices)
    code = TextFilter("code")
    vendor_code = TextFilter(method="of_vendor")
    closed = YesNoFilter("closed_on__isnull", exclude=True)
    ordering = OrderingFilter("id", "name", "country", "workers")


class RelationshipFilter(Rows):
    """Filters of relationships."""

    buyer = IdFilter("buyer_id")
    supplier = IdFilter("supplier_id")
    vendor_code = TextFilter("vendor_code")
    country = CountryFilter("supplier__country")
    business_unit = TextFilter("business_unit")
    region = TextFilter("region")
    category = TextFilter("category")
    tier = NumberFilter("tier")
    ended = YesNoFilter("ended_on__isnull", exclude=True)
    ordering = OrderingFilter("id", "vendor_code", "tier", "started_on", "ended_on")


class OrganisationViewSet(ReadViewSet):
    """The reader's own organisations, their suppliers, and the buyers that ask them."""

    scope = Scope.ORGANISATIONS
    serializer_class = OrganisationRow
    filterset_class = OrganisationFilter

    def rows(self) -> QuerySet[Organisation]:
        """Return organisations the reader sees."""
        return visible_organisations(self.reader).only("name", "country", "created_at")


class SiteViewSet(ReadViewSet):
    """Sites of the reader's own organisations and of suppliers the reader buys from."""

    scope = Scope.SITES
    serializer_class = SiteRow
    filterset_class = SiteFilter

    def rows(self) -> QuerySet[Site]:
        """Return sites the reader sees."""
        columns = ("code", "name", "country", "city", "address", "sector", "workers", "closed_on")
        return visible_sites(self.reader).select_related("organisation").only("organisation__name", *columns)


class RelationshipViewSet(ReadViewSet):
    """The buyer's list of suppliers. What a buyer calls a supplier is the buyer's: suppliers see none of it here."""

    scope = Scope.ORGANISATIONS
    serializer_class = RelationshipRow
    filterset_class = RelationshipFilter

    def rows(self) -> QuerySet[Relationship]:
        """Return relationships the reader sees as the buyer."""
        named = bought_relationships(self.reader).select_related("buyer", "supplier")
        return named.defer(
            *(f"{side}__{name}" for side in ("buyer", "supplier") for name in ("require_second_factor", "created_at"))
        )
