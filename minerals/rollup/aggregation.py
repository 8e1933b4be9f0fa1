"""From what suppliers answer to what the company answers: the rules, without database and clock.

A reply is one supplier's words, {question: {mineral: word}}, in the numbering and vocabulary of the newest templates.
Replies of one supplier are merged first, so everybody counts once. `count_words` counts them, `figure_table` draws
the figures. Suppliers who have not answered are never counted as No. See docs/minerals.md, "Roll-up".
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from minerals.rollup.enums import NOT_ASKED, OPEN, Reason, Rule
from minerals.templates_io.document import CMRT_MINERALS
from minerals.templates_io.enums import Template, Word

Words = Mapping[str, Mapping[str, str]]
Cell = tuple[str, str]  # question, mineral
NAMED = 3  # how many suppliers a figure names
LIMIT = 255  # what a comment of a template holds
MISSING = ""  # a relevant supplier left the question out

RULES: dict[str, dict[str, Rule]] = {
    Template.CMRT: {
        "1": Rule.USED,
        "2": Rule.USED,
        "3": Rule.RISK,
        "4": Rule.RISK,
        "5": Rule.EVERY,
        "6": Rule.SHARE,
        "7": Rule.IDENTIFIED,
        "8": Rule.REPORTED,
    },
    Template.EMRT: {
        "1": Rule.USED,
        "2": Rule.USED,
        "3": Rule.RISK,
        "4": Rule.EVERY,
        "5": Rule.SHARE,
        "6": Rule.IDENTIFIED,
        "7": Rule.REPORTED,
    },
    Template.AMRT: {"1": Rule.USED, "2": Rule.SHARE},
}
# In a CMRT a Yes about covered countries makes the next question, about all areas of conflict, a Yes, too.
FORCED: dict[tuple[str, str], str] = {(Template.CMRT, "4"): "3"}
YES = frozenset({Word.YES, Word.REGION_ONLY})
SHARES = (Word.ALL, Word.OVER_90, Word.OVER_75, Word.OVER_50, Word.UP_TO_50, Word.NONE)
# Of two words of one supplier the earlier one counts: the one that worries more.
DOUBTS = (Word.UNKNOWN, Word.NOT_SURVEYED, Word.ASK, Word.OTHER, Word.NOT_DECLARING, MISSING)
WORST_YES = (Word.YES, Word.REGION_ONLY, *DOUBTS, Word.NO)
WORST_NO = (Word.NO, *DOUBTS, Word.REGION_ONLY, Word.YES)
WORST_SHARE = (Word.NONE, Word.UP_TO_50, Word.OVER_50, Word.OVER_75, Word.OVER_90, Word.NOT_SURVEYED, Word.ALL)


@dataclass(frozen=True)
class Tally:
    """How many suppliers gave which word to one question about one mineral, and a few of them for each word."""

    words: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All who were asked this and have answered the template."""
        return sum(self.words.values())

    def count(self, words: Iterable[str]) -> int:
        """How many gave one of the words."""
        return sum(self.words.get(word, 0) for word in words)


@dataclass(frozen=True)
class Received:
    """What came in about the smelters of one mineral."""

    undecided: int = 0  # names that wait for a person
    unidentified: int = 0  # rows that say "not yet identified"
    rejected: int = 0
    listed: int = 0


@dataclass(frozen=True)
class Figure:
    """One answer of the company: its word, why, and who stands behind it.

    `answered` of `relevant` suppliers have answered. `word` is a Word, OPEN or NOT_ASKED.
    """

    word: str
    reason: Reason
    rule: Rule
    tally: Tally = field(default_factory=Tally)
    answered: int = 0
    relevant: int = 0

    @property
    def silent(self) -> int:
        """Relevant suppliers who have not answered."""
        return self.relevant - self.answered


# Replies -------------------------------------------------------------------------------------------


def rank_of(rule: Rule, word: str) -> int:
    """Return how much a word worries under a rule: 0 is the worst; a word nobody knows worries like OTHER."""
    order: Sequence[str] = WORST_YES if rule in {Rule.USED, Rule.RISK} else WORST_NO
    if rule is Rule.SHARE:
        order = WORST_SHARE
    known = word if word in order else Word.OTHER
    return order.index(known) if known in order else len(order)


def reply_of(template: str, replies: Sequence[Words]) -> Words:
    """Return what a supplier says: nearly always one declaration, which needs no merging."""
    return replies[0] if len(replies) == 1 else merge_replies(template, replies)


def merge_replies(template: str, replies: Iterable[Words]) -> dict[str, dict[str, str]]:
    """Return one reply of a supplier with several declarations: of each two words the one that worries more."""
    merged: dict[str, dict[str, str]] = {}
    for reply in replies:
        for question, answers in reply.items():
            rule = RULES[template].get(question)
            if rule is None:
                continue
            cells = merged.setdefault(question, {})
            for mineral, word in answers.items():
                there = cells.get(mineral, word)
                cells[mineral] = min((there, word), key=lambda one: (rank_of(rule, one), one))
    return merged


