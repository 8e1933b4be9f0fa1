"""One filled template as data: everything a declaration says, with the row of the file it was read from."""

import msgspec

from minerals.templates_io.enums import Grade, ScopeKind, Template, Tier

# Newest wording of the questions; `upgrade` brings older answers here.
CMRT_QUESTIONS = ("1", "2", "3", "4", "5", "6", "7", "8")
CMRT_MINERALS = ("Tantalum", "Tin", "Gold", "Tungsten")
UNLISTED = "smelter not listed"
UNIDENTIFIED = "smelter not yet identified"


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """The company block, as written in the file; empty texts for what is not there."""

    name: str = ""
    id: str = ""
    id_authority: str = ""
    address: str = ""
    contact: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    authorizer: str = ""
    authorizer_title: str = ""
    authorizer_email: str = ""
    authorizer_phone: str = ""


class Answer(msgspec.Struct, frozen=True):
    """An answer in the file's own words (English whatever the language of the labels), its comment, its cell.

    `exact` says that the cell holds these very words. RMI's formulas do not know "Yes " or "Oui" as a Yes.
    """

    value: str = ""
    comment: str = ""
    cell: str = ""
    exact: bool = True


class CompanyAnswer(msgspec.Struct, frozen=True):
    """A company-level answer; `minerals` is filled where the template asks per mineral (question C of an EMRT)."""

    answer: str = ""
    comment: str = ""
    cell: str = ""
    minerals: dict[str, Answer] = {}


class SmelterRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the Smelter List. `cid` is the resolved id, `cid_input` the one typed in column A."""

    row: int
    metal: str = ""
    lookup: str = ""
    name: str = ""
    standard_name: str = ""
    country: str = ""
    cid: str = ""
    cid_input: str = ""
    source: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    contact: str = ""
    contact_email: str = ""
    next_steps: str = ""
    mines: str = ""
    mine_countries: str = ""
    recycled: str = ""
    comments: str = ""
    listed: bool = False  # whether the file's own look-up list knows the pair of metal and name

    @property
    def is_unlisted(self) -> bool:
        """Whether the row names a smelter that the template's list does not know."""
        return self.lookup.strip().lower() == UNLISTED

    @property
    def is_unidentified(self) -> bool:
        """Whether the row says that the smelter is not identified yet."""
        return self.lookup.strip().lower() in {UNIDENTIFIED, "unknown"}


class MineRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the Mine List of an EMRT 2.x or AMRT."""

    row: int
    metal: str = ""
    smelter: str = ""
    name: str = ""
    id: str = ""
    source: str = ""
    country: str = ""
    city: str = ""
    state: str = ""
    comments: str = ""


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the Product List."""

    row: int
    number: str = ""
    name: str = ""
    requester_number: str = ""
    requester_name: str = ""
    comments: str = ""


class LookupRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the look-up list inside a template: what its release knows of a smelter."""

    metal: str
    lookup: str
    name: str
    country: str
    cid: str
    city: str = ""
    state: str = ""


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """A whole template. `effective_date` is ISO or empty; `answers` is {question: {mineral: answer}}."""

    template: Template
    version: str
    language: str = ""
    tier: Tier = Tier.LABELS
    layout_guessed: bool = False
    company: Company = Company()
    scope: str = ""  # the letter, A to D, as this version uses it
    scope_text: str = ""
    scope_description: str = ""
    effective_date: str = ""
    effective_text: str = ""
    minerals: tuple[str, ...] = ()
    answers: dict[str, dict[str, Answer]] = {}
    company_questions: dict[str, CompanyAnswer] = {}
    smelters: tuple[SmelterRow, ...] = ()
    mines: tuple[MineRow, ...] = ()
    products: tuple[Product, ...] = ()
    checker_count: int | None = None
    lookup: tuple[LookupRow, ...] = ()  # read for the registry, not kept with a declaration

    @property
    def scope_kind(self) -> ScopeKind:
        """What the declaration speaks of. In 2.x B is a division and D a product; since 3.0 B is products."""
        old = self.template == Template.CMRT and self.version.startswith("2.")
        kinds = {"A": ScopeKind.COMPANY, "C": ScopeKind.CUSTOM}
        kinds |= {"B": ScopeKind.CUSTOM, "D": ScopeKind.PRODUCTS} if old else {"B": ScopeKind.PRODUCTS}
        return kinds.get(self.scope, ScopeKind.UNKNOWN)

    def answer(self, question: str, mineral: str) -> str:
        """Return the value of one answer, empty where it was not given."""
        given = self.answers.get(question, {}).get(mineral)
        return given.value if given else ""


class Issue(msgspec.Struct, frozen=True):
    """One thing to mend: what (`code`), how bad, where ('Declaration!D38', 'Smelter List!B7'), facts to say it."""

    code: str
    grade: Grade
    place: str = ""
    params: dict[str, str] = {}
