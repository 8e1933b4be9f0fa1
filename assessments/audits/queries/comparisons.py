"""Reads of comparisons: one audit beside the self-assessment, and how far a buyer can believe sites and questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from django.db.models import Case, Count, Exists, F, FloatField, Max, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Sqrt
from django.utils.translation import gettext as _
from django_countries import countries

from assessments.audits.comparison import CONFIDENCE, ENOUGH, Reliability
from assessments.audits.enums import RELEASED_STATES
from assessments.audits.models import Audit, Comparison, QuestionCheck
from assessments.findings.queries import distinct_values, followed_relationships
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of
from portal.lib.listing import Facet, narrow_rows, plain_choices, search_rows, sort_rows
from suppliers.organisations.enums import BUYER_ROLES
from suppliers.organisations.models import Organisation, Site
from suppliers.organisations.queries import Reader, organisations_where

SEARCHED = ("site__name", "site__organisation__name", "relationship__vendor_code")
PATHS = {
    "country": "supplier__sites__country",
    "business_unit": "business_unit",
    "region": "region",
    "category": "category",
    "tier": "tier",
}
SITE_COLUMNS = {
    "believe": "believed",
    "site": "name",
    "country": "country",
    "claimed": "claimed",
    "otherwise": "otherwise",
    "last": "last_on",
}
QUESTION_COLUMNS = ("believe", "question", "claimed", "otherwise")
LAST_OF_ALL = 2.0  # a share is at most 1: those with too little to judge stand behind the others


# One audit -----------------------------------------------------------------------------------------
def comparisons_of(audit: Audit) -> QuerySet[Comparison]:
    """Return the rows of one audit with the self-assessment behind them."""
    return Comparison.objects.filter(audit=audit).select_related("submission__response__version").order_by("pk")


# Many audits ---------------------------------------------------------------------------------------
def compared_audits(user: Reader, buyer: Organisation) -> QuerySet[Audit]:
    """Return a buyer's released audits in which the auditors looked at what the site had called conform."""
    bonds = followed_relationships(user, buyer)
    return Audit.objects.filter(relationship__in=bonds, state__in=RELEASED_STATES, claimed__gt=0)


def wanted_audits(rows: QuerySet[Audit], facets: Sequence[Facet], params: Mapping[str, str]) -> QuerySet[Audit]:
    """Return the audits that the address asks for."""
    return search_rows(narrow_rows(rows, facets, params), params.get("q", ""), SEARCHED)


def audits_to_export(user: Reader | None, organisation_id: int | None, params: Mapping[str, str]) -> QuerySet[Audit]:
    """Return what one of the user's workspaces shows for an address; nothing where the user buys there no more."""
    mine = organisations_where(user, BUYER_ROLES) if user else []
    buyer = Organisation.objects.filter(pk=organisation_id or 0, pk__in=mine).first()
    if user is None or buyer is None:
        return Audit.objects.none()
    return wanted_audits(compared_audits(user, buyer), reliability_facets(user, buyer, params), params)


def reliability_facets(user: Reader, buyer: Organisation, params: Mapping[str, str]) -> list[Facet]:
    """Return the filters of both lists; that of one question only where the address names it."""
    values = distinct_values(followed_relationships(user, buyer), PATHS)
    lands = sorted(((code, str(countries.name(code))) for code in values["country"]), key=lambda pair: pair[1])
    return [
        Facet("country", _("Country"), lands, "site__country"),
        *(Facet(name, label, plain_choices(values[name]), f"relationship__{name}") for name, label in bond_labels()),
        *question_facet(params.get("question", "")),
    ]


def bond_labels() -> list[tuple[str, str]]:
    """Return the columns of a relationship that narrow the lists."""
    return [
        ("business_unit", _("Business unit")),
        ("region", _("Region")),
        ("category", _("Category")),
        ("tier", _("Tier")),
    ]


def question_facet(code: str) -> list[Facet]:
    """Return the filter of one question, for the figures of the list of questions: its audits that found otherwise."""
    return [Facet("question", _("Answered too well"), [(code, code)], otherwise_on)] if code else []


def otherwise_on(question: str) -> Q:
    """Return audits in which the auditors did not confirm a question answered with full points."""
    checks = QuestionCheck.objects.filter(audit=OuterRef("pk"), question=question, is_confirmed=False)
    return Q(Exists(checks))


