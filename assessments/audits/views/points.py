"""View models of the audit form: what components/conclusion.html shows of one checkpoint, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.audits.document import Checkpoint, Programme
from assessments.audits.enums import NONCONFORM, AuditState, Conclusion
from assessments.audits.models import Audit, AuditConclusion, AuditFile
from assessments.audits.queries import programme_of
from assessments.audits.queries.writing import (
    FormSection,
    concluded_points,
    conclusions_of,
    evidence_of,
    feedback_counts,
    section_counts,
    sections_of,
)
from assessments.audits.services.concluding import Given, Outcome
from assessments.audits.services.contents import possible_conclusions
from portal.files.enums import ScanState
from portal.lib.errors import ConflictError
from portal.lib.formats import shown_time
from portal.lib.texts import pick_text

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
TONES = {
    Conclusion.CONFORM: ("good", "circle-check"),
    Conclusion.MINOR: ("minor", "info-circle"),
    Conclusion.MAJOR: ("major", "alert-triangle"),
    Conclusion.PRIORITY: ("priority", "alert-octagon"),
    Conclusion.NOT_APPLICABLE: ("plain", "circle-off"),
    Conclusion.NOT_REVIEWED: ("plain", "eye-off"),
}


@dataclass(frozen=True)
class Choice:
    """One of the conclusions, as the programme calls it."""

    code: str
    label: str
    tone: str
    icon: str
    checked: bool = False


@dataclass(frozen=True)
class FileLine:
    """One file behind a checkpoint; `small_url` is empty for what is no picture."""

    id: int
    name: str
    size: int
    state: str
    url: str
    small_url: str
    remove_url: str


@dataclass(frozen=True)
class PointCard:
    """Everything the page needs of one checkpoint; `data_points` has one line for each."""

    code: str
    title: str
    provision: str
    choices: tuple[Choice, ...]
    needed: int
    version: int = 0
    conclusion: str = ""
    topic: str = ""
    data_points: tuple[str, ...] = ()
    description: str = ""
    law: str = ""
    evidence: str = ""
    root_cause: str = ""
    saved_label: str = ""
    error: str = ""
    files: tuple[FileLine, ...] = ()
    upload_url: str = ""
    remarks: int = 0

    @property
    def chosen(self) -> Choice | None:
        """The conclusion that stands."""
        return next((choice for choice in self.choices if choice.checked), None)

    @property
    def lines(self) -> str:
        """The data points as the text field shows them."""
        return "\n".join(self.data_points)


@dataclass(frozen=True)
class SectionLink:
    """A section in the list at the left."""

    code: str
    title: str
    url: str
    answered: int
    total: int
    current: bool = False


class PointDesk:
    """Makes the cards of one section of one audit; reads conclusions, files and remarks once."""

    def __init__(self, audit: Audit, section: FormSection, *, can_edit: bool) -> None:
        self.audit = audit
        self.section = section
        self.can_edit = can_edit
        self.programme: Programme = programme_of(audit.programme)

    @cached_property
    def rows(self) -> dict[str, AuditConclusion]:
        """What stands in the section."""
        return conclusions_of(self.audit, self.section)

    @cached_property
    def files(self) -> dict[str, list[AuditFile]]:
        """The evidence in the section."""
        return evidence_of(self.audit, self.section)

    @cached_property
    def remarks(self) -> Mapping[str, int]:
        """How often the site wrote on a checkpoint; nothing before it read the draft."""
        return {} if self.audit.state == AuditState.IN_PROGRESS else feedback_counts(self.audit)

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many checkpoints of each section are concluded."""
        return section_counts(self.programme, concluded_points(self.audit))

    def cards(self, typed: Mapping[str, PointCard] | None = None) -> list[PointCard]:
        """Return the cards of the section; `typed` holds those a save refused."""
        return [(typed or {}).get(point.code) or self.card(point) for point in self.section.points]

    def card(self, point: Checkpoint) -> PointCard:
        """Return the card of one checkpoint as it stands."""
        row = self.rows.get(point.code, AuditConclusion(version=0))
        return PointCard(
            code=point.code,
            title=pick_text(point.title)[0],
            provision="" if point.provision == point.code else point.provision,
            choices=self.choices(row.conclusion),
            needed=self.programme.data_points,
            version=row.version,
            conclusion=row.conclusion,
            topic=row.topic,
            data_points=tuple(row.data_points),
            description=row.description,
            law=row.law,
            evidence=row.evidence,
            root_cause=row.root_cause,
            saved_label=saved_label(row),
            files=tuple(file_line(self.audit, one, self.can_edit) for one in self.files.get(point.code, [])),
            upload_url=reverse("audit_files", args=[self.audit.pk]) if self.can_edit else "",
            remarks=self.remarks.get(point.code, 0),
        )

    def choices(self, chosen: str) -> tuple[Choice, ...]:
        """Return the conclusions of the programme in its own words."""
        words = [Conclusion(code) for code in possible_conclusions(self.programme)]
        return tuple(Choice(str(one), self.label(one), *TONES[one], checked=one == chosen) for one in words)

    def label(self, conclusion: Conclusion) -> str:
        """Return what the programme calls a conclusion."""
        if conclusion in NONCONFORM:
            return pick_text(self.programme.grade(conclusion).title)[0]
        return str(conclusion.label)

    def typed_card(self, given: Given, outcome: Outcome) -> PointCard:
        """Return the card of what was entered with what is wrong; after a conflict saving again replaces the other."""
        card = self.card(self.programme.by_code[given.checkpoint])
        content: dict[str, Any] = dict(given.content)
        points = tuple(line for line in content.pop("data_points") if line.strip())
        return replace(
            card,
            **content,
            data_points=points,
            choices=self.choices(content["conclusion"]),
            version=card.version if isinstance(outcome.error, ConflictError) else given.base_version,
            error=sentence_of(outcome),
        )

    def links(self) -> list[SectionLink]:
        """Return every section with its counts."""
        return [
            SectionLink(
                code=one.code,
                title=f"{one.code} {pick_text(one.title)[0]}",
                url=reverse("audit_section", args=[self.audit.pk, one.code]),
                current=one.code == self.section.code,
                **self.counts[one.code],
            )
            for one in sections_of(self.programme)
        ]


