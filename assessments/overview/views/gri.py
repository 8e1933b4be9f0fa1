"""The report by GRI 414 and 308, and the suppliers behind each of its figures."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, ngettext

from assessments.codes.enums import Dimension
from assessments.findings.queries import title_of
from assessments.overview.enums import Figure
from assessments.overview.queries import gri
from assessments.overview.queries.provisions import supplier_lines
from assessments.overview.queries.slices import with_fixed
from assessments.overview.reports.gri import (
    DIMENSION_WORDS,
    FIGURE_WORDS,
    SCREENING_WORDS,
    assessed_words,
    screened_words,
)
from assessments.overview.views.frame import params_of, reading_buyer, report_context
from portal.lib.formats import figure as shown_figure
from portal.lib.listing import page_of
from suppliers.organisations.models import Relationship


@login_required
def report_gri(request: HttpRequest) -> HttpResponse:
    """New suppliers screened, and the impacts, of one year."""
    workspace = reading_buyer(request)
    today = timezone.localdate()
    facets, fixed = gri.gri_facets(today), gri.fixed_choices(today)
    params = with_fixed(facets, params_of(request), fixed)
    language = get_language() or "en"
    parts, screenings = [], []
    for dimension in Dimension:
        scope = gri.frame_of(request.user, workspace, {**params, "provision": "", "code": ""}, dimension)
        screenings.append({"screening": gri.screen(scope), "title": SCREENING_WORDS[dimension]})
        disclosure = gri.disclose(scope)
        titles = [title_of(line.code_of_conduct, line.provision, language) for line in disclosure.impacts]
        impacts = [{"line": line, "title": title} for line, title in zip(disclosure.impacts, titles, strict=True)]
        reason = gri.END_REASONS[dimension].label
        parts.append(
            {"disclosure": disclosure, "title": DIMENSION_WORDS[dimension], "impacts": impacts, "end_reason": reason}
        )
    context = {"parts": parts, "screenings": screenings, "year": params["year"]}
    frame = report_context(request, "gri", facets, params=params, fixed=fixed)
    return render(request, "overview/report_gri.html", {**frame, **context})


@login_required
def report_gri_rows(request: HttpRequest, dimension: str, figure: str) -> HttpResponse:
    """The suppliers behind one figure and why each of them counts."""
    workspace = reading_buyer(request)
    if dimension not in {*Dimension} or figure not in {*Figure}:
        raise Http404
    today = timezone.localdate()
    facets, fixed = gri.gri_facets(today), gri.fixed_choices(today)
    params = with_fixed(facets, params_of(request), fixed)
    frame = gri.frame_of(request.user, workspace, params, Dimension(dimension))
    wanted = Figure(figure)
    page = page_of(gri.listed_suppliers(wanted, frame), request)
    reasons = reasons_of(page, frame, wanted)
    findings = gri.findings_behind(wanted, frame)
    lines = supplier_lines(page, findings.none() if reasons is not None else findings)
    shown = page.paginator.count
    numbers = gri.SCREENING_NUMBERS if wanted in gri.SCREENING_FIGURES else gri.NUMBERS
    title = " ".join(filter(None, (numbers[frame.dimension], str(FIGURE_WORDS[wanted]), frame.provision)))
    context = {
        "title": title,
        "page": page,
        "lines": [{"line": line, "reasons": (reasons or {}).get(line.relationship.pk, [])} for line in lines],
        "remains": ngettext("%(shown)s supplier", "%(shown)s suppliers", shown) % {"shown": shown_figure(shown)},
    }
    head = report_context(request, "gri", facets, params=params, fixed=fixed, crumb=title)
    return render(request, "overview/report_gri_rows.html", {**head, **context})


def reasons_of(page: Iterable[Relationship], frame: gri.Frame, figure: Figure) -> dict[int, list[str]] | None:
    """Return why suppliers count that count by what was asked of them; None where they count by findings."""
    if figure in gri.SCREENING_FIGURES:
        return screened_words(page, gri.assessments_of(page, frame, ever=True))
    return assessed_words(gri.assessments_of(page, frame)) if figure is Figure.ASSESSED else None