def minerals_of(template: str, reply: Words) -> list[str]:
    """Return the minerals a reply speaks of; a CMRT asks of four whether they are answered or not."""
    found = dict.fromkeys(CMRT_MINERALS) if template == Template.CMRT else {}
    for answers in reply.values():
        found.update(dict.fromkeys(answers))
    return list(found)


def asked_questions(template: str, reply: Words, mineral: str) -> list[str]:
    """Return what a supplier is asked about a mineral: who says that it is not used is asked nothing more."""
    questions = list(RULES[template])
    if reply.get("1", {}).get(mineral) in {Word.NO, Word.NOT_DECLARING}:
        return questions[:1]
    gated = RULES[template].get("2") is Rule.USED and reply.get("2", {}).get(mineral) == Word.NO
    return questions[:2] if gated else questions


def words_about(template: str, reply: Words, cell: Cell) -> str | None:
    """Return a supplier's word about one cell, MISSING where the answer was left out, None where nothing is asked."""
    question, mineral = cell
    if mineral not in minerals_of(template, reply) or question not in asked_questions(template, reply, mineral):
        return None
    return reply.get(question, {}).get(mineral, MISSING)


def asked_words(template: str, reply: Words) -> Iterator[tuple[Cell, str]]:
    """Return every cell that a supplier is asked, with its word; the same as words_about, for all cells at once."""
    for mineral in minerals_of(template, reply):
        for question in asked_questions(template, reply, mineral):
            yield (question, mineral), reply.get(question, {}).get(mineral, MISSING)


def count_words(template: str, replies: Mapping[int, Words]) -> dict[Cell, Tally]:
    """Count the words of merged replies by supplier; the examples are the suppliers with the lowest numbers."""
    found: dict[Cell, dict[str, list[int]]] = {}
    for supplier, reply in sorted(replies.items()):
        for cell, word in asked_words(template, reply):
            found.setdefault(cell, {}).setdefault(word, []).append(supplier)
    return {
        cell: Tally(
            {word: len(named) for word, named in words.items()},
            {word: tuple(named[:NAMED]) for word, named in words.items()},
        )
        for cell, words in found.items()
    }


# Figures -------------------------------------------------------------------------------------------


def figure_table(
    template: str,
    minerals: Iterable[str],
    tallies: Mapping[Cell, Tally],
    silent: Callable[[str], int],
    received: Mapping[str, Received],
) -> dict[Cell, Figure]:
    """Return the figure of every question about every mineral; `silent` tells who has not answered about a mineral."""
    table: dict[Cell, Figure] = {}
    for mineral in minerals:
        for question in RULES[template]:
            table[question, mineral] = draw_figure(
                template,
                (question, mineral),
                before=table,
                tallies=tallies,
                silent=silent(mineral),
                received=received.get(mineral, Received()),
            )
    return table


def draw_figure(
    template: str,
    cell: Cell,
    *,
    before: Mapping[Cell, Figure],
    tallies: Mapping[Cell, Tally],
    silent: int,
    received: Received,
) -> Figure:
    """Return one figure; the figures of the questions `before` it decide whether it is asked at all."""
    question, mineral = cell
    rule, tally = RULES[template][question], tallies.get(cell, Tally())
    gates = [before[gate, mineral] for gate in ("1", "2") if gate < question and (gate, mineral) in before]
    if any(gate.word in {Word.NO, NOT_ASKED} for gate in gates if gate.rule is Rule.USED):
        return Figure(NOT_ASKED, Reason.NOT_ASKED, rule, tally)
    share = Figure("", Reason.COUNTED, rule, tally, answered=tally.total, relevant=tally.total + silent)
    forced = before.get((FORCED.get((template, question), ""), mineral))
    if forced is not None and forced.word == Word.YES and not tally.count(YES):
        word, reason = str(Word.YES), Reason.FORCED
    elif rule is Rule.USED:
        word, reason = used_word(tally, silent)
    elif rule is Rule.RISK:
        word, reason = risk_word(tally, silent, received)
    elif rule is Rule.EVERY:
        word, reason = every_word(tally, silent)
    elif rule is Rule.SHARE:
        word, reason = share_word(share.answered, share.relevant), Reason.COUNTED
    elif rule is Rule.IDENTIFIED:
        word, reason = identified_word(tally, silent, received)
    else:
        word, reason = reported_word(received)
    return Figure(word, reason, rule, tally, share.answered, share.relevant)


def used_word(tally: Tally, silent: int) -> tuple[str, Reason]:
    """Say whether a mineral is used: any Yes is Yes, all No is No, else the question stays open."""
    if tally.count(YES):
        return Word.YES, Reason.SOME_YES
    if not tally.total and not silent:
        return OPEN, Reason.NOBODY
    if tally.words.get(Word.NO, 0) < tally.total:
        return OPEN, Reason.DOUBT
    return (OPEN, Reason.SILENT) if silent else (Word.NO, Reason.ALL_NO)


