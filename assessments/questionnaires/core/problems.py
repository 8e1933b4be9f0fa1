"""A problem of a questionnaire: where, what, and its sentence in any language."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from assessments.questionnaires.core.codes import Code
from assessments.questionnaires.core.codes import gettext_noop as _
from assessments.questionnaires.enums import Gravity

Say = Callable[[str], str]
"""Gives an English sentence in the language of whoever reads it."""

_PLAIN_QUOTES = str.maketrans({"“": "'", "”": "'"})


class Joint(Code):
    """Words around a sentence and within it."""

    OWNER = "owner", _("%(owner)s: %(sentence)s")
    LINE = "line", _("Line %(line)s: %(sentence)s")
    CELL = "cell", _("Cell “%(cell)s”: %(sentence)s")
    AFTER = "after", _("After “%(after)s” (character %(character)s): %(sentence)s")
    BEGINNING = "beginning", _("At the beginning: %(sentence)s")
    NEAR = "near", _("%(sentence)s Did you mean “%(near)s”?")
    KNOWN = "known", _("%(sentence)s Known: %(known)s.")
    UNREAD = "unread", _("%(sentence)s Hidden or not answered: %(unread)s.")
    QUOTED = "quoted", _("“%(value)s”")
    NOTHING = "nothing", _("nothing")
    A_MAP = "a_map", _("a map")
    A_LIST = "a_list", _("a list")


_AROUND = (Joint.NEAR, Joint.KNOWN, Joint.UNREAD, Joint.AFTER, Joint.CELL, Joint.LINE)
"""Each is put around a sentence that has its param and does not show it itself, in this order."""


class Saying(Struct, frozen=True):
    """A code with its params, as the param of another."""

    code: Code
    params: Mapping[str, object] = {}


class Problem(Struct, frozen=True):
    """One thing wrong with a document: where, what, whose, and how grave. Params are values, never sentences."""

    place: str
    code: Code
    params: Mapping[str, object] = {}
    owner: str = ""
    severity: Gravity = Gravity.ERROR

    @property
    def message(self) -> str:
        """The sentence in English, for commands and logs."""
        return word_problem(self, say_plainly)


def make_problem(place: str, code: Code, /, **params: object) -> Problem:
    """Give an error at a place."""
    return Problem(place, code, params)


def make_warning(place: str, code: Code, /, **params: object) -> Problem:
    """Give a problem that does not stop the document from being used."""
    return Problem(place, code, params, severity=Gravity.WARNING)


def say_plainly(sentence: str) -> str:
    """Give an English sentence as a terminal shows it: with plain quotation marks."""
    return sentence.translate(_PLAIN_QUOTES)


def word_problem(problem: Problem, say: Say) -> str:
    """Word a problem in the language of `say`, the code of what is wrong first."""
    sentence = word_code(problem.code, problem.params, say)
    if not problem.owner:
        return sentence
    return say(Joint.OWNER.sentence) % {"owner": problem.owner, "sentence": sentence}


def word_code(code: Code, params: Mapping[str, object], say: Say) -> str:
    """Word a code with its params: the sentence, what stands around it, and hints behind it."""
    shown = {name: _show(name, value, say) for name, value in params.items()}
    sentence = say(code.sentence) % shown
    for joint in _AROUND:
        if joint.value in params and f"%({joint.value})s" not in code.sentence:
            around = Joint.BEGINNING if joint is Joint.AFTER and not params["character"] else joint
            sentence = say(around.sentence) % {**shown, "sentence": sentence}
    return sentence


def _show(name: str, value: object, say: Say) -> str:
    if isinstance(value, Saying):
        return word_code(value.code, value.params, say)
    if isinstance(value, Joint):
        return say(value.sentence)
    if isinstance(value, tuple | list):
        return ", ".join(str(one) for one in value)
    return say(Joint.QUOTED.sentence) % {"value": value} if name == "found" else str(value)
