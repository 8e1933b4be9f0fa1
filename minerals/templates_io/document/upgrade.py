"""Older answers in the newest numbering and words: CMRT 6.x, EMRT 2.x, AMRT 1.x.

What an old version did not ask is Word.ASK: it is asked anew, never invented. Sources: the labels of the versions side
by side and the notes on changes inside the templates: 3.0 split the first question in two, 5.0 dropped question G, 6.0
dropped question C and put the question about conflict-affected and high-risk areas between the third and the fourth.
"""

from collections.abc import Mapping

import msgspec

from minerals.templates_io.document.structs import CMRT_QUESTIONS, CompanyAnswer, Declared
from minerals.templates_io.document.versions import version_number
from minerals.templates_io.document.words import share_of, word_of
from minerals.templates_io.enums import Template, Word

Said = tuple[Word, str]  # the word, and the file's own text

ASK: Said = (Word.ASK, "")
EMRT_QUESTIONS = ("1", "2", "3", "4", "5", "6", "7")
AMRT_QUESTIONS = ("1", "2")
CMRT_LETTERS = ("A", "B", "C", "D", "E", "F", "G", "H")
EMRT_LETTERS = ("A", "B", "C", "D", "E", "F", "G")
_CMRT, _EMRT, _AMRT = Template.CMRT, Template.EMRT, Template.AMRT
NEWEST_QUESTIONS: Mapping[str, tuple[str, ...]] = {
    _CMRT: CMRT_QUESTIONS,
    _EMRT: EMRT_QUESTIONS,
    Template.CRT: EMRT_QUESTIONS,
    _AMRT: AMRT_QUESTIONS,
    Template.PRT: AMRT_QUESTIONS,
}
NEWEST_LETTERS: Mapping[str, tuple[str, ...]] = {_CMRT: CMRT_LETTERS, _EMRT: EMRT_LETTERS, Template.CRT: EMRT_LETTERS}
SHARE_QUESTION: Mapping[str, str] = {_CMRT: "6", _EMRT: "5", Template.CRT: "5", _AMRT: "2", Template.PRT: "2"}


class Upgraded(msgspec.Struct, frozen=True):
    """Answers by {newest question: {mineral: said}} and {newest letter: said}; what was left empty is not in it.

    `numbers` is {newest question: the file's own question}.
    """

    answers: dict[str, dict[str, Said]]
    company: dict[str, Said]
    numbers: dict[str, str] = {}


class Numbering(msgspec.Struct, frozen=True):
    """{newest number: the number in the old version}; what is missing, or in `again`, is asked anew."""

    questions: Mapping[str, str]
    letters: Mapping[str, str]
    again: frozenset[str] = frozenset()  # letters that ask for more than they did; the old text is kept beside


def upgrade(declared: Declared) -> Upgraded:
    """Return the answers of a template in the newest numbering and words of its kind."""
    numbering = _numbering(declared)
    questions = NEWEST_QUESTIONS[declared.template]
    known = {question: _answers(declared, numbering, question) for question in questions}
    for question in questions:
        if question not in numbering.questions:
            known[question] = {mineral: ASK for mineral in _asked(declared, known, question)}
    letters = NEWEST_LETTERS.get(declared.template, ())
    company = {letter: _company(declared, numbering, letter) for letter in letters}
    said_company = {letter: said for letter, said in company.items() if said}
    return Upgraded(answers=known, company=said_company, numbers=dict(numbering.questions))


def _numbering(declared: Declared) -> Numbering:
    if declared.template == Template.CRT:
        return _crt(declared)
    if declared.template != Template.CMRT:
        return Numbering(
            questions={question: question for question in NEWEST_QUESTIONS[declared.template]},
            letters={letter: letter for letter in EMRT_LETTERS},
        )
    number = version_number(declared.version)
    return next(numbering for since, numbering in _CMRT_SINCE if number >= since)


