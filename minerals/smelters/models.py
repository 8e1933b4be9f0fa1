"""The registry of one company: smelters, their names, their statuses over time, lists, open names, outreach."""

from django.conf import settings
from django.db import models
from django_countries.fields import CountryField

from minerals.smelters.enums import (
    LIGHTS,
    CaseState,
    Change,
    Light,
    ListKind,
    ListState,
    NameKind,
    OutreachKind,
    Rejection,
    Status,
)
from portal.files.models import StoredFile
from suppliers.organisations.models import Organisation


class Smelter(models.Model):
    """A smelter or refiner as one company knows it. `status` is the newest of its history, kept for lists."""

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="smelters")
    metal = models.CharField(max_length=40)
    cid = models.CharField(max_length=20)
    name = models.CharField(max_length=250)
    country = CountryField(blank=True)
    country_text = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=120, blank=True)
    state_text = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.UNKNOWN)
    status_text = models.CharField(max_length=250, blank=True)  # the source's own word
    status_as_of = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "metal", "cid"], name="smelter_once")]
        indexes = [models.Index(fields=["owner", "status", "metal"]), models.Index(fields=["owner", "name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def light(self) -> Light:
        """The traffic light of its status."""
        return LIGHTS[self.status]


class SmelterName(models.Model):
    """A name a smelter goes by; `folded` is what names are compared by."""

    smelter = models.ForeignKey(Smelter, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=250)
    folded = models.CharField(max_length=250, db_index=True)
    kind = models.CharField(max_length=10, choices=NameKind)
    source = models.CharField(max_length=120, blank=True)
    case = models.ForeignKey("NameCase", null=True, on_delete=models.SET_NULL, related_name="names")  # that added it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["smelter", "folded", "kind"], name="smelter_name_once")]

    def __str__(self) -> str:
        return self.name


class SmelterList(models.Model):
    """A list of smelters as it came in: from a template's look-up sheet or a file. `rows` are its clean entries.

    `metals` is what it covers. Only a `complete` list says by silence that a smelter of these metals is gone.
    An `older` one, the look-up list of a past release, only adds what was dropped since.
    """

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="smelter_lists")
    kind = models.CharField(max_length=10, choices=ListKind)
    name = models.CharField(max_length=120)
    as_of = models.DateField()
    state = models.CharField(max_length=10, choices=ListState, default=ListState.PREVIEW)
    metals = models.JSONField(default=list)
    complete = models.BooleanField(default=False)
    older = models.BooleanField(default=False)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")
    rows = models.JSONField(default=list)
    size = models.PositiveIntegerField(default=0)  # how many smelters it has
    counts = models.JSONField(default=dict)  # {change: how many}
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=models.Q(kind="template"), name="template_list_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SmelterChange(models.Model):
    """One difference between a list and the registry when the list came in."""

    list = models.ForeignKey(SmelterList, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Change)
    metal = models.CharField(max_length=40)
    cid = models.CharField(max_length=20)
    name = models.CharField(max_length=250)
    before = models.CharField(max_length=250, blank=True)
    after = models.CharField(max_length=250, blank=True)

    class Meta:
        indexes = [models.Index(fields=["list", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.cid}"


class SmelterStatus(models.Model):
    """One status of a smelter as of a day; `text` is the source's own word."""

    smelter = models.ForeignKey(Smelter, on_delete=models.CASCADE, related_name="statuses")
    status = models.CharField(max_length=20, choices=Status)
    text = models.CharField(max_length=250, blank=True)
    programme = models.CharField(max_length=120, blank=True)
    audited_on = models.DateField(null=True)
    cycle = models.CharField(max_length=40, blank=True)
    as_of = models.DateField()
    source = models.CharField(max_length=120)
    list = models.ForeignKey(SmelterList, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["smelter", "-as_of"])]

    def __str__(self) -> str:
        return self.status


class NameCase(models.Model):
    """A smelter that a declaration names and the registry does not know: a person decides once, for all who name it.

    `suggestions` are [{smelter, how, score}], best first, made by the matching and never applied by itself.
    """

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="name_cases")
    metal = models.CharField(max_length=40)
    name = models.CharField(max_length=250)
    folded = models.CharField(max_length=250)
    cid = models.CharField(max_length=60, blank=True)
    country_text = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.OPEN)
    smelter = models.ForeignKey(Smelter, null=True, on_delete=models.PROTECT, related_name="cases")
    rejection = models.CharField(max_length=12, choices=Rejection, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    suggestions = models.JSONField(default=list)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "metal", "folded", "cid", "country_text"], name="name_case_once"),
            models.CheckConstraint(
                condition=models.Q(state="matched", smelter__isnull=False)
                | (~models.Q(state="matched") & models.Q(smelter__isnull=True)),
                name="matched_case_has_smelter",
            ),
        ]
        indexes = [models.Index(fields=["owner", "state"])]

    def __str__(self) -> str:
        return self.name


class Outreach(models.Model):
    """One contact of the company with a smelter; only ever added."""

    smelter = models.ForeignKey(Smelter, on_delete=models.CASCADE, related_name="outreach")
    kind = models.CharField(max_length=10, choices=OutreachKind)
    on = models.DateField()
    text = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.kind
