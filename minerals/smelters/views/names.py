"""The queue of names that the registry does not know."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from minerals.smelters.enums import CaseState, Rejection
from minerals.smelters.forms import KeepForm, RejectForm
from minerals.smelters.models import NameCase
from minerals.smelters.permissions import may
from minerals.smelters.queries import visible_cases, visible_smelters
from minerals.smelters.queries.names import ask_questions, case_facets, count_open, find_smelters, wanted_cases
from minerals.smelters.services import names
from minerals.smelters.services.exports import start_export
from minerals.smelters.views.detail import upstairs
from minerals.smelters.views.fetching import fetch_case, registry_owner
from portal.accounts.models import User
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from portal.lib.formats import figure
from portal.lib.listing import filter_context, page_of
from portal.lib.numbers import read_number


@login_required
def smelter_names(request: HttpRequest) -> HttpResponse:
    """Show the names that wait for a decision; other states by the filter."""
    owner, user = registry_owner(request), signed_in(request)
    rows = visible_cases(user).filter(owner=owner)
    facets = case_facets(rows)
    page = page_of(wanted_cases(rows, facets, request.GET), request)
    total = page.paginator.count
    remains = ngettext("%(shown)s name", "%(shown)s names", total) % {"shown": figure(total)}
    chosen = {} if "state" in request.GET else {"state": CaseState.OPEN.value}
    bar = filter_context(request, facets, search_label=_("Name or number"), remains=remains, chosen=chosen)
    narrowed = any(request.GET.get(name) for name in ("q", "metal", "hints", "state"))
    facts = {
        "page": page,
        "questions": ask_questions(user, list(page)),
        "sort": request.GET.get("sort", "") or "name",
        "is_open": request.GET.get("state", CaseState.OPEN.value) == CaseState.OPEN,
        "is_narrowed": narrowed,
        "clear_url": request.path if narrowed else "",
        "open_names": count_open(owner.pk),
        "may_decide": may(user, "decide_names", owner),
    }
    return render(request, "minerals/smelters/names.html", {**bar, **facts})


@require_POST
@login_required
def smelter_names_export(request: HttpRequest) -> HttpResponse:
    """Start an export of the queue as it is filtered."""
    owner = registry_owner(request)
    job = start_export(owner=owner, what="names", params=request.POST, actor=signed_in(request))
    return redirect("job_detail", job.pk)


@login_required
def smelter_name_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one name: what was typed, what it may mean, a search of the registry."""
    return show_case(request, fetch_case(request, pk), KeepForm(), None)


def show_case(
    request: HttpRequest, case: NameCase, keep: KeepForm, reject: RejectForm | None, status: int = 200
) -> HttpResponse:
    """Answer with the page of a name."""
    (question,) = ask_questions(signed_in(request), [case])
    words = request.GET.get("q", "")
    proposal = question.proposal
    context = {
        "case": case,
        "question": question,
        "words": words,
        "hits": find_smelters(case.owner_id, words, case.metal),
        "keep_form": keep,
        "reject_form": reject or RejectForm(initial={"rejection": proposal.value if proposal else ""}),
        "may_decide": may(signed_in(request), "decide_names", case.owner),
        "declarers_url": upstairs("smelter_name_declarers", case.pk),
    }
    return render(request, "minerals/smelters/name.html", context, status=status)


@require_POST
@login_required
def smelter_name_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide one name: `deed` is match, keep, reject or undo. Leads back to the queue, or to the name after undoing."""
    case, user = fetch_case(request, pk, "decide_names"), signed_in(request)
    deed = request.POST.get("deed") or ("match" if request.POST.get("smelter") else "")
    if deed == "reject":
        form = RejectForm(request.POST)
        if not form.is_valid():
            return show_case(request, case, KeepForm(), form, 400)
        reason = form.cleaned_data
        names.reject_case(case, Rejection(reason["rejection"]), reason=reason["reason"], actor=user)
        messages.success(request, _("“%(name)s” is rejected.") % {"name": case.name})
    elif deed == "keep":
        names.keep_unknown(case, reason=request.POST.get("reason", "").strip(), actor=user)
        messages.success(request, _("“%(name)s” is kept as an unknown smelter.") % {"name": case.name})
    elif deed == "match":
        match_name(request, case, user)
    elif deed == "undo":
        names.reopen_case(case, actor=user)
        messages.success(request, _("The decision is undone."))
        return redirect("smelter_name_detail", case.pk)
    else:
        raise DomainError(_("Choose what the name means."), code="deed")
    return redirect("smelter_names")


def match_name(request: HttpRequest, case: NameCase, user: User) -> None:
    """Match a name with the smelter that was chosen."""
    chosen = read_number(request.POST.get("smelter", ""))
    if not chosen:
        raise DomainError(_("Choose a smelter."), code="smelter")
    smelter = get_object_or_404(visible_smelters(user).filter(owner_id=case.owner_id), pk=chosen)
    learned = names.match_case(case, smelter, add_alias=bool(request.POST.get("add_alias")), actor=user)
    said = _("“%(name)s” means %(smelter)s.") % {"name": case.name or case.cid, "smelter": smelter.name}
    messages.success(request, f"{said} {_('The name is added to its names.')}" if learned else said)


@require_POST
@login_required
def smelter_names_decide(request: HttpRequest) -> HttpResponse:
    """Decide the ticked names at once: `deed` is match, keep or reject."""
    owner, user = registry_owner(request, "decide_names"), signed_in(request)
    ids = [read_number(value) for value in request.POST.getlist("names")]
    cases = list(visible_cases(user).filter(owner=owner, state=CaseState.OPEN, pk__in=ids))
    deeds = {"match": names.match_first, "keep": names.keep_many_unknown, "reject": names.reject_obvious}
    deed = deeds.get(request.POST.get("deed", ""))
    if deed is None or not cases:
        raise DomainError(_("Tick at least one name that is open."), code="nothing")
    count = deed(cases, actor=user)
    message = ngettext("%(count)d name is decided.", "%(count)d names are decided.", count) % {"count": count}
    left = len(cases) - count
    if left:
        message += " " + ngettext(
            "%(count)d stays open: nothing speaks for it clearly.",
            "%(count)d stay open: nothing speaks for them clearly.",
            left,
        ) % {"count": left}
    messages.success(request, message)
    return redirect("smelter_names")
