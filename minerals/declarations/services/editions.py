"""An edition is born: a file or form as it was read, row by row, checked and matched with the registry."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable

import msgspec
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.enums import Way
from minerals.declarations.models import (
    Declaration,
    DeclaredAnswer,
    DeclaredProduct,
    DeclaredSmelter,
    Edition,
)
from minerals.origins.core import Areas, parse_origins
from minerals.origins.queries import areas_for
from minerals.smelters.services.lists import note_template_list
from minerals.smelters.services.matching import Match, match_rows
from minerals.templates_io.checks import examine
from minerals.templates_io.document import Declared, Issue, SmelterRow
from minerals.templates_io.document.products import LONGEST_NUMBER, fold_number
from minerals.templates_io.document.upgrade import upgrade
from minerals.templates_io.enums import Template
from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.lib.errors import DomainError
from portal.trail.services import record

# What an older template is called today: the same minerals are asked for.
NEWER_NAMES = {Template.PRT: Template.AMRT, Template.CRT: Template.EMRT}
RENEWED_STATES = (State.ACCEPTED, State.EXPIRED)
CLOSED_STATES = (State.SUPERSEDED, State.CANCELLED)
BATCH = 500


@transaction.atomic
def add_edition(
    declaration: Declaration, declared: Declared, *, way: Way, file: StoredFile | None = None, actor: User | None
) -> Edition:
    """Keep what was read as a new edition that nobody but the supplier sees until it is handed in.

    Writes its smelters, answers and products row by row, what RMI's checker misses and what looks wrong, and matches
    the smelters with the buyer's registry. An edition for a declaration that was accepted or has expired begins a new
    declaration that follows it: read `edition.declaration`. Raises DomainError for another template than the one
    asked for, for the same content twice ("known"), and for a declaration that is closed.
    """
    refuse_wrong(declaration, declared)
    digest = digest_of(declared, file)
    home = home_of(declaration)
    refuse_known(home, digest)
    owner_id, today = home.relationship.buyer_id, timezone.localdate()
    areas = areas_for(owner_id, today)
    found = examine(declared, today=today, areas=areas)
    edition = Edition.objects.create(
        declaration=home,
        number=next_number(home),
        way=way,
        file=file,
        sha256=digest,
        template=declared.template,
        version=declared.version[:10],
        language=declared.language[:40],
        tier=declared.tier,
        layout_guessed=declared.layout_guessed,
        content=plain_content(declared),
        missing=msgspec.to_builtins(list(found.missing)),
        checker_count=declared.checker_count,
        issues=msgspec.to_builtins(list(found.issues)),
        created_by=actor,
    )
    note_template_list(
        owner_id=owner_id, template=declared.template, version=declared.version, rows=declared.lookup, actor=actor
    )
    keep_smelters(edition, declared, owner_id, areas)
    keep_answers(edition, declared)
    keep_products(edition, declared)
    note_start(home)
    record(
        "add_edition",
        actor=actor,
        thing=home,
        organisation_id=home.relationship.supplier_id,
        edition=edition.number,
        template=edition.template,
        way=way,
    )
    return edition


def note_start(declaration: Declaration) -> None:
    """Note when work on a declaration began; only the first time writes."""
    if declaration.started_at is None:
        declaration.started_at = timezone.now()
        declaration.save(update_fields=["started_at"])


def refuse_wrong(declaration: Declaration, declared: Declared) -> None:
    """Refuse a template that was not asked for, and anything for a declaration that is closed."""
    if declaration.state in CLOSED_STATES:
        message = _("This declaration is “%(state)s”: nothing more can be handed in here.")
        raise DomainError(message % {"state": State(declaration.state).label}, code="transition")
    kind = asked_name(declared.template)
    if kind != declaration.template:
        message = _("This file is of the template %(found)s. Here %(asked)s is asked for: choose that file.")
        raise DomainError(message % {"found": declared.template, "asked": declaration.template}, code="template")


def asked_name(template: str) -> str:
    """Return what a buyer asks for today where a file is of this template."""
    return NEWER_NAMES.get(Template(template), Template(template)).value


def digest_of(declared: Declared, file: StoredFile | None) -> str:
    """Return what the same file, or the same filled form, is recognised by."""
    if file is not None:
        return file.sha256
    return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(declared, lookup=()))).hexdigest()


def plain_content(declared: Declared) -> dict[str, object]:
    """Return a template as plain data, without the look-up list that every file of its version repeats."""
    content: dict[str, object] = msgspec.to_builtins(msgspec.structs.replace(declared, lookup=()))
    return content


def home_of(declaration: Declaration) -> Declaration:
    """Return the declaration an edition belongs to, locked: a new one where the old one has been accepted."""
    row = Declaration.objects.select_for_update().select_related("relationship").get(pk=declaration.pk)
    if row.state not in RENEWED_STATES:
        return row
    started = row.followed_by.filter(state__in=(State.REQUESTED, State.RECEIVED, State.RETURNED)).order_by("-pk")
    if (follower := started.select_related("relationship").first()) is not None:
        return follower
    return Declaration.objects.create(
        relationship=row.relationship,
        site_id=row.site_id,
        template=row.template,
        minerals=row.minerals,
        year=max(row.year, timezone.localdate().year),
        title=row.title,
        follows=row,
    )


def refuse_known(declaration: Declaration, digest: str) -> None:
    """Refuse what was handed in here before, and what was read a moment ago."""
    same = declaration.editions.filter(sha256=digest).order_by("-number")
    if (known := same.filter(handed_in_at__isnull=False).first()) is not None:
        message = _("This says the same as edition %(number)d, which was handed in. Mend it first, then send it again.")
    elif (known := same.filter(number=next_number(declaration) - 1).first()) is not None:
        message = _("This is the same file as edition %(number)d, which waits here. Hand that edition in.")
    else:
        return
    raise DomainError(message % {"number": known.number}, code="known", detail={"edition": known.pk})


def next_number(declaration: Declaration) -> int:
    """Return the number of the next edition; the declaration is locked by the caller."""
    last = declaration.editions.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


# Row by row ----------------------------------------------------------------------------------------
def keep_smelters(edition: Edition, declared: Declared, owner_id: int, areas: Areas) -> None:
    """Write the rows of the smelter list with the smelters they mean and the countries they name."""
    rows = list(declared.smelters)
    matches = match_rows(owner_id=owner_id, rows=rows)
    origins = Origins(declared, areas)
    DeclaredSmelter.objects.bulk_create(
        (build_smelter(edition, row, match, origins) for row, match in zip(rows, matches, strict=True)),
        batch_size=BATCH,
    )


class Origins:
    """Countries of origin of the rows of one file; the same words are read once."""

    def __init__(self, declared: Declared, areas: Areas) -> None:
        self.areas = areas
        self.read: dict[str, tuple[str, ...]] = {}
        self.mines: dict[tuple[str, str], list[str]] = defaultdict(list)
        for mine in declared.mines:
            self.mines[mine.metal, mine.smelter.casefold()].append(mine.country)

    def of(self, row: SmelterRow) -> list[str]:
        """Return the countries named by a row and by its lines in the mine list, in order of code."""
        named = {row.lookup.casefold(), row.name.casefold(), row.standard_name.casefold()} - {""}
        places = [place for name in sorted(named) for place in self.mines.get((row.metal, name), ())]
        texts = (row.mine_countries, row.mines, row.comments, *places)
        return sorted({code for text in texts for code in self.countries(text)})

    def countries(self, text: str) -> tuple[str, ...]:
        """Return the countries that a text names."""
        if not text:
            return ()
        if text not in self.read:
            self.read[text] = parse_origins(text, self.areas).countries
        return self.read[text]


def build_smelter(edition: Edition, row: SmelterRow, match: Match, origins: Origins) -> DeclaredSmelter:
    """Return one unsaved row of the smelter list, cut to what its columns hold."""
    return DeclaredSmelter(
        edition=edition,
        row=row.row,
        metal=row.metal[:40],
        cid=(row.cid or row.cid_input)[:60],
        name=named(row)[:250],
        country_text=row.country[:120],
        mines=row.mines,
        mine_countries=row.mine_countries,
        origins=origins.of(row),
        recycled=row.recycled[:20],
        identified=not row.is_unidentified,
        smelter_id=match.smelter_id,
        case_id=match.case_id,
    )


def named(row: SmelterRow) -> str:
    """Return the name a row gives its smelter: what was typed, before what the list made of it."""
    if row.is_unlisted or row.is_unidentified:
        return row.name or row.standard_name
    return row.name or row.standard_name or row.lookup


def keep_answers(edition: Edition, declared: Declared) -> None:
    """Write the answers in the newest numbering; those about the company have no mineral.

    Suppliers name minerals themselves: of two that are alike as far as the column reaches the first one counts.
    """
    newest = upgrade(declared)
    given: list[tuple[str, str, str, str]] = [
        *(
            (question, mineral, word, text)
            for question, minerals in newest.answers.items()
            for mineral, (word, text) in minerals.items()
        ),
        *((letter, "", word, text) for letter, (word, text) in newest.company.items()),
    ]
    rows = {(question, mineral[:40]): (word, text[:250]) for question, mineral, word, text in reversed(given)}
    DeclaredAnswer.objects.bulk_create(
        (
            DeclaredAnswer(edition=edition, question=question, mineral=mineral, word=word, text=text)
            for (question, mineral), (word, text) in reversed(rows.items())
        ),
        batch_size=BATCH,
    )


def keep_products(edition: Edition, declared: Declared) -> None:
    """Write the products; one that is listed twice is kept once."""
    numbers = {fold_number(row.number): row for row in reversed(declared.products) if row.number.strip()}
    DeclaredProduct.objects.bulk_create(
        (
            DeclaredProduct(
                edition=edition, number=row.number.strip()[:LONGEST_NUMBER], folded=folded, name=row.name[:250]
            )
            for folded, row in sorted(numbers.items(), key=lambda pair: pair[1].row)
        ),
        batch_size=BATCH,
    )


def plain_issues(issues: Iterable[Issue]) -> list[dict[str, object]]:
    """Return issues as they are kept."""
    kept: list[dict[str, object]] = msgspec.to_builtins(list(issues))
    return kept
