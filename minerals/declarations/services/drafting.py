"""Filling in a declaration on the page: a draft that is begun, saved field by field, and handed in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.declarations.document import (
    NEWEST,
    Outcome,
    merge_fields,
    minerals_of,
    next_row,
    steps_of,
)
from minerals.declarations.enums import Way
from minerals.declarations.models import Declaration, Draft, Edition
from minerals.declarations.queries.carrying import carry
from minerals.declarations.queries.drafts import Picked, compose
from minerals.declarations.services.editions import add_edition
from minerals.declarations.services.handing_in import hand_in
from minerals.templates_io.document import UNIDENTIFIED, UNLISTED, Company, Declared
from minerals.templates_io.enums import Template
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError
from portal.trail.services import record

MOST_ROWS = 1000
Plain = dict[str, Any]


@transaction.atomic
def begin_draft(*, declaration: Declaration, actor: User) -> Draft:
    """Begin an empty form, with what is known of the company; one that is there already is returned."""
    refuse_closed(declaration)
    site = declaration.site
    company = Company(
        name=declaration.relationship.supplier.name,
        address=site.address[:250],
        contact=site.contact_name,
        contact_email=site.contact_email,
    )
    declared = Declared(
        template=Template(declaration.template),
        version=NEWEST[Template(declaration.template)],
        language="English",
        company=company,
        minerals=tuple(declaration.minerals),
    )
    return keep_new(declaration, {"declared": msgspec.to_builtins(declared)}, origin="", actor=actor)


@transaction.atomic
def continue_draft(*, declaration: Declaration, edition: Edition, actor: User) -> Draft:
    """Begin a form with what an edition says, in the newest numbering; each page then waits to be looked at.

    Questions that the edition's template did not ask stay empty and are marked as new; the effective date is left out.
    Raises ConflictError where a form was begun meanwhile.
    """
    refuse_closed(declaration)
    carried = carry(edition, template=Template(declaration.template), minerals=declaration.minerals)
    content: Plain = {
        "declared": carried.data,
        "unchecked": [step.code for step in steps_of(carried.data)],
        "new": list(carried.new),
    }
    origin = f"{edition.template} {edition.version}, {edition.declaration.year}"
    draft = keep_new(declaration, content, origin=origin, actor=actor)
    if draft.origin != origin:
        raise ConflictError(_("This form was begun a moment ago. Nothing was overwritten; go on with it."))
    record(
        "continue_declaration",
        actor=actor,
        thing=declaration,
        organisation_id=declaration.relationship.supplier_id,
        edition=edition.pk,
    )
    return draft


def keep_new(declaration: Declaration, content: Plain, *, origin: str, actor: User) -> Draft:
    """Keep a new draft, or return the one there is; the declaration counts as started."""
    content = {"marks": {}, "unchecked": [], "new": [], **content}
    draft, _made = Draft.objects.get_or_create(
        declaration=declaration, defaults={"content": content, "origin": origin[:80], "updated_by": actor}
    )
    Declaration.objects.filter(pk=declaration.pk, started_at=None).update(started_at=timezone.now())
    return draft


def refuse_closed(declaration: Declaration) -> None:
    """Refuse to write where nothing is asked for."""
    if not declaration.is_open:
        message = _("This declaration is “%(state)s”; nothing can be filled in now.")
        raise DomainError(message % {"state": declaration.get_state_display()}, code="transition")


def lock_draft(declaration: Declaration) -> Draft:
    """Return the draft, locked; raises DomainError where nothing can be written."""
    home = Declaration.objects.select_for_update().get(pk=declaration.pk)
    refuse_closed(home)
    drafts = Draft.objects.select_for_update(of=("self",)).select_related("updated_by")
    draft = drafts.filter(declaration=home).first()
    if draft is None:
        raise DomainError(_("This form is not begun yet. Open the declaration and begin it."), code="not_begun")
    return draft


def keep(draft: Draft, actor: User) -> Draft:
    """Write a draft as its next version."""
    draft.version += 1
    draft.updated_by = actor
    draft.save(update_fields=["content", "version", "updated_by", "updated_at"])
    return draft


class Saved(msgspec.Struct, kw_only=True):
    """A draft after a save, and what came of each field; `by` is who saved before."""

    draft: Draft
    outcome: Outcome
    by: str = ""


@transaction.atomic
def save_fields(
    *, declaration: Declaration, posted: Mapping[str, tuple[str, int]], actor: User, checked: str = ""
) -> Saved:
    """Save fields, {key: (value, version it was written on top of)}; each on its own.

    A field that somebody else changed meanwhile is left as it stands and reported with both values; a value that
    cannot stand is reported with its reason. `checked` is a page that was looked at after it was carried over.
    """
    draft = lock_draft(declaration)
    by = str(draft.updated_by or "")
    content = draft.content
    outcome = merge_fields(content["declared"], content["marks"], posted, now=draft.version + 1)
    was_unchecked = checked in content["unchecked"]
    if was_unchecked and not outcome.conflicts and not outcome.wrong:
        content["unchecked"] = [code for code in content["unchecked"] if code != checked]
    if outcome.saved or was_unchecked:
        keep(draft, actor)
    return Saved(draft=draft, outcome=outcome, by=by)


# Rows ----------------------------------------------------------------------------------------------
@transaction.atomic
def add_smelters(*, declaration: Declaration, picked: Sequence[Picked], actor: User) -> int:
    """Add smelters below those there are and return how many; one that is listed already is passed over."""
    draft = lock_draft(declaration)
    data = draft.content["declared"]
    known = {identity_of(row) for row in data["smelters"]}
    added = 0
    for pick in picked:
        row = smelter_row(pick, next_row(data, "smelters"))
        if pick.metal not in minerals_of(data) or identity_of(row) in known:
            continue
        refuse_full(data["smelters"])
        known.add(identity_of(row))
        data["smelters"].append(row)
        added += 1
    if added:
        keep(draft, actor)
    return added


def smelter_row(pick: Picked, number: int) -> Plain:
    """Return a row as the templates have it."""
    row: Plain = {"row": number, "metal": pick.metal, "recycled": "", "mines": "", "mine_countries": "", "comments": ""}
    if pick.kind == "unidentified":
        return {**row, "lookup": UNIDENTIFIED.capitalize(), "name": "", "country": "", "cid": ""}
    row |= {"name": pick.name, "country": pick.country, "cid": pick.cid}
    if pick.kind == "listed":
        return {**row, "lookup": pick.name, "standard_name": pick.name, "listed": True}
    return {**row, "lookup": UNLISTED.capitalize(), "listed": False}


def identity_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what tells one smelter from another within a form."""
    if row.get("listed") and row.get("cid"):
        return row["metal"], row["cid"]
    texts = (row["metal"], row.get("lookup", ""), row.get("name", ""), row.get("country", ""), row.get("cid", ""))
    return tuple(" ".join(str(text).split()).casefold() for text in texts)


