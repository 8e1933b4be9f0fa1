"""Plans offline: the workbook to fill in, reading it back, what it would change, saving that."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import IO, Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assessments.findings.enums import WRITABLE_PLANS, FindingState
from assessments.findings.models import Finding
from assessments.findings.queries import title_of
from assessments.findings.queries.plans import action_of
from assessments.findings.services.following import note_deed
from assessments.findings.services.planning import save_plan
from assessments.findings.workbook import (
    COLUMNS,
    DAYS,
    CellProblem,
    Change,
    Difference,
    Fault,
    InRow,
    Plan,
    Standing,
    Words,
    compare,
    key_of,
    read_rows,
    stamp_of,
)
from portal.accounts.models import User
from portal.files.enums import FileKind
from portal.files.models import StoredFile
from portal.files.services import store_generated
from portal.lib.errors import ConflictError, DomainError
from portal.lib.texts import pick_text
from portal.lib.workbook import (
    Sheet,
    Table,
    as_date,
    as_text,
    find_heads,
    in_every_language,
    read_tables,
    write_workbook,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT = timedelta(days=1)
KEY_HEAD = "sanpo"
SHOWN_HEADS: tuple[Promise, ...] = (
    gettext_lazy("Severity"),
    gettext_lazy("Provision"),
    gettext_lazy("What is wrong"),
    gettext_lazy("Done due"),
)
YES, NO = gettext_lazy("Yes"), gettext_lazy("No")
HEADS: dict[str, Promise] = {
    "containment": gettext_lazy("Containment"),
    "root_cause": gettext_lazy("Root cause"),
    "corrective": gettext_lazy("Corrective action"),
    "preventive": gettext_lazy("Preventive action"),
    "owner_name": gettext_lazy("Responsible"),
    "owner_email": gettext_lazy("E-mail address"),
    "starts_on": gettext_lazy("Work starts on"),
    "planned_on": gettext_lazy("Done by"),
    "no_action": gettext_lazy("No action"),
    "no_action_reason": gettext_lazy("Why no action is taken"),
}
WIDTHS = (11, 26, 48, 12, 36, 36, 36, 36, 20, 26, 13, 13, 10, 30, 4)
FAULT_SENTENCES: dict[Fault, Promise] = {
    Fault.NO_KEY: gettext_lazy("This row has lost its hidden key. Download the workbook again and copy the row."),
    Fault.UNKNOWN: gettext_lazy("This finding is not part of this plan. Delete the row."),
    Fault.TWICE: gettext_lazy("This row stands twice. Delete one of them."),
    Fault.TOO_LONG: gettext_lazy("This text is too long. Shorten it, and put details into a file."),
    Fault.NOT_A_DAY: gettext_lazy("Enter a day as year, month and day, for example 2026-11-14."),
    Fault.NOT_AN_EMAIL: gettext_lazy("Enter one e-mail address, or leave the cell empty."),
    Fault.NOT_YES_OR_NO: gettext_lazy("Enter yes, or leave the cell empty."),
    Fault.LOCKED: gettext_lazy(
        "This plan was submitted or decided. Take it back on its page, or leave the row as it was."
    ),
}


# 1. Out -------------------------------------------------------------------------------------------
def write_plans(findings: Sequence[Finding]) -> bytes:
    """Return the plans of one audit or response as an XLSX in the reader's language; one row per finding."""
    stamp = stamp_for(findings)
    cells = [line_of(finding, stamp) for finding in findings]
    heads = [*(str(head) for head in SHOWN_HEADS), *(str(head) for head in HEADS.values()), KEY_HEAD]
    choice = len(SHOWN_HEADS) + list(HEADS).index("no_action")
    plans = Sheet(
        _("Plans"),
        heads,
        cells,
        widths=WIDTHS,
        choices={choice: (_("Yes"), _("No"))},
        hidden_columns=[len(heads) - 1],
        wrap=True,
    )
    return write_workbook([plans, how_to_sheet(findings[0])])


