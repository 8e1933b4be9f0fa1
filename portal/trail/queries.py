"""Reads: the trail of one organisation, and whether the chain holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.trail.chain import FIRST, next_digest
from portal.trail.models import Entry, Seal

# Deeds of a person that belong to no single organisation: every organisation of theirs may see them.
PERSONAL_DEEDS = (
    "sign_in",
    "sign_in_failed",
    "sign_out",
    "change_password",
    "reset_password",
    "change_email",
    "add_second_factor",
    "remove_second_factor",
    "make_recovery_codes",
)


def entries_of(organisation_id: int, members: QuerySet[Any]) -> QuerySet[Entry]:
    """Return what was done in an organisation, and the sign-ins of its `members` (ids), the newest first."""
    personal = Q(organisation_id=None, deed__in=PERSONAL_DEEDS, actor_id__in=members)
    return Entry.objects.filter(Q(organisation_id=organisation_id) | personal).order_by("-pk")


def narrow_entries(
    entries: QuerySet[Entry], *, deed: str = "", person: str = "", first: date | None = None, last: date | None = None
) -> QuerySet[Entry]:
    """Return entries of one deed, of people whose name or address contains the text, between two days."""
    if deed:
        entries = entries.filter(deed=deed)
    if person:
        people = User.objects.filter(email__icontains=person).values("pk")
        entries = entries.filter(Q(actor_label__icontains=person) | Q(actor_id__in=people))
    if first:
        entries = entries.filter(at__gte=start_of(first))
    if last:
        entries = entries.filter(at__lt=start_of(last + timedelta(days=1)))
    return entries


def start_of(day: date) -> datetime:
    """Return the moment a day begins where the server is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def facts_of(entry: Entry) -> dict[str, Any]:
    """Return everything an entry says, as plain data that hashes the same on every database."""
    return {
        "id": entry.pk,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "actor_label": entry.actor_label,
        "organisation": entry.organisation_id,
        "deed": entry.deed,
        "thing_type": entry.thing_type,
        "thing_id": entry.thing_id,
        "detail": entry.detail,
        "address": entry.address,
    }


def unsealed_entries() -> QuerySet[Entry]:
    """Return entries that no seal covers, in order of id."""
    return Entry.objects.filter(seal=None).order_by("pk")


@dataclass(frozen=True)
class Verdict:
    """What checking the chain found: how far it holds, and the first fault in words."""

    number: int
    digest: str
    waiting: int
    fault: str = ""


def walk_seals() -> Iterator[tuple[int, str, Entry]]:
    """Yield (number, digest, entry) in order of sealing."""
    for seal in Seal.objects.select_related("entry").order_by("number").iterator(chunk_size=2000):
        yield seal.number, seal.digest, seal.entry


def verify_chain() -> Verdict:
    """Recompute every digest; stop at the first that does not fit."""
    before, number = FIRST, 0
    waiting = unsealed_entries().count()
    for found, digest, entry in walk_seals():
        if found != number + 1:
            fault = f"Seal {number + 1} is missing: entries were removed after seal {number}."
            return Verdict(number, before, waiting, fault)
        if next_digest(before, found, facts_of(entry)) != digest:
            fault = f"Entry {entry.pk} ({entry.deed}) does not fit its seal {found}: it or the seal was changed."
            return Verdict(number, before, waiting, fault)
        before, number = digest, found
    return Verdict(number, before, waiting)


def digest_at(number: int) -> str:
    """Return the digest of one seal, empty when there is none."""
    return str(Seal.objects.filter(number=number).values_list("digest", flat=True).first() or "")


