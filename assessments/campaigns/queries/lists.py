"""Lists of campaigns and of requests, narrowed and sorted by the address."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_countries import countries

from assessments.campaigns.enums import CampaignKind, CampaignState, MailMark, Progress
from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.queries.figures import FACETS, facets_of
from assessments.campaigns.queries.mails import requests_with_failed_mail
from assessments.campaigns.queries.rights import visible_requests
from assessments.campaigns.queries.subjects import Subject, subject_of
from portal.lib.listing import Facet, narrow_rows, plain_choices, search_rows, sort_rows
from suppliers.organisations.queries import Reader

SEARCHED = ("site__name", "site__organisation__name", "relationship__vendor_code")
CAMPAIGN_SORTS = {"year": "year", "name": "name", "due": "due_on", "state": "state", "sent": "sent_at"}
SORTS = {
    "sent": "pk",
    "site": "site__name",
    "supplier": "site__organisation__name",
    "code": "relationship__vendor_code",
    "country": "country",
}
THING_SORTS = {"opened": "opened_at", "submitted": "submitted_at"}


def campaign_facets(campaigns: QuerySet[Campaign]) -> list[Facet]:
    """Return the filters of the list of campaigns."""
    years = campaigns.order_by("-year").values_list("year", flat=True).distinct()
    return [
        Facet("state", _("State"), CampaignState.choices, "state"),
        Facet("kind", _("Asked for"), CampaignKind.choices, "kind"),
        Facet("year", _("Year"), plain_choices(years), "year"),
    ]


def listed_campaigns(
    campaigns: QuerySet[Campaign], facets: Sequence[Facet], params: Mapping[str, str]
) -> QuerySet[Campaign]:
    """Return the campaigns narrowed and sorted as the address says, without what is heavy."""
    found = search_rows(narrow_rows(campaigns, facets, params), params.get("q", ""), ("name",))
    return sort_rows(found.defer("selection", "message", "facets"), CAMPAIGN_SORTS, params.get("sort", ""), "-year")


def request_facets(campaign: Campaign) -> list[Facet]:
    """Return the filters of a campaign's list: its own facets, how far a request is, what its mail did."""
    today = timezone.localdate()
    found = campaign.facets or facets_of(campaign)
    subject = subject_of(campaign)
    steps = [(step.value, step.label) for step in subject.steps]
    return [
        Facet("progress", _("State"), steps, lambda value: subject.progress_filter(Progress(value), today)),
        Facet("country", _("Country"), named_countries(found["country"]), "country"),
        Facet("business_unit", _("Business unit"), plain_choices(found["business_unit"]), "business_unit"),
        Facet("region", _("Region"), plain_choices(found["region"]), "region"),
        Facet("category", _("Category"), plain_choices(found["category"]), "category"),
        Facet("tier", _("Tier"), plain_choices(found["tier"]), "tier"),
        Facet("mail", _("Mail"), MailMark.choices, lambda value: mail_filter(campaign, MailMark(value))),
    ]


def named_countries(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return countries with their names, by name."""
    return sorted(((code, str(countries.name(code)) or code) for code in codes), key=lambda pair: pair[1])


def mail_filter(campaign: Campaign, mark: MailMark) -> Q:
    """Return the condition of a mark of the mails."""
    if mark is MailMark.NOBODY:
        return Q(contact_email="")
    return Q(pk__in=requests_with_failed_mail(campaign))


def listed_requests(user: Reader, campaign: Campaign, params: Mapping[str, str]) -> QuerySet[Request]:
    """Return the requests of a campaign that the user sees, narrowed and sorted as the address says."""
    rows = visible_requests(user).filter(campaign=campaign)
    rows = narrow_rows(rows, request_facets(campaign), params)
    rows = search_rows(rows, params.get("q", ""), SEARCHED)
    return sort_rows(rows, sorts_of(subject_of(campaign)), params.get("sort", ""), "sent")


def sorts_of(subject: Subject) -> dict[str, str]:
    """Return the columns by which requests for one kind of thing can be sorted."""
    columns = {**THING_SORTS, "answered": subject.measure_column}
    return {**SORTS, **{name: subject.lookup(column) for name, column in columns.items()}}


def with_names(requests: QuerySet[Request], subject: Subject) -> QuerySet[Request]:
    """Bring along what a row of a list shows, and nothing heavy."""
    return requests.select_related("site", "site__organisation", "relationship", subject.column, "invitation").only(
        *("campaign_id", "site_id", "relationship_id", "response_id", "declaration_id", "invitation_id"),
        "contact_email",
        *FACETS,
        "site__name",
        "site__organisation__name",
        "relationship__vendor_code",
        "invitation__accepted_at",
        "invitation__opened_at",
        "invitation__revoked_at",
        "invitation__expires_at",
        "invitation__handed_on_to",
        *(subject.lookup(name) for name in subject.shown),
    )
