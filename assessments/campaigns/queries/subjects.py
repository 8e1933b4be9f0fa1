"""What a campaign can ask for: the columns, states, pages and words in which a questionnaire and a declaration differ.

Whatever works on requests asks the subject of its campaign and never which kind it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.campaigns.enums import CampaignKind, Progress
from assessments.campaigns.models import Campaign
from assessments.campaigns.queries.words import COMPANIES, SITES, SUPPLIERS, Words
from assessments.questionnaires.queries import document_of, sendable_versions
from assessments.responses import enums as responses
from assessments.responses.models import Response
from minerals.declarations import enums as declarations
from minerals.declarations.models import Declaration
from portal.lib.texts import pick_text

MOMENTS = ("opened_at", "started_at", "submitted_at")
Export = tuple[tuple[Any, str], ...]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One kind of thing that requests ask for.

    `column` names it on a request; its own columns state, due_on, opened_at, started_at and submitted_at are called
    alike. `once` is what one campaign asks only once. `states` says in which states a step of Progress holds; a step
    that is in nobody's life has none.
    """

    kind: CampaignKind
    column: str
    once: str
    page: str
    buyer_page: str
    states: Mapping[Progress, tuple[str, ...]]
    measure_label: Any
    measure_column: str
    measure: Callable[[Any], str]
    standing: Callable[[Any], dict[str, Any]]
    columns: Export
    title: Callable[[Campaign], str]
    named: Callable[[Campaign, str], dict[str, Any]]
    languages: Callable[[Campaign], list[str]]
    same: Callable[[Campaign], dict[str, Any]]
    letters: Mapping[str, str]
    heavy: tuple[str, ...]  # columns of long texts that no list needs
    words: Words

    @property
    def per_supplier(self) -> bool:
        """Whether a supplier is asked once, through one of its sites."""
        return self.once != "site_id"

    @property
    def open_states(self) -> tuple[str, ...]:
        """The states in which somebody has to do something."""
        return self.states[Progress.OPEN]

    @property
    def steps(self) -> list[Progress]:
        """The steps of Progress that can happen to a request, in their order."""
        timed = {Progress.UNOPENED, Progress.OPENED, Progress.STARTED, Progress.LATE}
        return [step for step in Progress if step in timed or self.states.get(step)]

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns that the row of a list needs."""
        return ("state", "due_on", *MOMENTS, *(name for _label, name in self.columns))

    def lookup(self, name: str) -> str:
        """Return the path from a request to a column of the thing."""
        return f"{self.column}__{name}"

    def path(self, thing_id: int) -> str:
        """Return the page where a supplier starts."""
        return reverse(self.page, args=[thing_id])

    def is_open(self, thing: Response | Declaration) -> bool:
        """Whether somebody still has to do something."""
        return thing.state in self.open_states

    def key_of(self, site_id: int, organisation_id: int) -> int:
        """Return what is asked once: the site, or its company."""
        return organisation_id if self.per_supplier else site_id

    def progress_filter(self, progress: Progress, today: date) -> Q:
        """Return the condition of one step of the funnel, for the list behind its figure."""
        if progress in {Progress.UNOPENED, Progress.OPENED}:
            unopened = Q(**{self.lookup("opened_at"): None})
            return unopened if progress is Progress.UNOPENED else ~unopened
        if progress is Progress.STARTED:
            return ~Q(**{self.lookup("started_at"): None})
        if progress is Progress.LATE:
            return Q(**{self.lookup("state__in"): self.open_states, self.lookup("due_on__lt"): today})
        return Q(**{self.lookup("state__in"): self.states.get(progress, ())})

    def steps_of(self, state: str, *, late: bool) -> list[Progress]:
        """Return the steps that a state means by itself; opened and started are read from their moments."""
        steps = [step for step, states in self.states.items() if state in states]
        return [*steps, Progress.LATE] if late and state in self.open_states else steps


# 1. The questionnaire -----------------------------------------------------------------------------
def questionnaire_title(campaign: Campaign) -> str:
    """Return the questionnaire and its version in the reader's language."""
    return f"{pick_text(campaign.version.title)[0]}, {campaign.version.version}" if campaign.version else ""


def questionnaire_names(campaign: Campaign, language: str) -> dict[str, Any]:
    """Return what a mail calls the questionnaire."""
    return {"questionnaire": pick_text(campaign.version.title, language)[0] if campaign.version else ""}


def questionnaire_languages(campaign: Campaign) -> list[str]:
    """Return the languages the questionnaire has texts in."""
    return list(document_of(campaign.version).languages) if campaign.version else []


