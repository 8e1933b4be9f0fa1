"""Organisations, their sites, who buys from whom, and who belongs where."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from portal.accounts.models import Invitation
from suppliers.organisations.enums import EndReason, Role, ScopeKind, Sector


class Organisation(models.Model):
    """A company: a buyer where it buys, a supplier where it sells."""

    name = models.CharField(_("Name"), max_length=200)
    country = CountryField(_("Country"))
    require_second_factor = models.BooleanField(_("Everybody signs in with a second factor"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["name"])]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A plant or office: the thing that is assessed and audited."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    code = models.CharField(_("Site code"), max_length=40, default="1")
    name = models.CharField(_("Name"), max_length=200)
    country = CountryField(_("Country"))
    city = models.CharField(_("City"), max_length=100, blank=True)
    address = models.CharField(_("Address"), max_length=300, blank=True)
    sector = models.CharField(_("Sector"), max_length=20, choices=Sector, default=Sector.OTHER)
    workers = models.PositiveIntegerField(_("Workers"), null=True, blank=True)
    contact_name = models.CharField(_("Contact person"), max_length=150, blank=True)
    contact_email = models.EmailField(_("Contact e-mail"), blank=True)
    contact_language = models.CharField(_("Contact language"), max_length=10, choices=settings.LANGUAGES, default="en")
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="site_code_once")]
        indexes = [models.Index(fields=["country", "sector"])]

    def __str__(self) -> str:
        return self.name


class Relationship(models.Model):
    """A buyer buys from a supplier. A buyer's own sites are a relationship with itself."""

    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="supplied_by")
    supplier = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sells_to")
    vendor_code = models.CharField(_("Vendor code"), max_length=40)
    business_unit = models.CharField(_("Business unit"), max_length=80, blank=True)
    region = models.CharField(_("Region"), max_length=80, blank=True)
    category = models.CharField(_("Category"), max_length=80, blank=True)
    tier = models.PositiveSmallIntegerField(_("Tier"), default=1)
    spend = models.PositiveBigIntegerField(_("Yearly spend"), null=True, blank=True)  # in the buyer's own currency
    started_on = models.DateField(_("Started on"), null=True, blank=True)
    ended_on = models.DateField(_("Ended on"), null=True, blank=True)
    end_reason = models.CharField(_("Reason of the end"), max_length=20, choices=EndReason, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "vendor_code"], name="vendor_code_once"),
            models.UniqueConstraint(fields=["buyer", "supplier"], name="relationship_once"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | ~Q(end_reason=""), name="relationship_end_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["buyer", "business_unit"]), models.Index(fields=["buyer", "region"])]

    def __str__(self) -> str:
        return self.vendor_code


class Membership(models.Model):
    """A person's role in an organisation; one person may have several."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation", "role"], name="membership_once")]

    def __str__(self) -> str:
        return self.role


class MembershipScope(models.Model):
    """Narrows a buyer membership to a region or a business unit; none means all."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="scopes")
    kind = models.CharField(max_length=15, choices=ScopeKind)
    value = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "kind", "value"], name="scope_once")]

    def __str__(self) -> str:
        return self.value


class MembershipOffer(models.Model):
    """What an invitation brings: a role in an organisation once it is accepted."""

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="offer")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="offers")
    role = models.CharField(max_length=20, choices=Role)

    def __str__(self) -> str:
        return self.role
