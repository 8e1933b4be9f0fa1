"""The dashboard's figures: summary rows only, never answers; a constant number of queries.

Bands, scores and flags are those of answers that are handed in; answers taken back or returned count as open
until they are in again, here as in the lists behind the figures. Findings stay open until they are mended.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, CharField, Count, F, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django_countries import countries

from assessments.campaigns.enums import CampaignKind, CampaignState, Progress
from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.queries import QUESTIONNAIRE, visible_campaigns, visible_requests
from assessments.findings.enums import UNSETTLED_STATES, Severity, Source
from assessments.findings.queries import count_severities, natural, workspace_rows
from assessments.questionnaires.document import Document
from assessments.questionnaires.queries import document_of
from assessments.responses.enums import HANDED_IN_STATES
from assessments.scoring.models import Flag
from assessments.scoring.queries import weighted_median
from portal.lib.listing import Facet, narrow_rows, plain_choices
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, Workspace

BANDS = ("high", "medium", "low")
BIN = 5


@dataclass(frozen=True)
class Group:
    """Counts of one slice of the requests: a business unit, a country, or all of them."""

    key: str
    asked: int = 0
    handed_in: int = 0
    still_open: int = 0
    late: int = 0
    declined: int = 0
    bands: Mapping[str, int] = field(default_factory=dict)

    @property
    def scored(self) -> int:
        """Sites with a band."""
        return sum(self.bands.values())

    @property
    def high(self) -> int:
        """Sites in the high-risk band."""
        return self.bands.get("high", 0)

    @property
    def rate(self) -> float | None:
        """Share of asked sites that handed in, in percent."""
        return 100 * self.handed_in / self.asked if self.asked else None

    @property
    def high_rate(self) -> float | None:
        """Share of scored sites in the high-risk band, in percent."""
        return 100 * self.high / self.scored if self.scored else None


@dataclass(frozen=True)
class ProvisionFlags:
    """How many suppliers broke a provision, by the worst severity of each."""

    provision: str
    suppliers: int
    priority: int
    major: int
    minor: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many sites of one campaign stand alike."""

    year: int
    campaign_id: int
    handed_in: bool
    band: str
    score: Any
    sites: int

    @property
    def is_scored(self) -> bool:
        """Whether answers that are handed in have a score."""
        return self.handed_in and self.score is not None


@dataclass(frozen=True)
class Year:
    """One year of the trend."""

    year: int
    asked: int
    handed_in: int
    median: float | None
    high: int
    scored: int

    @property
    def rate(self) -> float | None:
        """Share of asked sites that handed in, in percent."""
        return 100 * self.handed_in / self.asked if self.asked else None

    @property
    def high_rate(self) -> float | None:
        """Share of scored sites in the high-risk band, in percent."""
        return 100 * self.high / self.scored if self.scored else None


def sent_campaigns(user: Reader, buyer: Organisation) -> list[Campaign]:
    """Return the buyer's campaigns of questionnaires that went out, newest first."""
    rows = visible_campaigns(user).filter(buyer=buyer, kind=CampaignKind.QUESTIONNAIRE)
    rows = rows.exclude(state=CampaignState.DRAFT).select_related("version").defer("version__document")
    return list(rows.order_by("-year", F("sent_at").desc(nulls_first=True), "-pk"))  # one on its way out has no moment


def document_asked(campaigns: Sequence[Campaign], wanted: str) -> Document:
    """Return the questionnaire that a campaign sent."""
    campaign = next((campaign for campaign in campaigns if str(campaign.pk) == wanted), campaigns[0])
    return questionnaire_of(campaign)


def questionnaire_of(campaign: Campaign) -> Document:
    """Return the questionnaire of a campaign that asks one; declarations are counted on the page of minerals."""
    if campaign.version is None:
        raise LookupError(f"campaign {campaign.pk} asks no questionnaire")
    return document_of(campaign.version)


def band_limits(document: Document) -> tuple[float, float]:
    """Return (high risk below, low risk from) of a questionnaire; 60 and 85 where it names none."""
    edges = [band.below for band in document.bands if band.below is not None]
    return (edges[0], edges[-1]) if edges else (60.0, 85.0)


