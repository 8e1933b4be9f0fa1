"""Editions as typed data again."""

import msgspec
from django.db.models import QuerySet

from minerals.declarations.models import Declaration, Edition
from minerals.templates_io.document import Declared, Issue


def declared_of(edition: Edition) -> Declared:
    """Return what an edition says, as it was read; without the look-up list."""
    return msgspec.convert(edition.content, Declared)


def missing_of(edition: Edition) -> list[Issue]:
    """Return what RMI's checker finds missing in an edition."""
    return msgspec.convert(edition.missing, list[Issue])


def issues_of(edition: Edition) -> list[Issue]:
    """Return what our further rules found in an edition."""
    return msgspec.convert(edition.issues, list[Issue])


def handed_in_editions(declaration: Declaration) -> QuerySet[Edition]:
    """Return the editions a buyer sees, newest first."""
    return declaration.editions.filter(handed_in_at__isnull=False).order_by("-number")
