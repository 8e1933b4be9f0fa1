"""Scoring: a snapshot and a document in; total, band, every contribution and the flags out.

A question counts when it shows, has a weight and is not N/A. It earns a fraction of its
weight; a score is 100 x earned / weight over what counts, and None where nothing counts.
Nothing here reads a clock or a database: the day is the snapshot's own.
"""

from collections.abc import Mapping

from msgspec import Struct

from assessments.questionnaires.conditions import Condition, is_iso_date, plain_value, read_answer
from assessments.questionnaires.document import Band, Document, Question, codes_in
from assessments.questionnaires.enums import Kind, Severity
from assessments.scoring.enums import State
from assessments.scoring.scoring.earning import earn_rule

SCORING_VERSION = "2026-1"
"""Goes up whenever the same snapshot could score differently."""

SNAPSHOT_FORMAT = 1


class SnapshotError(ValueError):
    """This is no snapshot of a known format."""


class Tally(Struct, frozen=True, gc=False):
    """Score 0-100 with one decimal, None if nothing counts; earned of weight."""

    score: float | None
    earned: float
    weight: float


class Contribution(Struct, frozen=True, gc=False, omit_defaults=True):
    """What one question did to the total: `gain` and `lost` are points of the total.

    `earned` is the fraction 0..1 of its weight; it and the points are 0 unless it counts.
    """

    code: str
    section: str
    state: State
    provision: str | None = None
    earned: float = 0.0
    weight: float = 0.0
    gain: float = 0.0
    lost: float = 0.0
    missing_evidence: bool = False


class Fired(Struct, frozen=True):
    """A flag rule that held, with the answers it read."""

    rule: str
    provision: str
    severity: Severity
    inputs: dict[str, object]


class Result(Struct, frozen=True):
    total: float | None
    band: str | None
    sections: dict[str, Tally]
    provisions: dict[str, Tally]
    contributions: tuple[Contribution, ...]
    flags: tuple[Fired, ...]
    not_evaluated: tuple[str, ...]
    scoring_version: str = SCORING_VERSION


_Weighed = Contribution | tuple[float, State, bool]
"""Either settled, or (earned, state, missing evidence) waiting for the total weight."""


class _Part:
    """One question, prepared: all about it that no answer can change."""

    def __init__(self, question: Question, section: str, show: Condition | None, watched: bool) -> None:
        self.code = question.code
        self.section = section
        self.provision = question.provision
        self.weight = question.weight
        self.show = show.test if show else None
        self.watched = watched
        self.by_files = question.kind is Kind.DOCUMENT
        self.wants_evidence = question.evidence is not None and question.evidence.required
        self.sums: tuple[int, ...] = ()
        self.earn = earn_rule(question)
        self.hidden = self._settled(State.HIDDEN)
        self.na = self._settled(State.NOT_APPLICABLE)
        self.unscored = self._settled(State.UNSCORED)
        self.unscored_bare = self._settled(State.UNSCORED, missing_evidence=True)

    def _settled(self, state: State, missing_evidence: bool = False) -> Contribution:
        return Contribution(self.code, self.section, state, self.provision, missing_evidence=missing_evidence)

    def weigh(self, entry: object, today: str, visible: dict[str, object]) -> _Weighed:
        """Judge one answer, and note its value for the conditions that read it."""
        if self.show is not None and self.show(visible, today) is not True:
            return self.hidden
        answer = entry if type(entry) is dict and "value" in entry else _as_entry(entry)
        value, files = answer["value"], answer.get("evidence")
        if answer.get("na"):
            if read_answer(answer).is_na:
                return self.na
            value = plain_value(answer)
        if self.by_files:
            value = len(files) if isinstance(files, list | tuple) and files else None
        answered = bool(value) or value == 0  # a count of 0 is an answer, an empty list is none
        if answered and self.watched:
            visible[self.code] = value
        bare = answered and self.wants_evidence and not files
        if self.weight == 0:
            return self.unscored_bare if bare else self.unscored
        earned = self.earn(value, today) if answered else None
        if earned is None:
            return 0.0, State.UNANSWERED, False
        return earned, State.SCORED, bare

    def contribute(self, weighed: _Weighed, point: float) -> Contribution:
        """Give the contribution, `point` being the points of the total per unit of weight."""
        if isinstance(weighed, Contribution):
            return weighed
        earned, state, missing = weighed
        worth = self.weight * point
        return Contribution(
            self.code,
            self.section,
            state,
            self.provision,
            earned,
            self.weight,
            earned * worth,
            worth - earned * worth,
            missing,
        )


