"""Reads for writing an audit: the sections of its form, what stands in them, what the draft still lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from assessments.audits.checks import Problem, Written, find_problems
from assessments.audits.document import Checkpoint, Programme, Text
from assessments.audits.enums import FileUse
from assessments.audits.models import Audit, AuditAssignment, AuditConclusion, AuditFile
from assessments.audits.queries.audits import programme_of, visible_audits
from assessments.codes.document import CodeSection, read_code
from suppliers.organisations.enums import FIRM_ROLES, Role
from suppliers.organisations.queries import Reader, memberships_of


@dataclass(frozen=True)
class FormSection:
    """The checkpoints of one section of the code of conduct."""

    code: str
    title: Text
    points: tuple[Checkpoint, ...]


def form_audits(user: Reader) -> QuerySet[Audit]:
    """Return visible audits with what the form needs, `can_write` among it; one query.

    `can_write` says what permissions.may(user, "write", audit) says; an autosave may spend ten queries in all.
    """
    mine = AuditAssignment.objects.filter(audit_id=OuterRef("pk"), user_id=user.pk or 0)
    at_firm = memberships_of(user).filter(organisation_id=OuterRef("firm_id"))
    leads = Q(Exists(at_firm.filter(role=Role.FIRM_MANAGER))) & ~Q(Exists(mine.filter(has_conflict=True)))
    audits = Q(Exists(at_firm.filter(role__in=FIRM_ROLES))) & Q(Exists(mine.filter(has_conflict=False)))
    return (
        visible_audits(user)
        .select_related("site__organisation", "relationship__buyer", "firm", "programme")
        .annotate(can_write=leads | audits)
    )


def sections_of(programme: Programme) -> list[FormSection]:
    """Return the checkpoints by the section of their provision, in the order of the code; no section is empty."""
    code = read_code(programme.code_of_conduct)
    homes = {provision.code: section.code for section in code.sections for provision in section.provisions}
    found: dict[str, list[Checkpoint]] = {section.code: [] for section in code.sections}
    for point in programme.points:
        found[homes[point.provision]].append(point)
    return [FormSection(one.code, one.title, tuple(found[one.code])) for one in code.sections if found[one.code]]


def section_of(programme: Programme, checkpoint: str) -> CodeSection:
    """Return the section of the code a checkpoint stands in; raise KeyError if there is no such checkpoint."""
    return read_code(programme.code_of_conduct).section_of(programme.by_code[checkpoint].provision)


def concluded_points(audit: Audit) -> set[str]:
    """Return the checkpoints that have a conclusion."""
    rows = AuditConclusion.objects.filter(audit=audit).exclude(conclusion="")
    return set(rows.values_list("checkpoint", flat=True))


def section_counts(programme: Programme, concluded: set[str]) -> dict[str, dict[str, int]]:
    """Return by section how many checkpoints are concluded, and how many there are."""
    return {
        section.code: {
            "answered": sum(point.code in concluded for point in section.points),
            "total": len(section.points),
        }
        for section in sections_of(programme)
    }


def conclusions_of(audit: Audit, section: FormSection) -> dict[str, AuditConclusion]:
    """Return what stands in a section, by checkpoint, with who wrote it."""
    rows = AuditConclusion.objects.filter(audit=audit, checkpoint__in=[point.code for point in section.points])
    return {row.checkpoint: row for row in rows.select_related("updated_by")}


def evidence_of(audit: Audit, section: FormSection) -> dict[str, list[AuditFile]]:
    """Return the evidence in a section, by checkpoint, the oldest first."""
    found: dict[str, list[AuditFile]] = {}
    rows = files_of(audit, FileUse.EVIDENCE).filter(checkpoint__in=[point.code for point in section.points])
    for row in rows:
        found.setdefault(row.checkpoint, []).append(row)
    return found


def files_of(audit: Audit, use: str) -> QuerySet[AuditFile]:
    """Return the files of one use, the oldest first."""
    return AuditFile.objects.filter(audit=audit, use=use).select_related("file", "added_by").order_by("pk")


def feedback_counts(audit: Audit) -> Mapping[str, int]:
    """Return how often the site wrote on each checkpoint of the draft."""
    rows = audit.feedback.exclude(checkpoint="").values_list("checkpoint").annotate(count=Count("pk"))
    return dict(rows)


def draft_problems(audit: Audit) -> list[Problem]:
    """Return what the draft still lacks, in the order of the programme."""
    columns = ("checkpoint", "conclusion", "data_points", "description")
    rows: list[Any] = list(AuditConclusion.objects.filter(audit=audit).values_list(*columns))
    contents = {code: Written(conclusion, tuple(points), text) for code, conclusion, points, text in rows}
    return find_problems(programme_of(audit.programme), contents)
