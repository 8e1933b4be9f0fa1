"""Red flags in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries import countries

from minerals.declarations.models import Declaration, RedFlag
from minerals.declarations.risks import RED_GRADES
from minerals.smelters.enums import Status
from minerals.templates_io.document import Issue
from minerals.templates_io.enums import Grade
from minerals.templates_io.queries import mineral_name, say_issue
from portal.lib.formats import shown_date

TITLES: dict[str, Any] = {
    "origin_covered": gettext_lazy("Covered country named as origin"),
    "origin_risky": gettext_lazy("Risk area named as origin"),
    "smelter_not_conformant": gettext_lazy("Smelter not conformant"),
    "smelter_not_assessed": gettext_lazy("Smelter not assessed yet"),
    "smelter_unknown": gettext_lazy("Unknown smelter"),
    "smelter_unidentified": gettext_lazy("Smelter not identified yet"),
    "missing_items": gettext_lazy("Items missing"),
    "mineral_missing": gettext_lazy("Mineral not declared"),
    "date_unreadable": gettext_lazy("Effective date not readable"),
    "date_too_early": gettext_lazy("Effective date too early"),
    "date_stale": gettext_lazy("Old effective date"),
    "template_stale": gettext_lazy("Old version of the template"),
    "template_replaced": gettext_lazy("Template that was replaced"),
    "response_low": gettext_lazy("Half of the suppliers or fewer answered"),
    "cid_malformed": gettext_lazy("Smelter id mistyped"),
    "cid_unknown_form": gettext_lazy("Smelter id of no known form"),
    "cid_old_metal": gettext_lazy("Old smelter id of another metal"),
    "cid_old_country": gettext_lazy("Old smelter id of another country"),
    "row_without_metal": gettext_lazy("Smelter without its metal"),
    "row_unnamed": gettext_lazy("Smelter without name or country"),
    **dict.fromkeys(
        (
            "smelters_despite_no",
            "covered_not_cahra",
            "covered_despite_no",
            "risky_despite_no",
            "origin_no_unproven",
            "recycled_contradicted",
            "recycled_rows_say_yes",
            "identified_without_all",
            "identified_with_open",
            "smelters_left_out",
        ),
        gettext_lazy("Contradiction"),
    ),
}
ADVICE: dict[str, Any] = {
    "origin_covered": gettext_lazy(
        "Show by the smelter's audit, or by papers from mine to smelter, that no armed group gains."
    ),
    "origin_risky": gettext_lazy(
        "Show by the smelter's audit, or by papers from mine to smelter, what was done about the risk."
    ),
    "smelter_not_conformant": gettext_lazy(
        "Ask the smelter to join the audit programme, or buy from one that has passed it."
    ),
    "smelter_unknown": gettext_lazy(
        "Ask where the material comes from and give the smelter's id, or its right name and country."
    ),
    "smelter_unidentified": gettext_lazy(
        "Ask your own suppliers, one step after the other, until the smelter is named."
    ),
    "missing_items": gettext_lazy("Fill in the items that the declaration lists as missing and hand it in again."),
}
LIST_MARK = ", "
TONES = {Grade.ERROR: "priority", Grade.FLAG: "major", Grade.WARNING: "minor", Grade.INFO: "plain"}
GRADES = list(TONES)
MOST_PLACES = 3


def flag_title(code: str) -> str:
    """Return the short name of a kind of red flag; several contradictions share one."""
    return str(TITLES[code]) if code in TITLES else say_code(code)


def alike_codes(code: str) -> list[str]:
    """Return the codes that share a title, itself among them; the first stands for all in filters."""
    title = flag_title(code)
    return [one for one in TITLES if flag_title(one) == title] or [code]


def say_code(code: str) -> str:
    """Return the words of a code that the rules of files raise."""
    return code.replace("_", " ").capitalize()


def say_flag(flag: RedFlag) -> str:
    """Return a red flag as a sentence with its reason, in the active language."""
    say = SENTENCES.get(flag.code)
    if say is not None:
        return say(mineral_name(flag.mineral), flag.params)
    more = int(flag.params.get("count", 1)) - 1
    words = say_kept(issue_of(flag))
    if more <= 0:
        return words
    others = ngettext("%(more)d more place says the same.", "%(more)d more places say the same.", more)
    return f"{words} {others % {'more': more}}"


def say_kept(issue: Issue) -> str:
    """Return an issue that was kept with an edition; one of a rule that is gone since by its code."""
    try:
        return say_issue(issue)
    except KeyError:
        return say_code(issue.code)


def say_advice(flag: RedFlag) -> str:
    """Return what a supplier can do about a red flag, in the active language; empty where the flag itself says it."""
    return str(ADVICE.get(flag.code, ""))


def issue_of(flag: RedFlag) -> Issue:
    """Return the issue of the file that a flag was made from."""
    params = {name: str(value) for name, value in flag.params.items()}
    return Issue(flag.code, Grade(flag.grade), flag.places[0] if flag.places else "", params)


@dataclass(frozen=True)
class FlagLine:
    """A red flag as a page lists it."""

    title: str
    text: str
    label: str
    tone: str
    places: tuple[str, ...]
    more: int
    is_red: bool


def flag_lines(declaration: Declaration) -> list[FlagLine]:
    """Return the red flags of a declaration, worst first, in the active language."""
    order = {code: place for place, code in enumerate(TITLES)}
    flags = sorted(
        declaration.flags.all(),
        key=lambda flag: (GRADES.index(Grade(flag.grade)), order.get(flag.code, len(order)), flag.mineral),
    )
    return [line_of(flag) for flag in flags]


def line_of(flag: RedFlag) -> FlagLine:
    """Return one of them."""
    grade, places = Grade(flag.grade), [str(place) for place in flag.places]
    shown = tuple(places[:MOST_PLACES])
    return FlagLine(
        title=flag_title(flag.code),
        text=say_flag(flag),
        label=str(grade.label),
        tone=TONES[grade],
        places=shown,
        more=len(places) - len(shown),
        is_red=grade in RED_GRADES,
    )


def names_in(params: Mapping[str, Any]) -> str:
    """Return the smelters a flag speaks of: the first names, and how many more there are."""
    names, count = list(params.get("names", [])), int(params.get("count", 0))
    more = count - len(names)
    shown = LIST_MARK.join(names) if names else _("without a name")
    if more <= 0 or not names:
        return shown
    return ngettext("%(names)s and %(more)d more", "%(names)s and %(more)d more", more) % {"names": shown, "more": more}


def countries_in(params: Mapping[str, Any]) -> str:
    """Return the countries a flag speaks of, by name."""
    return LIST_MARK.join(str(countries.name(code)) or str(code) for code in params.get("countries", []))


def statuses_in(params: Mapping[str, Any]) -> str:
    """Return the statuses a flag speaks of and the day they are known for."""
    words = LIST_MARK.join(str(Status(status).label) for status in params.get("statuses", []))
    day = params.get("as_of")
    if not day:
        return words
    return _("%(statuses)s as of %(day)s") % {"statuses": words, "day": shown_date(date.fromisoformat(str(day)))}


def say_origin_covered(mineral: str, params: Mapping[str, Any]) -> str:
    """Say that a covered country is named."""
    facts = {"mineral": mineral, "countries": countries_in(params), "names": names_in(params)}
    return _("%(mineral)s from a covered country (%(countries)s). Smelters: %(names)s.") % facts


def say_origin_risky(mineral: str, params: Mapping[str, Any]) -> str:
    """Say that a country of the company's own risk lists is named."""
    facts = {"mineral": mineral, "countries": countries_in(params), "names": names_in(params)}
    return _("%(mineral)s from a country of your risk list (%(countries)s). Smelters: %(names)s.") % facts