def risk_word(tally: Tally, silent: int, received: Received) -> tuple[str, Reason]:
    """Say whether it comes from where there is conflict: any Yes is Yes, any doubt is Unknown, all No is No."""
    if tally.count(YES):
        return Word.YES, Reason.SOME_YES
    if tally.words.get(Word.NO, 0) < tally.total:
        return Word.UNKNOWN, Reason.DOUBT
    if silent or not tally.total:
        return Word.UNKNOWN, Reason.SILENT
    if received.undecided:
        return Word.UNKNOWN, Reason.QUARANTINE
    return Word.NO, Reason.ALL_NO


def every_word(tally: Tally, silent: int) -> tuple[str, Reason]:
    """Say whether all of it is recycled: any No is No, all Yes is Yes, else Unknown."""
    if tally.words.get(Word.NO):
        return Word.NO, Reason.SOME_NO
    if tally.count({Word.YES}) < tally.total:
        return Word.UNKNOWN, Reason.DOUBT
    return (Word.UNKNOWN, Reason.SILENT) if silent or not tally.total else (Word.YES, Reason.ALL_YES)


def share_word(answered: int, relevant: int) -> str:
    """Return the option for a share of suppliers: 100 %, more than 90, 75 or 50, up to 50, none."""
    if not answered:
        return Word.NONE
    if answered >= relevant:
        return Word.ALL
    steps = ((90, Word.OVER_90), (75, Word.OVER_75), (50, Word.OVER_50))
    return next((word for step, word in steps if answered * 100 > step * relevant), Word.UP_TO_50)


def identified_word(tally: Tally, silent: int, received: Received) -> tuple[str, Reason]:
    """Say whether all smelters are identified: everybody answered, everybody says Yes, no name is open."""
    if silent or not tally.total:
        return Word.NO, Reason.SILENT
    if tally.words.get(Word.NO):
        return Word.NO, Reason.SOME_NO
    if tally.count({Word.YES}) < tally.total:
        return Word.NO, Reason.DOUBT
    if received.unidentified:
        return Word.NO, Reason.UNIDENTIFIED
    return (Word.NO, Reason.QUARANTINE) if received.undecided else (Word.YES, Reason.ALL_YES)


def reported_word(received: Received) -> tuple[str, Reason]:
    """Say whether every smelter that was received is in the list: all but those that wait for a decision."""
    return (Word.NO, Reason.QUARANTINE) if received.undecided else (Word.YES, Reason.ALL_LISTED)


# Provenance ----------------------------------------------------------------------------------------

ENGLISH: dict[str, str] = {
    Reason.FORCED: "Yes because of the question before.",
    Reason.QUARANTINE: "Some smelter names are not decided yet.",
    Reason.UNIDENTIFIED: "Some suppliers have not identified all smelters.",
    Reason.ALL_LISTED: "Every smelter received is listed or was rejected with a reason.",
}


def provenance_of(figure: Figure, names: Mapping[int, str]) -> str:
    """Return where a figure comes from, in English as the comments of the templates are; at most 255 characters."""
    if figure.reason == Reason.NOT_ASKED:
        return ""
    parts = [f"{figure.answered} of {figure.relevant} suppliers."]
    for word in (Word.YES, Word.NO, Word.UNKNOWN):
        total = figure.tally.words.get(word, 0)
        if figure.rule is Rule.SHARE or not total:
            continue
        shown = [names[number] for number in figure.tally.examples.get(word, ()) if number in names]
        more = total - len(shown)
        if word == Word.YES or figure.rule is Rule.EVERY:
            named = f"{', '.join(shown)}{f' and {more} more' if more else ''}"
            parts.append(f"{word.capitalize()} from: {named.removesuffix('.')}.")
        else:
            parts.append(f"{word.capitalize()}: {total}.")
    if figure.reason in ENGLISH:
        parts.append(ENGLISH[figure.reason])
    return shorten(" ".join(parts))


def shorten(text: str) -> str:
    """Cut a text to what a comment holds, at a word."""
    return text if len(text) <= LIMIT else text[: LIMIT - 3].rsplit(" ", 1)[0] + "..."


# What counts ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    """A declaration that counts, as far as it decides which of several of one supplier stands."""

    id: int
    scope: str
    products: frozenset[str]
    effective: str  # ISO date; empty is older than any
    minerals: frozenset[str] = frozenset()  # where a template lets one choose


def standing_claims(claims: Iterable[Claim]) -> set[int]:
    """Return which of one supplier stand: for the same scope, products and minerals the newest by effective date."""
    newest: dict[tuple[str, frozenset[str], frozenset[str]], Claim] = {}
    for claim in claims:
        place = (claim.scope, claim.products, claim.minerals)
        there = newest.get(place)
        if there is None or (there.effective, there.id) < (claim.effective, claim.id):
            newest[place] = claim
    return {claim.id for claim in newest.values()}


def recycled_word(yes: int, no: int) -> str:
    """Say whether a smelter's material is recycled: who disagree make it mixed, silence makes it unknown."""
    if yes and no:
        return "mixed"
    return "yes" if yes else "no" if no else "unknown"