def line_of(finding: Finding, stamp: str) -> list[Any]:
    """Return the cells of one finding."""
    title = title_of(finding.code_of_conduct, finding.provision, get_language() or "en")
    standing = standing_of(finding)
    said: dict[str, Any] = asdict(standing.plan) | {"no_action": _("Yes") if standing.plan.no_action else None}
    shown = (finding.get_severity_display(), f"{finding.provision} {title}".strip(), pick_text(finding.text)[0])
    key = key_of(stamp, finding.pk, standing)
    return [*shown, finding.done_due_on, *(said[name] for name in HEADS), key]


def how_to_sheet(first: Finding) -> Sheet:
    """Return the sheet that says how to fill in the other."""
    lines = [
        _("Each row is one finding. Fill in the columns from “Containment” on; leave the first columns as they are."),
        _("Containment: what you did at once. A priority finding needs it."),
        _("Root cause: why it could happen. Corrective action: what removes the cause."),
        _("Preventive action: what keeps it from coming back, also elsewhere."),
        _("Write days as year, month and day, for example 2026-11-14."),
        _("If nothing is done about a finding, choose yes under “No action” and write the reason."),
        _("Save as .xlsx and upload it on the page of the plan. You see every change before it is saved."),
        _("Saving does not submit: submit the plans on the page. Files are attached there, too."),
    ]
    about = f"{first.site.name} – {first.site.organisation.name} – {first.relationship.buyer.name}"
    return Sheet(_("How to fill in"), [about], [(line,) for line in lines], widths=(110,), wrap=True)


def stamp_for(findings: Sequence[Finding]) -> str:
    """Return what names this plan in every row."""
    first = findings[0]
    return f"plan.{first.source}.{first.source_id}.{first.site_id}"


def standing_of(finding: Finding) -> Standing:
    """Return what stands online."""
    action = action_of(finding)
    is_open = finding.state == FindingState.OPEN and not finding.is_unconfirmed_flag
    if action is None:
        return Standing(is_open=is_open)
    plan = Plan(**{name: getattr(action, name) for name in COLUMNS})
    return Standing(plan, action.version, is_open and action.state in WRITABLE_PLANS)


def words_now() -> Words:
    """Return the words of the reader's language first, those of the others understood."""
    return Words(in_every_language(YES), in_every_language(NO))


# 2. In --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class BadCell:
    """A cell to mend: its sheet, its place as Excel names it, and how."""

    sheet: str
    place: str
    value: str
    message: str


@dataclass(frozen=True)
class PlanUpload:
    """What a workbook says: the differences, or the cells to mend."""

    differences: tuple[Difference, ...] = ()
    bad_cells: tuple[BadCell, ...] = ()

    def of(self, change: Change) -> list[Difference]:
        """Return the differences of one kind."""
        return [one for one in self.differences if one.change is change]

    @property
    def versions(self) -> str:
        """The versions the differences were read against: a page that shows them names them when it saves."""
        changed = (one for one in self.differences if one.change is not Change.UNCHANGED)
        return ",".join(f"{one.finding_id}:{one.online.version}" for one in changed)


def store_plans(*, findings: Sequence[Finding], file: IO[bytes], name: str, actor: User) -> StoredFile:
    """Check that an upload is the workbook of this plan and keep it for a day; saves no plan.

    Raises DomainError with a sentence for anything else.
    """
    find_sheet(findings, read_tables(file))
    file.seek(0)
    return store_generated(
        name,
        file.read(),
        kind=FileKind.UPLOAD,
        content_type=XLSX,
        organisation_id=findings[0].site.organisation_id,
        actor=actor,
        days=KEPT.days,
    )


