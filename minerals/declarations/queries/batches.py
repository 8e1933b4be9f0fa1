"""Reads for files entered many at once: who sees a batch, the suppliers as an index, what a row shows."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.declarations.enums import BatchFileState
from minerals.declarations.matching import Book, Party
from minerals.declarations.models import Batch, BatchFile, Edition
from suppliers.organisations.enums import BUYER_ROLES, SUPPLIER_ROLES
from suppliers.organisations.models import Membership, Relationship, Site
from suppliers.organisations.queries import Reader, organisations_where

TONES = {
    BatchFileState.ENTERED: "good",
    BatchFileState.TO_MATCH: "major",
    BatchFileState.REFUSED: "priority",
    BatchFileState.KNOWN: "minor",
}


def visible_batches(user: Reader) -> QuerySet[Batch]:
    """Return the batches of organisations for which the user buys, the newest first."""
    rows = Batch.objects.filter(buyer_id__in=organisations_where(user, BUYER_ROLES))
    return rows.select_related("buyer", "job", "created_by").order_by("-pk")


def counted_batches(user: Reader, buyer_id: int) -> QuerySet[Batch]:
    """Return the batches of one buyer with how many files they hold and how many wait for a person."""
    to_match = Count("files", filter=Q(files__state=BatchFileState.TO_MATCH))
    return visible_batches(user).filter(buyer_id=buyer_id).annotate(total=Count("files"), to_match=to_match)


def known_edition(buyer_id: int, sha256: str) -> Edition | None:
    """Return the edition by which a file was handed in to a buyer before."""
    same = Edition.objects.filter(
        sha256=sha256, declaration__relationship__buyer_id=buyer_id, handed_in_at__isnull=False
    )
    return same.order_by("pk").first()


def book_of(buyer_id: int) -> Book:
    """Return the suppliers of a buyer as an index: names, codes, addresses of contacts and members. Three queries."""
    running = Q(ended_on=None) | Q(ended_on__gt=timezone.localdate())
    bonds = Relationship.objects.filter(running, buyer_id=buyer_id)
    suppliers = bonds.values("supplier_id")
    emails: defaultdict[int, set[str]] = defaultdict(set)
    sites = Site.objects.filter(organisation__in=suppliers).exclude(contact_email="")
    for owner, email in sites.values_list("organisation_id", "contact_email"):
        emails[owner].add(email)
    members = Membership.objects.filter(organisation__in=suppliers, role__in=SUPPLIER_ROLES)
    for owner, email in members.values_list("organisation_id", "user__email"):
        emails[owner].add(email)
    rows = bonds.values_list("pk", "supplier_id", "supplier__name", "vendor_code")
    return Book(
        Party(id=pk, name=name, vendor_code=code, emails=tuple(sorted(emails[supplier])))
        for pk, supplier, name, code in rows
    )


def listed_files(batch: Batch) -> QuerySet[BatchFile]:
    """Return the files of a batch with what a row shows; those that wait for a person can be filtered."""
    return batch.files.select_related("edition__declaration__relationship__supplier")


def state_counts(batch: Batch) -> dict[str, int]:
    """Return how many files of a batch are in each state."""
    return dict(batch.files.order_by().values_list("state").annotate(count=Count("pk")))


@dataclass(frozen=True)
class Choice:
    """A supplier one may choose for a file, and why it is suggested."""

    bond: Relationship
    why: str
    is_sure: bool = False


def how_words(how: list[str]) -> str:
    """Return by what a supplier was found, in words."""
    words = {
        "code": _("same vendor code"),
        "name": _("same name"),
        "email": _("e-mail of a contact"),
        "domain": _("same e-mail domain"),
        "likeness": _("similar name"),
    }
    return ", ".join(words[each] for each in how if each in words)


def choices_of(file: BatchFile, bonds: QuerySet[Relationship]) -> list[Choice]:
    """Return the likely suppliers of a file, of those the reader sees, best first."""
    found = bonds.in_bulk([int(one["relationship"]) for one in file.candidates])
    return [
        Choice(found[one["relationship"]], how_words(one["how"]), bool(one.get("sure")))
        for one in file.candidates
        if one["relationship"] in found
    ]


def file_row(file: BatchFile) -> dict[str, Any]:
    """Return one line of the result."""
    declaration = file.edition.declaration if file.edition else None
    state = BatchFileState(file.state)
    return {
        "file": file,
        "label": state.label,
        "tone": TONES.get(state, "plain"),
        "supplier": declaration.relationship.supplier.name if declaration else "",
        "url": reverse("declaration_detail", args=[declaration.pk]) if declaration else "",
        "title": declaration.title if declaration else "",
        "company": file.said.get("name", ""),
        "template": " ".join(str(file.said.get(name) or "") for name in ("template", "version")).strip(),
        "waits": state in {BatchFileState.TO_MATCH, BatchFileState.SET_ASIDE},
    }
