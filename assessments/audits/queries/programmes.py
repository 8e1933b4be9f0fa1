"""Reads of programmes: which a buyer's next audits take, which versions there were, how many audits each has."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from assessments.audits.document import Programme, known_programmes, read_programme
from assessments.audits.models import ProgrammeVersion
from assessments.audits.queries.audits import programme_of
from suppliers.organisations.models import Organisation


@dataclass(frozen=True)
class Offer:
    """A programme as a buyer's next audit takes it: an own version, or a standard one as it ships.

    `version` is None for a standard one, whose row is written with its first audit. `has_standard`: the buyer's own
    version stands in for one that ships.
    """

    programme: Programme
    version: ProgrammeVersion | None
    has_standard: bool
    versions: int
    audits: int

    @property
    def is_own(self) -> bool:
        """Whether the buyer wrote it."""
        return self.version is not None


def offered_programmes(buyer: Organisation) -> dict[str, Offer]:
    """Return by code what the buyer's next audits may be held under: its own ones first; one query."""
    rows = list(versions_of(buyer))
    own = {row.code: row for row in rows if row.owner_id and row.withdrawn_at is None}  # the newest comes last
    offers = {code: offer_of(code, rows, programme_of(row), row) for code, row in own.items()}
    shipped = {code: read_programme(code) for code in known_programmes() if code not in own}
    return offers | {code: offer_of(code, rows, programme, None) for code, programme in shipped.items()}


def offer_of(code: str, rows: list[ProgrammeVersion], programme: Programme, own: ProgrammeVersion | None) -> Offer:
    """Return one programme with the figures of its versions."""
    same = [row for row in rows if row.code == code]
    return Offer(
        programme=programme,
        version=own,
        has_standard=code in known_programmes(),
        versions=len(same) or 1,
        audits=sum(row.audit_count for row in same),  # type: ignore[attr-defined]
    )


def versions_of(buyer: Organisation, code: str = "") -> QuerySet[ProgrammeVersion]:
    """Return the versions a buyer may read, the oldest first: its own, and standard ones that were frozen for anybody.

    `audit_count` is the number of this buyer's audits held under each.
    """
    rows = ProgrammeVersion.objects.filter(Q(owner=buyer) | Q(owner=None))
    if code:
        rows = rows.filter(code=code)
    mine = Count("audits", filter=Q(audits__relationship__buyer=buyer))
    return rows.annotate(audit_count=mine).select_related("created_by").order_by("pk")


def programme_titles(buyer: Organisation) -> dict[str, dict[str, str]]:
    """Return {code: title} of what the buyer's next audits may be held under."""
    return {code: offer.programme.title for code, offer in offered_programmes(buyer).items()}
