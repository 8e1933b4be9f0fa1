"""Deeds of this room, split by subject; `from assessments.campaigns import services` gives them all."""

from assessments.campaigns.services.composing import change_campaign, close_campaign, create_campaign
from assessments.campaigns.services.exporting import export_campaigns, export_requests, start_export, start_list_export
from assessments.campaigns.services.inviting import invite_contact, resend_request
from assessments.campaigns.services.previewing import Preview, preview_campaign
from assessments.campaigns.services.reminding import remind_due, remind_requests, start_reminding
from assessments.campaigns.services.sending import resume_sending, run_sending, send_campaign

__all__ = [
    "Preview",
    "change_campaign",
    "close_campaign",
    "create_campaign",
    "export_campaigns",
    "export_requests",
    "invite_contact",
    "preview_campaign",
    "remind_due",
    "remind_requests",
    "resend_request",
    "resume_sending",
    "run_sending",
    "send_campaign",
    "start_export",
    "start_list_export",
    "start_reminding",
]
