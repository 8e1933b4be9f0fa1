"""Reads of responses: who sees which, and what stands in one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, DateField, Exists, F, JSONField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from assessments.questionnaires.conditions import AnswerValue
from assessments.questionnaires.document import Document
from assessments.questionnaires.queries import document_of
from assessments.responses.enums import EDITORS, HANDED_IN_STATES, OPEN_STATES, ResponseState
from assessments.responses.models import (
    Answer,
    Evidence,
    Response,
    ReviewComment,
    SectionAssignment,
    Submission,
)
from assessments.responses.progress import Standing, measure
from minerals.declarations.enums import OPEN_STATES as DECLARATION_OPEN_STATES
from minerals.declarations.models import Declaration
from minerals.declarations.queries.rights import own_declarations
from portal.accounts.models import User
from portal.files.enums import ScanState
from portal.files.models import StoredFile
from portal.lib.listing import Facet, narrow_rows, plain_choices, search_rows
from suppliers.organisations.enums import BUYER_ROLES, SUPPLIER_ROLES
from suppliers.organisations.models import Membership, MembershipScope, Organisation
from suppliers.organisations.queries import Reader, bought_relationships, organisations_where


# 1. Who sees which --------------------------------------------------------------------------------
def own_responses(user: Reader) -> QuerySet[Response]:
    """Return responses of the user's own sites: the people who answer."""
    return Response.objects.filter(site__organisation_id__in=organisations_where(user, SUPPLIER_ROLES))


def asked_responses(user: Reader) -> QuerySet[Response]:
    """Return responses the user sees as the buyer: their states, and their submissions once handed in."""
    return Response.objects.filter(relationship_id__in=bought_relationships(user).values("pk"))


def visible_responses(user: Reader) -> QuerySet[Response]:
    """Return responses the user may see at all."""
    return own_responses(user) | asked_responses(user)


def visible_submissions(user: Reader) -> QuerySet[Submission]:
    """Return frozen submissions the user may see."""
    return Submission.objects.filter(response_id__in=visible_responses(user).values("pk"))


def answering_responses(user: Reader) -> QuerySet[Response]:
    """Return own responses with what a page of answers needs, `can_answer` among it; one query."""
    editor = organisations_where(user, EDITORS).filter(organisation_id=OuterRef("site__organisation_id"))
    return (
        own_responses(user)
        .select_related("site__organisation", "relationship__buyer", "version")
        .defer("version__document", "version__title")
        .annotate(can_answer=Exists(editor))
    )


RESPONSE, DECLARATION = "response", "declaration"
InboxKey = tuple[int, str]


def inbox_keys(user: Reader, organisation_id: int, *, is_open: bool) -> QuerySet[Any, Any]:
    """Return (id, RESPONSE or DECLARATION) of what a company was asked and is open, else done; one statement.

    What is open: returned ones first, then by due date. What is done: the last first.
    """
    asked = own_responses(user).filter(site__organisation_id=organisation_id)
    declared = own_declarations(user).filter(relationship__supplier_id=organisation_id)
    # Both kinds call it alike when something is returned or cancelled.
    kinds = ((RESPONSE, asked, OPEN_STATES), (DECLARATION, declared, DECLARATION_OPEN_STATES))
    parts: list[QuerySet[Any, Any]] = [
        rows.exclude(state=ResponseState.CANCELLED)
        .filter(Q(state__in=states) if is_open else ~Q(state__in=states))
        .annotate(
            kind=Value(kind),
            rank=Case(When(state=ResponseState.RETURNED, then=Value(0)), default=Value(1)),
            due=Coalesce("due_on", Value(date.max), output_field=DateField()),
            done_at=F("submitted_at"),
        )
        .values_list("id", "kind", "rank", "due", "done_at")
        for kind, rows, states in kinds
    ]
    order = ("rank", "due", "kind", "id") if is_open else ("-done_at", "kind", "-id")
    return parts[0].union(parts[1], all=True).order_by(*order)


def inbox_things(keys: Iterable[Sequence[Any]]) -> dict[InboxKey, Response | Declaration]:
    """Return {(id, kind): the row with what a line of the inbox shows}; two queries."""
    ids: dict[str, list[int]] = {RESPONSE: [], DECLARATION: []}
    for pk, kind, *_order in keys:
        ids[kind].append(pk)
    responses = Response.objects.select_related("site", "relationship__buyer").in_bulk(ids[RESPONSE])
    declarations = Declaration.objects.select_related("site", "relationship__buyer").in_bulk(ids[DECLARATION])
    found: dict[InboxKey, Response | Declaration] = {(pk, RESPONSE): row for pk, row in responses.items()}
    return found | {(pk, DECLARATION): row for pk, row in declarations.items()}


def submission_files(submission: Submission, sha256: str) -> QuerySet[StoredFile]:
    """Return the stored file that a submission names by its hash; nothing when it names no such file."""
    if f'"sha256":"{sha256}"' not in submission.snapshot:
        return StoredFile.objects.none()
    owner = submission.response.site.organisation_id
    return StoredFile.objects.filter(sha256=sha256, organisation_id=owner).order_by("created_at")


