"""Reads of the list of audits: its rows, filters and order."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import DateField, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django_countries import countries

from assessments.audits.enums import GOING_STATES, RELEASED_STATES, AuditState, AuditStatus
from assessments.audits.models import Audit, ProgrammeVersion
from assessments.audits.queries.audits import programme_of, visible_audits
from assessments.audits.queries.status import EXPIRING_DAYS
from assessments.findings.enums import Severity
from assessments.findings.queries import distinct_values
from portal.lib.listing import Facet, narrow_rows, plain_choices, search_rows, sort_rows
from portal.lib.texts import pick_text
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, Workspace, workspaces_of

FIRM_SEARCHED = ("site__name", "site__organisation__name")
SEARCHED = (*FIRM_SEARCHED, "relationship__vendor_code")
COLUMNS = {
    "date": "day",
    "site": "site__name",
    "country": "site__country",
    "state": "state",
    "valid": "valid_until",
}
PATHS = {
    "programme": "programme_id",
    "kind": "kind",
    "firm": "firm_id",
    "country": "site__country",
    "business_unit": "relationship__business_unit",
}


def is_outside(workspace: Workspace | None) -> bool:
    """Whether only an audit firm works here: it is not told how a buyer counts its suppliers."""
    return workspace is not None and workspace.is_firm and not (workspace.is_buyer or workspace.is_supplier)


def workspace_audits(user: Reader, workspace: Workspace | None) -> QuerySet[Audit]:
    """Return the audits of a workspace: those it asked for, those at its sites, those its firm does."""
    if workspace is None:
        return Audit.objects.none()
    here = workspace.organisation
    mine = Q(relationship__buyer=here) | Q(site__organisation=here) | Q(firm=here)
    return visible_audits(user).filter(mine)


def listed_audits(user: Reader, workspace: Workspace | None) -> QuerySet[Audit]:
    """Return the audits that a workspace lists, with what a row shows; `day` is the one to sort by."""
    rows = workspace_audits(user, workspace).select_related(
        "site__organisation", "relationship__buyer", "firm", "programme"
    )
    day = Coalesce("starts_on", "preferred_on", TruncDate("asked_at"), output_field=DateField())
    return rows.annotate(day=day)


def exported_audits(user: Reader | None, organisation_id: int | None, params: Mapping[str, str]) -> QuerySet[Audit]:
    """Return what the list of one of the user's workspaces shows for an address; used by the export."""
    workspace = None
    if user is not None:
        workspace = next((w for w in workspaces_of(user) if w.organisation.pk == organisation_id), None)
    if user is None or workspace is None:
        return Audit.objects.none()
    rows = listed_audits(user, workspace)
    return wanted_audits(rows, workspace, facets_of(user, workspace), params)


def wanted_audits(
    rows: QuerySet[Audit], workspace: Workspace | None, facets: Sequence[Facet], params: Mapping[str, str]
) -> QuerySet[Audit]:
    """Return the rows that the address asks for, in its order."""
    searched = FIRM_SEARCHED if is_outside(workspace) else SEARCHED
    rows = search_rows(narrow_rows(rows, facets, params), params.get("q", ""), searched)
    return sort_rows(rows, COLUMNS, params.get("sort", ""), "-date")


def facets_of(user: Reader, workspace: Workspace | None) -> list[Facet]:
    """Return the filters of the list; three queries, whatever it holds."""
    values = distinct_values(workspace_audits(user, workspace), PATHS)
    versions = ProgrammeVersion.objects.in_bulk([int(pk) for pk in values["programme"]])
    lands = sorted(((code, str(countries.name(code))) for code in values["country"]), key=lambda pair: pair[1])
    facets = [
        Facet("state", _("State"), AuditState.choices, "state"),
        Facet("status", _("Validity"), [pair for pair in AuditStatus.choices if pair[0] != "never"], status_clause),
        Facet("programme", _("Programme"), programme_choices(versions.values()), "programme__code"),
        Facet("kind", _("Kind"), kind_choices(versions.values(), values["kind"]), "kind"),
        *([] if is_outside(workspace) else [firm_facet(values["firm"])]),
        Facet("country", _("Country"), lands, PATHS["country"]),
        Facet("grade", _("With findings"), Severity.choices, grade_clause),
    ]
    if workspace is not None and workspace.is_buyer:
        units = plain_choices(values["business_unit"])
        facets.insert(-1, Facet("business_unit", _("Business unit"), units, PATHS["business_unit"]))
    return facets


def firm_facet(ids: Sequence[str]) -> Facet:
    """Return the filter of the audit firms there are."""
    firms = Organisation.objects.filter(pk__in=[int(pk) for pk in ids]).order_by("name")
    return Facet("firm", _("Audit firm"), [(firm.pk, firm.name) for firm in firms], "firm_id")


def status_clause(status: str) -> Q:
    """Return what a status means for one audit: it is on its way, or its result counts, soon no more, no more."""
    today = timezone.localdate()
    soon = today + timedelta(days=EXPIRING_DAYS)
    released = Q(state__in=RELEASED_STATES)
    return {
        AuditStatus.PLANNED: Q(state__in=GOING_STATES),
        AuditStatus.VALID: released & Q(valid_until__gt=soon),
        AuditStatus.EXPIRING: released & Q(valid_until__range=(today, soon)),
        AuditStatus.EXPIRED: released & Q(valid_until__lt=today),
    }[AuditStatus(status)]


def grade_clause(severity: str) -> Q:
    """Return audits with a finding of a severity; what is not released says nothing yet."""
    return Q(**{f"{severity}__gt": 0, "state__in": RELEASED_STATES})


def programme_choices(versions: Any) -> list[tuple[str, str]]:
    """Return programmes by their code, titled as their newest version here is."""
    newest = {version.code: version for version in sorted(versions, key=lambda version: version.pk)}
    titles = [(code, pick_text(version.title)[0]) for code, version in newest.items()]
    return sorted(titles, key=lambda pair: pair[1])


def kind_choices(versions: Any, codes: Sequence[str]) -> list[tuple[str, str]]:
    """Return kinds of audits in the reader's language."""
    titles = {kind.code: pick_text(kind.title)[0] for version in versions for kind in programme_of(version).kinds}
    return [(code, titles.get(code, code)) for code in codes]