class Scorer:
    """A document compiled for scoring; safe to keep and to share."""

    def __init__(self, document: Document) -> None:
        self._flags = [
            (rule, condition.test, sorted(condition.codes | codes_in(rule.text)))
            for rule, condition in document.flag_rules
        ]
        watched = {code for _rule, _test, codes in self._flags for code in codes}
        for _code, show in document.show_rules:
            watched |= show.codes if show else set()
        self._parts = [
            _Part(question, document.section_codes[code], show, code in watched)
            for question, (code, show) in zip(document.questions, document.show_rules, strict=True)
        ]
        self._sections = [section.code for section in document.sections]
        self._provisions = sorted({p.provision for p in self._parts if p.provision and p.weight})
        for part in self._parts:
            part.sums = self._sums_of(part)
        self._bands = document.bands

    def _sums_of(self, part: _Part) -> tuple[int, ...]:
        """Give the sums a question counts in: those of the sections come first, then those of the provisions."""
        sums = [self._sections.index(part.section)]
        if part.provision in self._provisions:
            sums.append(len(self._sections) + self._provisions.index(part.provision))
        return tuple(sums)

    def score(self, snapshot: Mapping[str, object]) -> Result:
        """Score one snapshot; raise SnapshotError if it is none."""
        today, answers = _open(snapshot)
        visible: dict[str, object] = {}
        weighed = [part.weigh(answers.get(part.code), today, visible) for part in self._parts]
        total, sections, provisions = self._tally(weighed)
        point = 100 / total.weight if total.weight else 0.0
        flags, not_evaluated = self._fire(visible, today)
        pairs = zip(self._parts, weighed, strict=True)
        return Result(
            total=total.score,
            band=_band(self._bands, total.score),
            sections=sections,
            provisions=provisions,
            contributions=tuple([part.contribute(one, point) for part, one in pairs]),
            flags=flags,
            not_evaluated=not_evaluated,
        )

    def _tally(self, weighed: list[_Weighed]) -> tuple[Tally, dict[str, Tally], dict[str, Tally]]:
        """Sum what counts: the whole, by section and by provision."""
        earned_in = [0.0] * (len(self._sections) + len(self._provisions))
        weight_in = earned_in.copy()
        for part, one in zip(self._parts, weighed, strict=True):
            if isinstance(one, Contribution):
                continue
            weight = part.weight
            earned = one[0] * weight
            for index in part.sums:
                earned_in[index] += earned
                weight_in[index] += weight
        tallies = [_make_tally(*sums) for sums in zip(earned_in, weight_in, strict=True)]
        sections = dict(zip(self._sections, tallies, strict=False))
        count = len(sections)
        total = _make_tally(sum(earned_in[:count]), sum(weight_in[:count]))
        return total, sections, dict(zip(self._provisions, tallies[count:], strict=True))

    def _fire(self, visible: dict[str, object], today: str) -> tuple[tuple[Fired, ...], tuple[str, ...]]:
        """Run the flag rules; unknown is neither fired nor fine, so it is listed apart."""
        fired: list[Fired] = []
        not_evaluated: list[str] = []
        for rule, test, codes in self._flags:
            holds = test(visible, today)
            if holds is True:
                inputs = {code: visible.get(code) for code in codes}
                fired.append(Fired(rule.code, rule.provision, rule.severity, inputs))
            elif holds is None:
                not_evaluated.append(rule.code)
        return tuple(fired), tuple(not_evaluated)


def compile_scorer(document: Document) -> Scorer:
    """Compile a document once; keep the scorer for all its submissions."""
    return Scorer(document)


def _open(snapshot: object) -> tuple[str, Mapping[str, object]]:
    """Check the envelope; entries may be of any form `read_answer` accepts."""
    if not isinstance(snapshot, Mapping) or snapshot.get("format") != SNAPSHOT_FORMAT:
        raise SnapshotError(f"A snapshot has 'format': {SNAPSHOT_FORMAT}.")
    today, answers = snapshot.get("as_of"), snapshot.get("answers")
    if not isinstance(today, str) or not is_iso_date(today):
        raise SnapshotError("A snapshot has 'as_of', the day of submission, as YYYY-MM-DD.")
    if not isinstance(answers, Mapping):
        raise SnapshotError("A snapshot has 'answers', a map of question codes.")
    return today, answers


def _as_entry(entry: object) -> dict[str, object]:
    read = read_answer(entry)
    return {"value": read.value, "na": read.na, "evidence": read.evidence}


def _make_tally(earned: float, weight: float) -> Tally:
    return Tally(round(100 * earned / weight, 1) if weight else None, earned, weight)


def _band(bands: tuple[Band, ...], score: float | None) -> str | None:
    """Find the band by the rounded score, so the figure and its band never disagree."""
    if score is None:
        return None
    for band in bands:
        if band.below is None or score < band.below:
            return band.code
    return None
