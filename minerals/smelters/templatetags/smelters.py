"""How smelters are said on a page: metals in words, tones of traffic lights and changes."""

from collections.abc import Iterable
from typing import Final

from django import template

from minerals.smelters.enums import LIGHTS, Change, Light
from minerals.smelters.matching import fold_name
from minerals.templates_io.queries import mineral_name

register = template.Library()

TONES: Final = {Light.GREEN: "good", Light.AMBER: "major", Light.RED: "priority", Light.GREY: "plain"}
CHANGE_TONES: Final = {Change.ADDED: "good", Change.REMOVED: "priority", Change.STATUS: "major"}


@register.filter
def metal_word(metal: str) -> str:
    """A metal in the reader's language."""
    return mineral_name(metal)


@register.filter
def metal_words(metals: Iterable[str]) -> str:
    """Metals in the reader's language, in one line."""
    return ", ".join(mineral_name(metal) for metal in metals)


@register.filter
def light_tone(light: str) -> str:
    """The tone of a traffic light."""
    return TONES[Light(light)]


@register.filter
def status_tone(status: str) -> str:
    """The tone of a status."""
    return TONES[LIGHTS[status]]


@register.filter
def says_more(text: str, word: str) -> bool:
    """Whether a source's word for a status tells more than ours does."""
    return bool(text) and fold_name(text) not in fold_name(word)


@register.filter
def change_tone(kind: str) -> str:
    """The tone of a change."""
    return CHANGE_TONES.get(Change(kind), "minor")
