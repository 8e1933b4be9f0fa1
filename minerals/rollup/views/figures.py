"""The roll-up itself: the company's answers as they stand, and its list of smelters."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minerals.declarations.queries.wording import QUESTIONS
from minerals.rollup.aggregation import RULES
from minerals.rollup.enums import Rule
from minerals.rollup.permissions import may
from minerals.rollup.queries.figures import Figures, read_figures
from minerals.rollup.queries.smelters import SEARCHED, rolled_smelters, smelter_facets, sort_smelters
from minerals.rollup.views.frame import choose_rollup, rollup_bar
from portal.lib.formats import figure
from portal.lib.listing import narrow_rows, page_of, search_rows


@login_required
def rollup_detail(request: HttpRequest) -> HttpResponse:
    """Every question and mineral with its figure, each opening who said what; below, the smelters of all suppliers."""
    chosen = choose_rollup(request)
    figures = read_figures(chosen.owner, chosen.template, chosen.group)
    facets = smelter_facets(chosen.rollup)
    rows = narrow_rows(rolled_smelters(chosen.rollup), facets, request.GET)
    rows = search_rows(rows, request.GET.get("q", ""), SEARCHED)
    sort = request.GET.get("sort", "")
    page = page_of(sort_smelters(rows, sort), request)
    total = page.paginator.count
    remains = ngettext("%(shown)s smelter", "%(shown)s smelters", total) % {"shown": figure(total)}
    context = {
        "chosen": chosen,
        "figures": figures,
        "lines": matrix_of(figures),
        "first": [figures.table["1", mineral] for mineral in figures.minerals],
        "page": page,
        "sort": sort or "-suppliers",
        "today": timezone.localdate(),
        "may_edit": may(request.user, "edit_profile", chosen.owner),
        **rollup_bar(request, chosen, facets, remains=remains, search_label=_("Smelter name or number")),
    }
    return render(request, "minerals/rollup/rollup.html", context)


def matrix_of(figures: Figures) -> list[dict[str, Any]]:
    """Return the answers as lines of a table: a question and its figure for each mineral."""
    return [
        {
            "question": question,
            "text": QUESTIONS[figures.template][question],
            "rule": Rule(RULES[figures.template][question]).label,
            "cells": [(mineral, figures.table[question, mineral]) for mineral in figures.minerals],
        }
        for question in figures.questions
    ]