def facets_of(campaigns: Sequence[Campaign]) -> list[Facet]:
    """Return the filters of the dashboard; their choices were written when the campaigns went out."""
    found: dict[str, set[Any]] = defaultdict(set)
    for campaign in campaigns:
        for name, values in campaign.facets.items():
            found[name].update(values)
    lands = [(code, str(countries.name(code))) for code in sorted(found["country"])]
    ordered = {name: plain_choices(sorted(found[name], key=natural)) for name in found}
    return [
        Facet("campaign", _("Campaign"), [(str(c.pk), c.name) for c in campaigns], "campaign_id"),
        Facet("business_unit", _("Business unit"), ordered.get("business_unit", []), "business_unit"),
        Facet("region", _("Region"), ordered.get("region", []), "region"),
        Facet("country", _("Country"), sorted(lands, key=lambda pair: pair[1]), "country"),
        Facet("category", _("Category"), ordered.get("category", []), "category"),
        Facet("tier", _("Tier"), ordered.get("tier", []), "tier"),
    ]


def chosen_params(campaigns: Sequence[Campaign], params: QueryDict) -> dict[str, str]:
    """Return the address with a campaign that exists: the one it names, else the newest."""
    wanted = params.get("campaign", "")
    known = {str(campaign.pk) for campaign in campaigns}
    return {**params.dict(), "campaign": wanted if wanted in known else str(campaigns[0].pk)}  # type: ignore[dict-item]


def kept_filters(facets: Sequence[Facet], params: Mapping[str, str]) -> dict[str, str]:
    """Return the filters that the lists behind the figures know as well, the campaign apart."""
    kept = {facet.name: params.get(facet.name, "") for facet in facets if facet.name != "campaign"}
    return {facet.name: kept[facet.name] for facet in facets if kept.get(facet.name) and facet.allows(kept[facet.name])}


def wanted_requests(
    user: Reader, buyer: Organisation, facets: Sequence[Facet], params: Mapping[str, str]
) -> QuerySet[Request]:
    """Return the buyer's requests of questionnaires that the filters of the address leave."""
    rows = visible_requests(user).filter(campaign__buyer=buyer, campaign__kind=CampaignKind.QUESTIONNAIRE)
    return narrow_rows(rows, facets, params)


def count_groups(requests: QuerySet[Request]) -> dict[str, dict[str, Group]]:
    """Return the requests counted {"unit": {...}, "country": {...}, "all": {"": ...}}; one query."""
    today = timezone.localdate()
    standing = Case(
        When(QUESTIONNAIRE.progress_filter(Progress.LATE, today), then=Value("late")),
        When(QUESTIONNAIRE.progress_filter(Progress.DECLINED, today), then=Value("declined")),
        When(QUESTIONNAIRE.progress_filter(Progress.SUBMITTED, today), then=Value("in")),
        When(QUESTIONNAIRE.progress_filter(Progress.OPEN, today), then=Value("open")),
        default=Value("cancelled"),
        output_field=CharField(),
    )
    rows = (
        requests.order_by()
        .values_list("business_unit", "country", "response__band", standing)
        .annotate(count=Count("pk"))
    )
    slices: dict[str, dict[str, Counter[str]]] = {
        "unit": defaultdict(Counter),
        "country": defaultdict(Counter),
        "all": defaultdict(Counter),
    }
    for unit, country, band, state, count in rows:
        for name, key in (("unit", unit), ("country", country), ("all", "")):
            counter = slices[name][key]
            counter["asked"] += count
            counter[state] += count
            if band and state == "in":
                counter[f"band:{band}"] += count
    return {name: {key: group_of(key, c) for key, c in found.items()} for name, found in slices.items()}


def group_of(key: str, counter: Counter[str]) -> Group:
    """Return one slice from its counts."""
    bands = {name.removeprefix("band:"): n for name, n in counter.items() if name.startswith("band:")}
    waiting = counter["open"] + counter["late"]
    return Group(key, counter["asked"], counter["in"], waiting, counter["late"], counter["declined"], bands)