# Deeds in words; a deed without one shows as it is written.
DEED_WORDS: dict[str, Any] = {
    "sign_in": _("Signed in"),
    "sign_in_failed": _("Sign-in refused"),
    "sign_out": _("Signed out"),
    "change_password": _("Changed the password"),
    "reset_password": _("Reset the password"),
    "change_email": _("Changed the e-mail address"),
    "add_second_factor": _("Added a second factor"),
    "remove_second_factor": _("Removed a second factor"),
    "make_recovery_codes": _("Made recovery codes"),
    "make_product_group": _("Made a product group"),
    "rename_product_group": _("Renamed a product group"),
    "remove_product_group": _("Removed a product group"),
    "add_group_item": _("Added an item to a product group"),
    "remove_group_item": _("Took an item out of a product group"),
    "import_group_items": _("Imported the items of a product group"),
    "export_group_items": _("Exported the items of a product group"),
    "export_rollup_rows": _("Exported rows behind the roll-up"),
    "map_declaration_scope": _("Said which products a declaration speaks of"),
    "save_minerals_profile": _("Changed the company's own answers on minerals"),
    "invite_member": _("Invited"),
    "resend_invitation": _("Sent an invitation again"),
    "revoke_invitation": _("Withdrew an invitation"),
    "accept_invitation": _("Accepted an invitation"),
    "hand_on_invitation": _("Handed an invitation on"),
    "add_member": _("Role given"),
    "remove_member": _("Role taken away"),
    "change_role": _("Role changed"),
    "change_scopes": _("Regions and business units changed"),
    "demand_second_factor": _("Second factor switched"),
    "download_file": _("Downloaded a file"),
    "download_workbook": _("Downloaded the questionnaire as a workbook"),
    "accept_response": _("Accepted answers"),
    "return_response": _("Returned answers"),
    "submit_response": _("Submitted answers"),
    "withdraw_response": _("Withdrew answers"),
    "decline_response": _("Declined to answer"),
    "reopen_response": _("Opened answers again"),
    "request_declarations": _("Asked for declarations"),
    "add_edition": _("Added an edition of a declaration"),
    "hand_in_declaration": _("Handed in a declaration"),
    "enter_declaration": _("Entered a declaration"),
    "return_declaration": _("Returned a declaration"),
    "accept_declaration": _("Accepted a declaration"),
    "cancel_declaration": _("Called off a request for a declaration"),
    "export_declarations": _("Exported declarations"),
    "create_campaign": _("Created a campaign"),
    "change_campaign": _("Changed a campaign"),
    "send_campaign": _("Sent a campaign"),
    "resume_campaign": _("Resumed a campaign"),
    "close_campaign": _("Closed a campaign"),
    "remind_requests": _("Sent reminders"),
    "resend_request": _("Sent a request again"),
    "invite_contact": _("Invited a contact"),
    "close_finding": _("Closed a finding"),
    "reopen_finding": _("Opened a finding again"),
    "confirm_finding": _("Confirmed a finding"),
    "dismiss_finding": _("Dismissed a finding"),
    "merge_finding": _("Merged a finding into another"),
    "dispute_finding": _("Disputed a finding"),
    "decide_dispute": _("Decided a dispute"),
    "make_collaborative": _("Made a finding collaborative"),
    "enter_finding": _("Entered a finding"),
    "save_plan": _("Wrote a corrective action plan"),
    "submit_plan": _("Submitted a corrective action plan"),
    "withdraw_plan": _("Took a corrective action plan back"),
    "accept_plan": _("Accepted a corrective action plan"),
    "reject_plan": _("Rejected a corrective action plan"),
    "ask_new_plan": _("Asked for a new corrective action plan"),
    "start_action": _("Started a corrective action"),
    "finish_action": _("Reported a corrective action as done"),
    "verify_action": _("Verified a corrective action"),
    "send_back_action": _("Sent a corrective action back"),
    "add_comment": _("Commented on a finding"),
    "add_action_file": _("Added a file to a finding"),
    "remove_action_file": _("Removed a file from a finding"),
    "ask_extension": _("Asked for a later date"),
    "decide_extension": _("Decided on a later date"),
    "export_actions": _("Exported corrective actions"),
    "download_plan": _("Downloaded a plan as a workbook"),
    "upload_plan": _("Saved a plan from a workbook"),
    "raise_audit_findings": _("Raised the findings of an audit"),
    "save_programme": _("Saved an audit programme"),
    "withdraw_programme": _("Withdrew an audit programme"),
    "export_reliability": _("Exported how far answers can be believed"),
    "upload_findings": _("Uploaded a table of conclusions"),
    "match_columns": _("Matched the columns of a table of conclusions"),
    "apply_findings": _("Wrote conclusions from a table"),
    "post_findings": _("Posted conclusions by a program"),
    "add_audit_file": _("Added a file to an audit"),
    "remove_audit_file": _("Removed a file from an audit"),
    "change_worker_profile": _("Changed the worker profile of an audit"),
    "give_feedback": _("Wrote feedback on an audit's draft"),
    "answer_feedback": _("Answered feedback on an audit's draft"),
    "request_audit": _("Asked for an audit"),
    "accept_audit": _("Accepted an audit"),
    "decline_audit": _("Declined an audit"),
    "ask_again": _("Asked for an audit again"),
    "cancel_audit": _("Called an audit off"),
    "choose_firm": _("Chose the audit firm"),
    "schedule_audit": _("Set the days of an audit"),
    "assign_auditors": _("Assigned auditors"),
    "declare_interest": _("Declared interests before an audit"),
    "start_audit": _("Started an audit on site"),
    "present_audit": _("Presented findings to the site"),
    "acknowledge_audit": _("Acknowledged findings"),
    "go_on_unsigned": _("Went on without the site's signature"),
    "finish_draft": _("Finished the draft report"),
    "hand_to_site": _("Handed the draft to the site"),
    "finish_feedback": _("Finished the feedback"),
    "return_audit": _("Returned a report to the auditors"),
    "release_audit": _("Released an audit report"),
    "engage_firm": _("Engaged an audit firm"),
    "end_engagement": _("Ended the work with an audit firm"),
    "save_schedule": _("Changed an audit schedule"),
    "export_audits": _("Exported audits"),
    "create_organisation": _("Created the organisation"),
    "change_organisation": _("Changed the organisation"),
    "create_site": _("Created a site"),
    "change_site": _("Changed a site"),
    "close_site": _("Closed a site"),
    "reopen_site": _("Opened a site again"),
    "start_relationship": _("Relationship began"),
    "end_relationship": _("Relationship ended"),
    "import_suppliers": _("Imported suppliers"),
    "export_suppliers": _("Exported suppliers"),
    "export_responses": _("Exported responses"),
    "export_findings": _("Exported findings"),
    "export_campaign": _("Exported a campaign"),
    "export_campaigns": _("Exported campaigns"),
    "export_provisions": _("Exported flags by provision"),
    "export_report": _("Exported a report"),
    "take_audit": _("Took an audit along as a file"),
    "export_results": _("Exported results"),
    "export_trail": _("Exported the record"),
    "create_token": _("Made a token"),
    "revoke_token": _("Revoked a token"),
    "use_token": _("A program used a token"),
    "import_questionnaire": _("Imported a questionnaire"),
    "publish_version": _("Published a questionnaire"),
    "translate_questionnaire": _("Translated texts of a questionnaire"),
    "retire_version": _("Took a version of a questionnaire out of use"),
    "discard_draft": _("Discarded the draft of a questionnaire"),
    "continue_declaration": _("Continued a declaration from an earlier one"),
    "open_declaration_batch": _("Entered many declaration files at once"),
    "set_aside_declaration_file": _("Set a declaration file aside"),
    "add_risk_list": _("Added a list of risky areas"),
    "withdraw_risk_list": _("Withdrew a list of risky areas"),
    "export_risk_list": _("Exported a list of risky areas"),
    "import_smelter_list": _("Imported a list of smelters"),
    "note_smelter_list": _("Noted the smelter list of a template"),
    "apply_smelter_list": _("Applied a list of smelters"),
    "discard_smelter_list": _("Discarded a list of smelters"),
    "match_smelter_name": _("Matched a smelter name"),
    "keep_smelter_name": _("Kept a smelter name as unknown"),
    "reject_smelter_name": _("Rejected a smelter name"),
    "reopen_smelter_name": _("Opened a smelter name again"),
    "decide_smelter_names": _("Decided smelter names"),
    "log_smelter_outreach": _("Noted a contact with a smelter"),
    "export_smelters": _("Exported smelters"),
    "enter_customer_request": _("Entered a customer's request"),
    "change_customer_request": _("Changed a customer's request"),
    "decline_customer_request": _("Declined a customer's request"),
    "reopen_customer_request": _("Took up a customer's request again"),
    "answer_customer_request": _("Answered a customer's request"),
    "import_customer_requests": _("Imported customers' requests"),
    "export_customer_requests": _("Exported customers' requests"),
    "add_blank_template": _("Uploaded a blank template"),
    "remove_blank_template": _("Removed a blank template"),
    "export_minerals_report": _("Made a report on minerals"),
}
DETAIL_WORDS: dict[str, Any] = {
    "person": _("person"),
    "role": _("role"),
    "before": _("before"),
    "after": _("after"),
    "to": _("to"),
    "name": _("name"),
    "kind": _("kind"),
    "methods": _("by"),
    "method": _("by"),
    "tried": _("tried as"),
    "reason": _("reason"),
    "demanded": _("demanded"),
    "rows": _("rows"),
    "filters": _("filters"),
    "into": _("into"),
    "upheld": _("upheld"),
    "report": _("report"),
}


def deed_word(deed: str) -> str:
    """Return a deed in the reader's words."""
    return str(DEED_WORDS.get(deed) or deed.replace("_", " ").capitalize())


def deed_choices(organisation_id: int) -> list[tuple[str, str]]:
    """Return the deeds to choose from: the personal ones and those that occur in the organisation."""
    found = Entry.objects.filter(organisation_id=organisation_id).order_by().values_list("deed", flat=True).distinct()
    pairs = [(deed, deed_word(deed)) for deed in {*found, *PERSONAL_DEEDS}]
    return sorted(pairs, key=lambda pair: pair[1])


def detail_words(entry: Entry, *, longest: int | None = 80) -> str:
    """Return the details of an entry in one line, each cut to `longest`; what is empty says nothing."""
    found = [(DETAIL_WORDS.get(name) or name.replace("_", " "), plain(value)) for name, value in entry.detail.items()]
    return " · ".join(f"{name}: {value[:longest]}" for name, value in found if value)


def plain(value: Any) -> str:
    """Return a JSON value as plain words."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {plain(part)}" for name, part in value.items() if plain(part))
    if isinstance(value, list):
        return ", ".join(plain(part) for part in value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return "" if value is None else str(value)
