"""Texts kept as {language: text}: pick the reader's, say when it is another one."""

from collections.abc import Mapping

from django import template
from django.utils import translation

register = template.Library()


def pick_text(texts: Mapping[str, str], language: str | None = None, default: str = "en") -> tuple[str, str]:
    """Return (text, its language): the reader's language, else the default, else any; ("", "") when empty."""
    wanted = language or translation.get_language() or default
    for candidate in (wanted, default, *texts):
        if texts.get(candidate):
            return texts[candidate], candidate
    return "", ""


@register.filter
def in_language(texts: Mapping[str, str]) -> str:
    """Return the text in the reader's language, or in the one there is."""
    return pick_text(texts or {})[0]


@register.filter
def language_of(texts: Mapping[str, str]) -> str:
    """Return the language of the text that `in_language` shows, for a lang attribute."""
    return pick_text(texts or {})[1]
