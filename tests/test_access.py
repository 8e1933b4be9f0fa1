"""Every URL by every person: one table. A URL nobody listed here fails the suite."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client, TestCase
from django.urls import get_resolver, reverse
from django.utils import timezone

from assessments.audits.models import Audit, AuditFile, AuditSchedule, Engagement, Feedback
from assessments.audits.services.uploading import upload_table
from assessments.audits.views.steps import DEEDS
from assessments.campaigns.models import Request
from assessments.findings.models import ActionFile, CorrectiveAction, Extension, Finding
from assessments.responses import services as responses
from assessments.responses.models import Evidence
from portal.accounts.services import sign_invitation
from portal.api.models import Token
from portal.files.enums import FileKind
from portal.files.models import StoredFile
from portal.files.services import store_generated
from portal.jobs.services import start_job
from suppliers.organisations.services import invite_member
from tests.factories import (
    CLEAN_ANSWERS,
    SMALL_ANSWERS,
    cast,
    hand_in,
    make_audit,
    make_campaign,
    make_finding,
    make_response,
    make_site,
    make_version,
    send_campaign,
)

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


def build_world() -> SimpleNamespace:
    """Responses in every state that a URL needs, and one of everything else."""
    people = cast()
    version = make_version()

    def ask() -> Any:
        return make_response(people.relationship, make_site(people.supplier), version)

    draft, submitted, in_review, declinable = ask(), ask(), ask(), ask()
    responses.save_answer(response=draft, code="B2-DRILL", value="no", base_version=0, actor=people.alice)
    file = store_generated(
        "drill.txt", ContentFile(b"Drill on 3 May"), kind=FileKind.UPLOAD, content_type="text/plain",
        organisation_id=people.supplier.pk, actor=people.alice,
    )  # fmt: skip
    Evidence.objects.create(response=submitted, code="A3-RECORDS", file=file, added_by=people.alice)
    evidence = Evidence.objects.create(response=draft, code="A3-RECORDS", file=file, added_by=people.alice)
    hand_in(submitted, SMALL_ANSWERS, people.alice)
    hand_in(in_review, CLEAN_ANSWERS, people.alice)
    responses.start_review(response=in_review, actor=people.erin)
    campaign = send_campaign(make_campaign(people.buyer, responses=[draft, submitted, in_review, declinable]))
    plan = make_campaign(people.buyer, version=version, created_by=people.erin)
    invitation = invite_member(
        organisation=people.supplier, role="supplier_editor", email="new@test.example", actor=people.alice
    )
    job = start_job("findings.export", actor=people.erin, organisation_id=people.buyer.pk, params={"filters": {}})
    done = start_job("findings.export", actor=people.erin, organisation_id=people.buyer.pk)
    done.result_file, done.state = file, "done"
    done.save()
    upload = start_job("organisations.import", actor=people.erin, organisation_id=people.buyer.pk)
    token = Token.objects.create(name="ERP", prefix="snp123456789", digest="0" * 64, user=people.erin)
    return SimpleNamespace(
        people=people, version=version, draft=draft, submitted=submitted, in_review=in_review, declinable=declinable,
        campaign=campaign, plan=plan, request=Request.objects.get(response=declinable), evidence=evidence, file=file,
        invitation=invitation, link=sign_invitation(invitation), job=job, done=done, upload=upload, token=token,
        finding=Finding.objects.get(source="flag"), mending=make_mending(people, file), submission=submitted.submissions.get(), site=people.site,
        member=people.supplier.memberships.get(user=people.bob), writing=make_writing(people, file),
        action=CorrectiveAction.objects.create(
            finding=Finding.objects.get(source="flag"), updated_at=timezone.now()
        ),
        released=make_audit(
            people.relationship, make_site(people.supplier), firm=people.audit_firm, auditors=[people.carol],
            state="released",
        ),
        engagement=Engagement.objects.create(buyer=people.buyer, firm=people.audit_firm),
        schedule=AuditSchedule.objects.create(
            buyer=people.buyer, name="Two years", programme_code="rba-vap-style", kind="initial", months=24
        ),
    )  # fmt: skip


def make_writing(people: Any, file: StoredFile) -> Audit:
    """An audit on site whose findings were presented, with a file and a remark of the site."""
    audit = make_audit(
        people.relationship, people.site, firm=people.audit_firm, auditors=[people.carol], state="in_progress",
        presented_at=timezone.now(),
    )  # fmt: skip
    AuditFile.objects.create(audit=audit, file=file, use="evidence", checkpoint="A3", added_by=people.carol)
    Feedback.objects.create(audit=audit, text="Please look again.", author=people.alice)
    upload_table(audit=audit, file=ContentFile(b"checkpoint,conclusion\nA1,conform\n", "a.csv"), actor=people.carol)
    return audit


def make_mending(people: Any, file: StoredFile) -> Finding:
    """A confirmed finding of an audit with a file and a wish for a later date, and no plan yet."""
    day = timezone.localdate() + timedelta(days=9)
    finding = make_finding(
        people.relationship, people.site, source="audit", source_id=999_999, plan_due_on=day, next_due="plan",
        next_due_on=day,
    )  # fmt: skip
    ActionFile.objects.create(finding=finding, file=file, added_by=people.alice)
    Extension.objects.create(
        finding=finding, due="plan", was_on=day, wanted_on=day + timedelta(days=9), reason="Ill", asked_by=people.alice
    )
    return finding


AUDIT_DEEDS = ("audit_detail", *(deed.name for deed in DEEDS))
# What stands in the address, by the name of the URL; the first that fits by its beginning is taken.
ARGUMENTS: list[tuple[tuple[str, ...], Callable[[SimpleNamespace], list[Any]]]] = [
    (("workspace_switch",), lambda w: [w.people.supplier.pk]),
    (("invitation_",), lambda w: [w.link]),
    (("team_resend", "team_revoke"), lambda w: [w.invitation.pk]),
    (("team_member", "team_narrow", "team_remove"), lambda w: [w.member.pk]),
    (("supplier_import_detail", "supplier_import_apply"), lambda w: [w.upload.pk]),
    (("relationship_end", "supplier_card"), lambda w: [w.people.relationship.pk]),
    (("site_edit", "site_close", "site_reopen"), lambda w: [w.site.pk]),
    (("job_detail",), lambda w: [w.job.pk]),
    (("job_file",), lambda w: [w.done.pk]),
    (("campaign_report", "campaign_detail", "campaign_progress", "campaign_remind"), lambda w: [w.campaign.pk]),
    (("campaign_export", "campaign_close", "campaign_resume"), lambda w: [w.campaign.pk]),
    (("campaign_request", "request_again", "request_invite"), lambda w: [w.campaign.pk, w.request.pk]),
    (("campaign_list", "campaign_new"), lambda w: []),
    (("campaign_",), lambda w: [w.plan.pk]),
    (("response_list", "response_export"), lambda w: []),
    (("response_withdraw", "response_submitted", "review_start"), lambda w: [w.submitted.pk]),
    (("result_list",), lambda w: []),
    (("result", "response_review"), lambda w: [w.submitted.pk]),
    (("review_",), lambda w: [w.in_review.pk]),
    (("response_decline",), lambda w: [w.declinable.pk]),
    (("response_section", "section_assign"), lambda w: [w.draft.pk, "A3"]),
    (("response_answer", "evidence_list", "evidence_reuse"), lambda w: [w.draft.pk, "A3-RECORDS"]),
    (("evidence_",), lambda w: [w.draft.pk, "A3-RECORDS", w.evidence.pk]),
    (("submission_file",), lambda w: [w.submission.pk, w.file.sha256]),
    (("workbook_compare",), lambda w: [w.draft.pk, w.file.pk]),
    (("response_", "workbook_"), lambda w: [w.draft.pk]),
    (("finding_list", "finding_export", "finding_new"), lambda w: []),
    (("finding_",), lambda w: [w.finding.pk]),
    (("audit_list", "audit_export", "audit_calendar", "audit_new"), lambda w: []),
    (("firm_end", "firm_again"), lambda w: [w.engagement.pk]),
    (("schedule_edit",), lambda w: [w.schedule.pk]),
    (("audit_compare",), lambda w: [w.released.pk]),
    (("programme_detail", "programme_edit", "programme_withdraw"), lambda w: ["rba-vap-style"]),
    (("audit_section",), lambda w: [w.writing.pk, "A"]),
    (("audit_conclusion",), lambda w: [w.writing.pk, "A3"]),
    (("audit_feedback_answer",), lambda w: [w.writing.pk, w.writing.feedback.get().pk]),
    (("audit_files", "audit_gate", "audit_workers", "audit_feedback", *AUDIT_DEEDS), lambda w: [w.writing.pk]),
    (("audit_template", "audit_pdf", "audit_workbook"), lambda w: [w.writing.pk]),
    (("audit_upload_",), lambda w: [w.writing.pk, w.writing.uploads.get().pk]),
    (("audit_upload",), lambda w: [w.writing.pk]),
    (("api:audits-list",), lambda w: []),
    (("api:audits-",), lambda w: [w.writing.pk]),
    (("audit_file",), lambda w: [w.writing.pk, w.writing.files.get().pk]),
    (("action_list", "action_export"), lambda w: []),
    (("action_file_remove",), lambda w: [w.mending.pk, w.mending.files.get().pk]),
    (("action_files",), lambda w: [w.mending.pk]),
    (("action_file",), lambda w: [w.mending.pk, w.mending.files.get().pk]),
    (("extension_decide",), lambda w: [w.mending.pk, w.mending.extensions.get().pk]),
    (("plan_batch_compare",), lambda w: ["audit", w.mending.source_id, w.file.pk]),
    (("plan_batch",), lambda w: ["audit", w.mending.source_id]),
    (("action_", "plan_", "extension_"), lambda w: [w.mending.pk]),
    (("report_provisions",), lambda w: []),
    (("report_provision",), lambda w: ["rba-8.0", "A3"]),
    (("report_gri_rows",), lambda w: ["social", "impacts"]),
    (("report_export",), lambda w: ["ages"]),
    (("questionnaire_preview",), lambda w: [w.version.pk]),
    (("token_revoke",), lambda w: [w.token.pk]),
    (("api:organisations-detail",), lambda w: [w.people.supplier.pk]),
    (("api:sites-detail",), lambda w: [w.people.site.pk]),
    (("api:relationships-detail",), lambda w: [w.people.relationship.pk]),
    (("api:campaigns-detail",), lambda w: [w.campaign.pk]),
    (("api:requests-detail",), lambda w: [w.request.pk]),
    (("api:submissions-detail",), lambda w: [w.submission.pk]),
    (("api:scores-detail",), lambda w: [w.submission.scores.get().pk]),
    (("api:flags-detail",), lambda w: [w.submitted.flags.get().pk]),
    (("api:findings-detail",), lambda w: [w.finding.pk]),
    (("api:actions-detail",), lambda w: [w.action.pk]),
    (("account_confirm_email",), lambda w: ["nobody"]),
    (("account_reset_password_from_key_done",), lambda w: []),
    (("account_reset_password_from_key",), lambda w: ["1", "nobody"]),
    (("mfa_remove_webauthn", "mfa_edit_webauthn"), lambda w: [1]),
    (("",), lambda w: []),
]
BODIES: dict[str, dict[str, Any]] = {
    "finding_dismiss": {"note": "The unit was wrong."},
    "finding_dispute": {"note": "Travel is counted as work."},
    "finding_settle_dispute": {"upheld": "no", "note": "It is work."},
    "finding_collaborate": {"note": "The landlord owns the drains."},
    "finding_move": {"reason": "mended", "note": "Seen on site."},
    "review_return": {"c-B2-DRILL": "When was it?"},
    "response_decline": {"reason": "We closed this plant."},
    "set_language": {"language": "ja"},
}


def address(name: str, world: SimpleNamespace) -> str:
    found = next(make for starts, make in ARGUMENTS if name.startswith(starts))
    return "/api/nothing/" if name == "None" else reverse(name, args=found(world))


def knock(world: SimpleNamespace, person: str, method: str, name: str) -> str:
    """Ask once as one person and undo whatever it did; return the word of the table."""
    client = Client(raise_request_exception=False)
    path = address(name, world)
    with transaction.atomic():
        if person != "anonymous":
            client.force_login(getattr(world.people, person), backend=BACKEND)
        if method == "PUT":
            body = json.dumps({"value": "card", "base_version": 0})
            response = client.put(path, body, content_type="application/json")
        else:
            response = client.generic(method, path) if method == "GET" else client.post(path, BODIES.get(name, {}))
        transaction.set_rollback(True)
    if response.status_code in (301, 302, 303):
        return "login" if response.url.startswith(reverse("account_login")) else "moved"
    return str(response.status_code)


BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


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
