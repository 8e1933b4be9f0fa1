"""Blank templates: who sees them, which one fits a request."""

import re

from django.db.models import QuerySet

from minerals.customers.models import BlankTemplate
from suppliers.organisations.enums import BUYER_ROLES
from suppliers.organisations.queries import Reader, organisations_where


def visible_blanks(user: Reader) -> QuerySet[BlankTemplate]:
    """Return the blanks of the companies the user buys for, the newest upload first."""
    found = BlankTemplate.objects.filter(owner_id__in=organisations_where(user, BUYER_ROLES))
    return found.select_related("file", "uploaded_by").order_by("template", "-uploaded_at", "-pk")


def best_blank(owner_id: int, template: str, version: str = "") -> BlankTemplate | None:
    """Return the blank of the version asked for, else the newest version; of two alike the newer upload."""
    blanks = BlankTemplate.objects.filter(owner_id=owner_id, template=template).select_related("file").order_by("-pk")
    rows = list(blanks)
    asked = [row for row in rows if version and same_version(row.version, version)]
    return max(asked or rows, key=lambda row: (version_key(row.version), row.pk), default=None)


def same_version(one: str, other: str) -> bool:
    """Whether two spellings name one version: 6.1 and 6.10."""
    return version_key(one) == version_key(other)


def version_key(version: str) -> tuple[int, int, str]:
    """Return what versions are ordered by. Releases count in hundredths: 6.1 is 6.10, 6.31 lies before 6.4."""
    found = re.match(r"(\d+)(?:\.(\d{1,2}))?([a-z]?)", version.strip())
    if found is None:
        return (0, 0, version)
    return (int(found[1]), int((found[2] or "0").ljust(2, "0")), found[3])
