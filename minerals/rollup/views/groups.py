"""Groups of products: the list, one group with its items, and declarations that wait to be mapped."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from minerals.declarations.models import Declaration
from minerals.declarations.queries import asked_declarations
from minerals.rollup.forms import GroupForm, ItemFileForm, ItemForm
from minerals.rollup.models import GroupItem, ProductGroup
from minerals.rollup.permissions import may
from minerals.rollup.queries.groups import counted_groups, scopes_to_map, visible_groups
from minerals.rollup.services import grouping
from minerals.rollup.views.frame import owner_here
from portal.accounts.queries import signed_in
from portal.jobs.services import start_job
from portal.lib.errors import DomainError
from portal.lib.formats import figure
from portal.lib.listing import page_of, search_rows
from portal.lib.numbers import read_number
from portal.trail.services import record
from suppliers.organisations.models import Organisation

SEARCHED = ("number", "relationship__vendor_code", "relationship__supplier__name")


@login_required
def group_list(request: HttpRequest) -> HttpResponse:
    """The groups with how many suppliers deliver into them; those with a scope to map first."""
    owner = owner_here(request, "read")
    context = {
        "groups": counted_groups(visible_groups(request.user).filter(owner=owner)),
        "to_map": scopes_to_map(owner).count(),
        "may_edit": may(request.user, "edit_groups", owner),
    }
    return render(request, "minerals/rollup/groups.html", context)


@login_required
def group_new(request: HttpRequest) -> HttpResponse:
    """Make a group."""
    owner = owner_here(request, "edit_groups")
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            group = grouping.make_group(owner=owner, actor=signed_in(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error("code", error.message)
        else:
            return redirect("group_edit", group.pk)
    status = 422 if form.errors else 200
    return render(request, "minerals/rollup/group_new.html", {"form": form}, status=status)


def group_here(request: HttpRequest, pk: int, deed: str) -> ProductGroup:
    """Return a group: 404 for strangers, 403 for who may not do the deed."""
    group = get_object_or_404(visible_groups(request.user).select_related("owner"), pk=pk)
    if not may(request.user, deed, group.owner):
        raise PermissionDenied
    return group


@login_required
def group_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One group: its name, its items, and how to add or import some."""
    group = group_here(request, pk, "read")
    form = GroupForm(request.POST or None, group=group)
    if request.method == "POST":
        group = group_here(request, pk, "edit_groups")
        if form.is_valid():
            try:
                grouping.rename_group(group, actor=signed_in(request), **form.cleaned_data)
            except DomainError as error:
                form.add_error("code", error.message)
            else:
                messages.success(request, _("The group is saved."))
                return redirect("group_edit", pk)
    return show_group(request, group, form=form)


def show_group(request: HttpRequest, group: ProductGroup, **facts: Any) -> HttpResponse:
    """Show a group, with a form that was refused where there is one."""
    rows = group.items.select_related("relationship__supplier")
    words = request.GET.get("q", "")
    rows = search_rows(rows, words, SEARCHED)
    page = page_of(rows.order_by("relationship__supplier__name", "folded", "pk"), request)
    total = page.paginator.count
    context = {
        "form": GroupForm(group=group),
        "item_form": ItemForm(owner=group.owner),
        "file_form": ItemFileForm(),
        "group": group,
        "page": page,
        "may_edit": may(request.user, "edit_groups", group.owner),
        "search": {
            "name": "q",
            "label": _("Supplier, vendor code or product number"),
            "value": words,
        },
        "remains": ngettext("%(shown)s item", "%(shown)s items", total) % {"shown": figure(total)},
        **facts,
    }
    refused = any(context[name].errors for name in ("form", "item_form", "file_form")) or context.get("problems")
    return render(request, "minerals/rollup/group.html", context, status=422 if refused else 200)


