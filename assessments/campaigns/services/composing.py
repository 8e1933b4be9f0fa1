"""Making a campaign: its draft, its changes, its end."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.campaigns.enums import DEFAULT_REMINDER_DAYS, CampaignKind, CampaignState, OwnSites
from assessments.campaigns.ladder import FURTHEST_DAYS, MOST_STEPS, clean_steps
from assessments.campaigns.lifecycle import advance
from assessments.campaigns.models import Campaign
from assessments.campaigns.queries import subject_of
from assessments.campaigns.selection import MOST_CODES, Selection
from assessments.questionnaires.enums import AskedOf
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of, sendable_versions
from minerals.templates_io.enums import ASKED_TEMPLATES, Template
from portal.accounts.models import User
from portal.lib.errors import DomainError
from portal.trail.services import record
from suppliers.organisations.models import Organisation

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_MESSAGE = 4000
MOST_MINERALS = 10  # an AMRT has room for so many
LONGEST_MINERAL = 40


class Fields(TypedDict, total=False):
    """What a draft can be told; every part may be left for later."""

    name: str
    year: int
    version: QuestionnaireVersion
    template: str
    minerals: Sequence[str]
    due_on: date
    languages: Sequence[str]
    message: Mapping[str, str]
    reminder_days: Sequence[int]
    selection: Selection | Mapping[str, Any]


@transaction.atomic
def create_campaign(
    *,
    buyer: Organisation,
    version: QuestionnaireVersion | None = None,
    template: str = "",
    minerals: Sequence[str] = (),
    name: str,
    year: int,
    due_on: date,
    languages: Sequence[str] = (),
    message: Mapping[str, str] | None = None,
    reminder_days: Sequence[int] = DEFAULT_REMINDER_DAYS,
    selection: Selection | Mapping[str, Any] | None = None,
    actor: User | None,
) -> Campaign:
    """Create a draft and return it: for a questionnaire's version, else for a template of minerals.

    Without languages it speaks all that the questionnaire or the pages have. Raises DomainError.
    """
    campaign = Campaign(buyer=buyer, created_by=actor)
    if version is None:
        campaign.kind = CampaignKind.DECLARATION
        fill_campaign(campaign, template=template, minerals=minerals)
    else:
        fill_campaign(campaign, version=version)
    fill_campaign(
        campaign,
        name=name,
        year=year,
        due_on=due_on,
        languages=languages or subject_of(campaign).languages(campaign),
        message=message or {},
        reminder_days=reminder_days,
        selection=selection or Selection(),
    )
    campaign.save()
    record("create_campaign", actor=actor, thing=campaign, organisation_id=buyer.pk, name=campaign.name)
    return campaign


@transaction.atomic
def change_campaign(*, campaign: Campaign, actor: User | None, **changes: Unpack[Fields]) -> Campaign:
    """Change a draft. Raises DomainError for a value that cannot be, or once sending has begun."""
    fill_campaign(campaign, **changes)
    columns: dict[str, Any] = {name: getattr(campaign, name) for name in changes}
    if "version" in changes:
        columns["of_company"] = campaign.of_company
    won = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.DRAFT).update(**columns)
    if not won:
        message = _("This campaign has been sent and cannot be changed. Start a new one for other sites.")
        raise DomainError(message, code="sent")
    record("change_campaign", actor=actor, thing=campaign, organisation_id=campaign.buyer_id, parts=sorted(changes))
    return campaign


@transaction.atomic
def close_campaign(*, campaign: Campaign, actor: User | None) -> Campaign:
    """End a campaign: no reminder goes out any more. Answers stay open; nothing is locked. Raises DomainError."""
    advance(campaign, CampaignState.CLOSED, actor=actor)
    record("close_campaign", actor=actor, thing=campaign, organisation_id=campaign.buyer_id)
    return campaign


def fill_campaign(campaign: Campaign, **fields: Unpack[Fields]) -> None:
    """Write checked values into the columns; nothing is saved."""
    fill_asked(campaign, fields)
    if "name" in fields:
        campaign.name = checked_name(fields["name"])
    if "year" in fields:
        campaign.year = checked_year(fields["year"])
    if "due_on" in fields:
        campaign.due_on = fields["due_on"]
    if "languages" in fields:
        campaign.languages = checked_languages(campaign, fields["languages"])
    if "message" in fields:
        campaign.message = checked_message(fields["message"])
    if "reminder_days" in fields:
        campaign.reminder_days = checked_steps(fields["reminder_days"])
    if "selection" in fields:
        campaign.selection = checked_selection(fields["selection"])


def fill_asked(campaign: Campaign, fields: Fields) -> None:
    """Write what is asked for."""
    if "version" in fields:
        campaign.version = checked_version(campaign, fields["version"])
        campaign.of_company = document_of(campaign.version).asked_of is AskedOf.COMPANY
    if "template" in fields:
        campaign.template = checked_template(campaign, fields["template"])
    if "minerals" in fields:
        campaign.minerals = checked_minerals(campaign.template, fields["minerals"])


def checked_version(campaign: Campaign, version: QuestionnaireVersion) -> QuestionnaireVersion:
    """Return the version if the buyer may send it."""
    check_kind(campaign, CampaignKind.QUESTIONNAIRE)
    if not sendable_versions(campaign.buyer).filter(pk=version.pk).exists():
        raise DomainError(_("This questionnaire is not published. Choose another one."), code="version")
    return version


def checked_template(campaign: Campaign, template: str) -> str:
    """Return the template if it is one that is asked for today."""
    check_kind(campaign, CampaignKind.DECLARATION)
    if template not in ASKED_TEMPLATES:
        message = _("Choose a template: %(names)s.") % {"names": ", ".join(ASKED_TEMPLATES)}
        raise DomainError(message, code="template")
    return template


def check_kind(campaign: Campaign, kind: CampaignKind) -> None:
    """Refuse to turn a campaign into one of another kind."""
    if campaign.kind != kind:
        message = _("A campaign cannot change what it asks for. Start a new one.")
        raise DomainError(message, code="kind")


def checked_minerals(template: str, minerals: Sequence[str]) -> list[str]:
    """Return the minerals without outer blanks, each once; a CMRT is always about all of its four."""
    if template == Template.CMRT:
        return []
    named = list(dict.fromkeys(" ".join(mineral.split()) for mineral in minerals))
    if len(named) > MOST_MINERALS or any(not 0 < len(name) <= LONGEST_MINERAL for name in named):
        message = _("Name at most %(count)d minerals, each in at most %(length)d characters.")
        raise DomainError(message % {"count": MOST_MINERALS, "length": LONGEST_MINERAL}, code="minerals")
    return named


def checked_name(name: str) -> str:
    """Return the name without outer blanks."""
    cleaned = " ".join(name.split())
    longest = Campaign._meta.get_field("name").max_length or 0
    if not cleaned or len(cleaned) > longest:
        message = _("Give the campaign a name of at most %(count)d characters.") % {"count": longest}
        raise DomainError(message, code="name")
    return cleaned


def checked_year(year: int) -> int:
    """Return the year if it can be one."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        limits = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise DomainError(_("The year must be between %(first)d and %(last)d.") % limits, code="year")
    return year


