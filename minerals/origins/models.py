"""The company's own dated lists of risky areas. None ships: which countries stand on one is each company's decision."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django_countries.fields import CountryField

from minerals.origins.enums import AreaGrade, ListKind
from suppliers.organisations.models import Organisation


class RiskList(models.Model):
    """A list of risky areas as of a day. A list is never changed: a newer one of its kind takes its place.

    One that was entered by mistake is withdrawn: it stays readable and counts for nothing. `changed_at` is the last
    moment at which it began or ceased to count: whoever derives red flags from it asks for that.
    """

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="risk_lists")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=ListKind)
    source = models.CharField(max_length=300)
    as_of = models.DateField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind", "as_of"],
                condition=models.Q(withdrawn_at=None),
                name="risk_list_once",
            )
        ]
        indexes = [models.Index(fields=["owner", "-as_of"])]

    def __str__(self) -> str:
        return self.name


class RiskArea(models.Model):
    """One country of a list, or a region of it."""

    list = models.ForeignKey(RiskList, on_delete=models.CASCADE, related_name="areas")
    country = CountryField()
    region = models.CharField(max_length=200, blank=True)
    grade = models.CharField(max_length=10, choices=AreaGrade, default=AreaGrade.HIGH)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "country", "region"], name="risk_area_once")]

    def __str__(self) -> str:
        return f"{self.country.code} {self.region}".strip()
