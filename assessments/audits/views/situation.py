"""An audit as one reader meets it: the audit, the reader, and who goes."""

from dataclasses import dataclass
from functools import cached_property

from assessments.audits.models import Audit, AuditAssignment
from assessments.audits.queries.people import working_auditors
from portal.accounts.models import User


@dataclass(frozen=True)
class Situation:
    """An audit as one reader meets it."""

    audit: Audit
    reader: User

    @cached_property
    def people(self) -> list[AuditAssignment]:
        """Everybody who was ever put on it, the lead first."""
        return list(self.audit.assignments.select_related("user").order_by("-is_lead", "pk"))

    @cached_property
    def team(self) -> list[AuditAssignment]:
        """Those on it, without declared conflicts."""
        return [row for row in self.people if not row.has_conflict]

    @property
    def mine(self) -> AuditAssignment | None:
        """The reader's own place in the team."""
        return next((row for row in self.team if row.user_id == self.reader.pk), None)

    @cached_property
    def working(self) -> list[AuditAssignment]:
        """Those who go: of the team, who still is of the firm."""
        return list(working_auditors(self.audit))

    @property
    def is_led(self) -> bool:
        """Whether somebody who goes leads."""
        return any(row.is_lead for row in self.working)

    @property
    def is_ready(self) -> bool:
        """Whether the team is whole and everybody has declared."""
        return self.is_led and all(row.has_conflict is False for row in self.working)
