"""Campaigns and their requests."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.campaigns.enums import CampaignKind, CampaignState
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.responses.models import Response
from minerals.declarations.models import Declaration
from minerals.templates_io.enums import ASKED_TEMPLATES
from portal.accounts.models import Invitation
from portal.jobs.models import Job
from suppliers.organisations.models import Organisation, Relationship, Site


class Campaign(models.Model):
    """A buyer asks many sites or suppliers at once. `selection` says which; it is resolved when sending.

    A questionnaire campaign sends a `version` to sites, or once to each company; a declaration campaign asks suppliers
    for a `template`.
    """

    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="campaigns")
    name = models.CharField(_("Name"), max_length=200)
    year = models.PositiveSmallIntegerField(_("Year"))
    kind = models.CharField(max_length=13, choices=CampaignKind, default=CampaignKind.QUESTIONNAIRE)
    version = models.ForeignKey(QuestionnaireVersion, null=True, on_delete=models.PROTECT, related_name="campaigns")
    of_company = models.BooleanField(default=False)  # as the questionnaire says: a company answers once
    template = models.CharField(max_length=4, blank=True, choices=[(one.value, one.label) for one in ASKED_TEMPLATES])
    minerals = models.JSONField(default=list)  # where the template lets one choose; empty: all
    due_on = models.DateField(_("Due date"))
    languages = models.JSONField(default=list)
    message = models.JSONField(default=dict)
    reminder_days = models.JSONField(default=list)
    selection = models.JSONField(default=dict)
    # What the requests can be filtered by. Facets of a request never change, so it is written once, when all are out.
    facets = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["buyer", "-year"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=CampaignKind.QUESTIONNAIRE, version__isnull=False, template="")
                | Q(kind=CampaignKind.DECLARATION, version__isnull=True, template__in=ASKED_TEMPLATES),
                name="campaign_asks_for_its_kind",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Request(models.Model):
    """One site's part of a campaign, or one supplier's. Facets are copied as they were when it was sent."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="requests")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="requests")
    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="requests")
    response = models.OneToOneField(Response, null=True, on_delete=models.PROTECT, related_name="request")
    declaration = models.OneToOneField(Declaration, null=True, on_delete=models.PROTECT, related_name="request")
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.SET_NULL, related_name="requests")
    contact_email = models.EmailField(blank=True)
    country = models.CharField(max_length=2)
    business_unit = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=80, blank=True)
    tier = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "site"], name="request_once"),
            models.UniqueConstraint(
                fields=["campaign", "relationship"], condition=Q(declaration__isnull=False), name="declaration_once"
            ),
            models.CheckConstraint(
                condition=Q(response__isnull=False, declaration__isnull=True)
                | Q(response__isnull=True, declaration__isnull=False),
                name="request_for_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "country"]),
            models.Index(fields=["campaign", "response"]),
            models.Index(fields=["campaign", "declaration"]),
            models.Index(fields=["relationship"]),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.site_id}"

    @property
    def thing(self) -> Response | Declaration:
        """What is asked for: the response, or the declaration."""
        found = self.response if self.response_id else self.declaration
        if found is None:
            raise LookupError(f"request {self.pk} asks for nothing")
        return found


class CampaignChange(models.Model):
    """One move of a campaign from state to state."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="changes")
    source = models.CharField(max_length=10)
    target = models.CharField(max_length=10)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"
