"""GRI 414 (social) and 308 (environmental) of one year: suppliers, not sites; every figure is a list of them.

414-2 and 308-2, impacts:

a  assessed: answers handed in, or an audit released, in the year, on a provision of the dimension
b  with significant negative impacts: actual ones were found by an audit or confirmed by a person; potential ones are
   flags of a self-assessment that nobody has confirmed yet
c  the impacts: the provisions they are on
d  of b: those with which an improvement was agreed: a plan for one of these impacts was accepted
e  of b: those with which the relationship was ended in the year for this reason

An impact counts in every year in which it stood: raised by the end of the year and not settled before it began. One
for which no action is taken counts in the year it was raised. What was dismissed, merged or rested on an answer that
was corrected is none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.audits.document import Programme
from assessments.audits.enums import RELEASED_STATES
from assessments.audits.models import Audit, ProgrammeVersion
from assessments.audits.queries import programme_of
from assessments.codes.document import UnknownCode, known_codes, read_code
from assessments.codes.enums import Dimension
from assessments.findings.enums import CloseReason, FindingState, PlanState, Severity
from assessments.findings.models import ActionChange, Finding
from assessments.findings.queries import followed_relationships, natural
from assessments.findings.queries.plans import CONFIRMED
from assessments.overview.enums import Figure
from assessments.overview.queries.provisions import TAKEN_BACK
from assessments.questionnaires.document import Document
from assessments.questionnaires.queries import documents_of, versions_for
from assessments.responses.models import Submission
from portal.lib.listing import Facet
from suppliers.organisations.enums import EndReason
from suppliers.organisations.models import Organisation, Relationship
from suppliers.organisations.queries import Reader, Workspace

YEARS = 5
DEFAULT_LEAST = Severity.MAJOR
NUMBERS = {Dimension.SOCIAL: "414-2", Dimension.ENVIRONMENTAL: "308-2"}
SCREENING_NUMBERS = {Dimension.SOCIAL: "414-1", Dimension.ENVIRONMENTAL: "308-1"}
SCREENING_FIGURES = (Figure.NEW, Figure.SCREENED)
END_REASONS = {Dimension.SOCIAL: EndReason.SOCIAL, Dimension.ENVIRONMENTAL: EndReason.ENVIRONMENTAL}
AGREED_STATES = (
    FindingState.ACTION_AGREED,
    FindingState.IN_PROGRESS,
    FindingState.DONE,
    FindingState.VERIFIED,
)


@dataclass(frozen=True)
class ImpactLine:
    """How many suppliers have an impact on one provision."""

    code_of_conduct: str
    provision: str
    suppliers: int
    actual: int
    potential: int


@dataclass(frozen=True)
class Disclosure:
    """One disclosure of one year."""

    number: str
    dimension: Dimension
    counts: dict[Figure, int]
    impacts: Sequence[ImpactLine]

    @property
    def agreed_share(self) -> float | None:
        """d in percent of b."""
        return share_of(self.counts[Figure.AGREED], self.counts[Figure.IMPACTS])

    @property
    def ended_share(self) -> float | None:
        """e in percent of b."""
        return share_of(self.counts[Figure.ENDED], self.counts[Figure.IMPACTS])


@dataclass(frozen=True)
class Screening:
    """How many suppliers were new in a year, and how many of them were screened by its end."""

    number: str
    dimension: Dimension
    new: int
    screened: int

    @property
    def share(self) -> float | None:
        """The screened ones in percent of the new ones."""
        return share_of(self.screened, self.new)


@dataclass(frozen=True)
class Frame:
    """What a disclosure is asked of: whose suppliers, which year, from which severity an impact is significant.

    With a `provision` only the impacts on it count, and with a `code_of_conduct` only on that of this code: another
    version may mean something else by the same number.
    """

    buyer: Organisation
    bonds: QuerySet[Relationship]
    year: int
    least: str
    dimension: Dimension
    provision: str = ""
    code_of_conduct: str = ""

    @property
    def first(self) -> date:
        """The first day of the year."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """The last day of the year."""
        return date(self.year, 12, 31)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The moment the year begins and the one the next begins."""
        return begin(self.first), begin(date(self.year + 1, 1, 1))

    @cached_property
    def version_ids(self) -> list[int]:
        """The questionnaires that ask about the dimension; read once for all figures."""
        versions = list(versions_for(self.buyer))
        asked = zip(versions, documents_of(versions), strict=True)
        return [version.pk for version, document in asked if asks_about(document, self.dimension)]

    @cached_property
    def programme_ids(self) -> list[int]:
        """The audit programmes that look at the dimension; read once for all figures."""
        versions = ProgrammeVersion.objects.filter(Q(owner=None) | Q(owner=self.buyer))
        return [one.pk for one in versions if looks_at(programme_of(one), self.dimension)]


