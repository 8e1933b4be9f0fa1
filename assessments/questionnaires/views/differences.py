"""A comparison of two versions in words of the interface."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from assessments.questionnaires.comparison import Carry, Change, Comparison, Part, Parts
from assessments.questionnaires.document import Document, Text
from assessments.questionnaires.enums import AskedOf, Aspect, Extent, Kind, Obstacle, Period, Unit
from assessments.questionnaires.reports import PERIODS, UNITS, band_label, shown_number
from assessments.questionnaires.workbook.expressions import write_condition
from portal.lib.formats import severity_word

Words = dict[str, Any]
NOTHING = "–"

FIELDS = {
    "code": gettext_lazy("Code"),
    "version": gettext_lazy("Version"),
    "title": gettext_lazy("Title"),
    "code_of_conduct": gettext_lazy("Code of conduct"),
    "asked_of": gettext_lazy("Who answers"),
    "languages": gettext_lazy("Languages"),
    "default_language": gettext_lazy("First language"),
    "bands": gettext_lazy("Risk bands"),
    "intro": gettext_lazy("Introduction"),
    "text": gettext_lazy("Text"),
    "guidance": gettext_lazy("What is meant"),
    "why": gettext_lazy("Why we ask"),
    "warn_text": gettext_lazy("Note"),
    "warn_when": gettext_lazy("Note shows when"),
    "evidence_text": gettext_lazy("Evidence asked for"),
    "evidence": gettext_lazy("Evidence"),
    "kind": gettext_lazy("Kind of answer"),
    "unit": gettext_lazy("Unit"),
    "period": gettext_lazy("Period"),
    "required": gettext_lazy("Answer"),
    "provision": gettext_lazy("Provision"),
    "asks": gettext_lazy("Asks for"),
    "show_if": gettext_lazy("Shows when"),
    "decimals": gettext_lazy("Decimals"),
    "min": gettext_lazy("Lowest value"),
    "max": gettext_lazy("Highest value"),
    "weight": gettext_lazy("Weight"),
    "score": gettext_lazy("Points"),
    "choices": gettext_lazy("Choice"),
    "rows": gettext_lazy("Row"),
    "columns": gettext_lazy("Column"),
    "points": gettext_lazy("Points of the choice"),
    "exclusive": gettext_lazy("Stands alone"),
    "choices_order": gettext_lazy("Order of the choices"),
    "rows_order": gettext_lazy("Order of the rows"),
    "columns_order": gettext_lazy("Order of the columns"),
    "severity": gettext_lazy("Severity"),
    "when": gettext_lazy("Fires when"),
    "advice": gettext_lazy("Advice"),
}
KINDS = {
    Kind.SINGLE: gettext_lazy("One choice"),
    Kind.MULTIPLE: gettext_lazy("Several choices"),
    Kind.YES_NO: gettext_lazy("Yes or no"),
    Kind.NUMBER: pgettext_lazy("kind of answer", "Number"),
    Kind.PERCENTAGE: gettext_lazy("Percentage"),
    Kind.DATE: gettext_lazy("Date"),
    Kind.TEXT: gettext_lazy("Words"),
    Kind.HEADCOUNT: gettext_lazy("Head-count table"),
    Kind.DOCUMENT: gettext_lazy("Files"),
}
ASPECTS = {
    Aspect.POLICY: gettext_lazy("policy"),
    Aspect.PRACTICE: gettext_lazy("practice"),
    Aspect.CONTROL: gettext_lazy("control"),
    Aspect.RECORD: gettext_lazy("record"),
}
ASKED = {AskedOf.SITE: gettext_lazy("Every site"), AskedOf.COMPANY: gettext_lazy("The company once")}
EVIDENCE = {"required": gettext_lazy("required"), "optional": gettext_lazy("optional")}
CONDITIONS = frozenset({"show_if", "warn_when", "when"})


def native_name(code: str) -> str:
    """Return a language in its own name; one Django does not know shows its code."""
    try:
        return str(translation.get_language_info(code)["name_local"])
    except KeyError:
        return code


def told_change(change: Change) -> Words:
    """Return one change as a row: what, in which language, before and after."""
    name = str(FIELDS.get(change.field, change.field))
    return {
        "label": f"{name} {change.part}".strip() if change.part else name,
        "language": native_name(change.language) if change.language else "",
        "lang": change.language,
        "is_rule": change.field in CONDITIONS,
        "before": shown_side(change, change.old),
        "after": shown_side(change, change.new),
    }


def shown_side(change: Change, value: Any) -> str:
    """Return one side of a change in words."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if change.language:
        return str(value)
    if change.field in CONDITIONS:
        return write_condition(value)
    show = SHOWN.get(change.field)
    return show(value) if show else shown_plain(value)


def shown_plain(value: Any) -> str:
    """Return a value that needs no words of its own."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, float | int):
        return shown_points(value)
    if isinstance(value, Mapping):
        return pick_words(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(value)


def shown_points(value: float) -> str:
    """Return a number with as many decimals as it has, three at most."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return shown_number(value, len(text.partition(".")[2]))


def pick_words(text: Mapping[str, str]) -> str:
    """Return a text in the reader's language, else in its first."""
    return text.get(translation.get_language() or "") or next(iter(text.values()), "")


def shown_score(rule: Mapping[str, Any]) -> str:
    """Return what the answers of a question earn."""
    steps = [shown_step(step) for step in rule.get("steps", ())]
    words = {"yes": _("Yes"), "no": _("No"), "valid": _("valid"), "expired": _("expired")}
    return "; ".join(
        steps + [f"{word}: {shown_points(rule[key])}" for key, word in words.items() if rule.get(key) is not None]
    )


