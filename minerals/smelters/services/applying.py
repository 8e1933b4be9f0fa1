"""Writing a list into the registry: smelters, names, dated statuses; in bulk, within the transaction of its caller."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from minerals.smelters.comparison import Difference, Entry, Key
from minerals.smelters.enums import Change, NameKind, Status
from minerals.smelters.matching import fold_name
from minerals.smelters.models import Smelter, SmelterList, SmelterName, SmelterStatus

BATCH: Final = 500
COLUMNS: Final = ("name", "country", "country_text", "city", "state_text", "status", "status_text", "status_as_of")


@dataclass
class Writing:
    """What a list writes."""

    row: SmelterList
    known: dict[Key, Smelter]
    changes: dict[Key, dict[Change, Difference]]
    fresh: list[Smelter] = field(default_factory=list)
    changed: list[Smelter] = field(default_factory=list)
    renamed: list[tuple[Smelter, str]] = field(default_factory=list)  # with the former name
    statuses: list[SmelterStatus] = field(default_factory=list)

    def of(self, entry: Entry) -> Smelter:
        """Return the smelter of an entry."""
        return self.known[entry.key]


def write_list(row: SmelterList, entries: Sequence[Entry], differences: Iterable[Difference]) -> None:
    """Write what a list says; `differences` are what it changes, as compared just now."""
    changes: defaultdict[Key, dict[Change, Difference]] = defaultdict(dict)
    for found in differences:
        changes[found.metal, found.cid][found.kind] = found
    smelters = Smelter.objects.filter(owner_id=row.owner_id)
    writing = Writing(row, {(one.metal, one.cid): one for one in smelters}, changes)
    for entry in entries:
        if entry.key in writing.known:
            change_one(writing, entry)
        else:
            writing.fresh.append(new_smelter(row, entry))
    Smelter.objects.bulk_create(writing.fresh, batch_size=BATCH)
    writing.known.update({(one.metal, one.cid): one for one in writing.fresh})
    for entry in entries:
        add_status(writing, entry)
    for key, kinds in changes.items():
        if Change.REMOVED in kinds:
            set_status(writing, writing.known[key], Status.REMOVED)
    Smelter.objects.bulk_update(writing.changed + writing.fresh, COLUMNS, batch_size=BATCH)
    SmelterStatus.objects.bulk_create(writing.statuses, batch_size=BATCH)
    write_names(writing, entries)


def new_smelter(row: SmelterList, entry: Entry) -> Smelter:
    """Make a smelter of an entry."""
    return Smelter(
        owner_id=row.owner_id,
        metal=entry.metal,
        cid=entry.cid,
        name=entry.name,
        country=entry.country,
        country_text=entry.country_text,
        city=entry.city,
        state_text=entry.state,
    )


def change_one(writing: Writing, entry: Entry) -> None:
    """Bring a smelter up to date; an older list changes nothing of it."""
    smelter, kinds = writing.of(entry), writing.changes.get(entry.key, {})
    if writing.row.older:
        return
    if Change.RENAMED in kinds:
        writing.renamed.append((smelter, smelter.name))
        smelter.name = entry.name
    if Change.COUNTRY in kinds:
        smelter.country, smelter.country_text = entry.country, entry.country_text
    filled = {"city": entry.city, "state_text": entry.state, "country_text": entry.country_text}
    for column, value in filled.items():
        if value and not getattr(smelter, column):
            setattr(smelter, column, value)
    writing.changed.append(smelter)


def add_status(writing: Writing, entry: Entry) -> None:
    """Add what a list says of a status, also where that only confirms it: it is known as of a later day."""
    smelter, kinds = writing.of(entry), writing.changes.get(entry.key, {})
    if writing.row.older:
        if Change.ADDED in kinds:
            set_status(writing, smelter, Status.REMOVED)
    elif entry.status:
        set_status(writing, smelter, entry.status, entry)
    elif Change.STATUS in kinds:
        set_status(writing, smelter, Status.UNKNOWN)


def set_status(writing: Writing, smelter: Smelter, status: str, entry: Entry | None = None) -> None:
    """Add a dated status; it becomes the one of the lists unless a later one is known."""
    row = writing.row
    text = entry.text if entry else ""
    writing.statuses.append(
        SmelterStatus(
            smelter=smelter,
            status=status,
            text=text,
            programme=entry.programme if entry else "",
            audited_on=entry.audited_on if entry else None,
            cycle=entry.cycle if entry else "",
            as_of=row.as_of,
            source=row.name,
            list=row,
        )
    )
    if smelter.status_as_of is None or row.as_of >= smelter.status_as_of:
        smelter.status, smelter.status_text, smelter.status_as_of = status, text, row.as_of
        if entry is None and smelter not in writing.fresh:
            writing.changed.append(smelter)


def write_names(writing: Writing, entries: Iterable[Entry]) -> None:
    """Add every name a list has; a standard name that changed becomes a former one."""
    SmelterName.objects.filter(smelter__in=[one for one, _old in writing.renamed], kind=NameKind.STANDARD).delete()
    names = [name_of(one, old, NameKind.FORMER, writing.row) for one, old in writing.renamed]
    for entry in entries:
        smelter = writing.of(entry)
        same = fold_name(entry.name) == fold_name(smelter.name)
        names.append(name_of(smelter, entry.name, NameKind.STANDARD if same else NameKind.FORMER, writing.row))
        names += [name_of(smelter, name, NameKind.LOOKUP, writing.row) for name in entry.names]
        names += [name_of(smelter, old_id, NameKind.OLD_ID, writing.row) for old_id in entry.old_ids]
    named = [name for name in names if name.folded]
    SmelterName.objects.bulk_create(named, batch_size=BATCH, ignore_conflicts=True)


def name_of(smelter: Smelter, name: str, kind: NameKind, row: SmelterList) -> SmelterName:
    """Make a name."""
    return SmelterName(smelter=smelter, name=name, folded=fold_name(name), kind=kind, source=row.name)
