"""Many files at once: stored one by one, read in a worker, entered for the supplier they belong to."""

import logging
from datetime import timedelta
from typing import Final

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.declarations.enums import BatchFileState as FileState
from minerals.declarations.enums import Way
from minerals.declarations.lifecycle import advance_file
from minerals.declarations.matching import Book, Candidate, Said, choose
from minerals.declarations.models import Batch, BatchFile, Edition
from minerals.declarations.queries.batches import book_of, known_edition
from minerals.declarations.services.handing_in import enter_declaration
from minerals.declarations.services.receiving import ZIP_MARK, keep_content, read_capped
from minerals.templates_io.document import Company, Declared
from minerals.templates_io.services import read_file
from portal.accounts.models import User
from portal.files.services import read_content
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.services import show_progress, start_job
from portal.lib.errors import DomainError
from portal.trail.services import record
from suppliers.organisations.models import Organisation, Relationship

logger = logging.getLogger(__name__)
MOST_FILES: Final = 200
JOB: Final = "declarations.batch_import"
OLE_MARK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LONGEST_PROBLEM: Final = 400
# A batch that nobody started to read by then was left by a closed tab.
PATIENCE: Final = timedelta(minutes=10)


@transaction.atomic
def open_batch(*, buyer: Organisation, year: int, actor: User) -> Batch:
    """Begin to enter many files for a year."""
    batch = Batch.objects.create(buyer=buyer, year=year, created_by=actor)
    record("open_declaration_batch", actor=actor, thing=batch, organisation_id=buyer.pk, year=year)
    return batch


@transaction.atomic
def add_batch_file(*, batch: Batch, upload: "File[bytes]", actor: User) -> BatchFile:
    """Keep one file of a batch; one that cannot be kept is listed as refused, with the sentence that says why.

    The same file under the same name is kept once, so that sending it again does no harm. Raises DomainError for one
    file too many.
    """
    home = Batch.objects.select_for_update().get(pk=batch.pk)
    refuse_many(home.files.count() + 1)
    name = (upload.name or "file")[:255]
    try:
        with transaction.atomic():
            content = read_capped(upload)
            refuse_other(content)
            stored = keep_content(content, name, organisation_id=home.buyer_id, actor=actor)
    except DomainError as error:
        row = BatchFile.objects.create(batch=home, name=name)
        advance_file(row, FileState.REFUSED, problem=error.message[:LONGEST_PROBLEM])
        return row
    row, _made = BatchFile.objects.get_or_create(batch=home, name=name, file=stored)
    return row


def refuse_many(count: int) -> None:
    """Refuse more files than a batch holds."""
    if count > MOST_FILES:
        message = _("At most %(limit)d files can be entered at once. Enter the others in a second go.")
        raise DomainError(message % {"limit": MOST_FILES}, code="too_many")


def refuse_other(content: bytes) -> None:
    """Refuse at once what can be no workbook."""
    if not content.startswith((ZIP_MARK, OLE_MARK)):
        raise DomainError(_("This is no Excel file. Choose the filled template as .xlsx or .xls."), code="kind")


@transaction.atomic
def start_reading(*, batch: Batch, actor: User | None) -> Job | None:
    """Let a worker read what waits; nothing where it does so already, or where nothing waits."""
    home = Batch.objects.select_for_update(of=("self",)).select_related("job").get(pk=batch.pk)
    is_running = home.job is not None and home.job.state in {JobState.QUEUED, JobState.RUNNING}
    if is_running or not home.files.filter(state=FileState.WAITING).exists():
        return home.job
    home.job = start_job(
        JOB,
        actor=actor,
        organisation_id=home.buyer_id,
        params={"batch": home.pk},
        return_path=reverse("batch_detail", args=[home.pk]),
    )
    home.save(update_fields=["job"])
    return home.job


def read_left_batches() -> int:
    """Read batches whose files wait although no worker reads them; returns how many. May run twice."""
    old = timezone.now() - PATIENCE
    left = Batch.objects.filter(files__state=FileState.WAITING, created_at__lt=old)
    left = left.exclude(job__state__in=(JobState.QUEUED, JobState.RUNNING)).distinct().select_related("created_by")
    batches = list(left.order_by("pk")[:20])
    for batch in batches:
        start_reading(batch=batch, actor=batch.created_by)
    return len(batches)


# In the worker -------------------------------------------------------------------------------------
def read_batch(batch: Batch, job: Job) -> dict[str, int]:
    """Read every file that waits, one at a time; may be stopped and run again at any point. Returns the counts."""
    book = book_of(batch.buyer_id)
    total = batch.files.count()
    waiting = list(batch.files.filter(state=FileState.WAITING).order_by("pk").values_list("pk", flat=True))
    show_progress(job, total - len(waiting), total)
    for place, pk in enumerate(waiting, start=1):
        read_one(pk, book, job.actor)
        show_progress(job, total - len(waiting) + place, total)
    states = list(batch.files.values_list("state", flat=True))
    return {state: states.count(state) for state in sorted(set(states))}


