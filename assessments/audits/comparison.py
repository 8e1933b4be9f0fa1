"""What a site said of itself beside what auditors found, and how far its word can be believed. No Django.

A provision is called conform by the site when every counted question on it earned full points and no flag fired on it.
Where the questionnaire and the audit follow different codes of conduct, a crosswalk carries the word over, as far as it
goes: see `provisions_behind`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from math import sqrt
from statistics import NormalDist

from msgspec import Struct

from assessments.audits.enums import NONCONFORM, Conclusion, SelfWord
from assessments.codes.document import Move, UnknownCode, crosswalk
from assessments.codes.enums import MoveKind

FULL_SCORE = 99.5
"""From here on a self-score reads as 100: scores have one decimal, and weights may not add up to the last digit."""

ENOUGH = 5
"""Below so many provisions or answers a share says more about chance than about the site."""

CONFIDENCE = 0.95

# Worst first: of several checkpoints on one provision the worst speaks for it.
WORST = (*NONCONFORM, Conclusion.CONFORM, Conclusion.NOT_REVIEWED, Conclusion.NOT_APPLICABLE)
REVIEWED = frozenset({*NONCONFORM, Conclusion.CONFORM})


class Said(Struct, frozen=True):
    """What a site said about a provision, and its score 0-100 where anything counted."""

    word: SelfWord
    score: float | None = None


UNKNOWN = Said(SelfWord.UNKNOWN)


class Row(Struct, frozen=True):
    """One provision of an audit: the word of the site beside that of the auditors."""

    provision: str
    said: Said
    found: Conclusion

    @property
    def is_claimed(self) -> bool:
        """Whether the site called it conform and the auditors looked at it."""
        return self.said.word == SelfWord.CONFORM and self.found in REVIEWED

    @property
    def is_confirmed(self) -> bool:
        """Whether the auditors called conform what the site called conform."""
        return self.is_claimed and self.found == Conclusion.CONFORM

    @property
    def is_mismatch(self) -> bool:
        """Whether the site called conform what the auditors did not."""
        return self.is_claimed and not self.is_confirmed


def read_words(scores: Mapping[str, float | None], flagged: Collection[str]) -> dict[str, Said]:
    """Return the site's word by provision, of its self-scores and the provisions a flag fired on.

    A flag outweighs points: it may fire on a provision where every counted question is full, or none counts.
    """
    return {
        provision: Said(word_of(scores.get(provision), provision in flagged), scores.get(provision))
        for provision in (*scores, *(set(flagged) - scores.keys()))
    }


def word_of(score: float | None, is_flagged: bool) -> SelfWord:
    """Return what a self-score and a flag say together."""
    if is_flagged:
        return SelfWord.GAP
    if score is None:
        return SelfWord.UNKNOWN
    return SelfWord.CONFORM if score >= FULL_SCORE else SelfWord.GAP


def worst_of(conclusions: Iterable[str]) -> Conclusion | None:
    """Return the conclusion that speaks for a provision; None where nothing was concluded."""
    words = set(conclusions)
    return next((Conclusion(word) for word in WORST if word in words), None)


def compare(said: Mapping[str, Said], found: Mapping[str, Collection[str]]) -> list[Row]:
    """Return a row for every provision that the audit concluded on, in the order of `found`."""
    worst = {provision: worst_of(words) for provision, words in found.items()}
    return [Row(provision, said.get(provision, UNKNOWN), word) for provision, word in worst.items() if word]


# One code of conduct beside another ------------------------------------------------------------------
Origins = Callable[[str], tuple[str, ...]]


def provisions_behind(asked: str, audited: str) -> Origins:
    """Return which provisions of the code the site was asked under stand behind one of the code it was audited under.

    Nothing stands behind a provision of a code that no crosswalk joins to the other, nor, from the older to the newer,
    behind one that asks for more than it did.
    """
    if asked == audited:
        return lambda provision: (provision,)
    forward, backward = read_walk(asked, audited), read_walk(audited, asked)
    if forward:
        return lambda provision: newer_to_older(forward, provision)
    return lambda provision: tuple(move.target for move in backward if move.source == provision)


def newer_to_older(moves: Sequence[Move], provision: str) -> tuple[str, ...]:
    """Return what a provision of the newer code came from; nothing where it was widened on the way."""
    origins = [move for move in moves if move.target == provision]
    return () if any(move.kind is MoveKind.WIDEN for move in origins) else tuple(move.source for move in origins)


def read_walk(source: str, target: str) -> tuple[Move, ...]:
    """Return the moves of a crosswalk; none where nobody wrote one, or a code is unknown."""
    try:
        return crosswalk(source, target).moves
    except UnknownCode:
        return ()


def carry_over(said: Mapping[str, Said], provisions: Iterable[str], behind: Origins) -> dict[str, Said]:
    """Return the site's word by the provisions of the audit.

    Where several stand behind one, a gap in any is a gap; else anything unknown makes it unknown.
    """
    return {provision: join_words([said.get(one, UNKNOWN) for one in behind(provision)]) for provision in provisions}


def join_words(words: Sequence[Said]) -> Said:
    """Return several words as one, the most careful: gap before unknown before conform; the lowest of the scores."""
    if not words:
        return UNKNOWN
    order = (SelfWord.GAP, SelfWord.UNKNOWN, SelfWord.CONFORM)
    word = next(one for one in order if any(said.word == one for said in words))
    scores = [said.score for said in words if said.score is not None]
    return Said(word, min(scores) if scores else None)


# Reliability ---------------------------------------------------------------------------------------
class Reliability(Struct, frozen=True):
    """Of `claimed` things called conform and looked at, auditors agreed on `confirmed`."""

    claimed: int
    confirmed: int

    @property
    def is_enough(self) -> bool:
        """Whether there is enough to judge by."""
        return self.claimed >= ENOUGH

    @property
    def share(self) -> float | None:
        """The share confirmed, 0-100; None of nothing."""
        return 100 * self.confirmed / self.claimed if self.claimed else None

    @property
    def at_least(self) -> float | None:
        """The share that can be counted on, 0-100: the lower end of its interval; None where it is too few to judge."""
        return 100 * lower_bound(self.confirmed, self.claimed) if self.is_enough else None


def lower_bound(confirmed: int, claimed: int, confidence: float = CONFIDENCE) -> float:
    """Return the lower end of the Wilson score interval of a share, 0-1; 0 where nothing was confirmed.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212. Unlike
    the share itself it tells 5 of 5 from 50 of 50.
    """
    if not confirmed:
        return 0.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = confirmed / claimed
    spread = z * sqrt(share * (1 - share) / claimed + z * z / (4 * claimed * claimed))
    return max(0.0, (share + z * z / (2 * claimed) - spread) / (1 + z * z / claimed))