def reliable_sites(audits: QuerySet[Audit], sort: str) -> QuerySet[Site]:
    """Return the sites of these audits with `claimed`, `confirmed`, `otherwise` and the day of the last audit.

    The order they come in is by `believed`, the lower end of the interval of the share confirmed.
    """
    rows = Site.objects.filter(audits__in=audits.order_by()).select_related("organisation")
    figures = rows.annotate(
        claimed=Sum("audits__claimed"), confirmed=Sum("audits__confirmed"), last_on=Max("audits__released_on")
    )
    ranked = figures.annotate(otherwise=F("claimed") - F("confirmed"), believed=rank_by_belief())
    return sort_rows(ranked, SITE_COLUMNS, sort, "believe")


def rank_by_belief() -> Case:
    """Return comparison.lower_bound as SQL, so that a page of thirty thousand sites is sorted where they are."""
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    number, confirmed = Cast("claimed", FloatField()), Cast("confirmed", FloatField())
    share = confirmed / number
    spread = Value(z) * Sqrt(share * (Value(1.0) - share) / number + Value(z * z / 4) / (number * number))
    bound = (share + Value(z * z / 2) / number - spread) / (Value(1.0) + Value(z * z) / number)
    return Case(When(claimed__gte=ENOUGH, then=bound), default=Value(LAST_OF_ALL), output_field=FloatField())


def last_compared(audits: QuerySet[Audit], sites: Iterable[Site]) -> dict[int, int]:
    """Return {site: its newest audit} among these audits; one query."""
    rows = audits.filter(site__in=[site.pk for site in sites]).order_by("released_on", "pk")
    return dict(rows.values_list("site_id", "pk"))


# Questions -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class QuestionRow:
    """A question that sites answered with full points: how often, and how often auditors agreed."""

    code: str
    text: Mapping[str, str]
    figure: Reliability

    @property
    def otherwise(self) -> int:
        """How often auditors found otherwise."""
        return self.figure.claimed - self.figure.confirmed


def reliable_questions(audits: QuerySet[Audit], sort: str) -> list[QuestionRow]:
    """Return every question that auditors could check in these audits; there are at most some hundreds."""
    checks = QuestionCheck.objects.filter(audit__in=audits.order_by()).order_by().values("question")
    counted = checks.annotate(claimed=Count("pk"), confirmed=Count("pk", filter=Q(is_confirmed=True)))
    texts = question_texts(audits)
    rows = [
        QuestionRow(row["question"], texts.get(row["question"], {}), Reliability(row["claimed"], row["confirmed"]))
        for row in counted
    ]
    return sort_questions(rows, sort)


def question_texts(audits: QuerySet[Audit]) -> dict[str, Mapping[str, str]]:
    """Return {code: text} of the questionnaires behind these audits, the newest version's where several have it."""
    used = Comparison.objects.filter(audit__in=audits.order_by()).values("submission__response__version")
    versions = QuestionnaireVersion.objects.filter(pk__in=used.distinct()).order_by("pk")
    return {question.code: question.text for version in versions for question in document_of(version).questions}


def sort_questions(rows: list[QuestionRow], sort: str) -> list[QuestionRow]:
    """Return questions by a named column, `-name` for the other way round; else the least believable first."""
    name = sort.removeprefix("-")
    name, down = (name, sort.startswith("-")) if name in QUESTION_COLUMNS else ("believe", False)
    keys: dict[str, Any] = {
        "believe": lambda row: LAST_OF_ALL * 100 if row.figure.at_least is None else row.figure.at_least,
        "question": lambda row: row.code,
        "claimed": lambda row: row.figure.claimed,
        "otherwise": lambda row: row.otherwise,
    }
    ordered = sorted(rows, key=lambda row: row.code)
    return sorted(ordered, key=keys[name], reverse=down)


def count_belief(audits: QuerySet[Audit]) -> dict[str, int]:
    """Return `audits`, `sites`, `claimed` and `confirmed` over all of these; one query."""
    return audits.order_by().aggregate(
        audits=Count("pk"),
        sites=Count("site", distinct=True),
        claimed=Sum("claimed", default=0),
        confirmed=Sum("confirmed", default=0),
    )