def count_results(requests: QuerySet[Request]) -> list[Tally]:
    """Return the requests counted by campaign, band and score: at most some thousand rows; one query."""
    handed_in = Case(
        When(response__state__in=HANDED_IN_STATES, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    columns = ("campaign__year", "campaign_id", handed_in, "response__band", "response__score")
    rows = requests.order_by().values_list(*columns).annotate(count=Count("pk"))
    return [Tally(year, campaign, is_in, band, score, count) for year, campaign, is_in, band, score, count in rows]


def steps_of(tallies: Iterable[Tally]) -> list[tuple[int, int]]:
    """Return [(lower edge of a step of five, sites)] over scored sites, empty steps in between included."""
    found: Counter[int] = Counter()
    for tally in tallies:
        if tally.is_scored:
            found[min(int(tally.score // BIN), 100 // BIN - 1)] += tally.sites
    return [(step * BIN, found[step]) for step in range(min(found), 100 // BIN)] if found else []


def years_of(tallies: Iterable[Tally]) -> list[Year]:
    """Return the trend, oldest year first."""
    by_year: dict[int, list[Tally]] = defaultdict(list)
    for tally in tallies:
        by_year[tally.year].append(tally)
    return [year_of(year, rows) for year, rows in sorted(by_year.items())]


def year_of(year: int, tallies: Sequence[Tally]) -> Year:
    """Return one year of the trend."""
    scored = [tally for tally in tallies if tally.is_scored]
    return Year(
        year=year,
        asked=sum(tally.sites for tally in tallies),
        handed_in=sum(tally.sites for tally in tallies if tally.handed_in),
        median=weighted_median((float(tally.score), tally.sites) for tally in scored) if scored else None,
        high=sum(tally.sites for tally in tallies if tally.handed_in and tally.band == "high"),
        scored=sum(tally.sites for tally in scored),
    )


def count_flags(requests: QuerySet[Request]) -> list[ProvisionFlags]:
    """Return suppliers by provision, most first: each counted once, under its worst severity; one query.

    The database counts: a row per supplier and provision would be a hundred thousand of them.
    """
    supplier = "response__relationship_id"
    worse = {severity: Severity.values[: rank + 1] for rank, severity in enumerate(Severity.values)}
    counts = {s: Count(supplier, distinct=True, filter=Q(severity__in=those)) for s, those in worse.items()}
    rows = (
        Flag.objects.filter(
            current=True,
            response__state__in=HANDED_IN_STATES,
            response_id__in=requests.order_by().values("response_id"),
        )
        .order_by()
        .values_list("provision")
        .annotate(**counts)
        .values_list("provision", *Severity.values)
    )
    found = [
        ProvisionFlags(provision, suppliers, priority, major - priority, suppliers - major)
        for provision, priority, major, suppliers in rows
    ]
    return sorted(found, key=lambda row: (-row.suppliers, natural(row.provision)))


def count_findings(user: Reader, workspace: Workspace, requests: QuerySet[Request]) -> dict[str, int]:
    """Return open findings that the answers to these requests raised, as `count_open` does; one query."""
    rows = workspace_rows(user, workspace).filter(state__in=UNSETTLED_STATES, source=Source.FLAG)
    return count_severities(rows.filter(source_id__in=requests.order_by().values("response_id")))


def worst_responses(requests: QuerySet[Request], *, limit: int = 6) -> list[Request]:
    """Return the requests that most want a person: priority flags first, then the longest late."""
    today = timezone.localdate()
    rows = requests.select_related("site__organisation", "response").only(
        "relationship_id",
        "site__name",
        "site__organisation__name",
        "response__state",
        "response__due_on",
        "response__priority_flags",
        "response__score",
    )
    flagged = rows.filter(response__priority_flags__gt=0, response__state="submitted")
    late = rows.filter(QUESTIONNAIRE.progress_filter(Progress.LATE, today)).order_by("response__due_on", "pk")
    worst = list(flagged.order_by("-response__priority_flags", "response__score", "pk")[:limit])
    overdue = list(late[: max(limit // 2, limit - len(worst))])
    return worst[: limit - len(overdue)] + overdue
