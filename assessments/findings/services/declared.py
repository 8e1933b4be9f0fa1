"""Red flags of minerals declarations become findings, and go again when the declaration no longer shows them."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils import timezone, translation

from assessments.findings.enums import Severity, Source
from assessments.findings.models import UNSETTLED, Finding
from assessments.findings.services.raising import Key, Raised, key_of, raise_findings
from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration, RedFlag
from minerals.declarations.queries.words import say_advice, say_flag
from minerals.declarations.risks import RED_GRADES

logger = logging.getLogger(__name__)
CODE_OF_CONDUCT = "rba-8.0"
PROVISION = "D7"  # responsible sourcing of minerals
LIVE_STATES = (DeclarationState.RECEIVED, DeclarationState.ACCEPTED)
# What the guidance on due diligence calls a red flag of its own; the rest are gaps and contradictions.
MAJOR_CODES = frozenset({"origin_covered", "origin_risky", "smelter_not_conformant"})
BATCH = 200
Place = tuple[int, int]
# A rule speaks of one mineral; one that speaks of the whole declaration is told apart by its template.
RULE = Concat(
    F("code"),
    Value(":"),
    Case(When(mineral="", then=F("declaration__template")), default=F("mineral")),
    output_field=CharField(),
)


def raise_declared_findings() -> int:
    """Make the findings match the red flags of declarations that stand; returns how many declarations were looked at.

    New ones wait until a person confirms them. Safe to call twice; every sweep does a few hundred declarations.
    """
    places = changed_places()
    for place in places:
        try:
            raise_at(place)
        except Exception:  # what breaks at one site must not hold up all others
            logger.exception("Findings of declarations could not be raised at %s", place)
    return len(places)


def changed_places() -> list[Place]:
    """Return where flags have no finding yet, or findings have no flag any more: (site, relationship)."""
    fresh = live_flags().filter(raised_at__isnull=True).order_by()
    rows = fresh.values_list("declaration__site_id", "declaration__relationship_id").distinct()[:BATCH]
    gone = orphans().order_by().values_list("site_id", "relationship_id").distinct()[:BATCH]
    return sorted({*rows, *gone})


def live_flags() -> QuerySet[RedFlag]:
    """Return the flags that make findings: red ones of declarations that were received or accepted."""
    return RedFlag.objects.filter(grade__in=RED_GRADES, declaration__state__in=LIVE_STATES)


def orphans() -> QuerySet[Finding]:
    """Return findings nobody has confirmed whose flag is gone, or whose declaration no longer stands."""
    same = live_flags().annotate(rule=RULE).filter(declaration_id=OuterRef("source_id"), rule=OuterRef("rule"))
    rows = Finding.objects.filter(UNSETTLED, source=Source.DECLARATION, confirmed_at__isnull=True)
    return rows.filter(~Q(rule=""), ~Exists(same))


@transaction.atomic
def raise_at(place: Place) -> None:
    """Make the findings of one site and buyer match all declarations that stand there."""
    site_id, bond_id = place
    rows = Declaration.objects.select_for_update().filter(site_id=site_id, relationship_id=bond_id)
    declarations = list(rows.order_by("pk"))
    standing = {row.pk for row in declarations if row.state in LIVE_STATES}
    flags = list(live_flags().filter(declaration__in=standing).select_related("declaration").order_by("declaration_id"))
    raised = list({item.key: item for item in map(build_raised, flags)}.values())
    known = Finding.objects.filter(
        UNSETTLED, ~Q(rule=""), source=Source.DECLARATION, site=site_id, relationship=bond_id
    )
    raise_findings(raised, checked=checked_keys(declarations, known, raised), source=Source.DECLARATION)
    RedFlag.objects.filter(pk__in=[flag.pk for flag in flags]).update(raised_at=timezone.now())
    # A declaration that comes back raises its flags once more.
    RedFlag.objects.filter(declaration__in={row.pk for row in declarations} - standing).update(raised_at=None)


def checked_keys(
    declarations: Sequence[Declaration], known: Iterable[Finding], raised: Iterable[Raised]
) -> dict[int, frozenset[Key]]:
    """Return per declaration the keys that were looked at: every rule that stands or is open at this place."""
    keys = frozenset({key_of(finding) for finding in known} | {item.key for item in raised})
    return {declaration.pk: keys for declaration in declarations}


def build_raised(flag: RedFlag) -> Raised:
    """Return what a flag says is wrong, in every language."""
    home = flag.declaration
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts["text"][language] = say_flag(flag)
            texts["advice"][language] = say_advice(flag)
    return Raised(
        site_id=home.site_id,
        relationship_id=home.relationship_id,
        source=Source.DECLARATION,
        source_id=home.pk,
        rule=f"{flag.code}:{flag.mineral or home.template}",
        code_of_conduct=CODE_OF_CONDUCT,
        provision=PROVISION,
        severity=Severity.MAJOR if flag.code in MAJOR_CODES else Severity.MINOR,
        text=texts["text"],
        advice={language: words for language, words in texts["advice"].items() if words},
    )
