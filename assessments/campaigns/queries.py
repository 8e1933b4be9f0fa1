"""Reads of campaigns: who sees which, how far they are, which sites a selection means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_countries import countries

from assessments.campaigns.enums import CampaignState, MailMark, OwnSites, Progress
from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.selection import Selection
from assessments.responses.enums import HANDED_IN_STATES, OPEN_STATES, ResponseState
from portal.lib.listing import Facet, narrow_rows, plain_choices, search_rows, sort_rows
from portal.notices.enums import MailState
from portal.notices.models import Mail
from suppliers.organisations.enums import BUYER_ROLES
from suppliers.organisations.models import MembershipScope, Organisation, Relationship, Site
from suppliers.organisations.queries import Reader, bought_relationships, memberships_of

FACETS = ("country", "business_unit", "region", "category", "tier")
MOST_RECIPIENTS = 5
SEARCHED = ("site__name", "site__organisation__name", "relationship__vendor_code")
CAMPAIGN_SORTS = {"year": "year", "name": "name", "due": "due_on", "state": "state", "sent": "sent_at"}
SORTS = {
    "sent": "pk",
    "site": "site__name",
    "supplier": "site__organisation__name",
    "code": "relationship__vendor_code",
    "country": "country",
    "answered": "response__answered",
    "opened": "response__opened_at",
    "submitted": "response__submitted_at",
}


# 1. Rights ----------------------------------------------------------------------------------------
def visible_campaigns(user: Reader) -> QuerySet[Campaign]:
    """Return campaigns of organisations in which the user is a buyer."""
    member = memberships_of(user).filter(role__in=BUYER_ROLES, organisation_id=OuterRef("buyer_id"))
    return Campaign.objects.filter(Exists(member))


def visible_requests(user: Reader) -> QuerySet[Request]:
    """Return requests of the user's campaigns; a membership narrowed to regions or units sees only those.

    The first condition is the same answer for a whole campaign, so an unnarrowed reader of 30,000 requests
    costs no look at each relationship.
    """
    narrowed = MembershipScope.objects.filter(membership_id=OuterRef("pk"))
    whole = memberships_of(user).filter(~Exists(narrowed), role__in=BUYER_ROLES)
    return Request.objects.filter(
        Q(campaign__buyer_id__in=whole.values("organisation_id"))
        | Q(relationship_id__in=bought_relationships(user).values("pk"))
    )


# 2. Figures ---------------------------------------------------------------------------------------
def progress_filter(progress: Progress, today: date) -> Q:
    """Return the condition of one step of the funnel, for the list behind its figure."""
    conditions = {
        Progress.UNOPENED: Q(response__opened_at=None),
        Progress.OPENED: ~Q(response__opened_at=None),
        Progress.STARTED: ~Q(response__started_at=None),
        Progress.SUBMITTED: Q(response__state__in=HANDED_IN_STATES),
        Progress.LATE: Q(response__state__in=OPEN_STATES, response__due_on__lt=today),
        Progress.RETURNED: Q(response__state=ResponseState.RETURNED),
        Progress.ACCEPTED: Q(response__state=ResponseState.ACCEPTED),
        Progress.DECLINED: Q(response__state=ResponseState.DECLINED),
        Progress.OPEN: Q(response__state__in=OPEN_STATES),
    }
    return conditions[progress]


def funnel(requests: QuerySet[Request]) -> dict[str, int]:
    """Return how many requests are `sent` and at each step of Progress; one query.

    Grouped by state and due date: a handful of rows, which says the same as a filtered count per step at a third
    of its price.
    """
    rows = (
        requests.order_by()
        .values_list("response__state", "response__due_on")
        .annotate(Count("pk"), Count("response__opened_at"), Count("response__started_at"))
    )
    today = timezone.localdate()
    counts = dict.fromkeys(("sent", *Progress.values), 0)
    for state, due_on, total, opened, started in rows:
        counts["sent"] += total
        for step in steps_of(ResponseState(state), late=due_on < today):
            counts[step] += total
        counts[Progress.OPENED] += opened
        counts[Progress.UNOPENED] += total - opened
        counts[Progress.STARTED] += started
    return counts


def steps_of(state: ResponseState, *, late: bool) -> list[Progress]:
    """Return the steps that a state means by itself; opened and started are read from their moments."""
    steps = {
        Progress.SUBMITTED: state in HANDED_IN_STATES,
        Progress.LATE: state in OPEN_STATES and late,
        Progress.OPEN: state in OPEN_STATES,
        Progress.RETURNED: state == ResponseState.RETURNED,
        Progress.ACCEPTED: state == ResponseState.ACCEPTED,
        Progress.DECLINED: state == ResponseState.DECLINED,
    }
    return [step for step, holds in steps.items() if holds]


def answer_counts(campaigns: Iterable[Campaign], user: Reader) -> dict[int, dict[str, int]]:
    """Return {campaign: {sent, submitted, late}} for the campaigns of one page; one query."""
    today = timezone.localdate()
    rows = (
        visible_requests(user)
        .filter(campaign_id__in=[campaign.pk for campaign in campaigns])
        .order_by()
        .values("campaign_id")
        .annotate(
            sent=Count("pk"),
            submitted=Count("pk", filter=progress_filter(Progress.SUBMITTED, today)),
            late=Count("pk", filter=progress_filter(Progress.LATE, today)),
        )
        .values_list("campaign_id", "sent", "submitted", "late")
    )
    return {pk: {"sent": sent, "submitted": submitted, "late": late} for pk, sent, submitted, late in rows}


def facets_of(campaign: Campaign) -> dict[str, list[Any]]:
    """Return the values the requests of a campaign can be filtered by, read from the requests."""
    found: dict[str, set[Any]] = {name: set() for name in FACETS}
    for row in campaign.requests.order_by().values_list(*FACETS).distinct():
        for name, value in zip(FACETS, row, strict=True):
            if value not in ("", None):
                found[name].add(value)
    return {name: sorted(values) for name, values in found.items()}


# 3. Lists -----------------------------------------------------------------------------------------
def campaign_facets(campaigns: QuerySet[Campaign]) -> list[Facet]:
    """Return the filters of the list of campaigns."""
    years = campaigns.order_by("-year").values_list("year", flat=True).distinct()
    return [
        Facet("state", _("State"), CampaignState.choices, "state"),
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
    return [
        Facet("progress", _("State"), Progress.choices, lambda value: progress_filter(Progress(value), today)),
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
    return sort_rows(rows, SORTS, params.get("sort", ""), "sent")


def with_names(requests: QuerySet[Request]) -> QuerySet[Request]:
    """Bring along what a row of a list shows, and nothing heavy."""
    return requests.select_related("site", "site__organisation", "relationship", "response", "invitation").only(
        *(name for name in ("campaign_id", "site_id", "relationship_id", "response_id", "invitation_id")),
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
        *(f"response__{name}" for name in RESPONSE_COLUMNS),
    )


RESPONSE_COLUMNS = ("state", "due_on", "opened_at", "started_at", "submitted_at", "answered", "asked", "score", "band")


# 4. Mails of a request ----------------------------------------------------------------------------
def request_keys(request_id: int) -> list[str]:
    """Return the keys under which the first mails of a request may stand; see mail_keys."""
    return mail_keys(f"request:{request_id}", MOST_RECIPIENTS)


def mail_keys(stem: str, count: int) -> list[str]:
    """Return one key per recipient: the stem itself, then stem:2, stem:3 ..."""
    return [stem, *(f"{stem}:{number}" for number in range(2, count + 1))]


def failed_mails(request_ids: Sequence[int]) -> dict[int, str]:
    """Return {request: what the mail server said} for requests of a page whose mail failed; one query."""
    keys = {key: pk for pk in request_ids for key in request_keys(pk)}
    bad = Mail.objects.filter(key__in=keys, state__in=(MailState.FAILED, MailState.UNCERTAIN))
    return {keys[key]: error for key, error in bad.values_list("key", "error")}


def requests_with_failed_mail(campaign: Campaign) -> list[int]:
    """Return the requests of a campaign whose mail failed: read from the failed mails, of which there are few."""
    keys = Mail.objects.filter(
        state__in=(MailState.FAILED, MailState.UNCERTAIN),
        organisation_id=campaign.buyer_id,
        key__startswith="request:",
    ).values_list("key", flat=True)
    return sorted({int(key.split(":")[1]) for key in keys})


def mails_of(request: Request) -> QuerySet[Mail]:
    """Return every mail about one request, newest first."""
    stems = (f"request:{request.pk}", f"reminder:{request.pk}", f"again:{request.pk}")
    mine = Q(key__in=stems)
    for stem in stems:
        mine |= Q(key__startswith=f"{stem}:")
    return Mail.objects.filter(mine).order_by("-created_at", "-pk")


# 5. Selections ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Codes:
    """What became of pasted vendor codes that ask nobody."""

    unknown: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    without_sites: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many ask nobody."""
        return len(self.unknown) + len(self.ended) + len(self.without_sites)


