"""Handing in: what a supplier sends, and what a buyer, a batch or a program enters in its place."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.declarations.enums import OPEN_STATES, Way
from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.lifecycle import advance
from minerals.declarations.models import Declaration, Edition
from minerals.declarations.queries.editions import declared_of
from minerals.declarations.services.assessing import assess_declaration
from minerals.declarations.services.editions import add_edition, asked_name, digest_of
from minerals.templates_io.document import Declared
from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.lib.errors import ConflictError, DomainError
from portal.trail.services import record
from suppliers.organisations.models import Relationship, Site
from suppliers.organisations.queries import leading_sites


@transaction.atomic
def hand_in(edition: Edition, *, actor: User | None) -> Declaration:
    """Hand an edition in: its declaration is received, its summary written, its red flags raised.

    An edition may be handed in with open items: the buyer sees them. Raises DomainError for one that was handed in
    before, or when a later one was, and where the declaration takes none now.
    """
    home = Declaration.objects.select_for_update().select_related("relationship").get(pk=edition.declaration_id)
    if home.editions.filter(handed_in_at__isnull=False, number__gte=edition.number).exists():
        message = _("This edition, or a later one, was handed in before. Upload the file again to send it once more.")
        raise ConflictError(message, code="handed_in")
    advance(home, State.RECEIVED, actor=actor)
    edition.handed_in_at = home.submitted_at or timezone.now()
    edition.save(update_fields=["handed_in_at"])
    stand(home, edition)
    assess_declaration(home)
    record(
        "hand_in_declaration",
        actor=actor,
        thing=home,
        organisation_id=home.relationship.supplier_id,
        edition=edition.number,
        template=edition.template,
        way=edition.way,
    )
    return home


def stand(declaration: Declaration, edition: Edition) -> None:
    """Make an edition the one that stands, with its summary for lists."""
    declared = declared_of(edition)
    declaration.current = edition
    declaration.version = edition.version
    declaration.scope = declared.scope_kind
    declaration.effective_on = day_of(declared.effective_date)
    declaration.save(update_fields=["current", "version", "scope", "effective_on"])


def day_of(text: str) -> date | None:
    """Return an ISO date, None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@transaction.atomic
def enter_declaration(
    *,
    relationship: Relationship,
    declared: Declared,
    file: StoredFile | None,
    year: int,
    way: Way,
    actor: User | None,
) -> Declaration:
    """Enter what a supplier sent by other means: handed in for the open request of its template and year.

    Without such a request a declaration is made. Raises DomainError with the code "known" for content that this
    supplier has handed in before, and for a supplier without an open site.
    """
    digest = digest_of(declared, file)
    refuse_handed_in(relationship, digest)
    home = open_declaration(relationship, asked_name(declared.template), year)
    edition = home.editions.order_by("-number").first()
    if edition is None or edition.handed_in_at is not None or edition.sha256 != digest:
        edition = add_edition(home, declared, way=way, file=file, actor=actor)
    record(
        "enter_declaration",
        actor=actor,
        thing=home,
        organisation_id=relationship.buyer_id,
        template=declared.template,
        way=way,
    )
    return hand_in(edition, actor=actor)


def refuse_handed_in(relationship: Relationship, digest: str) -> None:
    """Refuse content that stands in this relationship already."""
    same = Edition.objects.filter(
        sha256=digest, declaration__relationship=relationship, handed_in_at__isnull=False
    ).select_related("declaration")
    if (known := same.order_by("pk").first()) is not None:
        message = _("This file is here already: edition %(number)d of “%(title)s”.")
        facts = {"number": known.number, "title": known.declaration.title}
        raise DomainError(message % facts, code="known", detail={"edition": known.pk})


def open_declaration(relationship: Relationship, template: str, year: int) -> Declaration:
    """Return the oldest request that waits for this template and year, or a new declaration."""
    rows = Declaration.objects.select_for_update().filter(relationship=relationship, template=template, year=year)
    waiting = rows.filter(state__in=OPEN_STATES).order_by("pk").first()
    if waiting is not None:
        return waiting
    return Declaration.objects.create(
        relationship=relationship,
        site=asked_site(relationship),
        template=template,
        year=year,
        title=f"{template} {year}",
    )


def asked_site(relationship: Relationship) -> Site:
    """Return the site whose contact is asked where nobody chose one: the one that leads among the open ones."""
    standing = Site.objects.filter(Q(closed_on=None) | Q(closed_on__gt=timezone.localdate()))
    site = leading_sites(standing.filter(organisation=relationship.supplier)).first()
    if site is None:
        message = _("%(supplier)s has no open site. Add one before you enter a declaration.")
        raise DomainError(message % {"supplier": relationship.supplier.name}, code="site")
    return site
