"""Reads of uploaded tables: those of an audit, what stood when one was made, how a firm's own sheets are read."""

from collections.abc import Iterable

from django.db.models import QuerySet

from assessments.audits.models import Audit, AuditConclusion, ColumnMapping, ConclusionRevision, FindingUpload


def uploads_of(audit: Audit) -> QuerySet[FindingUpload]:
    """Return the uploads of an audit, the newest first."""
    return audit.uploads.select_related("file", "uploaded_by", "applied_by").order_by("-uploaded_at", "-pk")


def standing_of(audit: Audit) -> dict[str, AuditConclusion]:
    """Return what stands, by checkpoint, with who wrote it."""
    return {row.checkpoint: row for row in AuditConclusion.objects.filter(audit=audit).select_related("updated_by")}


def revisions_at(audit: Audit, versions: Iterable[tuple[str, int]]) -> dict[str, ConclusionRevision]:
    """Return what each checkpoint held at a version, by checkpoint."""
    wanted = set(versions)
    codes = {code for code, _version in wanted}
    rows = ConclusionRevision.objects.filter(audit=audit, checkpoint__in=codes) if codes else []
    return {row.checkpoint: row for row in rows if (row.checkpoint, row.version) in wanted}


def mappings_of(firm_id: int, fingerprints: Iterable[str]) -> dict[str, ColumnMapping]:
    """Return how a firm's own sheets are read, by the fingerprint of their headers."""
    rows = ColumnMapping.objects.filter(firm_id=firm_id, fingerprint__in=set(fingerprints))
    return {row.fingerprint: row for row in rows}