def checked_languages(campaign: Campaign, languages: Sequence[str]) -> list[str]:
    """Return the languages in the order of what is asked for; all of them must be its own."""
    spoken = subject_of(campaign).languages(campaign)
    strange = sorted(set(languages) - set(spoken))
    if strange:
        message = _("There are no texts in: %(codes)s. Leave these languages out.")
        raise DomainError(message % {"codes": ", ".join(strange)}, code="languages")
    if not languages:
        raise DomainError(_("Choose at least one language."), code="languages")
    return [code for code in spoken if code in set(languages)]


def checked_message(message: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that are not empty."""
    cleaned = {code: text.replace("\r\n", "\n").strip() for code, text in message.items()}
    if any(len(text) > LONGEST_MESSAGE for text in cleaned.values()):
        too_long = _("The message is too long. Keep it under %(count)d characters in each language.")
        raise DomainError(too_long % {"count": LONGEST_MESSAGE}, code="message")
    return {code: text for code, text in cleaned.items() if text}


def checked_steps(days: Sequence[int]) -> list[int]:
    """Return the ladder in order."""
    steps = clean_steps(days)
    if len(steps) > MOST_STEPS or any(abs(step) > FURTHEST_DAYS for step in steps):
        message = _("Give at most %(count)d reminders, each within %(days)d days of the due date.")
        raise DomainError(message % {"count": MOST_STEPS, "days": FURTHEST_DAYS}, code="reminders")
    return steps


def checked_selection(selection: Selection | Mapping[str, Any]) -> dict[str, Any]:
    """Return the selection as plain data."""
    chosen = selection if isinstance(selection, Selection) else Selection.from_data(selection)
    if chosen.own_sites not in OwnSites.values:
        raise DomainError(_("Say whether own sites are asked."), code="selection")
    low, high = chosen.workers_from or 0, chosen.workers_to
    if low < 0 or (high is not None and high < low):
        message = _("Give the numbers of workers as whole numbers, the upper limit not below the lower one.")
        raise DomainError(message, code="selection")
    if len(chosen.vendor_codes) > MOST_CODES:
        message = _("These are more than %(count)d vendor codes. Split them into two campaigns.")
        raise DomainError(message % {"count": MOST_CODES}, code="selection")
    return chosen.to_data()