@require_POST
@login_required
def group_item_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add one item."""
    group = group_here(request, pk, "edit_groups")
    form = ItemForm(request.POST, owner=group.owner)
    if form.is_valid() and form.relationship is not None:
        number = form.cleaned_data["number"].strip()
        try:
            grouping.add_item(group, relationship=form.relationship, number=number, actor=signed_in(request))
        except DomainError as error:
            form.add_error("number", error.message)
        else:
            messages.success(request, _("The item is added."))
            return redirect("group_edit", pk)
    return show_group(request, group, item_form=form)


@require_POST
@login_required
def group_item_remove(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Take one item out."""
    group = group_here(request, pk, "edit_groups")
    row = get_object_or_404(GroupItem.objects.select_related("group"), pk=item, group=group)
    grouping.remove_item(row, actor=signed_in(request))
    messages.success(request, _("The item is removed."))
    return redirect("group_edit", pk)


@require_POST
@login_required
def group_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Replace the items by those of a table; each wrong cell is named and then nothing changes."""
    group = group_here(request, pk, "edit_groups")
    form = ItemFileForm(request.POST, request.FILES)
    problems: list[dict[str, str]] = []
    if form.is_valid():
        try:
            total = grouping.import_items(group, file=form.cleaned_data["file"], actor=signed_in(request))
        except DomainError as error:
            form.add_error("file", error.message)
            problems = error.detail if isinstance(error.detail, list) else []
        else:
            text = ngettext("The group has %(count)s item now.", "The group has %(count)s items now.", total)
            messages.success(request, text % {"count": figure(total)})
            return redirect("group_edit", pk)
    return show_group(request, group, file_form=form, problems=problems)


@require_POST
@login_required
def group_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a group and its roll-up."""
    group = group_here(request, pk, "edit_groups")
    grouping.remove_group(group, actor=signed_in(request))
    messages.success(request, _("The group “%(name)s” is removed.") % {"name": group.name})
    return redirect("group_list")


@require_POST
@login_required
def group_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Start an export of the items."""
    group = group_here(request, pk, "read")
    record("export_group_items", actor=signed_in(request), thing=group, organisation_id=group.owner_id)
    job = start_job(
        "rollup.export_items",
        actor=signed_in(request),
        organisation_id=group.owner_id,
        params={"group": group.pk},
        return_path=reverse("group_edit", args=[pk]),
    )
    return redirect("job_detail", job.pk)


# Scopes of their own -------------------------------------------------------------------------------


@login_required
def scope_list(request: HttpRequest) -> HttpResponse:
    """Declarations whose suppliers described a scope of their own: for each, the groups to choose from."""
    owner = owner_here(request, "map_scopes")
    rows = scopes_to_map(owner).select_related("relationship__supplier", "current").order_by("pk")
    page = page_of(rows, request)
    items = group_choices(owner, list(page))
    entries = [
        {
            "declaration": row,
            "words": str((row.current.content if row.current else {}).get("scope_description", "")),
            "groups": items.get(row.relationship_id, []),
        }
        for row in page
    ]
    return render(request, "minerals/rollup/scopes.html", {"page": page, "entries": entries})


def group_choices(owner: Organisation, rows: list[Declaration]) -> dict[int, list[ProductGroup]]:
    """Return the groups each of these suppliers delivers into; one query."""
    found: dict[int, list[ProductGroup]] = {}
    wanted = {row.relationship_id for row in rows}
    items = GroupItem.objects.filter(group__owner=owner, relationship_id__in=wanted).select_related("group")
    for item in items.order_by("group__name", "pk"):
        there = found.setdefault(item.relationship_id, [])
        if item.group not in there:
            there.append(item.group)
    return found


@require_POST
@login_required
def scope_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which groups a declaration speaks of."""
    declaration = get_object_or_404(asked_declarations(request.user).select_related("relationship__buyer"), pk=pk)
    owner = declaration.relationship.buyer
    if not may(request.user, "map_scopes", owner):
        raise PermissionDenied
    wanted = [read_number(one) for one in request.POST.getlist("groups")]
    chosen = ProductGroup.objects.filter(owner=owner, pk__in=wanted)
    grouping.map_scope(declaration, groups=chosen, actor=signed_in(request))
    messages.success(request, _("Saved. The roll-up of these products holds the declaration now."))
    return redirect("scope_list")
