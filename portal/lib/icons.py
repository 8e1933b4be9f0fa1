"""The template tag `{% icon "check" %}`: one outline icon as inline SVG."""

import re
from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DRAWING = re.compile(r"<svg\b[^>]*>(?P<inside>.*)</svg>", re.DOTALL)
FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'  # an empty square that only costs bytes


class UnknownIcon(LookupError):
    """A template names an icon that static/vendor/icons/ does not hold."""


@register.simple_tag
def icon(name: str, *, small: bool = False, css: str = "") -> SafeString:
    """The icon `name`, 18 px (16 px when `small`), hidden from screen readers: a word always stands beside it."""
    drawing = read_drawing(name)
    classes = " ".join(part for part in ("ic", "ic-s" if small else "", css) if part)
    return mark_safe(  # noqa: S308 - the drawing is our own vendored file, the classes are template literals
        f'<svg class="{classes}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" '
        f'stroke-linejoin="round" aria-hidden="true" focusable="false">{drawing}</svg>'
    )


@lru_cache(maxsize=512)
def read_drawing(name: str) -> str:
    """The inside of the SVG file called `name`; a missing one is an error in development, empty in production."""
    path = find_drawing(name)
    if path is None:
        if getattr(settings, "ICONS_STRICT", settings.DEBUG):
            raise UnknownIcon(f"No icon {name!r}. Add its name to static/icons.txt and run the front-end set-up again.")
        return ""
    match = DRAWING.search(path.read_text(encoding="utf-8"))
    if match is None:
        raise UnknownIcon(f"{path.name} is not an SVG drawing.")
    return re.sub(r"\s*\n\s*", "", match["inside"].replace(FRAME, ""))


def find_drawing(name: str) -> Path | None:
    """Where the icon's file lies, or None."""
    if not NAME.fullmatch(name):
        return None
    found = finders.find(f"vendor/icons/{name}.svg")
    return Path(found) if isinstance(found, str) else None
