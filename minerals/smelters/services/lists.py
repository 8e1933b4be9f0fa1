"""Lists of smelters: taken in, compared with the registry, then applied or discarded by a person."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.smelters.comparison import Claim, Difference, Entry, compare_list, count_changes
from minerals.smelters.enums import ListKind, ListState, NameKind
from minerals.smelters.lifecycle import advance_list
from minerals.smelters.matching import Asked, clean_metal, clean_words, fold_name, is_old_id, tidy_id
from minerals.smelters.models import Smelter, SmelterChange, SmelterList, SmelterName
from minerals.smelters.queries.lists import claim_of, country_words, entry_rows, read_standing
from minerals.smelters.services.applying import write_list
from minerals.smelters.services.matching import read_registry
from minerals.smelters.services.reading import read_list
from minerals.smelters.services.reconsidering import reconsider_cases
from minerals.smelters.workbook import read_looked_up
from minerals.templates_io.document import LookupRow
from portal.accounts.models import User
from portal.files.services import store_upload
from portal.lib.queue import enqueue
from portal.trail.services import record
from suppliers.organisations.models import Organisation

BATCH: Final = 500
KINDS: Final = {
    b"PK": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"<": "application/xml",
}
# The days on which releases of the templates came out; the others are taken as of the day they were seen.
RELEASED: Final = {
    "CMRT 6.4": dt.date(2024, 4, 26),
    "CMRT 6.5": dt.date(2025, 4, 25),
    "EMRT 2.0": dt.date(2025, 4, 25),
    "EMRT 2.1": dt.date(2025, 10, 17),
    "AMRT 1.3": dt.date(2025, 10, 17),
}


@dataclass(frozen=True)
class Applied:
    """What became of a list: what it changed, and whether that is not what its preview had said."""

    row: SmelterList
    differs: bool
    settled: int


@transaction.atomic
def import_list(
    *,
    owner: Organisation,
    content: bytes,
    file_name: str,
    name: str,
    as_of: dt.date,
    complete: bool,
    metal: str = "",
    actor: User,
) -> SmelterList:
    """Take a list in as a preview; nothing of the registry changes. Raises DomainError with every wrong cell."""
    reading = read_list(content, metal=metal)
    kind = next((kind for mark, kind in KINDS.items() if content.lstrip(b"\xef\xbb\xbf").startswith(mark)), "text/csv")
    stored = store_upload(
        ContentFile(content, name=file_name), organisation_id=owner.pk, actor=actor, content_type=kind
    )
    entries = list(reading.entries.values())
    row = SmelterList.objects.create(
        owner=owner,
        kind=ListKind.FILE,
        name=clean_words(name, 120),
        as_of=as_of,
        complete=complete,
        metals=metals_of(entries),
        rows=entry_rows(entries),
        size=len(entries),
        file=stored,
        created_by=actor,
    )
    keep_changes(row, compare_now(row, entries))
    record("import_smelter_list", actor=actor, thing=row, organisation_id=owner.pk, name=row.name, counts=row.counts)
    return row


def note_template_list(
    *, owner_id: int, template: str, version: str, rows: Sequence[LookupRow], actor: User | None
) -> SmelterList | None:
    """Note the look-up list that came inside a template; each release is noted once for a company.

    Where the registry knows nothing of its metals it is applied at once; else it waits as a preview. A release before
    the newest one that was applied only adds what was dropped since. Returns None for nothing new.
    """
    name = clean_words(f"{template} {version}", 120)
    learn_old_ids(owner_id, rows)
    noted = SmelterList.objects.filter(owner_id=owner_id, kind=ListKind.TEMPLATE, name=name)
    # Asked before the list is read: every upload of a release brings the same hundreds of rows.
    entries = [] if noted.exists() else list(read_looked_up(rows, country_words()).entries.values())
    if not entries:
        return None
    try:
        with transaction.atomic():
            return keep_template_list(owner_id, name, entries, actor)
    except IntegrityError:  # another worker read the same release just now
        return None


def learn_old_ids(owner_id: int, rows: Sequence[LookupRow]) -> None:
    """Take over the ids that lists had before 2014, for smelters whose name on that list is beyond doubt."""
    old = [row for row in rows if is_old_id(tidy_id(row.cid))]
    if not old:
        return
    registry = read_registry(owner_id, metals={clean_metal(row.metal) for row in old})
    found = [
        (verdict.smelter, tidy_id(row.cid).upper())
        for row in old
        if (verdict := registry.find(Asked(clean_metal(row.metal), "", (row.lookup, row.name))))
    ]
    names = [
        SmelterName(smelter_id=smelter, name=cid, folded=fold_name(cid), kind=NameKind.OLD_ID, source=_("Old template"))
        for smelter, cid in dict.fromkeys(found)
    ]
    SmelterName.objects.bulk_create(names, batch_size=BATCH, ignore_conflicts=True)


def keep_template_list(owner_id: int, name: str, entries: list[Entry], actor: User | None) -> SmelterList:
    """Keep the list of a release; apply it where nothing stands yet.

    Nobody is named on it: the actor may be of the supplier, whose file the company has not been handed yet.
    """
    metals = metals_of(entries)
    row = SmelterList.objects.create(
        owner_id=owner_id,
        kind=ListKind.TEMPLATE,
        name=name,
        as_of=RELEASED.get(name, timezone.localdate()),
        complete=True,
        older=is_older(owner_id, name),
        metals=metals,
        rows=entry_rows(entries),
        size=len(entries),
    )
    keep_changes(row, compare_now(row, entries))
    record("note_smelter_list", actor=actor, thing=row, organisation_id=owner_id, name=name, counts=row.counts)
    if not Smelter.objects.filter(owner_id=owner_id, metal__in=metals).exists():
        apply_list(row, actor=None)
    return row


def is_older(owner_id: int, name: str) -> bool:
    """Whether a newer release of the same template was applied before."""
    template, version = name.split(" ", 1)
    applied = SmelterList.objects.filter(
        owner_id=owner_id, kind=ListKind.TEMPLATE, state=ListState.APPLIED, name__startswith=f"{template} "
    )
    others = (other.split(" ", 1)[1] for other in applied.values_list("name", flat=True))
    return any(version_key(other) > version_key(version) for other in others)


def version_key(version: str) -> tuple[float, str]:
    """Return what releases are sorted by: 6.31 stands after 6.3 and before 6.4, 2.03a after 2.03."""
    number = version.rstrip("abcdefgh")
    try:
        return float(number), version[len(number) :]
    except ValueError:
        return 0.0, version


@transaction.atomic
def apply_list(row: SmelterList, *, actor: User | None) -> Applied:
    """Write a list into the registry; what it changes is compared anew, for the registry may have changed.

    Raises ConflictError for a list that was applied or discarded before. Wakes "declarations.apply_cases".
    """
    Organisation.objects.select_for_update().get(pk=row.owner_id)
    advance_list(row, ListState.APPLIED, actor=actor)
    entries = entries_of(row)
    before = seen_changes(row)
    differences = compare_now(row, entries)
    differs = before != set(differences)
    if differs:
        row.changes.all().delete()
        keep_changes(row, differences)
    write_list(row, entries, differences)
    settled = reconsider_cases(owner_id=row.owner_id, metals=row.metals)
    record("apply_smelter_list", actor=actor, thing=row, organisation_id=row.owner_id, name=row.name, counts=row.counts)
    enqueue("declarations.apply_cases")
    return Applied(row, differs, settled)


@transaction.atomic
def discard_list(row: SmelterList, *, actor: User) -> None:
    """Put a list away; the registry stays as it is. Raises ConflictError where it was decided before."""
    advance_list(row, ListState.DISCARDED, actor=actor)
    record("discard_smelter_list", actor=actor, thing=row, organisation_id=row.owner_id, name=row.name)


def compare_now(row: SmelterList, entries: Sequence[Entry]) -> list[Difference]:
    """Return what a list changes in the registry as it is now."""
    claim: Claim = claim_of(row)
    return compare_list(entries, read_standing(row.owner_id), claim)


def keep_changes(row: SmelterList, differences: Iterable[Difference]) -> None:
    """Keep what a list changes, and the counts of it."""
    found = list(differences)
    SmelterChange.objects.bulk_create([change_of(row, one) for one in found], batch_size=BATCH)
    row.counts = count_changes(found)
    row.save(update_fields=["counts"])


def change_of(row: SmelterList, found: Difference) -> SmelterChange:
    """Make the row of one difference."""
    return SmelterChange(
        list=row,
        kind=found.kind,
        metal=found.metal,
        cid=found.cid,
        name=found.name,
        before=found.before,
        after=found.after,
    )


def seen_changes(row: SmelterList) -> set[Difference]:
    """Return the differences that the preview showed."""
    fields = ("kind", "metal", "cid", "name", "before", "after")
    return {Difference(*values) for values in row.changes.values_list(*fields)}


def entries_of(row: SmelterList) -> list[Entry]:
    """Return the entries that are kept with a list."""
    kept: Any = row.rows
    return msgspec.convert(kept, list[Entry])


def metals_of(entries: Iterable[Entry]) -> list[str]:
    """Return the metals a list covers."""
    return sorted({entry.metal for entry in entries})
