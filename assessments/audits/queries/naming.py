"""What audits are called in the reader's language: kind, recognition, and the top of the score."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessments.audits.document import Programme
from assessments.audits.models import Audit, ProgrammeVersion
from assessments.audits.queries.audits import programme_of
from portal.lib.texts import pick_text


@dataclass(frozen=True)
class AuditWords:
    """The words of one audit; `top` is the best score its programme gives, None where it gives none."""

    programme: str
    kind: str
    recognition: str
    top: float | None


def words_of(audits: Iterable[Audit]) -> Mapping[int, AuditWords]:
    """Return {audit id: its words}; one query for all their programmes."""
    rows = list(audits)
    versions = ProgrammeVersion.objects.in_bulk({audit.programme_id for audit in rows})
    programmes = {pk: programme_of(version) for pk, version in versions.items()}
    return {audit.pk: audit_words(audit, programmes[audit.programme_id]) for audit in rows}


def audit_words(audit: Audit, programme: Programme) -> AuditWords:
    """Return the words of an audit held under a programme."""
    kinds = {kind.code: kind.title for kind in programme.kinds}
    levels = {level.code: level.title for level in programme.recognition}
    return AuditWords(
        programme=pick_text(programme.title)[0],
        kind=pick_text(kinds.get(audit.kind, {}))[0] or audit.kind,
        recognition=pick_text(levels.get(audit.recognition, {}))[0],
        top=programme.score.top if programme.score else None,
    )
