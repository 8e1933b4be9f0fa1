"""What the auditors write: conclusions under a lock, compare and set, every revision kept, the audit counted again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.audits.document import Programme
from assessments.audits.enums import WRITING_STATES, AuditState
from assessments.audits.models import Audit, AuditConclusion, ConclusionRevision
from assessments.audits.queries import programme_of
from assessments.audits.scoring import Tally, count_applicable, score_audit, tally
from assessments.audits.services.contents import FIELDS, checked_field
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError


class ClosedError(DomainError):
    """The audit takes no conclusions in its state."""

    status = 410


class UnknownCheckpointError(DomainError):
    """The programme has no such checkpoint."""

    status = 404


@dataclass(frozen=True)
class Given:
    """What somebody wrote on one checkpoint: some of FIELDS; a field that is absent stays as it is."""

    checkpoint: str
    content: Mapping[str, object]
    base_version: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of one of many conclusions: saved, unchanged, or the error."""

    checkpoint: str
    row: AuditConclusion | None = None
    changed: bool = False
    error: DomainError | None = None


@dataclass(frozen=True)
class Round:
    """What became of the conclusions sent together, and which checkpoints have one now."""

    outcomes: list[Outcome]
    concluded: set[str]


def save_conclusion(
    *, audit: Audit, checkpoint: str, base_version: int, actor: User, **content: object
) -> AuditConclusion:
    """Save what an auditor wrote on one checkpoint, its revision and the figures of the audit.

    `content` is some of FIELDS; what is absent stays. The same content again keeps its version, so a retry is safe.
    Raises ConflictError (detail: what stands), ClosedError, UnknownCheckpointError, DomainError for a bad text.
    """
    given = Given(checkpoint, content, base_version)
    outcome = save_conclusions(audit=audit, given=[given], actor=actor, together=True)[0]
    return outcome.row or AuditConclusion(audit=audit, checkpoint=checkpoint, version=0)


def save_conclusions(*, audit: Audit, given: Iterable[Given], actor: User, together: bool = False) -> list[Outcome]:
    """Save many conclusions of one audit under one lock and in one transaction.

    Each is saved or refused on its own; `together`: the first error is raised and nothing is saved.
    Raises ClosedError when the audit takes no conclusions.
    """
    return save_round(audit=audit, given=given, actor=actor, together=together).outcomes


@transaction.atomic
def save_round(*, audit: Audit, given: Iterable[Given], actor: User, together: bool = False) -> Round:
    """Save as `save_conclusions` does and say what is concluded then.

    Everything is read once, also for the figures: an autosave may spend ten queries in all.
    """
    lock_writable(audit)
    standing = {row.checkpoint: row for row in AuditConclusion.objects.filter(audit=audit)}
    desk = _Desk(audit, programme_of(audit.programme), standing, actor, timezone.now())
    outcomes = [_save_one(desk, one) for one in given]
    failed = next((outcome.error for outcome in outcomes if outcome.error), None)
    if together and failed:
        raise failed
    desk.write_queued()
    if any(outcome.changed for outcome in outcomes):
        write_figures(audit, tally(row.conclusion for row in standing.values()))
    return Round(outcomes, {code for code, row in standing.items() if row.conclusion})


def lock_writable(audit: Audit) -> None:
    """Lock the audit until the end of the transaction and read its state again; raises ClosedError.

    Without the lock two tablets that save at once would each count without the other's conclusion.
    """
    audit.state = Audit.objects.select_for_update().values_list("state", flat=True).get(pk=audit.pk)
    if audit.state not in WRITING_STATES:
        raise closed_error(audit)


def closed_error(audit: Audit) -> ClosedError:
    """Return the sentence for an audit in which nothing can be written now."""
    state = AuditState(audit.state).label
    message = _("This audit is “%(state)s”; nothing can be written in it now.")
    return ClosedError(message % {"state": state}, code="closed", detail={"state": audit.state})


def count_conclusions(audit: Audit) -> Tally:
    """Count the conclusions of an audit again and write its figures; returns the counts."""
    counts = tally(AuditConclusion.objects.filter(audit=audit).values_list("conclusion", flat=True))
    write_figures(audit, counts)
    return counts


