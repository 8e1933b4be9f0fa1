"""Deeds on uploaded tables: take one, say how a firm's own columns are read, apply it. All of a table or nothing."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.audits.enums import UploadState
from assessments.audits.models import Audit, AuditConclusion, ColumnMapping, ConclusionRevision, FindingUpload
from assessments.audits.queries.uploads import revisions_at, standing_of
from assessments.audits.services.concluding import Given, lock_writable, save_conclusions
from assessments.audits.services.tables import (
    LONGEST_SHEET,
    MOST_ROWS,
    Choice,
    find_choice,
    first_lines,
    open_tables,
    places_of,
    read_choice,
    split_lines,
    table_of,
    unknown_words,
)
from assessments.audits.workbook.columns import fingerprint
from assessments.audits.workbook.comparing import Change, Difference, Standing, compare
from assessments.audits.workbook.content import TEXTS, Content
from assessments.audits.workbook.guessing import find_header
from assessments.audits.workbook.reading import Problem, Reading
from portal.accounts.models import User
from portal.files.services import read_content, store_upload
from portal.lib.errors import ConflictError, DomainError
from portal.lib.workbook import Table
from portal.trail.services import record

FIELDS: Final = ("conclusion", "topic", "data_points", *TEXTS)


@transaction.atomic
def upload_table(*, audit: Audit, file: "File[bytes]", actor: User) -> FindingUpload:
    """Keep a table of conclusions and read it; no conclusion changes before it is applied.

    The same file again gives the upload there is, read anew unless it was applied. Raises DomainError with a
    sentence for a file that is no table, has no or too many rows, or comes from another audit.
    """
    lock_writable(audit)
    tables = open_tables(file)
    choice = find_choice(audit, tables)
    reading = read_choice(audit, table_of(tables, choice.sheet), choice) if choice else None
    stored = store_upload(file, organisation_id=audit.firm_id, actor=actor)
    known = FindingUpload.objects.filter(audit=audit, file__sha256=stored.sha256).order_by("-pk").first()
    if known is not None and known.state == UploadState.APPLIED:
        return known
    upload = known or FindingUpload(audit=audit, file=stored)
    upload.uploaded_by = actor
    upload.uploaded_at = timezone.now()
    keep_reading(upload, tables, choice, reading)
    record("upload_findings", actor=actor, thing=audit, organisation_id=audit.firm_id, name=stored.name)
    return upload


def keep_reading(
    upload: FindingUpload, tables: Sequence[Table], choice: Choice | None, reading: Reading | None
) -> None:
    """Write down how a table is read and what came of it."""
    if choice is None or reading is None:
        table = guess_table(tables)
        header_row = find_header(first_lines(table)) or table.header_row
        choice = Choice(table.sheet, header_row, {}, foreign=True)
        state, problems = UploadState.MAPPING, []
    else:
        problems = described_problems(table_of(tables, choice.sheet), choice, reading.problems)
        state = UploadState.REFUSED if problems else UploadState.READY
    upload.sheet = choice.sheet[:LONGEST_SHEET]
    upload.mapping = {
        "header_row": choice.header_row,
        "columns": dict(choice.columns),
        "words": dict(choice.words),
        "foreign": choice.foreign,
        "versions": {code: row.version for code, row in standing_of(upload.audit).items()},
    }
    upload.state, upload.problems, upload.problem_count = state, problems, len(problems)
    upload.save()


def guess_table(tables: Sequence[Table]) -> Table:
    """Return the sheet that most likely holds the conclusions: the one with most rows, if an audit takes so many."""
    return max(tables, key=lambda table: len(table.rows) if len(table.rows) <= MOST_ROWS else -1)


def described_problems(table: Table, choice: Choice, problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Return problems as an upload keeps them: the cell by its name; the sentence is made in the reader's language."""
    header, _lines = split_lines(table, choice.header_row)
    places = places_of(header, choice.columns)
    return [
        {
            "place": table.place(problem.line, places[problem.column])
            if problem.column in places
            else str(problem.line),
            "header": choice.columns.get(problem.column, problem.column),
            "value": problem.value,
            "code": problem.code,
            "params": dict(problem.params),
        }
        for problem in problems
    ]


def choice_in(upload: FindingUpload) -> Choice:
    """Return how the table of an upload is read."""
    kept = upload.mapping
    return Choice(upload.sheet, kept["header_row"], kept["columns"], kept["words"], kept["foreign"])


def tables_of(upload: FindingUpload) -> list[Table]:
    """Return the sheets of an upload's file."""
    return open_tables(read_content(upload.file))


@transaction.atomic
def match_columns(
    *,
    upload: FindingUpload,
    sheet: str,
    header_row: int,
    columns: Mapping[str, str],
    words: Mapping[str, str],
    actor: User,
) -> FindingUpload:
    """Say how a firm's own sheet is read: {our column: its header}, {its word: our conclusion or "skip"}.

    It is remembered for the firm, so that the next sheet with the same headers is read at once. Raises DomainError
    when the columns of checkpoints and conclusions are missing, or a word is left unexplained.
    """
    audit = upload.audit
    lock_writable(audit)
    upload = FindingUpload.objects.select_related("file", "audit__programme").get(pk=upload.pk)
    if upload.state == UploadState.APPLIED:
        raise DomainError(_("This table was applied already. Upload another one."), code="applied")
    tables = tables_of(upload)
    choice = Choice(sheet, header_row, columns, words, foreign=True)
    table = table_of(tables, sheet)
    header, _lines = split_lines(table, header_row)
    if not {"checkpoint", "conclusion"} <= places_of(header, columns).keys():
        message = _("Choose the column with the checkpoints and the column with the conclusions.")
        raise DomainError(message, code="columns")
    if unknown := unknown_words(audit, table, choice):
        message = _("Say what “%(word)s” means in the column of conclusions.") % {"word": unknown[0][:60]}
        raise DomainError(message, code="words")
    keep_reading(upload, tables, choice, read_choice(audit, table, choice))
    remember(audit, fingerprint(header.cells), choice)
    record("match_columns", actor=actor, thing=audit, organisation_id=audit.firm_id, name=upload.file.name)
    return upload


