"""A posted section of the audit form to what was written on each checkpoint."""

from django.http import QueryDict

from assessments.audits.queries.writing import FormSection
from assessments.audits.services.concluding import Given
from assessments.audits.services.contents import TEXTS

LONGEST_NUMBER = 9


def read_posted(section: FormSection, posted: QueryDict) -> list[Given]:
    """Return what a posted section holds; checkpoints that were not on the page are left out."""
    return [read_point(point.code, posted) for point in section.points if f"v-{point.code}" in posted]


def read_point(code: str, posted: QueryDict) -> Given:
    """Return what was written on one checkpoint; a line of the data points is one of them."""
    content: dict[str, object] = {
        "conclusion": posted.get(f"conclusion-{code}", ""),
        "topic": posted.get(f"topic-{code}", ""),
        "data_points": posted.get(f"data_points-{code}", "").splitlines(),
        **{name: posted.get(f"{name}-{code}", "") for name in TEXTS},
    }
    return Given(code, content, read_version(posted.get(f"v-{code}", "")))


def read_version(text: str) -> int:
    """Return the version the page was made from; 0 for anything that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0
