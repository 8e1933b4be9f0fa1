"""What a code is: what can be wrong, and the one sentence for it."""

from enum import StrEnum
from typing import Self


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the catalogue of translations. Who shows it translates it; a pure core does not."""
    return sentence


class Code(StrEnum):
    """A kind of problem with its English sentence, which is also the key of its translations.

    The sentence names its params as %(name)s. No code can be without words, as each is written with them.
    """

    sentence: str

    def __new__(cls, value: str, sentence: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member
