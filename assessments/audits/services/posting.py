"""Conclusions posted by programs: all or nothing, once per idempotency key."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.audits.document import Programme
from assessments.audits.enums import NONCONFORM
from assessments.audits.models import Audit
from assessments.audits.queries import programme_of
from assessments.audits.queries.uploads import standing_of
from assessments.audits.reports.template import PROBLEMS
from assessments.audits.services.concluding import Given, lock_writable, save_conclusions
from assessments.audits.services.contents import checked_field
from portal.accounts.models import User
from portal.api.services import answer_once
from portal.lib.errors import DomainError
from portal.trail.services import record

FIELDS: Final = ("conclusion", "data_points", "description", "law", "evidence", "root_cause", "topic")


@transaction.atomic
def post_findings(
    *, audit: Audit, key: str, conclusions: Sequence[Mapping[str, Any]], actor: User
) -> tuple[dict[str, Any], bool]:
    """Write conclusions and return the answer, and whether it is the one given before under the same key.

    A field that is left out stays as it is. A refused post leaves no trace: its key may be used again. Raises
    DomainError (detail: index, field and message of each fault), ConflictError for a key used for something else,
    ClosedError when the audit takes no conclusions.
    """
    # Before the key is looked for: of two posts at once the second waits here and then finds the first's.
    Audit.objects.select_for_update().get(pk=audit.pk)
    return answer_once(
        key=key,
        facts=["findings", audit.pk, conclusions],
        actor=actor,
        act=partial(write_conclusions, audit, conclusions, actor),
    )


def write_conclusions(audit: Audit, conclusions: Sequence[Mapping[str, Any]], actor: User) -> dict[str, Any]:
    """Check and write all; return how each checkpoint stands and the figures of the audit."""
    lock_writable(audit)
    standing = standing_of(audit)
    programme = programme_of(audit.programme)
    faults = [*find_faults(programme, conclusions, {code: row.description for code, row in standing.items()})]
    if faults:
        raise faulty(faults)
    given = []
    for one in conclusions:
        row = standing.get(one["checkpoint"])
        content = {name: one[name] for name in FIELDS if name in one}
        given.append(Given(one["checkpoint"], content, base_version=row.version if row else 0))
    outcomes = save_conclusions(audit=audit, given=given, actor=actor, together=True)
    changed = sum(outcome.changed for outcome in outcomes)
    record("post_findings", actor=actor, thing=audit, organisation_id=audit.firm_id, conclusions=changed)
    return {
        "audit_id": audit.pk,
        "written": changed,
        "unchanged": len(outcomes) - changed,
        "conclusions": [
            {"checkpoint": outcome.checkpoint, "version": outcome.row.version if outcome.row else 0}
            for outcome in outcomes
        ],
    }


def find_faults(
    programme: Programme, conclusions: Sequence[Mapping[str, Any]], descriptions: Mapping[str, str]
) -> Iterable[dict[str, Any]]:
    """Yield every fault of a post: the index of the conclusion, the field, and a sentence."""
    seen: dict[str, int] = {}
    for index, one in enumerate(conclusions):
        code = one["checkpoint"]
        if code not in programme.by_code:
            yield fault(
                index, "checkpoint", _("The programme of this audit has no checkpoint “%(code)s”.") % {"code": code}
            )
        elif code in seen:
            message = _("Conclusion %(first)s is on the same checkpoint. Put both into one.") % {"first": seen[code]}
            yield fault(index, "checkpoint", message)
        seen.setdefault(code, index)
        for name in FIELDS:
            try:
                checked_field(programme, name, one.get(name, [] if name == "data_points" else ""))
            except DomainError as error:
                yield fault(index, name, error.message)
        if one["conclusion"] in NONCONFORM and not one.get("description", descriptions.get(code, "")).strip():
            yield fault(index, "description", str(PROBLEMS["description_missing"]))


def fault(index: int, field: str, message: str) -> dict[str, Any]:
    """Return one fault as the answer shows it."""
    return {"index": index, "field": field, "message": message}


def faulty(faults: Sequence[Mapping[str, Any]]) -> DomainError:
    """The error for a post with faults; its message is the first, its detail has all."""
    first = faults[0]
    message = ngettext(
        "%(count)d fault; nothing was written. conclusions[%(index)s].%(field)s: %(first)s",
        "%(count)d faults; nothing was written. The first: conclusions[%(index)s].%(field)s: %(first)s",
        len(faults),
    ) % {"count": len(faults), "index": first["index"], "field": first["field"], "first": first["message"]}
    return DomainError(message, code="invalid_conclusions", detail=list(faults))
