"""Import of suppliers and sites: all of a table or nothing, found again by vendor code and site code."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.files.services import read_content
from portal.jobs.models import Job
from portal.jobs.services import keep_workbook, show_progress, start_job
from portal.lib.errors import DomainError
from portal.lib.workbook import Table, read_table
from portal.trail.services import record
from suppliers.organisations.models import Organisation, Relationship, Site
from suppliers.organisations.queries import IMPORT_KIND
from suppliers.organisations.reports import column_label, import_lists, problem_sheet, problem_text
from suppliers.organisations.workbook import (
    CellProblem,
    Reading,
    SiteRecord,
    SupplierRecord,
    read_headers,
    read_row,
)

KEPT_PROBLEMS: Final = 200
BATCH: Final = 1000
EVERY: Final = 1000
BOND_COLUMNS: Final = (
    "vendor_code",
    "business_unit",
    "region",
    "category",
    "tier",
    "spend",
    "started_on",
    "ended_on",
    "end_reason",
)
SITE_FIELDS: Final = {
    "site_code": "code",
    "site_name": "name",
    "site_country": "country",
    "site_city": "city",
    "site_address": "address",
    "sector": "sector",
    "workers": "workers",
    "contact_name": "contact_name",
    "contact_email": "contact_email",
    "contact_language": "contact_language",
}
# An empty cell clears a column, but these have no empty value: there it means "as it is", or the first choice.
NEVER_EMPTY: Final = frozenset({"tier", "name", "country", "sector", "contact_language", "code"})
NULLABLE: Final = frozenset({"spend", "started_on", "ended_on", "workers"})


@dataclass
class Counts:
    """What an import did."""

    rows: int = 0
    suppliers_created: int = 0
    suppliers_updated: int = 0
    suppliers_unchanged: int = 0
    sites_created: int = 0
    sites_updated: int = 0
    sites_unchanged: int = 0
    ended: int = 0
    shared: int = 0


@dataclass
class Plan:
    """What an import will write."""

    counts: Counts
    new_organisations: list[Organisation] = field(default_factory=list)
    changed_organisations: list[Organisation] = field(default_factory=list)
    new_bonds: list[Relationship] = field(default_factory=list)
    changed_bonds: list[Relationship] = field(default_factory=list)
    new_sites: list[Site] = field(default_factory=list)
    changed_sites: list[Site] = field(default_factory=list)


@dataclass
class Standing:
    """What the buyer has already."""

    buyer: Organisation
    bonds: dict[str, Relationship]
    sites: dict[tuple[int, str], Site]
    shared: frozenset[int]


def start_import(
    *, file: StoredFile, organisation: Organisation, actor: User, preview: bool = False, return_path: str = ""
) -> Job:
    """Start the import of a stored table as a job; with `preview` nothing is written but the counts."""
    return start_job(
        IMPORT_KIND,
        actor=actor,
        organisation_id=organisation.pk,
        params={"preview": preview, "name": file.name},
        source_file=file,
        return_path=return_path,
    )


def run_import(job: Job) -> dict[str, Any]:
    """Import the table of a job and return the counts; raise DomainError with the cells that are wrong.

    Reading and checking show progress row by row. The writing is one transaction and shows none: on SQLite
    it holds the only write lock, so a progress row could not be written beside it. It takes a third of the time.
    """
    if job.source_file is None:
        raise DomainError(_("The uploaded file is no longer kept. Upload it again."), code="gone")
    buyer = Organisation.objects.get(pk=job.organisation_id or 0)
    reading = read_reading(job, read_table(read_content(job.source_file)))
    if reading.problems:
        raise refuse_cells(job, reading.problems)
    total = job.total
    preview = bool(job.params.get("preview"))
    counts = preview_reading(buyer, reading) if preview else apply_reading(buyer, reading, actor=job.actor)
    show_progress(job, total, total)
    return {"message": counts_text(counts, preview=preview), "counts": asdict(counts), "preview": preview}


def read_reading(job: Job, table: Table) -> Reading:
    """Check the whole table, showing progress; the check counts as half of the work."""
    lists = import_lists()
    columns, problems = read_headers(table.headers, table.header_row, lists)
    if not problems and not table.rows:
        problems = [CellProblem(table.header_row + 1, "vendor_code", "", "no_rows")]
    if problems:
        return Reading(problems=problems)
    reading, total = Reading(given=frozenset(columns.values())), 2 * len(table.rows)
    show_progress(job, 0, total)
    for number, row in enumerate(table.rows, start=1):
        read_row(reading, row, columns, lists)
        if number % EVERY == 0:
            show_progress(job, number, total)
    show_progress(job, len(table.rows), total)
    if not reading.rows and not reading.problems:
        reading.problems.append(CellProblem(table.header_row + 1, "vendor_code", "", "no_rows"))
    return reading


def refuse_cells(job: Job, problems: list[CellProblem]) -> DomainError:
    """Keep the list of problems as a workbook and return the refusal; nothing was saved."""
    keep_workbook(job, _("Import errors"), [problem_sheet(problems)])
    message = ngettext(
        "%(count)d cell is wrong. Nothing was imported. Correct it and upload the file again.",
        "%(count)d cells are wrong. Nothing was imported. Correct them and upload the file again.",
        len(problems),
    ) % {"count": len(problems)}
    detail = [described(problem) for problem in problems[:KEPT_PROBLEMS]]
    return DomainError(message, code="cells", detail=detail)


def described(problem: CellProblem) -> dict[str, Any]:
    """Return a problem as the page of a job shows it, in the language of whoever started the job."""
    return {
        "row": problem.row,
        "column": column_label(problem.column),
        "value": problem.value,
        "message": problem_text(problem.code, problem.params),
        "code": problem.code,
    }


def preview_reading(buyer: Organisation, reading: Reading) -> Counts:
    """Return what an import would do, without doing it."""
    return make_plan(find_standing(buyer), reading).counts


@transaction.atomic
def apply_reading(buyer: Organisation, reading: Reading, *, actor: User | None) -> Counts:
    """Write a clean reading for a buyer: all of it or nothing. Writes one entry to the trail.

    The buyer's row is locked first, so that of two imports at once the second sees what the first wrote.
    """
    buyer = Organisation.objects.select_for_update().get(pk=buyer.pk)
    plan = make_plan(find_standing(buyer), reading)
    write_plan(plan)
    record("import_suppliers", actor=actor, thing=buyer, organisation_id=buyer.pk, **asdict(plan.counts))
    return plan.counts


def find_standing(buyer: Organisation) -> Standing:
    """Read everything the buyer has: its relationships, their sites, and who is asked by other buyers too."""
    bonds = Relationship.objects.filter(buyer=buyer)
    suppliers = bonds.values("supplier_id")
    elsewhere = Relationship.objects.filter(supplier_id__in=suppliers).exclude(buyer=buyer)
    return Standing(
        buyer=buyer,
        bonds={bond.vendor_code: bond for bond in bonds.select_related("supplier")},
        sites={(s.organisation_id, s.code): s for s in Site.objects.filter(organisation_id__in=suppliers)},
        shared=frozenset(elsewhere.values_list("supplier_id", flat=True)),
    )


def make_plan(standing: Standing, reading: Reading) -> Plan:
    """Compare a reading with what stands."""
    plan = Plan(Counts(rows=reading.rows))
    for code, found in reading.suppliers.items():
        bond = standing.bonds.get(code)
        if bond is None:
            plan_new(plan, standing, found)
        else:
            plan_known(plan, standing, bond, found, reading.given)
    return plan


def plan_new(plan: Plan, standing: Standing, found: SupplierRecord) -> None:
    """Plan a supplier the buyer did not have.

    Always a new organisation: a name alone must not give a buyer the sites of a company somebody else entered.
    Only the buyer's own name means the buyer itself, for its own sites.
    """
    values = found.values
    buyer = standing.buyer
    own = str(values["supplier_name"]).casefold() == buyer.name.casefold()
    if own and not any(bond.supplier_id == buyer.pk for bond in standing.bonds.values()):
        supplier = buyer
        standing.sites.update({(buyer.pk, site.code): site for site in buyer.sites.all()})
    else:
        supplier = Organisation(name=values["supplier_name"], country=values["supplier_country"])
        plan.new_organisations.append(supplier)
    columns = {name: clean_empty(name, values[name]) for name in BOND_COLUMNS}
    columns["tier"] = columns["tier"] or 1
    bond = Relationship(buyer=buyer, supplier=supplier, **columns)
    if supplier is buyer:
        standing.bonds[bond.vendor_code] = bond
    plan.new_bonds.append(bond)
    plan.counts.suppliers_created += 1
    plan.counts.ended += bond.ended_on is not None
    for site in found.sites.values():
        plan_site(plan, standing, supplier, site, frozenset(SITE_FIELDS))


def plan_known(
    plan: Plan, standing: Standing, bond: Relationship, found: SupplierRecord, given: frozenset[str]
) -> None:
    """Plan what changes of a supplier the buyer has.

    The name and the sites of a supplier that other buyers ask too are left alone: they belong to the supplier.
    """
    ended_before = bond.ended_on
    changed = take_values(bond, {name: found.values[name] for name in BOND_COLUMNS if name in given})
    if bond.ended_on is None and bond.end_reason:
        bond.end_reason, changed = "", True
    if changed:
        plan.changed_bonds.append(bond)
    plan.counts.ended += ended_before is None and bond.ended_on is not None
    if bond.supplier_id in standing.shared:
        plan.counts.shared += 1
    else:
        if bond.supplier_id != standing.buyer.pk:
            names = {"name": found.values["supplier_name"], "country": found.values["supplier_country"]}
            if take_values(bond.supplier, names):
                plan.changed_organisations.append(bond.supplier)
                changed = True
        for site in found.sites.values():
            plan_site(plan, standing, bond.supplier, site, given)
    plan.counts.suppliers_updated += changed
    plan.counts.suppliers_unchanged += not changed


def plan_site(
    plan: Plan, standing: Standing, organisation: Organisation, found: SiteRecord, given: frozenset[str]
) -> None:
    """Plan one site: new, changed or as it is."""
    known = standing.sites.get((organisation.pk, found.values["site_code"])) if organisation.pk else None
    if known is None:
        values = {field: clean_empty(field, found.values[name]) for name, field in SITE_FIELDS.items()}
        kept = {field: value for field, value in values.items() if value is not None or field not in NEVER_EMPTY}
        plan.new_sites.append(Site(organisation=organisation, **kept))
        plan.counts.sites_created += 1
        return
    if take_values(known, {field: found.values[name] for name, field in SITE_FIELDS.items() if name in given}):
        plan.changed_sites.append(known)
        plan.counts.sites_updated += 1
    else:
        plan.counts.sites_unchanged += 1


def clean_empty(name: str, value: Any) -> Any:
    """Return a value as its column stores nothing: "" for text, None for dates and numbers."""
    return "" if value is None and name not in NULLABLE and name not in NEVER_EMPTY else value


def take_values(thing: Organisation | Relationship | Site, values: dict[str, Any]) -> bool:
    """Write values onto a row in memory; return whether anything changed."""
    changed = False
    for name, value in values.items():
        if value is None and name in NEVER_EMPTY:
            continue
        wanted = clean_empty(name, value)
        stands = getattr(thing, name)
        if (str(stands) if name == "country" else stands) != wanted:
            setattr(thing, name, wanted)
            changed = True
    return changed


def write_plan(plan: Plan) -> None:
    """Write a plan in batches; the caller holds the transaction."""
    Organisation.objects.bulk_create(plan.new_organisations, batch_size=BATCH)
    Relationship.objects.bulk_create(plan.new_bonds, batch_size=BATCH)
    Site.objects.bulk_create(plan.new_sites, batch_size=BATCH)
    overwrite(plan.changed_organisations, ["name", "country"])
    overwrite(plan.changed_bonds, list(BOND_COLUMNS))
    overwrite(plan.changed_sites, list(SITE_FIELDS.values()))


def overwrite(things: Iterable[Any], columns: list[str]) -> None:
    """Write changed rows back by primary key: one statement per batch instead of a CASE per row and column."""
    rows = list(things)
    if rows:
        type(rows[0]).objects.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=columns
        )


def counts_text(counts: Counts, *, preview: bool) -> str:
    """Return in one short line how an import ended; its page shows the counts."""
    if preview:
        return ngettext(
            "%(count)d row is in order. Nothing was imported yet.",
            "%(count)d rows are in order. Nothing was imported yet.",
            counts.rows,
        ) % {"count": counts.rows}
    return ngettext("%(count)d row imported.", "%(count)d rows imported.", counts.rows) % {"count": counts.rows}