def frame_of(user: Reader, workspace: Workspace, params: Mapping[str, str], dimension: Dimension) -> Frame:
    """Return what a disclosure is asked of by an address whose year and severity are known choices."""
    buyer = workspace.organisation
    bonds = followed_relationships(user, buyer)
    return Frame(
        buyer=buyer,
        bonds=bonds,
        year=int(params["year"]),
        least=params.get("least", DEFAULT_LEAST),
        dimension=dimension,
        provision=params.get("provision", ""),
        code_of_conduct=params.get("code", ""),
    )


def fixed_choices(today: date) -> dict[str, str]:
    """Return what is chosen where the address chooses nothing."""
    return {"year": str(today.year), "least": DEFAULT_LEAST.value}


def begin(day: date) -> datetime:
    """Return the moment a day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def share_of(part: int, whole: int) -> float | None:
    """Return a share in percent, None of nothing."""
    return 100 * part / whole if whole else None


def gri_facets(today: date) -> list[Facet]:
    """Return the two choices of the report; both always have a value."""
    years = [(str(year), str(year)) for year in range(today.year, today.year - YEARS, -1)]
    least = [
        (Severity.PRIORITY.value, _("Priority")),
        (Severity.MAJOR.value, _("Priority and Major")),
        (Severity.MINOR.value, _("Every severity")),
    ]
    return [Facet("year", _("Year"), years, "year"), Facet("least", _("Significant"), least, "least")]


def about(dimension: Dimension) -> Q:
    """Return the condition of findings on a provision of a dimension, whatever the code."""
    clause = Q()
    for name in known_codes():
        clause |= Q(code_of_conduct=name, provision__in=sorted(read_code(name).provisions_about(dimension)))
    return clause


def impacts_of(frame: Frame) -> QuerySet[Finding]:
    """Return the findings that count as significant impacts of the year."""
    start, end = frame.moments
    severities = Severity.values[: Severity.values.index(frame.least) + 1]
    standing = (Q(closed_at=None) | Q(closed_at__gte=start)) & (Q(verified_on=None) | Q(verified_on__gte=frame.first))
    left_before = Q(state=FindingState.NO_ACTION, opened_at__lt=start)
    rows = Finding.objects.filter(about(frame.dimension), standing, opened_at__lt=end, severity__in=severities)
    rows = rows.filter(relationship_id__in=frame.bonds.order_by().values("pk"))
    if frame.provision:
        rows = rows.filter(provision=frame.provision)
    if frame.code_of_conduct:
        rows = rows.filter(code_of_conduct=frame.code_of_conduct)
    return rows.exclude(left_before).exclude(TAKEN_BACK | Q(close_reason=CloseReason.CORRECTED))


def agreed_clause() -> Q:
    """Return the condition of findings for which a plan was accepted that does something."""
    accepted = ActionChange.objects.filter(target=PlanState.ACCEPTED, action__no_action=False)
    return Q(state__in=AGREED_STATES) | Q(pk__in=accepted.values("action__finding_id"))


def disclose(frame: Frame) -> Disclosure:
    """Return one disclosure; five queries whatever the number of suppliers."""
    impacts = impacts_of(frame).order_by()
    suppliers = {"impacts": Q(), "actual": CONFIRMED, "potential": ~CONFIRMED, "agreed": agreed_clause()}
    counts = {
        name: Count("relationship", distinct=True, filter=clause) if clause else Count("relationship", distinct=True)
        for name, clause in suppliers.items()
    }
    found = impacts.aggregate(**counts)
    figures = {Figure(name): count for name, count in found.items()}
    figures[Figure.ASSESSED] = suppliers_of(Figure.ASSESSED, frame).count()
    figures[Figure.ENDED] = suppliers_of(Figure.ENDED, frame).count()
    return Disclosure(NUMBERS[frame.dimension], frame.dimension, figures, impact_lines(impacts))


def screen(frame: Frame) -> Screening:
    """Return how many new suppliers were screened; one query and those of the versions."""
    screened = Count("pk", filter=assessed_clause(frame, ever=True))
    counts = suppliers_of(Figure.NEW, frame).aggregate(new=Count("pk"), screened=screened)
    return Screening(SCREENING_NUMBERS[frame.dimension], frame.dimension, **counts)


def impact_lines(impacts: QuerySet[Finding]) -> list[ImpactLine]:
    """Return suppliers by provision, most first; one query."""
    rows = impacts.values_list("code_of_conduct", "provision").annotate(
        suppliers=Count("relationship", distinct=True),
        actual=Count("relationship", distinct=True, filter=CONFIRMED),
        potential=Count("relationship", distinct=True, filter=~CONFIRMED),
    )
    return sorted((ImpactLine(*row) for row in rows), key=lambda line: (-line.suppliers, natural(line.provision)))


def findings_behind(figure: Figure, frame: Frame) -> QuerySet[Finding]:
    """Return the findings for which a supplier stands in the list behind a figure."""
    impacts = impacts_of(frame)
    if figure is Figure.ACTUAL:
        return impacts.filter(CONFIRMED)
    if figure is Figure.POTENTIAL:
        return impacts.exclude(CONFIRMED)
    return impacts.filter(agreed_clause()) if figure is Figure.AGREED else impacts


def suppliers_of(figure: Figure, frame: Frame) -> QuerySet[Relationship]:
    """Return the suppliers behind a figure."""
    if figure in SCREENING_FIGURES:
        # A buyer's own sites are a relationship with itself; that is no supplier.
        new = frame.bonds.filter(started_on__range=(frame.first, frame.last)).exclude(supplier=frame.buyer)
        return new.filter(assessed_clause(frame, ever=True)) if figure is Figure.SCREENED else new
    if figure is Figure.ASSESSED:
        return frame.bonds.filter(assessed_clause(frame))
    rows = frame.bonds.filter(pk__in=findings_behind(figure, frame).order_by().values("relationship_id"))
    if figure is Figure.ENDED:
        return rows.filter(ended_on__range=(frame.first, frame.last), end_reason=END_REASONS[frame.dimension])
    return rows


def assessed_clause(frame: Frame, *, ever: bool = False) -> Q:
    """Return the condition of suppliers assessed in the year, or `ever` until its end."""
    answered = submissions_of(frame, ever=ever).values("response__relationship_id")
    audited = audits_of(frame, ever=ever).values("relationship_id")
    return Q(pk__in=answered) | Q(pk__in=audited)


def listed_suppliers(figure: Figure, frame: Frame) -> QuerySet[Relationship]:
    """Return the suppliers behind a figure by name."""
    return suppliers_of(figure, frame).select_related("supplier").order_by("supplier__name", "pk")


@dataclass
class Assessed:
    """How one supplier was assessed in the year, or until its end."""

    answers: int = 0
    answered_on: datetime | None = None
    audits: int = 0
    audited_on: date | None = None


def assessments_of(page: Iterable[Relationship], frame: Frame, *, ever: bool = False) -> dict[int, Assessed]:
    """Return {relationship id: how it was assessed in the year, or `ever` until its end}; two queries and versions."""
    bonds = [bond.pk for bond in page]
    found = {pk: Assessed() for pk in bonds}
    answers = submissions_of(frame, ever=ever).filter(response__relationship_id__in=bonds)
    for pk, count, day in answers.values_list("response__relationship_id").annotate(
        count=Count("response", distinct=True), day=Max("submitted_at")
    ):
        found[pk].answers, found[pk].answered_on = count, day
    audits = audits_of(frame, ever=ever).filter(relationship_id__in=bonds)
    for pk, count, day in audits.values_list("relationship_id").annotate(count=Count("pk"), day=Max("released_on")):
        found[pk].audits, found[pk].audited_on = count, day
    return found


def submissions_of(frame: Frame, *, ever: bool = False) -> QuerySet[Submission]:
    """Return what was handed in during the year, or `ever` until its end, on questionnaires about the dimension."""
    start, end = frame.moments
    rows = Submission.objects.filter(submitted_at__lt=end)
    rows = rows if ever else rows.filter(submitted_at__gte=start)
    bonds = frame.bonds.order_by().values("pk")
    return rows.filter(response__version_id__in=frame.version_ids, response__relationship_id__in=bonds).order_by()


def audits_of(frame: Frame, *, ever: bool = False) -> QuerySet[Audit]:
    """Return the audits released during the year, or `ever` until its end, under programmes about the dimension."""
    rows = Audit.objects.filter(state__in=RELEASED_STATES, released_on__lte=frame.last)
    rows = rows if ever else rows.filter(released_on__gte=frame.first)
    bonds = frame.bonds.order_by().values("pk")
    return rows.filter(programme_id__in=frame.programme_ids, relationship_id__in=bonds).order_by()


def asks_about(document: Document, dimension: Dimension) -> bool:
    """Whether a questionnaire has a question on a provision of the dimension."""
    return names_any(document.code_of_conduct, (question.provision for question in document.questions), dimension)


def looks_at(programme: Programme, dimension: Dimension) -> bool:
    """Whether a programme has a checkpoint on a provision of the dimension."""
    return names_any(programme.code_of_conduct, (point.provision for point in programme.points), dimension)


def names_any(code: str, provisions: Iterable[str | None], dimension: Dimension) -> bool:
    """Whether one of the provisions is of the dimension; one of an unknown code is of none."""
    try:
        wanted = read_code(code).provisions_about(dimension)
    except UnknownCode:
        return False
    return any(provision in wanted for provision in provisions)
