"""The buyer's deeds on one declaration: return it with a mail, accept it, call it off."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.forms.reviewing import AcceptForm, CancelForm, ReturnForm
from minerals.declarations.models import Declaration
from minerals.declarations.queries.editions import issues_of, missing_of
from minerals.declarations.queries.reading import Line, key_of, line_of
from minerals.declarations.queries.returning import draft_letter, language_of, recipients_of
from minerals.declarations.services import accept_declaration, cancel_declaration, return_declaration
from minerals.declarations.services.reviewing import unseen_error
from minerals.declarations.views.detail import show_declaration
from minerals.declarations.views.fetching import fetch_declaration
from minerals.templates_io.document import Issue
from minerals.templates_io.enums import Grade
from portal.accounts.queries import signed_in
from portal.lib.errors import ConflictError, DomainError
from portal.lib.numbers import read_number


@require_http_methods(["GET", "POST"])
@login_required
def declaration_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the supplier what to mend; the mail is drafted in their language."""
    declaration = fetch_declaration(request, pk, "review")
    if declaration.current is None or declaration.state not in (State.RECEIVED, State.ACCEPTED):
        return show_declaration(request, declaration, problem=_("Nothing was handed in that could be returned."))
    seen = seen_edition(request)
    if seen not in (None, declaration.current.number):
        raise unseen_error()  # before the form: its points are those of the newer edition
    letter = draft_letter(declaration, language_of(declaration))
    points = points_of(declaration)
    lines = [line_of(issue, grade) for issue, grade in points]
    form = ReturnForm(request.POST or None, letter=letter, lines=lines)
    if request.method == "POST" and form.is_valid():
        ticked = set(form.cleaned_data.get("points", []))
        chosen = [issue for issue, _grade in points if key_of(issue) in ticked]
        words = {name: form.cleaned_data[name] for name in ("subject", "body")}
        return_declaration(declaration, **words, issues=chosen, seen=seen, actor=signed_in(request))
        messages.success(request, _("Returned. The mail is on its way."))
        return redirect("declaration_detail", pk)
    context = return_context(declaration, form, lines, letter.language)
    status = 422 if request.method == "POST" else 200
    return render(request, "minerals/declarations/return.html", context, status=status)


def seen_edition(request: HttpRequest) -> int | None:
    """Return the number of the edition that the page showed when the buyer decided."""
    return read_number(request.POST.get("edition", "")) or None


def points_of(declaration: Declaration) -> list[tuple[Issue, Grade | None]]:
    """Return what may go along with a return: what is missing first, then what looks wrong, each once."""
    if declaration.current is None:
        return []
    missing = [(issue, Grade.ERROR) for issue in missing_of(declaration.current)]
    found: list[tuple[Issue, Grade | None]] = [*missing, *((issue, None) for issue in issues_of(declaration.current))]
    return list({key_of(issue): (issue, grade) for issue, grade in found}.values())


def return_context(declaration: Declaration, form: ReturnForm, lines: list[Line], language: str) -> dict[str, Any]:
    """Return what the page of a return shows."""
    return {
        "declaration": declaration,
        "form": form,
        "lines": lines,
        "language": get_language_info(language)["name_translated"],
        "people": recipients_of(declaration),
    }


@require_POST
@login_required
def declaration_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept what was received; a later one that stands has to be named first."""
    declaration = fetch_declaration(request, pk, "review")
    form = AcceptForm(request.POST)
    form.is_valid()
    try:
        gone = accept_declaration(
            declaration,
            actor=signed_in(request),
            despite_later=bool(form.cleaned_data.get("despite_later")),
            seen=seen_edition(request),
        )
    except ConflictError:
        raise
    except DomainError as error:
        if error.code != "later":
            raise
        return show_declaration(request, declaration, problem=error.message, ask_later=True)
    words = ngettext("%(count)d older one is superseded.", "%(count)d older ones are superseded.", gone)
    messages.success(request, " ".join([_("Accepted."), *([words % {"count": gone}] if gone else [])]))
    return redirect("declaration_detail", pk)


@require_POST
@login_required
def declaration_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call off a request that waits for the supplier."""
    declaration = fetch_declaration(request, pk, "cancel")
    form = CancelForm(request.POST)
    if not form.is_valid():
        return show_declaration(request, declaration, cancel_form=form, status=422)
    cancel_declaration(declaration, actor=signed_in(request), reason=form.cleaned_data["reason"].strip())
    messages.success(request, _("The request is called off."))
    return redirect("declaration_detail", pk)