def sentence_of(outcome: Outcome) -> str:
    """Return what is wrong with one conclusion that was not saved."""
    error = outcome.error
    if isinstance(error, ConflictError) and isinstance(error.detail, dict):
        message = _("%(name)s wrote here meanwhile. Your text stands in the fields; save again to keep yours.")
        return message % {"name": error.detail["by"] or _("Somebody else")}
    return error.message if error else ""


def saved_label(row: AuditConclusion) -> str:
    """Return who wrote last and when; empty when nobody did."""
    if not row.version:
        return ""
    facts = {"time": shown_time(row.updated_at), "name": row.updated_by or _("Somebody")}
    return _("%(name)s, %(time)s") % facts


def file_line(audit: Audit, row: AuditFile, can_edit: bool) -> FileLine:
    """Return one file as the page shows it."""
    url = reverse("audit_file", args=[audit.pk, row.pk])
    is_ready = row.file.scan_state not in (ScanState.WAITING, ScanState.REFUSED)
    return FileLine(
        id=row.pk,
        name=row.file.name,
        size=row.file.size,
        state={ScanState.WAITING: "checking", ScanState.REFUSED: "refused"}.get(ScanState(row.file.scan_state), ""),
        url=url if is_ready else "",
        small_url=f"{url}?small=1" if is_ready and row.file.content_type in PICTURES else "",
        remove_url=reverse("audit_file_remove", args=[audit.pk, row.pk]) if can_edit else "",
    )


def topic_choices(programme: Programme) -> Iterable[tuple[str, str]]:
    """Return the topics to choose from; the empty one takes that of the provision."""
    if not programme.topics:
        return []
    return [("", _("As the provision says")), *((one.code, pick_text(one.title)[0]) for one in programme.topics)]
