"""The key figure of each report, for the page that lists them."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.audits.queries.status import count_statuses
from assessments.codes.enums import Dimension
from assessments.findings.queries import workspace_rows
from assessments.overview.enums import Figure
from assessments.overview.queries import gri
from assessments.overview.queries.follow_up import count_findings
from assessments.overview.queries.on_time import share_on_time
from assessments.overview.queries.provisions import count_provisions, which_clause
from assessments.overview.queries.recurrences import recurring
from assessments.overview.queries.site_status import scope_of
from portal.lib.formats import figure, percent1
from suppliers.organisations.queries import Reader, Workspace


@dataclass(frozen=True)
class Key:
    """A figure and what it counts."""

    value: str
    words: str


def key_figures(user: Reader, workspace: Workspace) -> dict[str, Key]:
    """Return {address name of a report: its key figure}; a constant number of queries."""
    findings = workspace_rows(user, workspace)
    return {
        "report_audit_status": status_key(user, workspace),
        "report_provisions": provision_key(user, workspace),
        "report_ages": Key(figure(count_findings(findings).total), _("findings not settled")),
        "report_on_time": on_time_key(user, workspace),
        "report_recurrences": Key(figure(recurring(findings).count()), _("findings that came back")),
        "report_gri": gri_key(user, workspace),
    }


def status_key(user: Reader, workspace: Workspace) -> Key:
    """Return the sites with a valid audit of all sites."""
    scope = scope_of(user, workspace.organisation)
    sites = scope.sites.count()
    counts = count_statuses(scope.audits, sites=sites)
    words = _("of %(sites)s sites have a valid audit") % {"sites": figure(sites)}
    return Key(figure(counts["valid"] + counts["expiring"]), words)


def provision_key(user: Reader, workspace: Workspace) -> Key:
    """Return the provision with most suppliers."""
    lines = count_provisions(workspace_rows(user, workspace).filter(which_clause("open")))
    if not lines:
        return Key(figure(0), _("suppliers with a finding that is not settled"))
    first = lines[0]
    words = ngettext("%(count)s supplier, more than on any other", "%(count)s suppliers, most of all", first.suppliers)
    return Key(first.provision, words % {"count": figure(first.suppliers)})


def on_time_key(user: Reader, workspace: Workspace) -> Key:
    """Return the share of actions done on time in the last twelve months."""
    found = share_on_time(workspace_rows(user, workspace))
    share = 100 * found["on_time"] / found["judged"] if found["judged"] else None
    words = _("%(part)s of %(whole)s due in the last 12 months")
    return Key(percent1(share), words % {"part": figure(found["on_time"]), "whole": figure(found["judged"])})


def gri_key(user: Reader, workspace: Workspace) -> Key:
    """Return the suppliers with significant social impacts this year."""
    frame = gri.frame_of(user, workspace, {"year": str(timezone.localdate().year)}, Dimension.SOCIAL)
    count = gri.suppliers_of(Figure.IMPACTS, frame).count()
    words = ngettext("supplier with social impacts in %(year)s", "suppliers with social impacts in %(year)s", count)
    return Key(figure(count), words % {"year": frame.year})