def remember(audit: Audit, print_: str, choice: Choice) -> None:
    """Keep a layout for the firm; words of earlier sheets stay known."""
    known = ColumnMapping.objects.filter(firm_id=audit.firm_id or 0, fingerprint=print_).first()
    words = {**(known.words if known else {}), **choice.words}
    ColumnMapping.objects.update_or_create(
        firm_id=audit.firm_id, fingerprint=print_, defaults={"columns": dict(choice.columns), "words": words}
    )


# What an upload would change ------------------------------------------------------------------------


@dataclass(frozen=True)
class Preview:
    """What a table would change now; `seen` names exactly this."""

    reading: Reading
    differences: Sequence[Difference]
    standing: Mapping[str, AuditConclusion]

    def of(self, change: Change) -> list[Difference]:
        """Return the differences of one kind, in the order of the table."""
        return [one for one in self.differences if one.change is change]

    @property
    def seen(self) -> str:
        """A fingerprint of what is shown: another one means that conclusions changed since."""
        facts = [(one.checkpoint, one.change.value, one.standing.version) for one in self.differences]
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def preview_upload(upload: FindingUpload) -> Preview:
    """Read an upload again and hold it against what stands now."""
    table = table_of(tables_of(upload), upload.sheet)
    reading = read_choice(upload.audit, table, choice_in(upload))
    standing = standing_of(upload.audit)
    differences = compare(
        reading.entries,
        {code: standing_at(row) for code, row in standing.items()},
        given=reading.given,
        base=base_of(upload, reading),
    )
    return Preview(reading, differences, standing)


def base_of(upload: FindingUpload, reading: Reading) -> dict[str, Standing]:
    """Return what stood when the table was made: as its rows say, else when it was uploaded."""
    versions = {code: entry.version for code, entry in reading.entries.items() if entry.version is not None}
    revisions = revisions_at(upload.audit, versions.items())
    kept: Mapping[str, int] = upload.mapping["versions"]
    base = {code: Standing(version=kept.get(code, 0)) for code in reading.entries}
    for code, version in versions.items():
        content = content_in(revisions[code]) if code in revisions else Content()
        base[code] = Standing(content, version)
    return base


def standing_at(row: AuditConclusion) -> Standing:
    """Return a conclusion as the comparison sees it."""
    return Standing(content_from({name: getattr(row, name) for name in FIELDS}), row.version)


def content_in(revision: ConclusionRevision) -> Content:
    """Return an earlier state of a conclusion as the comparison sees it."""
    return content_from(revision.content)


def content_from(columns: Mapping[str, Any]) -> Content:
    """Return the columns a person writes as a content."""
    given = {name: columns[name] for name in FIELDS if name in columns}
    return Content(**{**given, "data_points": tuple(given.get("data_points", ()))})


@transaction.atomic
def apply_upload(*, upload: FindingUpload, seen: str, take: Collection[str], keep: Collection[str], actor: User) -> int:
    """Write the conclusions of a table, all or none, and return how many changed; applying again changes nothing.

    `seen` is Preview.seen of the page that was looked at: raises ConflictError when conclusions changed since.
    `take` and `keep` are the checkpoints in conflict to be written and to be left; one in neither is refused.
    """
    audit = Audit.objects.select_for_update().select_related("programme").get(pk=upload.audit_id)
    upload = FindingUpload.objects.select_related("file", "audit__programme").get(pk=upload.pk)
    if upload.state == UploadState.APPLIED:
        return 0
    lock_writable(audit)
    if upload.state != UploadState.READY:
        raise DomainError(_("This table cannot be applied yet. Correct it and upload it again."), code="not_ready")
    preview = preview_upload(upload)
    if preview.seen != seen:
        message = _("Conclusions changed while this page stood open. Nothing was applied; look at the changes again.")
        raise ConflictError(message, code="changed")
    wanted = chosen_differences(preview, take, keep)
    given = [given_of(one, preview.reading.given) for one in wanted]
    save_conclusions(audit=audit, given=given, actor=actor, together=True)
    upload.state, upload.applied_at, upload.applied_by = UploadState.APPLIED, timezone.now(), actor
    upload.mapping = {**upload.mapping, "applied": len(wanted)}
    upload.save(update_fields=["state", "applied_at", "applied_by", "mapping"])
    record(
        "apply_findings",
        actor=actor,
        thing=audit,
        organisation_id=audit.firm_id,
        name=upload.file.name,
        conclusions=len(wanted),
    )
    return len(wanted)


def chosen_differences(preview: Preview, take: Collection[str], keep: Collection[str]) -> list[Difference]:
    """Return what is to be written; every conflict needs a choice."""
    for one in preview.of(Change.CONFLICT):
        if (one.checkpoint in take) == (one.checkpoint in keep):
            message = _("Choose for %(code)s what is to stand: what was written here, or the table.")
            raise DomainError(message % {"code": one.checkpoint}, code="choose")
    chosen = [one for one in preview.of(Change.CONFLICT) if one.checkpoint in take]
    return [*preview.of(Change.NEW), *preview.of(Change.CHANGED), *chosen]


def given_of(one: Difference, given: Collection[str]) -> Given:
    """Return what is to be saved of one checkpoint: the columns the table has."""
    content = {name: getattr(one.after, name) for name in FIELDS if name in given}
    return Given(one.checkpoint, content, base_version=one.standing.version)
