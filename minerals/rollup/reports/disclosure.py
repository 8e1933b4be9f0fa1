"""The facts of a yearly report on minerals, in the order in which a Form SD and OECD's five steps tell them.

The country a smelter stands in and the country its ore comes from are two tables: mistaking one for the other is the
classic error of such reports."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration, DeclarationChange, RedFlag
from minerals.declarations.queries.wording import QUESTIONS, option_label
from minerals.origins.core import Areas
from minerals.origins.queries import areas_for
from minerals.rollup.enums import FIGURE_LABELS, NOT_ASKED
from minerals.rollup.models import CompanyProfile, ProductGroup, Rollup, RollupSmelter
from minerals.rollup.queries.figures import Figures, read_figures
from minerals.rollup.queries.silent import silent_declarations
from minerals.rollup.reports.consolidated import name_of, place_of, sorted_rows
from minerals.rollup.reports.statuses import Standing, standings_of
from minerals.smelters.enums import CaseState, Light, ListState, Status
from minerals.smelters.models import Outreach, SmelterList
from minerals.templates_io.enums import Grade
from minerals.templates_io.queries import mineral_name
from suppliers.organisations.models import Organisation

GRAVE = (Grade.ERROR, Grade.FLAG)


@dataclass
class MetalLine:
    """The facilities of one metal by what is known of them."""

    metal: str
    lights: Counter[str] = field(default_factory=Counter)
    unnamed: int = 0

    @property
    def cells(self) -> list[int]:
        """Counts in the order of the lights."""
        return [self.lights[light] for light in Light]

    @property
    def total(self) -> int:
        """All smelters of the metal that are known by name and number."""
        return sum(self.lights.values())


@dataclass(frozen=True)
class Step:
    """One of OECD's five steps: its title and what the data shows of it, as sentences."""

    number: int
    title: str
    lines: list[str]


def disclosure_facts(
    owner: Organisation, template: str, group: ProductGroup | None, *, as_of: date, answered: int = 0
) -> dict[str, Any]:
    """Return the context of the PDF. `answered` is how many customers' requests were answered in that year."""
    figures = read_figures(owner, template, group)
    rows = sorted_rows(figures.rollup)
    known = [row for row in rows if row.smelter]
    standings = standings_of([row.smelter for row in known if row.smelter], as_of)
    areas = areas_for(owner.pk, as_of)
    response = response_of(owner, template, group, figures.rollup)
    metals = metal_lines(rows, standings)
    origins = origin_lines([row for row in rows if not is_rejected(row)], areas)
    unknowns = unknown_lines(rows, response)
    return {
        "owner": owner.name,
        "template": template,
        "group": group.name if group else "",
        "as_of": as_of,
        "response": response,
        "lights": [light.label for light in Light],
        "metals": metals,
        "facilities": facility_lines(known, standings),
        "origins": origins,
        "places": place_lines(known),
        "answers": answer_lines(figures),
        "minerals": [mineral_name(mineral) for mineral in figures.minerals],
        "unknowns": unknowns,
        "steps": oecd_steps(owner, template, as_of, facts=(response, metals, origins, answered)),
        "groups": group_lines(owner, template),
    }


# Who answered ---------------------------------------------------------------------------------------


def response_of(
    owner: Organisation, template: str, group: ProductGroup | None, rollup: Rollup | None
) -> dict[str, Any]:
    """Return how many suppliers count, how many are awaited, and the share."""
    answered = rollup.suppliers if rollup else 0
    silent = silent_declarations(owner.pk, template, group).order_by().values("relationship").distinct().count()
    asked = answered + silent
    rows = Declaration.objects.filter(relationship__buyer=owner, template=template).order_by()
    counts = dict(rows.values_list("state").annotate(count=Count("pk")))
    states = [(state.label, counts[state]) for state in DeclarationState if state in counts]
    rate = 100 * answered / asked if asked else None
    return {"answered": answered, "silent": silent, "asked": asked, "rate": rate, "states": states}


# Facilities -----------------------------------------------------------------------------------------


def metal_lines(rows: Iterable[RollupSmelter], standings: dict[int, Standing]) -> list[MetalLine]:
    """Return the smelters of each metal by traffic light; names without a number are counted apart."""
    found: dict[str, MetalLine] = {}
    for row in rows:
        line = found.setdefault(row.metal, MetalLine(mineral_name(row.metal)))
        if row.smelter_id:
            line.lights[standings.get(row.smelter_id, Standing(Status.UNKNOWN)).light] += 1
        elif not is_rejected(row):
            line.unnamed += 1
    return [found[metal] for metal in sorted(found)]