# CMRT 2.x: its first question is the second since 3.0; its third (all recycled, or outside the region) means something
# else; its sixth (all smelters validated) went.
_OLD_LETTERS = {"A": "A", "B": "B", "C": "D", "D": "E", "E": "F", "F": "H", "G": "I", "H": "J"}
_QUESTIONS_3 = {"1": "1", "2": "2", "3": "3", "5": "4", "6": "5", "7": "6", "8": "7"}
_QUESTIONS_2 = {"2": "1", "3": "2", "6": "4", "7": "5"}
_LETTERS_5 = {"A": "A", "B": "B", "C": "D", "D": "E", "E": "F", "F": "G", "G": "H", "H": "I"}
_WHERE_FILED = frozenset({"H"})  # 6.0 asks where the disclosure is filed, and of the EU, too
_CMRT_SINCE = (
    (
        6.0,
        Numbering(
            questions={question: question for question in CMRT_QUESTIONS},
            letters={letter: letter for letter in CMRT_LETTERS},
        ),
    ),
    (5.0, Numbering(questions=_QUESTIONS_3, letters=_LETTERS_5, again=_WHERE_FILED)),
    (3.0, Numbering(questions=_QUESTIONS_3, letters=_OLD_LETTERS, again=_WHERE_FILED)),
    (0.0, Numbering(questions=_QUESTIONS_2, letters=_OLD_LETTERS, again=_WHERE_FILED)),
)


def _crt(declared: Declared) -> Numbering:
    """Number the six questions of a CRT from its one answer about a share: what stands around it is known by it.

    No CRT is at hand to compare; without that answer only the first question is sure, and letters only A and B.
    """
    letters = {"A": "A", "B": "B"}
    for question, answers in declared.answers.items():
        if question.isdigit() and any("%" in answer.value for answer in answers.values()):
            shift = int(question) - 5
            moved = {str(new): str(new + shift) for new in (3, 4, 5, 6, 7)}
            kept = {new: old for new, old in moved.items() if old in declared.answers and old != "1"}
            second = {} if "2" in kept.values() else {"2": "2"}
            return Numbering(questions={"1": "1", **second, **kept}, letters=letters)
    return Numbering(questions={"1": "1"}, letters=letters)


def _answers(declared: Declared, numbering: Numbering, question: str) -> dict[str, Said]:
    old = declared.answers.get(numbering.questions.get(question, ""), {})
    read = share_of if question == SHARE_QUESTION[declared.template] else word_of
    return {mineral: (read(answer.value), answer.value) for mineral, answer in old.items() if answer.value.strip()}


def _asked(declared: Declared, known: Mapping[str, Mapping[str, Said]], question: str) -> list[str]:
    """Return the minerals of which a new question must be asked: all, but not behind a No to the first or second."""
    first = ("1", "2")[: max(0, int(question) - 1)]
    ruled_out = {mineral for asked in first for mineral, said in known.get(asked, {}).items() if said[0] == Word.NO}
    return [mineral for mineral in declared.minerals if mineral not in ruled_out]


def _company(declared: Declared, numbering: Numbering, letter: str) -> Said | None:
    if letter not in numbering.letters:
        return ASK
    given = declared.company_questions.get(numbering.letters[letter])
    if given is None:
        return None if letter not in numbering.again else ASK
    word, text = _joined(given)
    if letter in numbering.again:
        return Word.ASK, text
    return (word, text) if text.strip() else None


def _joined(given: CompanyAnswer) -> Said:
    """Return one answer for all minerals: their common word, or OTHER where they differ."""
    values = {mineral: answer.value for mineral, answer in given.minerals.items() if answer.value.strip()}
    if not values:
        return word_of(given.answer), given.answer
    words = {word_of(value) for value in values.values()}
    if len(set(values.values())) == 1:
        return words.pop(), next(iter(values.values()))
    text = "; ".join(f"{mineral}: {value}" for mineral, value in values.items())
    return (words.pop() if len(words) == 1 else Word.OTHER), text
