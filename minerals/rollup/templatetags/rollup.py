"""How a figure of the roll-up is said on a page."""

from django import template

from minerals.rollup.aggregation import Figure, recycled_word
from minerals.rollup.enums import FIGURE_LABELS, NOT_ASKED, OPEN, Reason, Recycled, Rule
from minerals.rollup.models import RollupSmelter
from minerals.templates_io.enums import Word

register = template.Library()
WORRYING = {Rule.RISK: Word.YES, Rule.IDENTIFIED: Word.NO, Rule.REPORTED: Word.NO}


@register.filter
def figure_word(word: str) -> str:
    """Return the word of a figure or of one answer in the reader's language."""
    return str(FIGURE_LABELS.get(word, "")) if word != NOT_ASKED else "–"


@register.filter
def figure_tone(figure: Figure) -> str:
    """Return the tone of a figure: what worries is red, what is open or in doubt is amber."""
    if figure.word == WORRYING.get(figure.rule) or figure.word == Word.NONE:
        return "priority"
    return "major" if figure.word in {OPEN, Word.UNKNOWN, Word.UP_TO_50} else "plain"


@register.filter
def reason_word(reason: Reason) -> str:
    """Return why a figure is what it is."""
    return str(Reason(reason).label)


@register.filter
def recycled(row: RollupSmelter) -> str:
    """Return whether the material of a smelter is recycled, from all who name it."""
    return str(Recycled(recycled_word(row.recycled_yes, row.recycled_no)).label)
