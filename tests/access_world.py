"""The world in which every URL is asked by every person, and how one is asked."""

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.audits.models import Audit, AuditFile, AuditSchedule, Engagement, Feedback
from assessments.audits.services.uploading import upload_table
from assessments.audits.views.steps import DEEDS
from assessments.campaigns.models import Request
from assessments.findings.models import ActionFile, CorrectiveAction, Extension, Finding
from assessments.questionnaires.models import QuestionnaireVersion
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
    SMALL_DOCUMENT,
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
from tests.minerals.world import (
    make_asked,
    make_batch_file,
    make_begun,
    make_customer_answer,
    make_name_case,
    make_product_group,
    make_received,
    make_risk_list,
    make_rolled,
    make_smelter,
    make_smelter_list,
)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


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
            finding=Finding.objects.get(source="flag"), state="submitted", updated_at=timezone.now()
        ),
        released=make_audit(
            people.relationship, make_site(people.supplier), firm=people.audit_firm, auditors=[people.carol],
            state="released",
        ),
        engagement=Engagement.objects.create(buyer=people.buyer, firm=people.audit_firm),
        risk_list=make_risk_list(people.buyer),
        smelter_list=make_smelter_list(people.buyer),
        name_case=make_name_case(people.relationship),
        declaration=make_received(people.relationship, file=file),
        asked=make_asked(people.relationship),
        begun=make_begun(people.relationship, people.site),
        batch_file=make_batch_file(people.buyer),
        product_group=make_product_group(people.relationship),
        rolled=make_rolled(make_smelter(people.buyer, cid="CID900099")),
        customer_answer=make_customer_answer(people.buyer, file),
        own_draft=make_own_draft(people.buyer),
        schedule=AuditSchedule.objects.create(
            buyer=people.buyer, name="Two years", programme_code="rba-vap-style", kind="initial", months=24
        ),
    )  # fmt: skip


def make_own_draft(buyer: Any) -> QuestionnaireVersion:
    """A draft of a buyer's own questionnaire, after a version that is published."""
    document = {**SMALL_DOCUMENT, "code": "own"}
    make_version({**document, "version": "1.0"}, owner=buyer)
    text = json.dumps({**document, "version": "1.1"}, ensure_ascii=False)
    changed = json.loads(text.replace("How are hours recorded?", "How does the site record hours?"))
    return make_version(changed, owner=buyer, state="draft", published_at=None)


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
    (("declaration_edition", "declaration_file"), lambda w: [w.declaration.pk, 1]),
    (("declaration_detail", "declaration_return", "declaration_accept"), lambda w: [w.declaration.pk]),
    (("declaration_upload", "declaration_hand_in", "declaration_cancel"), lambda w: [w.asked.pk]),
    (("declaration_form_save",), lambda w: [w.begun.pk, "company.name"]),
    (("declaration_form_step",), lambda w: [w.begun.pk, "company"]),
    (("declaration_form", "declaration_continue"), lambda w: [w.begun.pk]),
    (("batch_new",), lambda w: []),
    (("batch_file",), lambda w: [w.batch_file.batch_id, w.batch_file.pk]),
    (("batch_",), lambda w: [w.batch_file.batch_id]),
    (("group_list", "group_new"), lambda w: []),
    (("group_item_remove",), lambda w: [w.product_group.pk, w.product_group.items.get().pk]),
    (("group_",), lambda w: [w.product_group.pk]),
    (("rollup_rows_export",), lambda w: ["rollup_evidence"]),
    (("rollup_smelters_export", "rollup_report"), lambda w: []),
    (("customer_answer_file",), lambda w: [w.customer_answer.request_id, 1, "file"]),
    (("blank_file", "blank_remove"), lambda w: [w.customer_answer.blank_id]),
    (
        ("customer_request_detail", "customer_request_edit", "customer_request_decline", "customer_request_reopen"),
        lambda w: [w.customer_answer.request_id],
    ),
    (("customer_request_answer_many",), lambda w: []),
    (("customer_request_answer",), lambda w: [w.customer_answer.request_id]),
    (("rollup_smelter",), lambda w: [w.rolled.pk]),
    (("rollup_origin",), lambda w: ["CD"]),
    (("scope_map",), lambda w: [w.declaration.pk]),
    (("smelter_list_import",), lambda w: []),
    (("smelter_list_",), lambda w: [w.smelter_list.pk]),
    (("smelter_names", "smelter_lists", "smelter_list", "smelter_export"), lambda w: []),
    (("smelter_name_",), lambda w: [w.name_case.pk]),
    (("smelter_",), lambda w: [w.rolled.smelter_id]),
    (("risk_list_detail", "risk_list_withdraw", "risk_list_export"), lambda w: [w.risk_list.pk]),
    (("report_provisions",), lambda w: []),
    (("report_provision",), lambda w: ["rba-8.0", "A3"]),
    (("report_gri_rows",), lambda w: ["social", "impacts"]),
    (("report_export",), lambda w: ["ages"]),
    (("translation_list", "translation_add", "translation_start"), lambda w: [w.own_draft.pk]),
    (("translation_",), lambda w: [w.own_draft.pk, "ja"]),
    (("questionnaire_preview", "questionnaire_weights"), lambda w: [w.version.pk]),
    (("questionnaire_detail", "questionnaire_extend"), lambda w: [w.version.pk]),
    (("questionnaire_new", "questionnaire_blank", "questionnaire_upload", "questionnaire_list"), lambda w: []),
    (("questionnaire_retire",), lambda w: [w.own_draft.questionnaire.versions.get(state="published").pk]),
    (("questionnaire_",), lambda w: [w.own_draft.pk]),
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
    (("api:declarations-detail",), lambda w: [w.declaration.pk]),
    (("api:smelters-detail",), lambda w: [w.rolled.smelter_id]),
    (("api:rollup-detail",), lambda w: [w.rolled.rollup_id]),
    (("api:actions-detail",), lambda w: [w.action.pk]),
    (("account_confirm_email",), lambda w: ["nobody"]),
    (("account_reset_password_from_key_done",), lambda w: []),
    (("account_reset_password_from_key",), lambda w: ["1", "nobody"]),
    (("mfa_remove_webauthn", "mfa_edit_webauthn"), lambda w: [1]),
    (("",), lambda w: []),
]
BODIES: dict[str, dict[str, Any]] = {
    "rollup_smelters_export": {"template": "CMRT"},
    "rollup_report": {"template": "CMRT"},
    "finding_dismiss": {"note": "The unit was wrong."},
    "finding_dispute": {"note": "Travel is counted as work."},
    "finding_settle_dispute": {"upheld": "no", "note": "It is work."},
    "finding_collaborate": {"note": "The landlord owns the drains."},
    "finding_move": {"reason": "mended", "note": "Seen on site."},
    "review_return": {"c-B2-DRILL": "When was it?"},
    "response_decline": {"reason": "We closed this plant."},
    "set_language": {"language": "ja"},
    "declaration_hand_in": {"edition": "1"},
    "declaration_form_hand_in": {"version": "1"},
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
