"""The rows behind the figures: who said what, in which declaration, in which row or cell."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_countries import countries

from minerals.declarations.queries.wording import QUESTIONS
from minerals.rollup.aggregation import Cell, Figure
from minerals.rollup.enums import FIGURE_LABELS
from minerals.rollup.queries import evidence
from minerals.rollup.queries.choosing import Chosen
from minerals.rollup.queries.evidence import LEFT_OUT, SILENT
from minerals.rollup.queries.figures import read_figures
from minerals.rollup.queries.silent import silent_about
from minerals.rollup.queries.smelters import rolled_smelters, smelters_with_origin
from minerals.rollup.views.frame import choose_rollup
from minerals.templates_io.queries import mineral_name
from portal.accounts.queries import signed_in
from portal.jobs.services import start_job
from portal.lib.listing import page_of
from portal.trail.services import record


@login_required
def rollup_evidence(request: HttpRequest) -> HttpResponse:
    """The suppliers behind one figure: what each of them says, in which declaration, in which cell."""
    chosen = choose_rollup(request)
    cell = (request.GET.get("question", ""), request.GET.get("mineral", ""))
    figures = read_figures(chosen.owner, chosen.template, chosen.group)
    if cell not in figures.table:
        raise Http404
    by_word = evidence.suppliers_by_word(chosen.rollup, cell)
    word = request.GET.get("word", "")
    context = {
        "chosen": chosen,
        "question": cell[0],
        "mineral": cell[1],
        "figure": figures.table[cell],
        "text": QUESTIONS[chosen.template][cell[0]],
        "provenance": figures.provenance(cell),
        "tabs": word_tabs(chosen, cell, figures.table[cell], by_word, word),
        "word": word,
        "values": [("question", cell[0]), ("mineral", cell[1]), ("word", word)],
        "crumbs": crumbs_of(chosen, f"{cell[0]}. {mineral_name(cell[1])}"),
    }
    if word == SILENT:
        rows = silent_about(chosen.owner.pk, chosen.template, cell[1], chosen.group)
        return render(request, "minerals/rollup/evidence_silent.html", {**context, "page": page_of(rows, request)})
    wanted = evidence.suppliers_who_said(by_word, word)
    page = page_of(evidence.contributions_of(chosen.rollup, wanted), request)
    voices = evidence.voices_of(list(page), cell)
    return render(request, "minerals/rollup/evidence.html", {**context, "page": page, "voices": voices})


def word_tabs(
    chosen: Chosen, cell: Cell, figure: Figure, by_word: Mapping[str, set[int]], current: str
) -> list[dict[str, Any]]:
    """Return the words that were given with how many suppliers gave them, and who has not answered."""
    address = f"{reverse('rollup_evidence')}?{chosen.kept}&{urlencode({'question': cell[0], 'mineral': cell[1]})}"
    counts = [("", _("All answers"), figure.answered)]
    order = list(FIGURE_LABELS)
    for word in sorted(by_word, key=lambda one: order.index(one) if one in order else len(order)):
        label = str(FIGURE_LABELS.get(word, _("Left out"))) if word else _("Left out")
        counts.append((word or LEFT_OUT, label, len(by_word[word])))
    counts.append((SILENT, _("Not answered"), figure.silent))
    return [
        {
            "url": f"{address}&word={word}" if word else address,
            "label": label,
            "count": count,
            "current": word == current,
        }
        for word, label, count in counts
    ]


def crumbs_of(chosen: Chosen, here: str) -> list[dict[str, str]]:
    """Return the way back to the roll-up."""
    title = f"{chosen.template}, {chosen.group.name if chosen.group else _('whole company')}"
    return [
        {"label": _("Roll-up"), "url": reverse("rollup_detail")},
        {"label": title, "url": f"{reverse('rollup_detail')}?{chosen.kept}"},
        {"label": here},
    ]


@login_required
def rollup_smelter(request: HttpRequest, pk: int) -> HttpResponse:
    """Every row in which suppliers name one smelter, in their own words."""
    chosen = choose_rollup(request)
    row = get_object_or_404(rolled_smelters(chosen.rollup), pk=pk)
    rows = evidence.smelter_rows(row.rollup).filter(evidence.rows_clause([row.key]))
    name = row.smelter.name if row.smelter else row.case.name if row.case else _("Not identified")
    context = {
        "chosen": chosen,
        "row": row,
        "title": name,
        "values": [("pk", pk)],
        "page": page_of(rows, request),
        "origins": [(code, str(countries.name(code))) for code in row.origins],
        "crumbs": crumbs_of(chosen, name),
    }
    return render(request, "minerals/rollup/smelter.html", context)


@login_required
def rollup_origin(request: HttpRequest, code: str) -> HttpResponse:
    """The smelters that suppliers say buy in one country, and the rows that say so."""
    chosen = choose_rollup(request)
    if code not in countries:
        raise Http404
    named = smelters_with_origin(chosen.rollup, code)
    rows = evidence.origin_rows(chosen.rollup, named, code)
    name = str(countries.name(code))
    context = {
        "chosen": chosen,
        "title": name,
        "values": [("code", code)],
        "smelters": len(named),
        "page": page_of(rows, request),
        "crumbs": crumbs_of(chosen, name),
    }
    return render(request, "minerals/rollup/origin.html", context)


# Exports -------------------------------------------------------------------------------------------

# What the address of each page says besides the roll-up, as its export needs it.
EXPORTED = {"rollup_evidence": ("question", "mineral", "word"), "rollup_smelter": ("pk",), "rollup_origin": ("code",)}


@require_POST
@login_required
def rollup_rows_export(request: HttpRequest, name: str) -> HttpResponse:
    """Start an export of the rows behind a figure, a smelter or a country of origin."""
    if name not in EXPORTED:
        raise Http404
    chosen = choose_rollup(request)
    asked = {key: request.POST.get(key, "") for key in EXPORTED[name]}
    here, params = chosen.owner.pk, {"page": name, **chosen.params, **asked}
    record("export_rollup_rows", actor=signed_in(request), organisation_id=here, params=params)
    job = start_job(
        "rollup.export_rows",
        actor=signed_in(request),
        organisation_id=here,
        params=params,
        return_path=request.POST.get("back", ""),
    )
    return redirect("job_detail", job.pk)
