"""Reads of closure audits: what they found mended and somebody still has to verify."""

from assessments.audits.enums import Conclusion
from assessments.audits.models import Audit
from assessments.findings.enums import FindingState, Source
from assessments.findings.models import SEVERITY_RANK, Finding
from assessments.findings.permissions import may
from assessments.findings.queries import visible_findings
from suppliers.organisations.queries import Reader


def findings_to_verify(user: Reader, audit: Audit) -> list[Finding]:
    """Return the findings of the followed audit that are done, that this one concluded conform, and the user verifies.

    Who verifies is asked once for each manager of an action: the findings of one audit share everything else.
    """
    if audit.follows_id is None:
        return []
    conform = audit.conclusions.filter(conclusion=Conclusion.CONFORM).values("checkpoint")
    rows = visible_findings(user).filter(
        source=Source.AUDIT, source_id=audit.follows_id, state=FindingState.DONE, rule__in=conform
    )
    found = list(rows.select_related("site", "relationship").order_by(SEVERITY_RANK, "pk"))
    sides = {finding.manager: finding for finding in found}
    verified = {manager for manager, finding in sides.items() if may(user, "verify", finding)}
    return [finding for finding in found if finding.manager in verified]