# 2. What stands in one response -------------------------------------------------------------------
@dataclass(frozen=True)
class Mark:
    """One answer as far as counting and comparing need it; version 0: no row, only files."""

    value: object = None
    not_applicable: bool = False
    reason: str = ""
    comment: str = ""
    version: int = 0
    confirmed: bool = True
    origin: str = ""
    files: int = 0
    updated_by_id: int | None = None
    updated_at: datetime | None = None

    @property
    def answer(self) -> AnswerValue:
        """The answer in the form conditions and checks read."""
        na: str | bool | None = (self.reason.strip() or True) if self.not_applicable else None
        return AnswerValue(self.value, na, (None,) * self.files)


MARK_COLUMNS = (
    "code",
    "value",
    "not_applicable",
    "reason",
    "comment",
    "version",
    "confirmed",
    "origin",
    "updated_by_id",
    "updated_at",
)


def read_marks(response_id: int) -> dict[str, Mark]:
    """Return every answer of a response and how many good files stand behind it; one query.

    Files come as rows of the same UNION with version 0: autosave may spend ten queries in all.
    """
    answers = Answer.objects.filter(response_id=response_id).values_list(*MARK_COLUMNS)
    filler = {
        "value": Value(None, JSONField()),
        "not_applicable": Value(False),
        "reason": Value("", CharField()),
        "comment": Value("", CharField()),
        "version": Value(0),
        "confirmed": Value(True),
        "origin": Value("", CharField()),
    }
    files = (
        Evidence.objects.filter(response_id=response_id)
        .exclude(file__scan_state=ScanState.REFUSED)
        .annotate(**filler)
        .values_list(*MARK_COLUMNS[:8], "added_by_id", "added_at")
    )
    rows: dict[str, tuple[Any, ...]] = {}
    counts: dict[str, int] = defaultdict(int)
    for row in answers.union(files, all=True):
        if row[5] == 0:
            counts[row[0]] += 1
        else:
            rows[row[0]] = row
    return {code: make_mark(rows.get(code), counts.get(code, 0)) for code in {**rows, **counts}}


def make_mark(row: tuple[Any, ...] | None, files: int) -> Mark:
    """Return the mark of one question from its row in the order of MARK_COLUMNS."""
    if row is None:
        return Mark(files=files)
    return Mark(**dict(zip(MARK_COLUMNS[1:], row[1:], strict=True)), files=files)


def measure_marks(document: Document, marks: Mapping[str, Mark], as_of: date | None = None) -> Standing:
    """Return how far the answers are, today for a draft."""
    answers = {code: mark.answer for code, mark in marks.items()}
    unconfirmed = {code for code, mark in marks.items() if not mark.confirmed}
    return measure(document, answers, unconfirmed, as_of or timezone.localdate())


def standing_of(response: Response) -> Standing:
    """Return how far a response is, counted from its answers."""
    return measure_marks(document_of(response.version), read_marks(response.pk))


def answers_with_people(response: Response, codes: Collection[str] | None = None) -> dict[str, Answer]:
    """Return the answers of a response by code, with who saved them; with `codes` only those."""
    rows = Answer.objects.filter(response=response).select_related("updated_by")
    return {row.code: row for row in (rows if codes is None else rows.filter(code__in=codes))}


def evidence_by_code(response: Response, codes: Collection[str] | None = None) -> dict[str, list[Evidence]]:
    """Return the files of a response by question; with `codes` only those."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    rows = Evidence.objects.filter(response=response).select_related("file").order_by("added_at", "pk")
    for row in rows if codes is None else rows.filter(code__in=codes):
        found[row.code].append(row)
    return dict(found)


def reusable_files(response: Response, code: str) -> QuerySet[StoredFile]:
    """Return files the organisation handed in anywhere before and that do not stand behind this question yet."""
    earlier = Evidence.objects.filter(
        file=OuterRef("pk"), response__site__organisation_id=response.site.organisation_id
    )
    here = Evidence.objects.filter(file=OuterRef("pk"), response=response, code=code)
    return (
        StoredFile.objects.filter(Exists(earlier), ~Exists(here), organisation_id=response.site.organisation_id)
        .exclude(scan_state=ScanState.REFUSED)
        .order_by("-created_at")
    )


def colleagues_of(response: Response) -> QuerySet[User]:
    """Return people of the site's organisation who may answer: a section can be given to them."""
    members = Membership.objects.filter(organisation_id=response.site.organisation_id, role__in=EDITORS)
    return User.objects.filter(pk__in=members.values("user_id"), is_active=True).order_by("name", "email")


def assignments_of(response: Response) -> dict[str, User]:
    """Return who takes care of which section."""
    rows = SectionAssignment.objects.filter(response=response).select_related("user")
    return {row.section: row.user for row in rows}


def review_comments(response: Response) -> dict[str, ReviewComment]:
    """Return what the buyer said about the questions of the latest submission."""
    latest = Submission.objects.filter(response=response).order_by("-number").values("pk")[:1]
    rows = ReviewComment.objects.filter(submission_id__in=latest).select_related("author")
    return {row.code: row for row in rows}