def write_figures(audit: Audit, counts: Tally) -> None:
    """Write the figures of an audit and its score, as lists and reports show them."""
    programme = programme_of(audit.programme)
    score = score_audit(programme, counts)
    figures: dict[str, Any] = {
        "reviewed": counts.reviewed,
        "applicable": count_applicable(programme, counts),
        "conform": counts.conform,
        "priority": counts.priority,
        "major": counts.major,
        "minor": counts.minor,
        "score": None if score is None else Decimal(str(score)),
    }
    Audit.objects.filter(pk=audit.pk).update(**figures)
    for name, value in figures.items():
        setattr(audit, name, value)


@dataclass(frozen=True)
class _Desk:
    """What every save of one round shares."""

    audit: Audit
    programme: Programme
    standing: dict[str, AuditConclusion]
    actor: User
    now: datetime
    fresh: list[AuditConclusion] = field(default_factory=list)
    revisions: list[ConclusionRevision] = field(default_factory=list)

    def write_queued(self) -> None:
        """Insert new conclusions and all revisions, each in one statement however many there are."""
        AuditConclusion.objects.bulk_create(self.fresh)
        ConclusionRevision.objects.bulk_create(self.revisions)


def _save_one(desk: _Desk, given: Given) -> Outcome:
    row = desk.standing.get(given.checkpoint)
    try:
        wanted = _wanted(desk.programme, row, given)
        if wanted == content_of(row):
            return Outcome(given.checkpoint, row)
        if row is not None and row.version != given.base_version:
            raise conflict_error(row)
        written = _write(desk, given.checkpoint, row, wanted)
    except DomainError as error:
        return Outcome(given.checkpoint, row, error=error)
    return Outcome(given.checkpoint, written, changed=True)


def _write(desk: _Desk, checkpoint: str, row: AuditConclusion | None, wanted: dict[str, Any]) -> AuditConclusion:
    """Compare and set a conclusion there is; queue a new one. Nobody else inserts: the audit is locked."""
    version = row.version + 1 if row else 1
    columns = {**wanted, "version": version, "updated_by": desk.actor, "updated_at": desk.now}
    if row is None:
        row = AuditConclusion(audit=desk.audit, checkpoint=checkpoint, **columns)
        desk.standing[checkpoint] = row
        desk.fresh.append(row)
    else:
        if not AuditConclusion.objects.filter(pk=row.pk, version=row.version).update(**columns):
            raise conflict_error(AuditConclusion.objects.get(pk=row.pk))
        for name, value in columns.items():
            setattr(row, name, value)
    desk.revisions.append(
        ConclusionRevision(
            audit=desk.audit, checkpoint=checkpoint, version=version, content=wanted, actor=desk.actor, at=desk.now
        )
    )
    return row


def content_of(row: AuditConclusion | None) -> dict[str, Any]:
    """Return the columns a person writes as plain data; those of an empty conclusion when there is none."""
    row = row or AuditConclusion()
    return {name: getattr(row, name) for name in FIELDS}


def conflict_error(row: AuditConclusion) -> ConflictError:
    """Return the conflict with what stands now: whose conclusion, when, and its version."""
    message = _("Somebody else wrote on this checkpoint meanwhile. Choose which text to keep.")
    return ConflictError(message, code="conflict", detail=current_of(row))


def current_of(row: AuditConclusion) -> dict[str, Any]:
    """Return a conclusion as JSON-ready data, in the shape of an answer: the outbox of the browser compares `value`."""
    return {
        "code": row.checkpoint,
        "value": content_of(row),
        "version": row.version,
        "by": str(row.updated_by) if row.updated_by else "",
        "by_id": row.updated_by_id,
        "at": row.updated_at.isoformat(),
    }


def _wanted(programme: Programme, row: AuditConclusion | None, given: Given) -> dict[str, Any]:
    """Return the content as it should stand; raises DomainError for what a checkpoint cannot hold."""
    if given.checkpoint not in programme.by_code:
        message = _("The programme of this audit has no checkpoint %(code)s.")
        raise UnknownCheckpointError(message % {"code": given.checkpoint}, code="not_found")
    unknown = set(given.content) - set(FIELDS)
    if unknown:
        message = _("A conclusion has no field “%(name)s”.")
        raise DomainError(message % {"name": min(unknown)}, code="field")
    checked = {name: checked_field(programme, name, value) for name, value in given.content.items()}
    return {**content_of(row), **checked}