def shown_step(step: Mapping[str, Any]) -> str:
    """Return the points of the values up to a limit."""
    points = shown_points(step["points"])
    if step.get("up_to") is None:
        return _("above: %(points)s") % {"points": points}
    return _("up to %(limit)s: %(points)s") % {"limit": shown_points(step["up_to"]), "points": points}


def shown_bands(bands: list[Mapping[str, Any]]) -> str:
    """Return the bands with their limits."""
    parts = []
    for band in bands:
        name, below = band_label(band["code"]), band.get("below")
        limit = _("%(band)s below %(limit)s") % {"band": name, "limit": shown_points(below)} if below else name
        parts.append(limit)
    return ", ".join(parts)


SHOWN: dict[str, Callable[[Any], str]] = {
    "kind": lambda value: str(KINDS[Kind(value)]),
    "unit": lambda value: str(UNITS[Unit(value)]),
    "period": lambda value: str(PERIODS[Period(value)]),
    "required": lambda value: _("required") if value else _("optional"),
    "asks": lambda value: ", ".join(str(ASPECTS[Aspect(one)]) for one in value),
    "asked_of": lambda value: str(ASKED[AskedOf(value)]),
    "evidence": lambda value: str(EVIDENCE[value]),
    "severity": severity_word,
    "score": shown_score,
    "bands": shown_bands,
    "languages": lambda value: ", ".join(native_name(one) for one in value),
    "default_language": native_name,
}


def told_carry(carry: Carry) -> Words:
    """Return whether earlier answers carry over, and why not, as a sentence with its tone."""
    tone = {Extent.ALL: "good", Extent.SOME: "minor", Extent.NONE: "major"}[carry.extent]
    short = {
        Extent.ALL: _("answers carry over"),
        Extent.SOME: _("some answers carry over"),
        Extent.NONE: _("answered anew"),
    }
    return {"extent": carry.extent.value, "tone": tone, "short": short[carry.extent], "words": carry_words(carry)}


def carry_words(carry: Carry) -> str:
    """Return the sentence for what stands in the way of earlier answers."""
    if carry.obstacle is None:
        return _("Answers carry over.")
    codes = {"codes": ", ".join(carry.codes)}
    sentences: dict[Obstacle, str] = {
        Obstacle.ADDED: _("New: everybody answers it."),
        Obstacle.REMOVED: _("No longer asked."),
        Obstacle.KIND: _("The kind of answer differs: everybody answers it again."),
        Obstacle.UNIT: _("The unit differs: everybody answers it again."),
        Obstacle.PERIOD: _("The period differs: everybody answers it again."),
        Obstacle.FILES: _("The files are handed in again."),
        Obstacle.CHOICES: _("Answers with a choice that is gone do not carry over: %(codes)s.") % codes,
        Obstacle.EXCLUSIVE: _("Answers do not carry over where these were chosen with others: %(codes)s.") % codes,
        Obstacle.RANGE: _("Answers outside the new limits do not carry over."),
        Obstacle.DECIMALS: _("Answers with more decimals do not carry over."),
        Obstacle.CELLS: _("Tables that fill a row or column that is gone do not carry over: %(codes)s.") % codes,
    }
    if carry.extent is Extent.NONE and carry.obstacle in (Obstacle.CHOICES, Obstacle.CELLS, Obstacle.RANGE):
        return _("No earlier answer fits: everybody answers it again.")
    return sentences[carry.obstacle]


def told_question(document: Document, code: str, carry: Carry | None = None) -> Words:
    """Return a question by its code and words in the reader's language."""
    return told_thing(document, code, document.question(code).text, carry)


def told_thing(document: Document, code: str, text: Text, carry: Carry | None = None) -> Words:
    """Return a part of a document by its code and words."""
    language = translation.get_language() or document.default_language
    words, stands_in = document.pick(text, language)
    told: Words = {"code": code, "text": words, "lang": document.default_language if stands_in else language}
    return {**told, "carry": told_carry(carry)} if carry else told


def told_parts(parts: Parts, old: Document, new: Document, kind: str) -> Words:
    """Return sections or flags that were added, removed, changed or moved."""
    before, after = WORDS_OF[kind](old), WORDS_OF[kind](new)
    return {
        "added": [told_thing(new, code, after[code]) for code in parts.added],
        "removed": [told_thing(old, code, before[code]) for code in parts.removed],
        "moved": [told_thing(new, code, after[code]) for code in parts.moved],
        "changed": [
            {**told_thing(new, part.code, after[part.code]), "rows": [told_change(one) for one in part.changes]}
            for part in parts.changed
        ],
        "differ": parts.differ,
    }


WORDS_OF: dict[str, Callable[[Document], dict[str, Text]]] = {
    "sections": lambda document: {one.code: one.title for one in document.sections},
    "flags": lambda document: {one.code: one.text for one in document.flags},
}


def told_changed(part: Part, comparison: Comparison, new: Document) -> Words:
    """Return a changed question with its rows and what becomes of earlier answers."""
    told = told_question(new, part.code, comparison.carries[part.code])
    return {**told, "rows": [told_change(one) for one in part.changes]}


def carry_counts(comparison: Comparison) -> Words:
    """Return how many questions of the new version take earlier answers: all, some, none; and a sentence."""
    counts = {extent.value: len(comparison.carrying(extent)) for extent in Extent}
    total = sum(counts.values())
    sentence = ngettext(
        "Earlier answers carry over to %(all)s of %(total)d question.",
        "Earlier answers carry over to %(all)s of %(total)d questions.",
        total,
    )
    return {**counts, "total": total, "sentence": sentence % {"all": counts["all"], "total": total}}