def buyers_message(response: Response) -> dict[str, str]:
    """Return what the buyer wrote with the request, by language; empty without a campaign."""
    found = Response.objects.filter(pk=response.pk).values_list("request__campaign__message", flat=True).first()
    return dict(found or {})


def latest_submission(response: Response) -> Submission | None:
    """Return the latest frozen copy, None before the first."""
    return response.submissions.select_related("submitted_by").order_by("-number").first()


def previous_responses(site_ids: Iterable[int]) -> QuerySet[Response]:
    """Return handed-in responses of these sites, latest first: what a new round can be filled from."""
    return Response.objects.filter(site_id__in=site_ids, state__in=HANDED_IN_STATES).order_by("-submitted_at", "-pk")


def count_answering_sites(questionnaire_ids: Iterable[int], buyer_id: int | None) -> int:
    """Return how many sites have handed in any version of these questionnaires to a buyer."""
    found = Response.objects.filter(
        version__questionnaire_id__in=questionnaire_ids, relationship__buyer=buyer_id, state__in=HANDED_IN_STATES
    )
    return found.values("site_id").distinct().count()


# 3. The buyer's list ------------------------------------------------------------------------------
SORTS = {
    "site": "site__name",
    "supplier": "site__organisation__name",
    "state": "state",
    "due": "due_on",
    "submitted": "submitted_at",
    "score": "score",
}
SEARCHED = ("site__name", "site__organisation__name", "relationship__vendor_code")
BANDS = [
    ("high", gettext_lazy("High risk")),
    ("medium", gettext_lazy("Medium risk")),
    ("low", gettext_lazy("Low risk")),
]
LATE = "late"


def listed_responses(user: Reader, organisation: Organisation | None) -> QuerySet[Response]:
    """Return the responses a buyer's workspace lists.

    The first condition is the same for the whole list, so that a reader whose membership is not narrowed
    costs no look at each of 30,000 relationships.
    """
    if organisation is None:
        return Response.objects.none()
    whole = Q(relationship__buyer_id__in=bought_whole(user))
    narrowed = Q(relationship_id__in=bought_relationships(user).values("pk"))
    return Response.objects.filter(whole | narrowed, relationship__buyer=organisation)


def bought_whole(user: Reader) -> QuerySet[Membership]:
    """Return ids of organisations the user buys for without being narrowed to regions or units, as a subquery."""
    narrowed = MembershipScope.objects.filter(membership_id=OuterRef("pk"))
    rows = Membership.objects.filter(~Exists(narrowed), user_id=user.pk or 0, role__in=BUYER_ROLES)
    return rows.values("organisation_id")  # type: ignore[return-value]


def response_facets(organisation: Organisation) -> list[Facet]:
    """Return the filters of the list. Their choices were written when the campaigns went out, so no row is read.

    A facet means what it was when the site was asked, as on the dashboard whose figures open this list.
    """
    found: dict[str, set[Any]] = defaultdict(set)
    campaigns = list(organisation.campaigns.order_by("-year", "-pk").values_list("pk", "name", "facets"))
    for _pk, _name, facets in campaigns:
        for name, values in facets.items():
            found[name].update(values)
    lands = [(code, str(countries.name(code))) for code in found["country"]]
    choices = {name: plain_choices(sorted(values)) for name, values in found.items()}
    states = [*ResponseState.choices, (LATE, _("Late"))]
    return [
        Facet("campaign", _("Campaign"), [(pk, name) for pk, name, _facets in campaigns], "request__campaign_id"),
        Facet("state", _("State"), states, state_clause),
        Facet("band", _("Risk band"), BANDS, band_clause),
        Facet("business_unit", _("Business unit"), choices.get("business_unit", []), "request__business_unit"),
        Facet("region", _("Region"), choices.get("region", []), "request__region"),
        Facet("country", _("Country"), sorted(lands, key=lambda pair: pair[1]), "request__country"),
        Facet("category", _("Category"), choices.get("category", []), "request__category"),
        Facet("tier", _("Tier"), choices.get("tier", []), "request__tier"),
    ]


def band_clause(value: str) -> Q:
    """Return the condition of a band; the score of answers that were withdrawn does not count."""
    return Q(band=value, state__in=HANDED_IN_STATES)


def state_clause(value: str) -> Q:
    """Return the condition of a state; late is open and past its date."""
    if value == LATE:
        return Q(state__in=OPEN_STATES, due_on__lt=timezone.localdate())
    return Q(state=value)


def wanted_responses(
    rows: QuerySet[Response], facets: Sequence[Facet], params: Mapping[str, str]
) -> QuerySet[Response]:
    """Return the rows an address asks for: filtered, searched, sorted."""
    rows = narrow_rows(rows, facets, params)
    rows = search_rows(rows, params.get("q", ""), SEARCHED)
    wanted = params.get("sort", "")
    name = wanted.removeprefix("-")
    if name not in SORTS:
        wanted, name = "-submitted", "submitted"
    column = F(SORTS[name])
    # Databases disagree on where nothing belongs; here it is always last.
    order = column.desc(nulls_last=True) if wanted.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(order, "pk")
