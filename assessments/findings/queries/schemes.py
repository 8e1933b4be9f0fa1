"""Provisions seen through another scheme: what corresponds to each, in words that never fall over one row."""

from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.codes.document import UnknownCode, item_title, known_schemes, mapping, pick, read_scheme

UNGROUPED = "provision"
"""The choice that leaves each provision under its own code of conduct."""


def group_choices() -> list[tuple[str, str]]:
    """Return what a list of provisions can be grouped by."""
    return [(UNGROUPED, _("Provision")), *((name, read_scheme(name).name) for name in known_schemes())]


def is_mapped(code_of_conduct: str, scheme: str) -> bool:
    """Whether somebody wrote how a code of conduct corresponds to a scheme."""
    try:
        mapping(code_of_conduct, scheme)
    except UnknownCode:
        return False
    return True


@lru_cache(maxsize=4096)
def items_of(code_of_conduct: str, provision: str, scheme: str) -> tuple[str, ...]:
    """Return what corresponds to a provision; nothing where nobody mapped its code."""
    return mapping(code_of_conduct, scheme).items(provision) if is_mapped(code_of_conduct, scheme) else ()


def grouped_title(scheme: str, item: str, language: str) -> str:
    """Return the title of an item, empty for one the scheme does not know."""
    try:
        return item_title(scheme, item, language)
    except UnknownCode:
        return ""


def reason_of(code_of_conduct: str, provision: str, scheme: str) -> str:
    """Return why nothing corresponds to a provision, in the reader's language."""
    name = read_scheme(scheme).name
    try:
        reason = mapping(code_of_conduct, scheme).link(provision).reason
    except UnknownCode:
        words = _("Nobody has mapped the code %(code)s on %(scheme)s.")
        return words % {"code": code_of_conduct, "scheme": name}
    if reason:
        return pick(reason, get_language() or "en", "en")
    return _("Nothing in %(scheme)s corresponds to it.") % {"scheme": name}