def askable_relationships(buyer: Organisation, reader: Reader) -> QuerySet[Relationship]:
    """Return the buyer's relationships that the reader may ask in, ended ones included."""
    return bought_relationships(reader).filter(buyer=buyer)


def running(today: date) -> Q:
    """The condition of a relationship that has not ended."""
    return Q(ended_on=None) | Q(ended_on__gt=today)


def chosen_relationships(buyer: Organisation, selection: Selection, reader: Reader) -> QuerySet[Relationship]:
    """Return the running relationships a selection means."""
    rows = askable_relationships(buyer, reader).filter(running(timezone.localdate()))
    if selection.by_codes:
        return rows.filter(vendor_code__in=selection.vendor_codes)
    own = Q(supplier_id=F("buyer_id"))
    if selection.own_sites != OwnSites.WITH:
        rows = rows.filter(own if selection.own_sites == OwnSites.ONLY else ~own)
    wanted = {
        "business_unit__in": selection.business_units,
        "region__in": selection.regions,
        "category__in": selection.categories,
        "tier__in": selection.tiers,
    }
    return rows.filter(**{name: values for name, values in wanted.items() if values})


def chosen_sites(buyer: Organisation, selection: Selection, reader: Reader) -> QuerySet[Site]:
    """Return the open sites a selection means, each once: a buyer has one relationship with a supplier."""
    suppliers = chosen_relationships(buyer, selection, reader).values("supplier_id")
    sites = Site.objects.filter(Q(closed_on=None) | Q(closed_on__gt=timezone.localdate()))
    sites = sites.filter(organisation_id__in=suppliers)
    if selection.by_codes:
        return sites
    wanted = {"country__in": selection.countries, "sector__in": selection.sectors}
    return sites.filter(**{name: values for name, values in wanted.items() if values})