def say_not_conformant(mineral: str, params: Mapping[str, Any]) -> str:
    """Say which smelters did not pass the audit programme."""
    facts = {"mineral": mineral, "names": names_in(params), "statuses": statuses_in(params)}
    return _("%(mineral)s from smelters that are not conformant: %(names)s. Status: %(statuses)s.") % facts


def say_not_assessed(mineral: str, params: Mapping[str, Any]) -> str:
    """Say which smelters are on their way, or have no status."""
    facts = {"mineral": mineral, "names": names_in(params), "statuses": statuses_in(params)}
    return _("%(mineral)s from smelters whose assessment is open: %(names)s. Status: %(statuses)s.") % facts


def say_unknown(mineral: str, params: Mapping[str, Any]) -> str:
    """Say which smelters the registry does not know."""
    facts = {"mineral": mineral, "names": names_in(params)}
    return _("%(mineral)s from smelters that the registry does not know: %(names)s.") % facts


def say_unidentified(mineral: str, params: Mapping[str, Any]) -> str:
    """Say that smelters are not identified."""
    return _("%(mineral)s from smelters that the supplier has not identified yet.") % {"mineral": mineral}


def say_missing(_mineral: str, params: Mapping[str, Any]) -> str:
    """Say how many items are missing."""
    count = int(params.get("count", 0))
    words = ngettext("%(count)d required item is missing.", "%(count)d required items are missing.", count)
    return words % {"count": count}


def say_mineral_missing(mineral: str, _params: Mapping[str, Any]) -> str:
    """Say that a mineral which was asked for is not declared."""
    return _("%(mineral)s was asked for and is not declared.") % {"mineral": mineral}


SENTENCES = {
    "origin_covered": say_origin_covered,
    "origin_risky": say_origin_risky,
    "smelter_not_conformant": say_not_conformant,
    "smelter_not_assessed": say_not_assessed,
    "smelter_unknown": say_unknown,
    "smelter_unidentified": say_unidentified,
    "missing_items": say_missing,
    "mineral_missing": say_mineral_missing,
}