def refuse_full(rows: Sequence[Plain]) -> None:
    """Refuse one row too many."""
    if len(rows) >= MOST_ROWS:
        message = _("A form holds at most %(limit)d rows. Upload the filled Excel template instead.")
        raise DomainError(message % {"limit": MOST_ROWS}, code="full")


@transaction.atomic
def add_products(*, declaration: Declaration, rows: Iterable[tuple[str, str]], actor: User) -> int:
    """Add products, (number, name) each, and return how many; a number that is listed already is passed over."""
    draft = lock_draft(declaration)
    data = draft.content["declared"]
    known = {str(row["number"]).casefold() for row in data["products"]}
    added = 0
    for number, name in rows:
        if number.casefold() in known or not number:
            continue
        refuse_full(data["products"])
        known.add(number.casefold())
        data["products"].append({"row": next_row(data, "products"), "number": number[:120], "name": name[:250]})
        added += 1
    if added:
        keep(draft, actor)
    return added


@transaction.atomic
def remove_row(*, declaration: Declaration, kind: str, number: int, actor: User) -> bool:
    """Take a row of the "smelters" or "products" out; False where somebody has done so."""
    draft = lock_draft(declaration)
    rows = draft.content["declared"][kind]
    kept = [row for row in rows if row["row"] != number]
    if len(kept) == len(rows):
        return False
    draft.content["declared"][kind] = kept
    draft.content["marks"] = drop_marks(draft.content["marks"], f"{kind.removesuffix('s')}.{number}.")
    keep(draft, actor)
    return True


def drop_marks(marks: Mapping[str, Any], beginning: str) -> Plain:
    """Return the marks without those of a row: its number may be given to another one."""
    return {key: mark for key, mark in marks.items() if not key.startswith(beginning)}


# Handing in ----------------------------------------------------------------------------------------
@transaction.atomic
def hand_in_draft(*, declaration: Declaration, version: int, actor: User) -> Edition:
    """Hand in what the form says at the version that was looked at; the draft stays for a correction.

    Raises ConflictError when somebody went on writing since.
    """
    draft = lock_draft(declaration)
    if draft.version != version:
        raise ConflictError(_("The form was changed since you checked it. Look at it again, then hand it in."))
    declared = compose(draft)
    edition = add_edition(declaration, declared, way=Way.FORM, actor=actor)
    hand_in(edition, actor=actor)
    return edition