def is_rejected(row: RollupSmelter) -> bool:
    """Whether a person decided that this name is no smelter."""
    return row.case is not None and row.case.state == CaseState.REJECTED


def facility_lines(known: Sequence[RollupSmelter], standings: dict[int, Standing]) -> list[dict[str, Any]]:
    """Return the facilities: metal, name, number, country they stand in, status and the day it is known from."""
    lines = []
    for row in known:
        standing = standings.get(row.smelter_id or 0, Standing(Status.UNKNOWN))
        line = {
            "metal": mineral_name(row.metal),
            "name": name_of(row),
            "cid": row.smelter.cid if row.smelter else "",
            "place": place_of(row),
            "status": Status(standing.status).label,
            "light": standing.light.value,
            "as_of": standing.as_of,
            "only_whole": row.only_whole,
        }
        lines.append(line)
    return lines


def place_lines(known: Iterable[RollupSmelter]) -> list[tuple[str, int]]:
    """Return the countries facilities stand in."""
    counts = Counter(place_of(row) or _("Not stated") for row in known)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


# Origins and what is not known ----------------------------------------------------------------------


def origin_lines(rows: Iterable[RollupSmelter], areas: Areas) -> list[dict[str, Any]]:
    """Return the countries of origin that suppliers name, with the metals and whether the law or a list marks them."""
    metals: dict[str, set[str]] = defaultdict(set)
    smelters: Counter[str] = Counter()
    for row in rows:
        for code in row.origins:
            metals[code].add(mineral_name(row.metal))
            smelters[code] += 1
    lines = [
        {
            "name": str(countries.name(code)) or code,
            "metals": ", ".join(sorted(metals[code])),
            "smelters": count,
            "covered": code in areas.covered,
            "risky": code in areas.risky,
        }
        for code, count in smelters.items()
    ]
    return sorted(lines, key=lambda line: (not line["covered"], not line["risky"], str(line["name"])))


def unknown_lines(rows: Sequence[RollupSmelter], response: dict[str, Any]) -> list[str]:
    """Return what is not known, one sentence each; nothing is left out to look better."""
    silent = response["silent"]
    undecided = sum(1 for row in rows if row.case and row.case.state in (CaseState.OPEN, CaseState.MATCHED))
    unknown = sum(1 for row in rows if row.case and row.case.state == CaseState.UNKNOWN)
    unidentified = [mineral_name(row.metal) for row in rows if row.smelter is None and row.case is None]
    origin = sum(1 for row in rows if row.smelter and not row.origins)
    pairs = [
        (silent, ngettext("%(count)d supplier has not answered.", "%(count)d suppliers have not answered.", silent)),
        (
            undecided,
            ngettext(
                "%(count)d name of a smelter is not decided yet.",
                "%(count)d names of smelters are not decided yet.",
                undecided,
            ),
        ),
        (
            unknown,
            ngettext(
                "%(count)d name is on no list of smelters.", "%(count)d names are on no list of smelters.", unknown
            ),
        ),
        (
            origin,
            ngettext(
                "Of %(count)d smelter no country of origin is named.",
                "Of %(count)d smelters no country of origin is named.",
                origin,
            ),
        ),
    ]
    lines = [text % {"count": count} for count, text in pairs if count]
    if unidentified:
        metals = ", ".join(sorted(set(unidentified)))
        lines.append(_("Suppliers have smelters that are not identified yet: %(metals)s.") % {"metals": metals})
    return lines


# Answers and groups ---------------------------------------------------------------------------------


def answer_lines(figures: Figures) -> list[dict[str, Any]]:
    """Return the company's answers: a question and one word for each mineral."""
    lines = []
    for question in figures.questions:
        words = [figures.table[question, mineral].word for mineral in figures.minerals]
        shown = ["–" if word == NOT_ASKED else str(FIGURE_LABELS[word]) for word in words]
        lines.append({"number": question, "text": QUESTIONS[figures.template][question], "words": shown})
    return lines


def group_lines(owner: Organisation, template: str) -> list[tuple[str, int]]:
    """Return the product groups and how many suppliers' declarations feed each."""
    groups = ProductGroup.objects.filter(owner=owner).order_by("name")
    fed = dict(Rollup.objects.filter(owner=owner, template=template).values_list("group_id", "suppliers"))
    return [(group.name, fed.get(group.pk, 0)) for group in groups]


# The five steps -------------------------------------------------------------------------------------


