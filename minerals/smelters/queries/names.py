"""The queue of names: what is open, who names it, what it may mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from minerals.smelters.enums import CaseState, How, Rejection
from minerals.smelters.matching import guess_rejection
from minerals.smelters.models import NameCase, Smelter
from minerals.smelters.queries.usage import count_uses, is_named
from minerals.templates_io.queries import mineral_name
from portal.lib.listing import Facet, narrow_rows, search_rows, sort_rows
from suppliers.organisations.queries import Reader

SORTS = {"name": "name", "metal": "metal", "created": "created_at", "country": "country_text"}
MOST_HITS = 20


@dataclass(frozen=True)
class Hint:
    """A smelter that a name may mean, and why."""

    smelter: Smelter
    how: str
    score: int

    @property
    def reason(self) -> str:
        """The reason in the reader's words; a likeness says how great it is."""
        if self.how == How.ALIKE:
            return _("Name %(share)d per cent alike") % {"share": self.score}
        return str(How(self.how).label)


@dataclass(frozen=True)
class Question:
    """One name of the queue with everything a person needs to decide it."""

    case: NameCase
    hints: list[Hint]
    suppliers: int
    declarations: int
    proposal: Rejection | None


def case_facets(rows: QuerySet[NameCase]) -> list[Facet]:
    """Return the filters of the queue; `rows` are the names the reader sees."""
    metals = rows.order_by("metal").values_list("metal", flat=True).distinct()
    hints = [("yes", _("With a suggestion")), ("no", _("Without one"))]
    return [
        Facet("state", _("State"), CaseState.choices, "state"),
        Facet("metal", _("Metal"), [(metal, mineral_name(metal)) for metal in metals if metal], "metal"),
        Facet("hints", _("Suggestions"), hints, hints_clause),
    ]


def hints_clause(value: str) -> Q:
    """Return whether a name has suggestions, as a condition."""
    return ~Q(suggestions=[]) if value == "yes" else Q(suggestions=[])


def wanted_cases(
    rows: QuerySet[NameCase], facets: Sequence[Facet], params: QueryDict | Mapping[str, str]
) -> QuerySet[NameCase]:
    """Return the names an address asks for: the open ones unless the address speaks of states."""
    if "state" not in params:
        rows = rows.filter(state=CaseState.OPEN)
    rows = search_rows(narrow_rows(rows, facets, params), params.get("q", ""), ("name", "cid", "country_text"))
    return sort_rows(rows, SORTS, params.get("sort", ""), "name").select_related("smelter", "decided_by")


def ask_questions(user: Reader, cases: Sequence[NameCase]) -> list[Question]:
    """Return names with their suggestions and how many declare them to the reader, in two queries."""
    wanted = {hint["smelter"] for case in cases for hint in case.suggestions}
    smelters = Smelter.objects.in_bulk(wanted) if wanted else {}
    uses = count_uses(user, "case", [case.pk for case in cases]) if cases else {}
    questions = []
    for case in cases:
        known = [hint for hint in case.suggestions if hint["smelter"] in smelters]
        hints = [Hint(smelters[hint["smelter"]], hint["how"], hint["score"]) for hint in known]
        suppliers, declarations = uses.get(case.pk, (0, 0))
        proposal = guess_rejection(case.folded) if not case.cid else None
        questions.append(Question(case, hints, suppliers, declarations, proposal))
    return questions


def find_smelters(owner_id: int, words: str, metal: str = "") -> list[Smelter]:
    """Return smelters whose name, number or country holds every word, those of the metal first."""
    if not words.strip():
        return []
    paths = ("name", "cid", "country_text", "names__name")
    found = search_rows(Smelter.objects.filter(owner_id=owner_id), words, paths).distinct()
    rows = list(found.order_by("name", "pk")[: MOST_HITS * 2])
    return sorted(rows, key=lambda smelter: smelter.metal != metal)[:MOST_HITS]


def count_open(owner_id: int) -> int:
    """Return how many names wait for a decision."""
    return NameCase.objects.filter(is_named(), owner_id=owner_id, state=CaseState.OPEN).count()
