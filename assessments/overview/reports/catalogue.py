"""The reports there are: what each is called and which question it answers."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Report:
    """One report: its address, its name, the question it answers."""

    url: str
    title: Any
    about: Any

    @property
    def name(self) -> str:
        """The name by which it is exported."""
        return self.url.removeprefix("report_")


REPORTS = (
    Report(
        "report_audit_status",
        _("Audit status of sites"),
        _("Is each site audited: never, planned, valid, expiring or expired, with the last result."),
    ),
    Report(
        "report_provisions",
        _("Suppliers by provision"),
        _(
            "On which provision how many suppliers have a finding, also by SA8000, JEITA or GRI."
            " Each supplier is counted once, under its worst severity."
        ),
    ),
    Report(
        "report_ages",
        _("Age of findings"),
        _("How old the findings are that are not settled, how grave, in which country and on which provision."),
    ),
    Report(
        "report_on_time",
        _("Corrective actions on time"),
        _("Of the actions that were to be done in a period: how many were done in time, and how late the others are."),
    ),
    Report(
        "report_recurrences",
        _("Recurrences"),
        _("What came back: findings on a provision that the same site had been told of before."),
    ),
    Report(
        "report_gri",
        _("GRI 414 and 308"),
        _(
            "Of one year: new suppliers screened (414-1, 308-1), suppliers with social and environmental impacts, what"
            " was agreed with them and what was ended (414-2, 308-2)."
        ),
    ),
)
BY_NAME = {report.name: report for report in REPORTS}
