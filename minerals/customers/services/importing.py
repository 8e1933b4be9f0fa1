"""Requests from a table: every cell is checked before the first row is written."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minerals.customers.enums import AskedScope
from minerals.customers.lifecycle import advance_answered_before, noon_of
from minerals.customers.models import TEMPLATES, CustomerRequest
from minerals.customers.reports import HEADS, PAST_HEADS
from minerals.rollup.models import ProductGroup
from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.files.services import read_content
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_workbook, start_job
from portal.lib.errors import DomainError
from portal.lib.workbook import Row, Sheet, Table, as_date, as_text, find_heads, in_every_language, read_table
from portal.trail.services import record
from suppliers.organisations.models import Organisation

IMPORT_KIND = "customers.import"
NEEDED = ("customer", "template")
KEPT_PROBLEMS = 100
MOST_ROWS = 20_000
ALL_HEADS = {**HEADS, **PAST_HEADS}


class _Wrong(Exception):
    """A cell that cannot be used, with its sentence."""


def start_import(*, file: StoredFile, owner: Organisation, actor: User, return_path: str = "") -> Job:
    """Start the import of a stored table as a job."""
    return start_job(IMPORT_KIND, actor=actor, organisation_id=owner.pk, source_file=file, return_path=return_path)


def run_import(job: Job) -> dict[str, Any]:
    """Write the rows of a table as requests. Raises DomainError with the wrong cells; then nothing is written."""
    if job.source_file is None:
        raise DomainError(_("The uploaded file is no longer kept. Upload it again."), code="gone")
    owner = Organisation.objects.get(pk=job.organisation_id or 0)
    table = read_table(read_content(job.source_file))
    reader = _Reader(owner, table)
    found = [request for row in follow(job, table.rows, total=len(table.rows)) if (request := reader.read(row))]
    if reader.problems:
        raise refuse_cells(job, reader.problems)
    new = write_requests(owner, found, actor=job.actor)
    counts = {"new": new, "known": len(found) - new}
    message = ngettext("%(new)d new request.", "%(new)d new requests.", new) % counts
    if counts["known"]:
        known = ngettext("%(known)d was known already.", "%(known)d were known already.", counts["known"])
        message += " " + known % counts
    return {"message": message, "counts": counts}


class _Reader:
    """Reads row by row and keeps every problem with its place."""

    def __init__(self, owner: Organisation, table: Table) -> None:
        self.owner = owner
        self.table = table
        self.problems: list[dict[str, Any]] = []
        self.columns = find_heads(table, ALL_HEADS)
        missing = [str(HEADS[name]) for name in NEEDED if name not in self.columns]
        if missing:
            message = _("The table has no column “%(heads)s”. Download the empty table and fill that in.")
            raise DomainError(message % {"heads": "”, “".join(missing)}, code="heads")
        if not table.rows or len(table.rows) > MOST_ROWS:
            message = _("The table has %(rows)d rows. One to %(most)d can be imported at once.")
            raise DomainError(message % {"rows": len(table.rows), "most": MOST_ROWS}, code="rows")
        groups = ProductGroup.objects.filter(owner=owner)
        self.groups = {word.casefold(): group for group in groups for word in (group.name, group.code)}
        self.scopes = {
            word.casefold(): scope for scope in AskedScope for word in [scope.value, *in_every_language(scope.label)]
        }

    def read(self, row: Row) -> CustomerRequest | None:
        """Return the row as an unsaved request, None where something is wrong with it."""
        before = len(self.problems)
        values: dict[str, Any] = {}
        for name in ALL_HEADS:
            cell = row.cells[self.columns[name]] if name in self.columns else None
            try:
                values[name] = getattr(self, f"_{name}", self._text)(name, cell)
            except _Wrong as wrong:
                self._note(row, name, as_text(cell), str(wrong))
        if len(self.problems) == before:
            self._check_scope(row, values)
            self._check_past(row, values)
        if len(self.problems) > before:
            return None
        answered_on = values.pop("answered_on")
        return CustomerRequest(owner=self.owner, answered_at=answered_on and noon_of(answered_on), **values)

    def _note(self, row: Row, name: str, value: str, message: str) -> None:
        place = {"row": row.number, "column": str(ALL_HEADS[name]), "value": value[:200]}
        self.problems.append({**place, "message": message})

    def _check_scope(self, row: Row, values: Mapping[str, Any]) -> None:
        if values["scope"] == AskedScope.GROUP and values["group"] is None:
            self._note(row, "group", "", _("Name the product group."))
        if values["scope"] == AskedScope.PRODUCTS and not values["products"]:
            self._note(row, "products", "", _("List the products."))
        if values["due_on"] and values["due_on"] < values["received_on"]:
            self._note(row, "due_on", str(values["due_on"]), _("The due date lies before the day the request came in."))

    def _check_past(self, row: Row, values: Mapping[str, Any]) -> None:
        answered_on = values["answered_on"]
        if answered_on and not values["received_on"] <= answered_on <= timezone.localdate():
            message = _("It was answered between the day it came in and today. Correct one of the two dates.")
            self._note(row, "answered_on", str(answered_on), message)
        if answered_on and not values["answered_version"]:
            self._note(row, "answered_version", "", _("Say which version of the template was given, such as 6.5."))

    def _text(self, name: str, cell: Any) -> str:
        text = as_text(cell)
        longest = getattr(CustomerRequest._meta.get_field(name), "max_length", None)
        if longest and len(text) > longest:
            raise _Wrong(_("At most %(most)d letters.") % {"most": longest})
        return text

    def _customer(self, name: str, cell: Any) -> str:
        text = self._text(name, cell)
        if not text:
            raise _Wrong(_("Name the customer."))
        return text

    def _contact_email(self, name: str, cell: Any) -> str:
        text = self._text(name, cell)
        try:
            validate_email(text) if text else None
        except ValidationError:
            raise _Wrong(_("This is no e-mail address.")) from None
        return text

    def _language(self, name: str, cell: Any) -> str:
        text = as_text(cell).lower() or "en"
        if text not in dict(settings.LANGUAGES):
            raise _Wrong(_("One of: %(words)s.") % {"words": ", ".join(dict(settings.LANGUAGES))})
        return text

    def _template(self, name: str, cell: Any) -> str:
        text = as_text(cell).upper()
        if text not in dict(TEMPLATES):
            raise _Wrong(_("One of: %(words)s.") % {"words": ", ".join(dict(TEMPLATES))})
        return text

    def _scope(self, name: str, cell: Any) -> str:
        text = as_text(cell).casefold()
        if text and text not in self.scopes:
            words = ", ".join(str(label) for label in AskedScope.labels)
            raise _Wrong(_("One of: %(words)s.") % {"words": words})
        return self.scopes.get(text, AskedScope.COMPANY).value

    def _group(self, name: str, cell: Any) -> ProductGroup | None:
        text = as_text(cell)
        if text and text.casefold() not in self.groups:
            raise _Wrong(_("There is no product group of this name or code."))
        return self.groups.get(text.casefold())

    def _received_on(self, name: str, cell: Any) -> datetime.date:
        return self._due_on(name, cell) or timezone.localdate()

    def _answered_on(self, name: str, cell: Any) -> datetime.date | None:
        return self._due_on(name, cell)

    def _due_on(self, name: str, cell: Any) -> datetime.date | None:
        day = as_date(cell)
        if cell is not None and day is None:
            raise _Wrong(_("This is no date. Write it as 2026-05-31."))
        return day


def refuse_cells(job: Job, problems: list[dict[str, Any]]) -> DomainError:
    """Keep the list of problems as a workbook and return the refusal."""
    heads = [_("Row"), _("Column"), _("Value"), _("What is wrong")]
    rows = [[each["row"], each["column"], each["value"], each["message"]] for each in problems]
    keep_workbook(job, _("Import errors"), [Sheet(title=_("Import errors"), headers=heads, rows=rows)])
    message = ngettext(
        "%(count)d cell is wrong. Nothing was imported. Correct it and upload the file again.",
        "%(count)d cells are wrong. Nothing was imported. Correct them and upload the file again.",
        len(problems),
    ) % {"count": len(problems)}
    return DomainError(message, code="cells", detail=problems[:KEPT_PROBLEMS])


@transaction.atomic
def write_requests(owner: Organisation, found: list[CustomerRequest], *, actor: User | None) -> int:
    """Write the requests that are new and return how many. Known: same customer, template, reference and day."""
    rows = CustomerRequest.objects.filter(owner=owner)
    known = set(rows.values_list("customer", "template", "reference", "received_on"))
    new = []
    for request in found:
        key = (request.customer, request.template, request.reference, request.received_on)
        if key not in known:
            known.add(key)
            request.created_by = actor
            new.append(request)
    CustomerRequest.objects.bulk_create(new, batch_size=500)
    advance_answered_before((request for request in new if request.answered_at), actor=actor)
    record("import_customer_requests", actor=actor, organisation_id=owner.pk, count=len(new))
    return len(new)
