"""What may stand in a conclusion: texts cleaned and measured, words of the programme only; sentences for the rest."""

import re

from django.utils.translation import gettext as _

from assessments.audits.document import Programme
from assessments.audits.enums import NONCONFORM, Conclusion
from portal.lib.errors import DomainError

TEXTS = ("description", "law", "evidence", "root_cause")
FIELDS = ("conclusion", "topic", "data_points", *TEXTS)
LONGEST_TEXT = 10_000
LONGEST_POINT = 2_000
MOST_POINTS = 50
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def checked_field(programme: Programme, name: str, value: object) -> str | list[str]:
    """Return one field of a conclusion, cleaned; raises DomainError with what is possible."""
    if name == "data_points":
        return checked_points(value)
    if not isinstance(value, str):
        raise not_text(name)
    if name == "conclusion" and value and value not in possible_conclusions(programme):
        message = _("“%(value)s” is no conclusion of this programme. Possible are: %(words)s.")
        words = ", ".join(possible_conclusions(programme))
        raise DomainError(message % {"value": value[:40], "words": words}, code="conclusion")
    if name == "topic" and value and value not in {topic.code for topic in programme.topics}:
        message = _("The programme of this audit has no topic “%(value)s”. Choose one from the list.")
        raise DomainError(message % {"value": value[:40]}, code="topic")
    return limited(value, LONGEST_TEXT)


def possible_conclusions(programme: Programme) -> list[str]:
    """Return the conclusions a programme knows: it grades nonconformities, not every one has all three grades."""
    grades = {str(grade.severity) for grade in programme.grades}
    return [str(one) for one in Conclusion if one not in NONCONFORM or one in grades]


def checked_points(value: object) -> list[str]:
    """Return the data points, each on one line, without empty ones; raises DomainError for too many or too long."""
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise not_text("data_points")
    points = [point for point in (limited(" ".join(one.split()), LONGEST_POINT) for one in value) if point]
    if len(points) > MOST_POINTS:
        message = _("There are %(count)d data points. Keep the %(most)d that matter most.")
        raise DomainError(message % {"count": len(points), "most": MOST_POINTS}, code="too_many")
    return points


def not_text(name: str) -> DomainError:
    """Return the error for a field that is no text."""
    message = _("The field “%(name)s” did not arrive as text. Reload the page and try again.")
    return DomainError(message % {"name": name}, code="field")


def limited(text: str, most: int) -> str:
    """Return a text without characters that cannot be stored; raises DomainError when it is too long."""
    clean = UNSTORABLE.sub("", text.replace("\r\n", "\n")).strip()
    if len(clean) > most:
        message = _("The text has %(length)s characters. Shorten it to %(most)s.")
        raise DomainError(message % {"length": len(clean), "most": most}, code="too_long")
    return clean