def same_questionnaire(campaign: Campaign) -> dict[str, Any]:
    """Return the condition of campaigns that ask the same."""
    return {"version__questionnaire_id": campaign.version.questionnaire_id if campaign.version else None}


QUESTIONNAIRE = Subject(
    kind=CampaignKind.QUESTIONNAIRE,
    column="response",
    once="site_id",
    page="response_hub",
    buyer_page="response_review",
    states={
        Progress.SUBMITTED: responses.HANDED_IN_STATES,
        Progress.RETURNED: (responses.ResponseState.RETURNED,),
        Progress.ACCEPTED: (responses.ResponseState.ACCEPTED,),
        Progress.DECLINED: (responses.ResponseState.DECLINED,),
        Progress.OPEN: responses.OPEN_STATES,
    },
    measure_label=_("Answered"),
    measure_column="answered",
    measure=lambda response: f"{response.answered}/{response.asked}",
    standing=lambda response: {"answered": response.answered, "asked": response.asked},
    columns=(
        (_("Answered"), "answered"),
        (_("Asked"), "asked"),
        (_("Score"), "score"),
        (_("Risk band"), "band"),
    ),
    title=questionnaire_title,
    named=questionnaire_names,
    languages=questionnaire_languages,
    same=same_questionnaire,
    letters={"request": "request", "reminder": "reminder"},
    heavy=("decline_reason",),
    words=SITES,
)


COMPANY_QUESTIONNAIRE = replace(QUESTIONNAIRE, once="site__organisation_id", words=COMPANIES)
"""A questionnaire that a company answers once, through its leading site."""


# 2. The declaration -------------------------------------------------------------------------------
def template_title(campaign: Campaign) -> str:
    """Return the template, and the minerals where it lets one choose."""
    return f"{campaign.template}: {', '.join(campaign.minerals)}" if campaign.minerals else campaign.template


def template_names(campaign: Campaign, _language: str) -> dict[str, Any]:
    """Return what a mail calls the declaration; names of templates and minerals are those of the file."""
    return {"template": campaign.template, "year": campaign.year, "minerals": ", ".join(campaign.minerals)}


def page_languages(_campaign: Campaign) -> list[str]:
    """Return the languages of the pages: the labels of a template come with its file."""
    return [code for code, _name in settings.LANGUAGES]


def same_template(campaign: Campaign) -> dict[str, Any]:
    """Return the condition of campaigns that ask the same."""
    return {"template": campaign.template}


def said_so_far(declaration: Declaration) -> dict[str, Any]:
    """Return what a reminder says of a declaration so far."""
    is_returned = declaration.state == declarations.DeclarationState.RETURNED
    return {"returned": is_returned, "started": declaration.started_at is not None}


DECLARATION = Subject(
    kind=CampaignKind.DECLARATION,
    column="declaration",
    once="site__organisation_id",
    page="declaration_detail",
    buyer_page="declaration_detail",
    states={
        Progress.SUBMITTED: declarations.HANDED_IN_STATES,
        Progress.RETURNED: (declarations.DeclarationState.RETURNED,),
        # What a later declaration replaced, and what has run out, was accepted: an old campaign keeps its figure.
        Progress.ACCEPTED: (
            declarations.DeclarationState.ACCEPTED,
            declarations.DeclarationState.SUPERSEDED,
            declarations.DeclarationState.EXPIRED,
        ),
        Progress.OPEN: declarations.OPEN_STATES,
    },
    measure_label=_("Red flags"),
    measure_column="red_flags",
    measure=lambda declaration: str(declaration.red_flags) if declaration.is_handed_in else "–",
    standing=said_so_far,
    columns=(
        (_("Version"), "version"),
        (_("Missing"), "missing"),
        (_("Errors"), "errors"),
        (_("Red flags"), "red_flags"),
        (_("Smelters"), "smelters"),
        (_("Unknown smelters"), "unknown_smelters"),
    ),
    title=template_title,
    named=template_names,
    languages=page_languages,
    same=same_template,
    letters={"request": "declaration_request", "reminder": "declaration_reminder"},
    heavy=(),
    words=SUPPLIERS,
)

SUBJECTS: dict[str, Subject] = {subject.kind: subject for subject in (QUESTIONNAIRE, DECLARATION)}


def subject_of(campaign: Campaign) -> Subject:
    """Return what a campaign asks for."""
    return COMPANY_QUESTIONNAIRE if campaign.of_company else SUBJECTS[campaign.kind]


def is_in_use(campaign: Campaign) -> bool:
    """Whether what a campaign asks for can be sent today: a version can be taken out of use while a draft waits."""
    return campaign.version_id is None or sendable_versions(campaign.buyer).filter(pk=campaign.version_id).exists()