def read_one(pk: int, book: Book, actor: User | None) -> None:
    """Read one file and enter it where its supplier is beyond doubt; a fault in one stops no other."""
    try:
        with transaction.atomic():
            settle_file(pk, book, actor)
    except Exception:  # a workbook may break a library in any way
        logger.exception("File %s of a batch could not be read", pk)
        row = BatchFile.objects.get(pk=pk)
        if row.state == FileState.WAITING:
            message = _(
                "A fault on our side stopped the reading of this file; it has been recorded. Enter it by itself."
            )
            advance_file(row, FileState.REFUSED, problem=message)


def settle_file(pk: int, book: Book, actor: User | None) -> None:
    """Decide what becomes of one file that waits."""
    row = BatchFile.objects.select_for_update().select_related("batch").get(pk=pk)
    if row.state != FileState.WAITING or row.file is None:
        return
    if (twin := twin_of(row)) is not None:
        message = _("The same file stands in this list already, as “%(name)s”.") % {"name": twin.name}
        advance_file(row, FileState.KNOWN, problem=message[:LONGEST_PROBLEM], edition=twin.edition)
        return
    if (edition := known_edition(row.batch.buyer_id, row.file.sha256)) is not None:
        advance_file(row, FileState.KNOWN, problem=_("This file was handed in before."), edition=edition)
        return
    try:
        declared = read_file(read_content(row.file).read())
    except DomainError as error:
        advance_file(row, FileState.REFUSED, problem=error.message[:LONGEST_PROBLEM])
        return
    row.said = said_by(declared)
    row.save(update_fields=["said"])
    match_file(row, declared, book, actor)


def twin_of(row: BatchFile) -> BatchFile | None:
    """Return the same file earlier in the batch."""
    return BatchFile.objects.filter(batch=row.batch_id, file=row.file_id, pk__lt=row.pk).order_by("pk").first()


def said_by(declared: Declared) -> dict[str, object]:
    """Return what a file says of itself, for the list."""
    company = declared.company
    return {
        "name": company.name[:250],
        "id": company.id[:250],
        "emails": [mail[:250] for mail in emails_in(company)],
        "template": declared.template.value,
        "version": declared.version,
    }


def emails_in(company: Company) -> tuple[str, ...]:
    """Return the addresses of the company block, each once."""
    return tuple(dict.fromkeys(mail for mail in (company.contact_email, company.authorizer_email) if "@" in mail))


def match_file(row: BatchFile, declared: Declared, book: Book, actor: User | None) -> None:
    """Enter a file whose supplier is beyond doubt; leave every other one to a person, with the likely suppliers."""
    company = declared.company
    candidates = book.find(Said(name=company.name, id=company.id, emails=emails_in(company)))
    chosen = choose(candidates)
    bond = Relationship.objects.select_related("supplier").filter(pk=chosen).first() if chosen else None
    plain = [plain_candidate(one) for one in candidates]
    if bond is None:
        advance_file(row, FileState.TO_MATCH, candidates=plain)
        return
    try:
        enter_file(row, bond, declared, actor)
    except DomainError as error:
        advance_file(row, FileState.TO_MATCH, candidates=plain, problem=error.message[:LONGEST_PROBLEM])


def plain_candidate(one: Candidate) -> dict[str, object]:
    """Return a candidate as it is kept."""
    return {"relationship": one.id, "how": list(one.how), "score": one.score, "sure": one.is_sure}


def enter_file(row: BatchFile, bond: Relationship, declared: Declared, actor: User | None) -> None:
    """Enter a file for a supplier; one that stands there already is known. Raises DomainError where it cannot be."""
    try:
        with transaction.atomic():
            declaration = enter_declaration(
                relationship=bond, declared=declared, file=row.file, year=row.batch.year, way=Way.BUYER, actor=actor
            )
    except DomainError as error:
        if error.code != "known":
            raise
        detail = error.detail if isinstance(error.detail, dict) else {}
        edition = Edition.objects.filter(pk=detail.get("edition") or 0).first()
        advance_file(row, FileState.KNOWN, problem=error.message[:LONGEST_PROBLEM], edition=edition)
        return
    advance_file(row, FileState.ENTERED, edition=declaration.current, problem="")


# By a person ---------------------------------------------------------------------------------------
@transaction.atomic
def match_batch_file(*, file: BatchFile, relationship: Relationship, actor: User) -> BatchFile:
    """Enter a file for the supplier a person chose. Raises DomainError where it cannot be entered."""
    row = BatchFile.objects.select_for_update(of=("self",)).select_related("batch", "file").get(pk=file.pk)
    if row.state not in {FileState.TO_MATCH, FileState.SET_ASIDE} or row.file is None:
        message = _("This file is “%(state)s”; its supplier cannot be chosen now.")
        raise DomainError(message % {"state": row.get_state_display()}, code="transition")
    declared = read_file(read_content(row.file).read())
    enter_file(row, relationship, declared, actor)
    return row


@transaction.atomic
def set_aside_batch_file(*, file: BatchFile, actor: User) -> None:
    """Leave a file out; it can be taken up again."""
    advance_file(file, FileState.SET_ASIDE)
    record(
        "set_aside_declaration_file",
        actor=actor,
        thing=file,
        organisation_id=file.batch.buyer_id,
        name=file.name,
    )
