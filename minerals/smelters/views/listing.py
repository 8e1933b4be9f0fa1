"""The list of smelters and its export."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from minerals.smelters.enums import Light
from minerals.smelters.permissions import may
from minerals.smelters.queries import visible_smelters
from minerals.smelters.queries.names import count_open
from minerals.smelters.queries.registry import count_lights, smelter_facets, wanted_smelters
from minerals.smelters.queries.usage import count_uses
from minerals.smelters.services.exports import start_export
from minerals.smelters.views.fetching import registry_owner
from portal.accounts.queries import signed_in
from portal.lib.formats import figure
from portal.lib.listing import filter_context, page_of


@login_required
def smelter_list(request: HttpRequest) -> HttpResponse:
    """Smelters of the registry, each with who declares it."""
    owner, user = registry_owner(request), signed_in(request)
    facets = smelter_facets(owner.pk)
    rows = visible_smelters(user).filter(owner=owner)
    page = page_of(wanted_smelters(rows, facets, request.GET), request)
    uses = count_uses(user, "smelter", [smelter.pk for smelter in page])
    total = page.paginator.count
    remains = ngettext("%(shown)s smelter", "%(shown)s smelters", total) % {"shown": figure(total)}
    bar = filter_context(request, facets, search_label=_("Name, alias or number"), remains=remains)
    lights = count_lights(rows)
    facts = {
        "page": page,
        "lines": [(smelter, *uses.get(smelter.pk, (0, 0))) for smelter in page],
        "sort": request.GET.get("sort", "") or "name",
        "lights": [(light, lights[light.value]) for light in Light],
        "known": sum(lights.values()),
        "open_names": count_open(owner.pk),
        "may_import": may(user, "import_list", owner),
    }
    return render(request, "minerals/smelters/list.html", {**facts, **bar})


@require_POST
@login_required
def smelter_export(request: HttpRequest) -> HttpResponse:
    """Start an export of the smelters as the list is filtered."""
    owner = registry_owner(request)
    job = start_export(owner=owner, what="smelters", params=request.POST, actor=signed_in(request))
    return redirect("job_detail", job.pk)
