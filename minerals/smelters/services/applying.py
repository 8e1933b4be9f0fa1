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
KEY: Final = ("owner", "metal", "cid")
COLUMNS: Final = ("name", "country", "country_text", "city", "state_text", "status", "status_text", "status_as_of")
# What is said of a status: the smelter, our word, and the row of the list where it says more.
Said = tuple[Smelter, str, Entry | None]


@dataclass
class Writing:
    """What a list writes. A smelter that changes is written once, whatever changes of it."""

    row: SmelterList
    known: dict[Key, Smelter]
    changes: dict[Key, dict[Change, Difference]]
    changed: dict[Key, Smelter] = field(default_factory=dict)
    renamed: list[tuple[Smelter, str]] = field(default_factory=list)  # with the former name
    said: list[Said] = field(default_factory=list)

    def of(self, entry: Entry) -> Smelter:
        """Return the smelter of an entry."""
        return self.known[entry.key]

    def touch(self, smelter: Smelter) -> None:
        """Note that a smelter is to be written."""
        self.changed[smelter.metal, smelter.cid] = smelter


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
            writing.known[entry.key] = new_smelter(row, entry)
            writing.touch(writing.known[entry.key])
        add_status(writing, entry)
    for key, kinds in changes.items():
        if Change.REMOVED in kinds:
            set_status(writing, writing.known[key], Status.REMOVED)
    write_smelters(writing)
    SmelterStatus.objects.bulk_create([status_of(row, *said) for said in writing.said], batch_size=BATCH)
    write_names(writing, entries)


def write_smelters(writing: Writing) -> None:
    """Insert or update every smelter that is new or changed; each has its key afterwards.

    One statement for both is many times faster than an update with a case for every row.
    """
    rows = list(writing.changed.values())
    for smelter in rows:
        smelter.pk = None  # found again by what it is known by
    Smelter.objects.bulk_create(rows, batch_size=BATCH, update_conflicts=True, unique_fields=KEY, update_fields=COLUMNS)


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
    blank = {column: value for column, value in filled.items() if value and not getattr(smelter, column)}
    for column, value in blank.items():
        setattr(smelter, column, value)
    if kinds or blank:
        writing.touch(smelter)


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
    as_of = writing.row.as_of
    writing.said.append((smelter, status, entry))
    if smelter.status_as_of is None or as_of >= smelter.status_as_of:
        smelter.status, smelter.status_text, smelter.status_as_of = status, entry.text if entry else "", as_of
        writing.touch(smelter)


def status_of(row: SmelterList, smelter: Smelter, status: str, entry: Entry | None) -> SmelterStatus:
    """Make a dated status."""
    more = {"text": entry.text, "programme": entry.programme, "cycle": entry.cycle} if entry else {}
    return SmelterStatus(
        smelter=smelter,
        status=status,
        audited_on=entry.audited_on if entry else None,
        as_of=row.as_of,
        source=row.name,
        list=row,
        **more,
    )


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