def count_selection(buyer: Organisation, selection: Selection, reader: Reader) -> tuple[int, int]:
    """Return how many sites of how many suppliers a selection means; one query."""
    found = chosen_sites(buyer, selection, reader).aggregate(
        sites=Count("pk"), suppliers=Count("organisation_id", distinct=True)
    )
    return found["sites"], found["suppliers"]


def check_codes(buyer: Organisation, selection: Selection, reader: Reader) -> Codes:
    """Return the pasted codes that ask nobody, and why, in the order they were pasted."""
    if not selection.by_codes:
        return Codes()
    today = timezone.localdate()
    known = askable_relationships(buyer, reader).filter(vendor_code__in=selection.vendor_codes)
    ended_on = dict(known.values_list("vendor_code", "ended_on"))
    ended = {code for code, day in ended_on.items() if day is not None and day <= today}
    open_site = Site.objects.filter(Q(closed_on=None) | Q(closed_on__gt=today), organisation_id=OuterRef("supplier_id"))
    bare = set(known.filter(~Exists(open_site)).values_list("vendor_code", flat=True)) - ended
    return Codes(
        unknown=tuple(code for code in selection.vendor_codes if code not in ended_on),
        ended=tuple(code for code in selection.vendor_codes if code in ended),
        without_sites=tuple(code for code in selection.vendor_codes if code in bare),
    )


def selection_choices(buyer: Organisation, reader: Reader) -> dict[str, list[Any]]:
    """Return the values a new selection can be filtered by, from the running relationships and their sites."""
    rows = askable_relationships(buyer, reader).filter(running(timezone.localdate()))
    names = ("business_unit", "region", "category", "tier")
    found: dict[str, set[Any]] = {name: set() for name in names}
    for row in rows.order_by().values_list(*names).distinct():
        for name, value in zip(names, row, strict=True):
            if value not in ("", None):
                found[name].add(value)
    sites = Site.objects.filter(closed_on=None, organisation_id__in=rows.values("supplier_id"))
    places = sites.order_by().values_list("country", "sector").distinct()
    found["country"] = {str(country) for country, _sector in places}
    found["sector"] = {sector for _country, sector in places}
    return {name: sorted(values) for name, values in found.items()}


def resumable(campaign: Campaign) -> bool:
    """Whether sending stopped before the end and needs a hand: its job is over or lost."""
    over = campaign.job is None or campaign.job.finished_at is not None
    return campaign.state == CampaignState.SENDING and over
