"""What is wrong with a programme beyond its shape. For authors: plain English, each sentence names its place."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from assessments.audits.document.structs import Programme, Severity, Text
from assessments.codes.document import UnknownCode, read_code
from assessments.findings.clocks import clock_problems

LANGUAGES = ("en", "ja", "zh-hans", "th")
"""A programme that ships speaks all of these; a buyer's own at least English."""

MOST_MONTHS = 120
MOST_DATA_POINTS = 20
SCORE_LIMIT = 9999
"""The best and the worst score stay within this, so that every score fits its column."""

# What the columns hold that keep a code.
_LENGTHS = {"code": 60, "version": 20, "kinds": 40, "checkpoints": 40, "topics": 40, "recognition": 40, "bands": 40}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def programme_problems(programme: Programme) -> list[str]:
    """Return every fault; none means that audits can be held against it."""
    return [
        *_code_problems(programme),
        *_provision_problems(programme),
        *_kind_problems(programme),
        *_severity_problems(programme),
        *_clock_problems(programme),
        *_score_problems(programme),
        *_level_problems(programme),
        *missing_texts(programme, ("en",)),
    ]


def missing_texts(programme: Programme, languages: Iterable[str] = LANGUAGES) -> list[str]:
    """Return which words a programme lacks in which language; one that ships lacks none in all of LANGUAGES."""
    return [
        f"{place}: it is not written in {language}."
        for place, text in all_texts(programme)
        for language in languages
        if not text.get(language, "").strip()
    ]


def all_texts(programme: Programme) -> Iterator[tuple[str, Text]]:
    """Yield every text of a programme with its place."""
    yield "title", programme.title
    yield "note", programme.note
    for name, parts in _titled(programme).items():
        yield from ((f"{name} {code}", title) for code, title in parts)
    if programme.score:
        yield "score note", programme.score.note


def _titled(programme: Programme) -> dict[str, list[tuple[str, Text]]]:
    """Return code and title of the parts that have both, by where they stand."""
    return {
        "kinds": [(kind.code, kind.title) for kind in programme.kinds],
        "grades": [(str(grade.severity), grade.title) for grade in programme.grades],
        "checkpoints": [(point.code, point.title) for point in programme.checkpoints],
        "topics": [(topic.code, topic.title) for topic in programme.topics],
        "recognition": [(level.code, level.title) for level in programme.recognition],
    }


def _code_problems(programme: Programme) -> Iterator[str]:
    """Codes are short, plain and stand once among their own."""
    groups = {
        "code": [programme.code],
        "version": [programme.version],
        "bands": [band.code for band in programme.bands],
    }
    groups |= {name: [code for code, _title in parts] for name, parts in _titled(programme).items()}
    for name, codes in groups.items():
        longest = _LENGTHS.get(name, 40)
        for code in codes:
            if not _CODE.fullmatch(code) or len(code) > longest:
                yield f"{name} '{code}': a code is letters, digits, '.', '_' and '-', at most {longest} of them."
        yield from (f"{name}: '{code}' stands more than once." for code in _twins(codes))


def _twins(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def _provision_problems(programme: Programme) -> Iterator[str]:
    """Checkpoints and topics speak of provisions that the code of conduct has."""
    try:
        known = set(read_code(programme.code_of_conduct).provision_codes)
    except UnknownCode as error:
        yield f"code_of_conduct: {error}"
        return
    for point in programme.checkpoints:
        if point.provision not in known:
            yield f"checkpoints {point.code}: {programme.code_of_conduct} has no provision {point.provision}."
    for topic in programme.topics:
        strays = [provision for provision in topic.provisions if provision not in known]
        yield from (f"topics {topic.code}: {programme.code_of_conduct} has no provision {stray}." for stray in strays)
    shared = _twins(provision for topic in programme.topics for provision in topic.provisions)
    yield from (f"topics: provision {provision} belongs to more than one." for provision in shared)


def _kind_problems(programme: Programme) -> Iterator[str]:
    """There is a kind to begin with; months and data points are within reason."""
    if all(kind.follows for kind in programme.kinds):
        yield "kinds: one of them must be an audit of its own, that follows no other."
    for kind in programme.kinds:
        if kind.validity_months is not None and not 1 <= kind.validity_months <= MOST_MONTHS:
            yield f"kinds {kind.code}: it is valid for 1 to {MOST_MONTHS} months."
    if not 0 <= programme.data_points <= MOST_DATA_POINTS:
        yield f"data_points: 0 to {MOST_DATA_POINTS} of them."
    if programme.outer_limit_months is not None and not 1 <= programme.outer_limit_months <= MOST_MONTHS:
        yield f"outer_limit_months: 1 to {MOST_MONTHS} months."


def _severity_problems(programme: Programme) -> Iterator[str]:
    """Every severity has a word and a clock; who manages is said for severities that exist."""
    graded = {grade.severity for grade in programme.grades}
    timed = {clock.severity for clock in programme.clocks if clock.topic is None}
    for severity in Severity:
        if severity not in graded:
            yield f"grades: {severity} has none."
        if severity not in timed:
            yield f"clocks: {severity} has none for every topic. A row without days says that nothing is due."
    for name in programme.managers.keys() - set(Severity):
        yield f"managers: there is no severity '{name}'."


def _clock_problems(programme: Programme) -> Iterator[str]:
    """Clocks run for severities and topics that exist."""
    topics = {topic.code for topic in programme.topics}
    for clock in programme.clocks:
        if clock.severity not in set(Severity):
            yield f"clocks: there is no severity '{clock.severity}'."
        if clock.topic is not None and clock.topic not in topics:
            yield f"clocks {clock.severity}: there is no topic '{clock.topic}'."
    yield from (f"clocks {problem}" for problem in clock_problems(programme.clocks))


def _score_problems(programme: Programme) -> Iterator[str]:
    """Deductions take away, and every score fits its column."""
    most = max((grade.deduction for grade in programme.grades), default=0.0)
    if any(grade.deduction < 0 for grade in programme.grades):
        yield "grades: a deduction is not below 0."
    rule = programme.score
    if rule is None:
        if programme.recognition or programme.bands:
            yield "score: recognition and bands need a score rule."
        return
    if not 0 < rule.top <= SCORE_LIMIT or most * _count_points(programme) > SCORE_LIMIT:
        yield f"score: the best and the worst score must stay within {SCORE_LIMIT}."
    if rule.floor is not None and rule.floor >= rule.top:
        yield "score: the floor lies below the top."


def _count_points(programme: Programme) -> int:
    """Return the number of checkpoints, 0 while the code of conduct is unknown."""
    try:
        return len(programme.points)
    except UnknownCode:
        return 0


def _level_problems(programme: Programme) -> Iterator[str]:
    """Levels and bands go down, and the last band takes what is left."""
    levels = [level.score for level in programme.recognition]
    if levels != sorted(levels, reverse=True):
        yield "recognition: the highest level stands first."
    limits = [band.above for band in programme.bands]
    if not limits:
        return
    known = [limit for limit in limits[:-1] if limit is not None]
    if limits[-1] is not None or len(known) != len(limits) - 1 or known != sorted(known, reverse=True):
        yield "bands: the best stands first, each but the last with the limit it lies above."
