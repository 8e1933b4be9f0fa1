"""Every URL by every person: one table. A URL nobody listed here fails the suite."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from django.test import TestCase
from django.urls import get_resolver

from tests.access_world import build_world, knock

PEOPLE = ("alice", "bob", "carol", "frank", "dave", "erin", "mallory", "trent", "anonymous")
API = {"HTTP_ACCEPT": "application/json"}

# --- The table ------------------------------------------------------------------------------------
# alice supplier manager, bob supplier reader, carol auditor, frank manager of her audit firm, dave buyer procurement, erin buyer administrator of
# alice's buyer; mallory another supplier's manager, trent another buyer's administrator; anonymous.
# "login" leads to the sign-in page, "moved" to another page, every other word is the status itself.
# POST where a deed is posted; 200, 400 or 422 there is a form that those who may do the deed sent incomplete.
TABLE: dict[str, tuple[str, str]] = {
    "home": ("GET", "moved moved moved moved moved moved moved moved login"),
    "workspace_switch": ("POST", "moved moved 404   404   404   404   404   404   login"),
    "invitation_open": ("GET", "200   200   200   200   200   200   200   200   200"),
    "invitation_join": ("POST", "422   422   422   422   422   422   422   422   login"),
    "invitation_hand_on": ("POST", "200   200   200   200   200   200   200   200   200"),
    "invitation_renew": ("POST", "login login login login login login login login login"),
    "team": ("GET", "200   200   200   200   200   200   200   200   login"),
    "team_invite": ("GET", "200   403   403   200   403   200   200   200   login"),
    "team_second_factor": ("POST", "moved 403   403   moved 403   moved moved moved login"),
    "team_resend": ("POST", "422   404   404   404   404   404   404   404   login"),
    "team_revoke": ("POST", "moved 404   404   404   404   404   404   404   login"),
    "team_member": ("GET", "200   403   404   404   404   404   404   404   login"),
    "team_narrow": ("POST", "422   403   404   404   404   404   404   404   login"),
    "team_remove": ("POST", "moved 403   404   404   404   404   404   404   login"),
    "trail_list": ("GET", "200   403   403   200   403   200   200   200   login"),
    "trail_list_export": ("POST", "moved 403   403   moved 403   moved moved moved login"),
    "supplier_import": ("GET", "403   403   403   403   200   200   403   200   login"),
    "supplier_import_template": ("GET", "403   403   403   403   200   200   403   200   login"),
    "supplier_import_detail": ("GET", "404   404   404   404   200   200   404   404   login"),
    "supplier_import_apply": ("POST", "404   404   404   404   422   422   404   404   login"),
    "relationship_end": ("POST", "404   404   404   404   200   200   404   404   login"),
    "organisation_edit": ("GET", "200   403   403   200   403   200   200   200   login"),
    "site_list": ("GET", "200   200   200   200   200   200   200   200   login"),
    "site_new": ("GET", "200   403   403   403   403   200   200   200   login"),
    "own_sites_start": ("POST", "403   403   403   403   403   moved 403   moved login"),
    "site_edit": ("GET", "200   403   404   404   403   403   404   404   login"),
    "site_close": ("POST", "400   403   404   404   403   403   404   404   login"),
    "site_reopen": ("POST", "moved 403   404   404   403   403   404   404   login"),
    "account": ("GET", "200   200   200   200   200   200   200   200   login"),
    "set_language": ("POST", "moved moved moved moved moved moved moved moved moved"),
    "help": ("GET", "200   200   200   200   200   200   200   200   200"),
    "job_list": ("GET", "200   200   200   200   200   200   200   200   login"),
    "job_detail": ("GET", "404   404   404   404   404   200   404   404   login"),
    "job_file": ("GET", "404   404   404   404   404   200   404   404   login"),
    "mailbox": ("GET", "404   404   404   404   404   404   404   404   404"),
    "dashboard": ("GET", "moved moved moved moved 200   200   moved 200   login"),
    "provision_list": ("GET", "moved moved moved moved 200   200   moved 200   login"),
    "provision_list_export": ("POST", "403   403   403   403   moved moved 403   moved login"),
    "campaign_report": ("POST", "404   404   404   404   moved moved 404   404   login"),
    "supplier_list": ("GET", "moved moved moved moved 200   200   moved 200   login"),
    "supplier_export": ("POST", "403   403   403   403   moved moved 403   moved login"),
    "supplier_card": ("GET", "404   404   404   404   200   200   404   404   login"),
    "minerals": ("GET", "403   403   403   403   200   200   403   200   login"),
    "report_list": ("GET", "403   403   403   403   200   200   403   200   login"),
    "report_audit_status": ("GET", "403   403   403   403   200   200   403   200   login"),
    "report_provisions": ("GET", "403   403   403   403   200   200   403   200   login"),
    "report_provision": ("GET", "403   403   403   403   200   200   403   200   login"),
    "report_ages": ("GET", "403   403   403   403   200   200   403   200   login"),
    "report_on_time": ("GET", "403   403   403   403   200   200   403   200   login"),
    "report_recurrences": ("GET", "403   403   403   403   200   200   403   200   login"),
    "report_gri": ("GET", "403   403   403   403   200   200   403   200   login"),
    "report_gri_rows": ("GET", "403   403   403   403   200   200   403   200   login"),
    "report_export": ("POST", "403   403   403   403   moved moved 403   moved login"),
    "campaign_list": ("GET", "403   403   403   403   200   200   403   200   login"),
    "campaign_list_export": ("POST", "403   403   403   403   moved moved 403   moved login"),
    "campaign_new": ("GET", "403   403   403   403   200   200   403   200   login"),
    "campaign_detail": ("GET", "404   404   404   404   200   200   404   404   login"),
    "campaign_basics": ("GET", "404   404   404   404   200   200   404   404   login"),
    "campaign_sites": ("GET", "404   404   404   404   200   200   404   404   login"),
    "campaign_count": ("POST", "404   404   404   404   200   200   404   404   login"),
    "campaign_message": ("GET", "404   404   404   404   200   200   404   404   login"),
    "campaign_preview": ("GET", "404   404   404   404   200   200   404   404   login"),
    "campaign_progress": ("GET", "404   404   404   404   200   200   404   404   login"),
    "campaign_remind": ("POST", "404   404   404   404   422   422   404   404   login"),
    "campaign_export": ("POST", "404   404   404   404   moved moved 404   404   login"),
    "campaign_close": ("POST", "404   404   404   404   moved moved 404   404   login"),
    "campaign_resume": ("POST", "404   404   404   404   422   422   404   404   login"),
    "campaign_request": ("GET", "404   404   404   404   200   200   404   404   login"),
    "request_again": ("POST", "404   404   404   404   moved moved 404   404   login"),
    "request_invite": ("POST", "404   404   404   404   422   422   404   404   login"),
    "audit_list": ("GET", "200   200   200   200   200   200   200   200   login"),
    "audit_export": ("POST", "moved moved moved moved moved moved moved moved login"),
    "audit_calendar": ("GET", "200   200   200   200   200   200   200   200   login"),
    "audit_new": ("GET", "200   403   403   403   200   200   200   200   login"),
    "audit_detail": ("GET", "200   200   200   200   200   200   404   404   login"),
    "audit_answer": ("POST", "422   403   403   403   403   403   404   404   login"),
    "audit_again": ("POST", "403   403   403   403   422   422   404   404   login"),
    "audit_cancel": ("POST", "403   403   403   403   422   422   404   404   login"),
    "audit_firm": ("POST", "403   403   403   403   422   422   404   404   login"),
    "audit_schedule": ("POST", "403   403   403   422   422   422   404   404   login"),
    "audit_team": ("POST", "403   403   403   422   403   403   404   404   login"),
    "audit_declare": ("POST", "403   403   422   403   403   403   404   404   login"),
    "audit_start": ("POST", "403   403   422   422   403   403   404   404   login"),
    "audit_present": ("POST", "403   403   422   422   403   403   404   404   login"),
    "audit_acknowledge": ("POST", "422   403   403   403   403   403   404   404   login"),
    "audit_unsigned": ("POST", "403   403   422   422   403   403   404   404   login"),
    "audit_draft": ("POST", "403   403   422   422   403   403   404   404   login"),
    "audit_hand_over": ("POST", "403   403   422   422   403   403   404   404   login"),
    "audit_feedback_done": ("POST", "422   403   403   403   403   403   404   404   login"),
    "audit_return": ("POST", "403   403   403   422   403   403   404   404   login"),
    "audit_release": ("POST", "403   403   403   422   403   403   404   404   login"),
    "audit_closure": ("POST", "403   403   403   403   422   422   404   404   login"),
    "firm_list": ("GET", "403   403   403   403   200   200   403   200   login"),
    "firm_new": ("GET", "403   403   403   403   403   200   403   200   login"),
    "firm_end": ("POST", "404   404   404   404   403   moved 404   404   login"),
    "firm_again": ("POST", "404   404   404   404   403   moved 404   404   login"),
    "schedule_list": ("GET", "403   403   403   403   200   200   403   200   login"),
    "schedule_new": ("GET", "403   403   403   403   200   200   403   200   login"),
    "schedule_edit": ("GET", "404   404   404   404   200   200   404   404   login"),
    "audit_compare": ("GET", "200   200   403   403   200   200   404   404   login"),
    "programme_list": ("GET", "403   403   403   403   200   200   403   200   login"),
    "programme_detail": ("GET", "403   403   403   403   200   200   403   200   login"),
    "programme_edit": ("GET", "403   403   403   403   403   200   403   200   login"),
    "programme_withdraw": ("POST", "403   403   403   403   403   422   403   422   login"),
    "reliability_list": ("GET", "403   403   403   403   200   200   403   200   login"),
    "reliability_export": ("POST", "403   403   403   403   moved moved 403   moved login"),
    "audit_section": ("GET", "200   200   200   200   403   403   404   404   login"),
    "audit_conclusion": ("PUT", "403   403   400   400   403   403   404   404   401"),
    "audit_gate": ("GET", "403   403   200   200   403   403   404   404   login"),
    "audit_files": ("GET", "200   200   200   200   403   403   404   404   login"),
    "audit_file": ("GET", "200   200   200   200   403   403   404   404   login"),
    "audit_file_remove": ("POST", "403   403   moved moved 403   403   404   404   login"),
    "audit_pdf": ("POST", "moved moved moved moved 403   403   404   404   login"),
    "audit_workbook": ("POST", "moved moved moved moved 403   403   404   404   login"),
    "audit_workers": ("GET", "200   200   200   200   403   403   404   404   login"),
    "audit_feedback": ("GET", "200   200   200   200   403   403   404   404   login"),
    "audit_feedback_answer": ("POST", "403   403   422   422   403   403   404   404   login"),
    "audit_template": ("GET", "403   403   200   200   403   403   404   404   login"),
    "audit_upload": ("GET", "403   403   200   200   403   403   404   404   login"),
    "audit_upload_detail": ("GET", "403   403   200   200   403   403   404   404   login"),
    "audit_upload_map": ("GET", "403   403   200   200   403   403   404   404   login"),
    "audit_upload_problems": ("GET", "403   403   200   200   403   403   404   404   login"),
    "audit_upload_apply": ("POST", "403   403   moved moved 403   403   404   404   login"),
    "inbox": ("GET", "200   200   200   200   200   200   200   200   login"),
    "response_list": ("GET", "403   403   403   403   200   200   403   200   login"),
    "response_export": ("POST", "403   403   403   403   moved moved 403   moved login"),
    "response_reopen": ("POST", "404   404   404   404   422   422   404   404   login"),
    "response_hub": ("GET", "200   200   404   404   404   404   404   404   login"),
    "response_withdraw": ("POST", "moved 403   404   404   404   404   404   404   login"),
    "response_decline": ("POST", "moved 403   404   404   404   404   404   404   login"),
    "response_section": ("GET", "200   200   404   404   404   404   404   404   login"),
    "section_assign": ("POST", "moved 403   404   404   404   404   404   404   login"),
    "response_answer": ("PUT", "200   403   404   404   404   404   404   404   401"),
    "evidence_list": ("POST", "moved 403   404   404   404   404   404   404   login"),
    "evidence_reuse": ("POST", "422   403   404   404   404   404   404   404   login"),
    "evidence_download": ("GET", "200   200   404   404   404   404   404   404   login"),
    "evidence_remove": ("POST", "moved 403   404   404   404   404   404   404   login"),
    "submission_file": ("GET", "200   200   404   404   200   200   404   404   login"),
    "response_check": ("GET", "200   200   404   404   404   404   404   404   login"),
    "response_submitted": ("GET", "200   200   404   404   404   404   404   404   login"),
    "response_print": ("GET", "200   200   404   404   404   404   404   404   login"),
    "workbook_download": ("GET", "200   200   404   404   404   404   404   404   login"),
    "workbook_upload": ("POST", "moved 403   404   404   404   404   404   404   login"),
    "workbook_compare": ("GET", "422   403   404   404   404   404   404   404   login"),
    "result_list": ("GET", "200   200   200   200   200   200   200   200   login"),
    "result_list_export": ("POST", "moved moved moved moved moved moved moved moved login"),
    "result": ("GET", "200   200   404   404   moved moved 404   404   login"),
    "result_pdf": ("POST", "moved moved 404   404   moved moved 404   404   login"),
    "response_review": ("GET", "404   404   404   404   200   200   404   404   login"),
    "review_start": ("POST", "404   404   404   404   moved moved 404   404   login"),
    "review_accept": ("POST", "404   404   404   404   moved moved 404   404   login"),
    "review_return": ("POST", "404   404   404   404   moved moved 404   404   login"),
    "finding_list": ("GET", "200   200   200   200   200   200   200   200   login"),
    "finding_export": ("POST", "moved moved moved moved moved moved moved moved login"),
    "finding_detail": ("GET", "200   200   404   404   200   200   404   404   login"),
    "finding_new": ("GET", "403   403   403   403   200   200   403   200   login"),
    "finding_confirm": ("POST", "403   403   404   404   moved moved 404   404   login"),
    "finding_dismiss": ("POST", "403   403   404   404   moved moved 404   404   login"),
    "finding_merge": ("POST", "403   403   404   404   422   422   404   404   login"),
    "finding_dispute": ("POST", "moved 403   404   404   403   403   404   404   login"),
    "finding_settle_dispute": ("POST", "403   403   404   404   422   422   404   404   login"),
    "finding_collaborate": ("POST", "403   403   404   404   moved moved 404   404   login"),
    "finding_move": ("POST", "403   403   404   404   moved moved 404   404   login"),
    "action_list": ("GET", "200   200   200   200   200   200   200   200   login"),
    "action_export": ("POST", "moved moved moved moved moved moved moved moved login"),
    "plan_edit": ("GET", "200   403   404   404   403   403   404   404   login"),
    "plan_submit": ("POST", "422   403   404   404   403   403   404   404   login"),
    "plan_withdraw": ("POST", "422   403   404   404   403   403   404   404   login"),
    "plan_decide": ("POST", "403   403   404   404   422   422   404   404   login"),
    "plan_again": ("POST", "403   403   404   404   422   422   404   404   login"),
    "action_start": ("POST", "422   403   404   404   403   403   404   404   login"),
    "action_finish": ("POST", "422   403   404   404   403   403   404   404   login"),
    "action_verify": ("POST", "403   403   404   404   422   422   404   404   login"),
    "action_send_back": ("POST", "403   403   404   404   422   422   404   404   login"),
    "action_comment": ("POST", "422   403   404   404   422   422   404   404   login"),
    "action_files": ("POST", "422   403   404   404   422   422   404   404   login"),
    "action_file": ("GET", "200   200   404   404   200   200   404   404   login"),
    "action_file_remove": ("POST", "moved 403   404   404   403   403   404   404   login"),
    "extension_ask": ("POST", "422   403   404   404   403   403   404   404   login"),
    "extension_decide": ("POST", "403   403   404   404   422   422   404   404   login"),
    "plan_batch": ("GET", "200   200   404   404   200   200   404   404   login"),
    "plan_batch_submit": ("POST", "moved 403   404   404   403   403   404   404   login"),
    "plan_batch_pdf": ("POST", "moved moved 404   404   moved moved 404   404   login"),
    "plan_batch_workbook": ("GET", "200   403   404   404   403   403   404   404   login"),
    "plan_batch_upload": ("POST", "moved 403   404   404   403   403   404   404   login"),
    "plan_batch_compare": ("GET", "422   403   404   404   403   403   404   404   login"),
    "questionnaire_list": ("GET", "403   403   403   403   200   200   403   200   login"),
    "questionnaire_preview": ("GET", "404   404   404   404   200   200   404   200   login"),
    "token_list": ("GET", "200   200   200   200   200   200   200   200   login"),
    "token_revoke": ("POST", "404   404   404   404   404   moved 404   404   login"),
    "api:start": ("GET", "200   200   200   200   200   200   200   200   401"),
    "api:schema": ("GET", "200   200   200   200   200   200   200   200   401"),
    "api:docs": ("GET", "200   200   200   200   200   200   200   200   login"),
    "api:organisations-list": ("GET", "200   200   200   200   200   200   200   200   401"),
    "api:organisations-detail": ("GET", "200   200   404   404   200   200   404   404   401"),
    "api:sites-list": ("GET", "200   200   200   200   200   200   200   200   401"),
    "api:sites-detail": ("GET", "200   200   404   404   200   200   404   404   401"),
    "api:relationships-list": ("GET", "200   200   200   200   200   200   200   200   401"),
    "api:relationships-detail": ("GET", "404   404   404   404   200   200   404   404   401"),
    "api:campaigns-list": ("GET", "200   200   200   200   200   200   200   200   401"),
    "api:campaigns-detail": ("GET", "404   404   404   404   200   200   404   404   401"),
    "api:requests-list": ("GET", "200   200   200   200   200   200   200   200   401"),
    "api:requests-detail": ("GET", "404   404   404   404   200   200   404   404   401"),
    "api:submissions-list": ("GET", "200   200   200   200   200   200   200   200   401"),
    "api:submissions-detail": ("GET", "200   200   404   404   200   200   404   404   401"),
    "api:scores-list": ("GET", "200   200   200   200   200   200   200   200   401"),
    "api:scores-detail": ("GET", "200   200   404   404   200   200   404   404   401"),
    "api:flags-list": ("GET", "200   200   200   200   200   200   200   200   401"),
    "api:flags-detail": ("GET", "200   200   404   404   200   200   404   404   401"),
    "api:findings-list": ("GET", "200   200   200   200   200   200   200   200   401"),
    "api:actions-list": ("GET", "200   200   200   200   200   200   200   200   401"),
    "api:actions-detail": ("GET", "200   200   404   404   200   200   404   404   401"),
    "api:findings-detail": ("GET", "200   200   404   404   200   200   404   404   401"),
    "api:audits-list": ("GET", "200   200   200   200   200   200   200   200   401"),
    "api:audits-detail": ("GET", "200   200   200   200   200   200   404   404   401"),
    "api:audits-findings": ("POST", "403   403   400   400   403   403   404   404   401"),
    "None": ("GET", "404   404   404   404   404   404   404   404   404"),
}  # fmt: skip
# Sign-in, passwords and second factors belong to one's own account: the same for everybody who is signed in.
ACCOUNTS: dict[str, tuple[str, str]] = {
    "account_login": ("moved", "200"),
    "account_logout": ("200", "moved"),
    "account_inactive": ("200", "200"),
    "account_signup": ("moved", "200"),
    "account_reauthenticate": ("200", "login"),
    "account_email": ("200", "login"),
    "account_email_verification_sent": ("200", "200"),
    "account_change_password": ("200", "login"),
    "account_set_password": ("moved", "login"),
    "account_reset_password": ("200", "200"),
    "account_confirm_login_code": ("moved", "login"),
    "account_confirm_email": ("200", "200"),
    "account_reset_password_from_key_done": ("200", "200"),
    "account_reset_password_from_key": ("200", "200"),
    "account_reset_password_done": ("200", "200"),
    "account_request_login_code": ("moved", "200"),
    "mfa_index": ("200", "login"),
    "mfa_authenticate": ("moved", "login"),
    "mfa_reauthenticate": ("moved", "login"),
    "mfa_activate_totp": ("moved", "login"),
    "mfa_deactivate_totp": ("404", "login"),
    "mfa_view_recovery_codes": ("404", "login"),
    "mfa_generate_recovery_codes": ("moved", "login"),
    "mfa_download_recovery_codes": ("404", "login"),
    "mfa_list_webauthn": ("200", "login"),
    "mfa_add_webauthn": ("moved", "login"),
    "mfa_reauthenticate_webauthn": ("moved", "login"),
    "mfa_remove_webauthn": ("moved", "login"),
    "mfa_edit_webauthn": ("moved", "login"),
    "mfa_login_webauthn": ("moved", "login"),
}


def names_of(patterns: Any, space: str = "") -> Iterator[str]:
    """Yield every name in a urlconf, with its namespace."""
    for entry in patterns:
        if hasattr(entry, "url_patterns"):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from names_of(entry.url_patterns, inner)
        else:
            yield f"{space}{entry.name}"


def test_every_url_is_listed() -> None:
    urls = set(names_of(get_resolver().url_patterns))
    listed = TABLE.keys() | ACCOUNTS.keys()
    assert (sorted(urls - listed), sorted(listed - urls)) == ([], [])


class EveryUrl(TestCase):
    """One world for the whole table; each request is undone. A test per URL is added below."""

    world: SimpleNamespace

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = build_world()

    def check(self, name: str) -> None:
        method, words = TABLE[name]
        answers = {person: knock(self.world, person, method, name) for person in PEOPLE}
        assert answers == dict(zip(PEOPLE, words.split(), strict=True))

    def check_account(self, name: str) -> None:
        signed_in, anonymous = ACCOUNTS[name]
        answers = {person: knock(self.world, person, "GET", name) for person in PEOPLE}
        assert answers == {**dict.fromkeys(PEOPLE, signed_in), "anonymous": anonymous}


def add_test(name: str, check: Callable[[EveryUrl, str], None]) -> None:
    setattr(EveryUrl, "test_" + name.replace(":", "_").replace("-", "_"), lambda self: check(self, name))


for url in TABLE:
    add_test(url, EveryUrl.check)
for url in ACCOUNTS:
    add_test(url, EveryUrl.check_account)
