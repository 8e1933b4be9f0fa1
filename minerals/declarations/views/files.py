"""Handing out the file of an edition."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase

from minerals.declarations.views.fetching import fetch_edition
from portal.accounts.queries import signed_in
from portal.files.services import file_response
from portal.trail.services import address_of, record


@login_required
def declaration_file(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Hand out the file of an edition to those who see the edition; always as an attachment."""
    edition = fetch_edition(request, pk, number)
    if edition.file is None:
        raise Http404
    answer = file_response(edition.file)
    record(
        "download_file",
        actor=signed_in(request),
        thing=edition.file,
        organisation_id=edition.declaration.relationship.supplier_id,
        address=address_of(request),
        name=edition.file.name,
        declaration=edition.declaration_id,
    )
    return answer