def oecd_steps(owner: Organisation, template: str, as_of: date, *, facts: tuple[Any, Any, Any, int]) -> list[Step]:
    """Return OECD's five steps in order, each with what the data shows; what was not done is said, too."""
    response, metals, origins, answered = facts
    titles = [
        _("Strong management systems"),
        _("Identify and assess risks in the supply chain"),
        _("Respond to the risks"),
        _("Independent audits of smelters and refiners"),
        _("Report every year"),
    ]
    lines = [
        system_lines(owner, template, response),
        risk_lines(owner, template, metals, origins),
        answer_to_risks(owner, template, as_of),
        audit_lines(owner, metals, as_of),
        reporting_lines(as_of, answered),
    ]
    return [Step(number, title, said) for number, (title, said) in enumerate(zip(titles, lines, strict=True), start=1)]


def system_lines(owner: Organisation, template: str, response: dict[str, Any]) -> list[str]:
    """Step 1: policy, requirements to suppliers, who is asked."""
    profile = CompanyProfile.objects.filter(owner=owner).first()
    given = (profile.answers if profile else {}).get(template, {})
    said = [(_("Policy on the sourcing of minerals"), "A"), (_("The policy is public"), "B")]
    said += [(_("Suppliers must source from audited smelters"), "C"), (_("Due diligence is in place"), "D")]
    lines = [
        f"{words}: {option_label(given[letter]['answer'])}"
        for words, letter in said
        if given.get(letter, {}).get("answer")
    ]
    url = given.get("B", {}).get("comment", "")
    if url.startswith("http"):
        lines.append(url)
    if not lines:
        lines.append(_("The company has not stated its policy yet."))
    asked = response["asked"]
    count = ngettext("%(count)d supplier is asked.", "%(count)d suppliers are asked.", asked) % {"count": asked}
    return [*lines, count]


def risk_lines(owner: Organisation, template: str, metals: Sequence[MetalLine], origins: Sequence[Any]) -> list[str]:
    """Step 2: smelters identified, origins named, red flags standing."""
    total, unnamed = sum(line.total for line in metals), sum(line.unnamed for line in metals)
    covered = [line["name"] for line in origins if line["covered"]]
    flags = RedFlag.objects.filter(
        declaration__relationship__buyer=owner,
        declaration__template=template,
        declaration__state__in=(DeclarationState.RECEIVED, DeclarationState.ACCEPTED),
        grade__in=GRAVE,
    )
    flagged = flags.order_by().values("declaration").distinct().count()
    lines = [
        _("%(total)d smelters are identified, %(unnamed)d names are not.") % {"total": total, "unnamed": unnamed},
        ngettext("%(count)d declaration has red flags.", "%(count)d declarations have red flags.", flagged)
        % {"count": flagged},
    ]
    if covered:
        lines.append(_("Covered countries named as origin: %(countries)s.") % {"countries": ", ".join(covered)})
    else:
        lines.append(_("No supplier names a covered country as origin."))
    return lines


def answer_to_risks(owner: Organisation, template: str, as_of: date) -> list[str]:
    """Step 3: declarations sent back, smelters contacted, in the year."""
    changes = DeclarationChange.objects.filter(
        declaration__relationship__buyer=owner,
        declaration__template=template,
        target=DeclarationState.RETURNED,
        at__year=as_of.year,
        at__date__lte=as_of,
    )
    returned = changes.count()
    contacted = Outreach.objects.filter(smelter__owner=owner, on__year=as_of.year, on__lte=as_of)
    reached = contacted.order_by().values("smelter").distinct().count()
    return [
        ngettext(
            "%(count)d declaration was returned to be mended.",
            "%(count)d declarations were returned to be mended.",
            returned,
        )
        % {"count": returned},
        ngettext("%(count)d smelter was contacted.", "%(count)d smelters were contacted.", reached)
        % {"count": reached},
    ]


def audit_lines(owner: Organisation, metals: Sequence[MetalLine], as_of: date) -> list[str]:
    """Step 4: how many smelters are conformant, from which lists."""
    total, good = sum(line.total for line in metals), sum(line.lights[Light.GREEN] for line in metals)
    lines = [
        _("%(good)d of %(total)d smelters are conformant or recognised by another programme.")
        % {"good": good, "total": total}
    ]
    lists = SmelterList.objects.filter(owner=owner, state=ListState.APPLIED, as_of__lte=as_of).order_by("-as_of", "-pk")
    names = [f"{name} ({day:%Y-%m-%d})" for name, day in lists.values_list("name", "as_of")[:5]]
    if names:
        lines.append(_("Lists used: %(lists)s.") % {"lists": ", ".join(names)})
    return lines


def reporting_lines(as_of: date, answered: int) -> list[str]:
    """Step 5: this report, and the customers who were answered."""
    said = ngettext(
        "%(count)d customer's request was answered in %(year)d.",
        "%(count)d customers' requests were answered in %(year)d.",
        answered,
    )
    return [
        _("This report is made from the declarations accepted until now."),
        said % {"count": answered, "year": as_of.year},
    ]