def read_plans(findings: Sequence[Finding], stored: StoredFile) -> PlanUpload:
    """Return what a kept workbook would change now."""
    with stored.content.open("rb") as file:
        table = find_sheet(findings, read_tables(io.BytesIO(file.read())))
    columns = find_columns(table)
    known = [finding.pk for finding in findings]
    read = read_rows(in_rows(table, columns), stamp=stamp_for(findings), known=known, words=words_now())
    problems: Sequence[CellProblem] = read.problems
    differences: list[Difference] = []
    if not problems:
        online = {finding.pk: standing_of(finding) for finding in findings}
        differences, problems = compare(read.sent, online)
    if problems:
        return PlanUpload(bad_cells=tuple(bad_cell(table, columns, problem) for problem in problems))
    return PlanUpload(tuple(differences))


def find_sheet(findings: Sequence[Finding], tables: list[Table]) -> Table:
    """Return the sheet with the plans; refuse a workbook of another audit or site."""
    for table in tables:
        if KEY_HEAD not in table.headers:
            continue
        place = table.headers.index(KEY_HEAD)
        stamps = {stamp_of(as_text(row.cells[place])) for row in table.rows} - {""}
        if stamp_for(findings) in stamps:
            find_columns(table)
            return table
        if stamps:
            message = _("This workbook belongs to another plan. Open the page it was downloaded from.")
            raise DomainError(message, code="other_plan")
    message = _(
        "This is not a workbook of this plan, or its hidden column is gone. "
        "Download the workbook here, fill it in and upload it."
    )
    raise DomainError(message, code="not_ours")


def find_columns(table: Table) -> dict[str, int]:
    """Return where the columns stand, whatever language they were written in and however they were moved."""
    found = {"key": table.headers.index(KEY_HEAD), **find_heads(table, HEADS)}
    for name, head in HEADS.items():
        if name not in found:
            message = _("The column “%(column)s” is missing. Download the workbook again and copy your texts.")
            raise DomainError(message % {"column": head}, code="column")
    return found


def in_rows(table: Table, columns: Mapping[str, int]) -> Iterator[InRow]:
    """Yield the rows that hold a key or a plan, days as days and everything else as a person typed it."""
    for row in table.rows:
        cells: dict[str, Any] = {}
        for name in HEADS:
            cell = row.cells[columns[name]]
            cells[name] = (as_date(cell) or cell) if name in DAYS else cell
            if name not in DAYS and not isinstance(cell, bool):
                cells[name] = as_text(cell)
        key = as_text(row.cells[columns["key"]])
        if key or any(value not in (None, "", False) for value in cells.values()):
            yield InRow(row.number, key, cells)


def bad_cell(table: Table, columns: Mapping[str, int], problem: CellProblem) -> BadCell:
    """Return a problem with its place and its sentence; a whole row is named by its first cell."""
    column = columns[problem.column] if problem.column else 0
    value = as_text(problem.value)[:80]
    return BadCell(table.sheet, table.place(problem.row, column), value, str(FAULT_SENTENCES[problem.fault]))


# 3. Save ------------------------------------------------------------------------------------------
@transaction.atomic
def apply_plans(
    *, findings: Sequence[Finding], differences: Iterable[Difference], take: Iterable[int], actor: User
) -> int:
    """Save what a workbook changes; of the conflicts only those in `take`. Returns how many plans were saved.

    All or nothing: raises DomainError when a plan was changed while the page stood open.
    """
    by_id, taken, saved = {finding.pk: finding for finding in findings}, set(take), 0
    for one in differences:
        wanted = one.change in (Change.NEW, Change.CHANGED) or (
            one.change is Change.CONFLICT and one.finding_id in taken
        )
        if not wanted:
            continue
        finding = by_id[one.finding_id]
        try:
            save_plan(finding=finding, base_version=one.online.version, actor=actor, **asdict(one.mine))
        except ConflictError as error:
            message = _("Nothing was saved, because plans changed a moment ago. Look at the changes again.")
            raise DomainError(message, code="changed") from error
        saved += 1
    if saved:
        note_deed("upload_plan", findings[0], actor, rows=saved)
    return saved
