"""Scoring in a worker."""

from typing import Any

from celery import shared_task
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assessments.responses.queries import visible_responses
from assessments.scoring import services
from assessments.scoring.queries import listed_results
from assessments.scoring.reports.provisions import provision_scores
from assessments.scoring.reports.results import RELATED, result_facts, result_sheet
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_pdf, keep_workbook, runner
from portal.lib.errors import DomainError
from portal.lib.pdf import render_pdf


@shared_task(name="scoring.score")
def score(submission_id: int) -> None:
    """Score one submission."""
    services.score_submission(submission_id)


@shared_task(name="scoring.sweep")
def sweep() -> None:
    """Find submissions a lost queue left unscored."""
    services.sweep_scoring()


@runner("scoring.result_pdf")
def print_result(job: Job) -> dict[str, Any]:
    """Print a result for the person who asked, in their language."""
    reader = job.actor or AnonymousUser()
    rows = visible_responses(reader).select_related(*RELATED)
    response = rows.filter(pk=job.params["response_id"]).first()
    facts = result_facts(response) if response else None
    if response is None or facts is None:
        raise DomainError(_("There is no score yet. Wait a few seconds and ask again."), code="unscored")
    provisions = provision_scores(facts, job.params.get("group", ""))
    context = {"response": response, "facts": facts, "provisions": provisions}
    content = render_pdf("reports/result.html", context, language=get_language() or "en")
    keep_pdf(job, f"{response.site.name} {response.period}", content)
    return {"message": _("The PDF is ready.")}


@runner("scoring.result_export")
def export_results(job: Job) -> dict[str, Any]:
    """Write the results that the list shows to the person who asked."""
    rows = listed_results(job.actor or AnonymousUser(), job.organisation_id)
    total = rows.count()
    keep_workbook(job, _("Results"), [result_sheet(follow(job, rows.iterator(500), total=total))])
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}
