"""Where every version of a template keeps what: rows of the declaration, columns of the lists. Facts of the layouts."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from minerals.templates_io.document import CMRT_MINERALS
from minerals.templates_io.enums import Template

COMPANY_FIELDS = (
    "id",
    "id_authority",
    "address",
    "contact",
    "contact_email",
    "contact_phone",
    "authorizer",
    "authorizer_title",
    "authorizer_email",
    "authorizer_phone",
    "date",
)
LABELS = {
    "name": "Company Name (*):",
    "scope": "Declaration Scope or Class (*):",
    "description": "Description of Scope:",
    "id": "Company Unique ID:",
    "id_authority": "Company Unique ID Authority:",
    "address": "Address:",
    "contact": "Contact Name (*):",
    "contact_email": "Email - Contact (*):",
    "contact_phone": "Phone - Contact (*):",
    "authorizer": "Authorizer (*):",
    "authorizer_title": "Title - Authorizer:",
    "authorizer_email": "Email - Authorizer (*):",
    "authorizer_phone": "Phone - Authorizer:",
    "date": "Effective Date (*):",
}
TITLES = {
    Template.CMRT: "Conflict Minerals Reporting Template (CMRT)",
    Template.EMRT: "Extended Mineral Reporting Template (EMRT)",
    Template.AMRT: "Additional Minerals Reporting Template (AMRT)",
    Template.PRT: "Pilot Reporting Template (PRT)",
    Template.CRT: "Cobalt Reporting Template (CRT)",
}


def _columns(letters: str, fields: str) -> Mapping[str, str]:
    """Return {column: field} of a list, which nobody may change."""
    return MappingProxyType(dict(zip(letters, fields.split(), strict=True)))


SMELTERS_6 = _columns(
    "ABCDEFGHIJKLMNOPQR",
    "cid_input metal lookup name country cid source street city state contact contact_email next_steps mines "
    "mine_countries recycled comments standard_name",
)
SMELTERS_3 = _columns(
    "BCDEFGHIJKLMNOPQ",
    "metal lookup name country cid source street city state contact contact_email next_steps mines mine_countries "
    "recycled comments",
)
SMELTERS_202 = _columns(
    "BCDEFGHIJKLMNO",
    "metal lookup name country cid street city state contact contact_email next_steps mines mine_countries comments",
)
SMELTERS_200 = _columns(
    "BCDEFGHIJKLMN",
    "metal lookup name country street city state contact contact_email next_steps mines mine_countries comments",
)
SMELTERS_AMRT = _columns(
    "ABCDEFGHIJKLMNO",
    "metal name country cid source street city state contact contact_email next_steps mines mine_countries "
    "recycled comments",
)
MINES = _columns("ABCDEFHIM", "metal smelter name id source country city state comments")
PRODUCTS = _columns("BCD", "number name comments")
PRODUCTS_REQUESTED = _columns("BCDEF", "number name requester_number requester_name comments")
LOOKUP_6 = _columns("ABCDEHI", "metal lookup name country cid city state")
LOOKUP_3 = _columns("ABCE", "metal name country cid")
NOTHING: Mapping[str, str] = MappingProxyType({})
LOOKUP_2 = _columns("ABDE", "metal name country cid")


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """The cells of one version. `lists` names the look-up sheet, empty where the template has none."""

    title: str
    company: dict[str, int]
    questions: dict[str, int]  # the row of the question; its minerals follow
    letters: dict[str, int]
    per_mineral: str = ""  # the letter that is asked per mineral, on the rows below it
    mineral_cells: tuple[str, ...] = ()  # where the user says which minerals the file speaks of
    fixed_minerals: tuple[str, ...] = ()
    smelters: Mapping[str, str] = SMELTERS_6
    mines: Mapping[str, str] = NOTHING
    products: Mapping[str, str] = PRODUCTS
    lookup_sheet: str = "Smelter Look-up"
    lookup: Mapping[str, str] = LOOKUP_6
    lookup_header: int = 4
    number_percent: bool = False  # whether "100%" is the number 1 shown as a percentage
    percent_question: str = "6"
    count_cell: str = ""


def _company(first: int) -> dict[str, int]:
    """Return the rows of the company block whose unique id stands in row `first`."""
    rows = {"name": 8, "scope": 9, "description": 10}
    return rows | {field: first + place for place, field in enumerate(COMPANY_FIELDS)}


def _rows(first: int, step: int, names: str) -> dict[str, int]:
    return {name: first + step * place for place, name in enumerate(names)}


def _number(version: str) -> float:
    """Return the version as a number to compare with: 2.03a as 2.03."""
    digits = version.rstrip("abcdefgh")
    try:
        return float(digits)
    except ValueError:
        return 99.0


def _cmrt_2(version: str) -> Layout:
    fields = ("id", "address", "authorizer", "authorizer_title", "authorizer_email", "authorizer_phone", "date")
    with_ids = _number(version) >= 2.02  # noqa: PLR2004 the release that gained the column of smelter ids
    return Layout(
        title="Conflict Minerals Reporting Template",
        company={"name": 8, "scope": 9, "description": 10} | {field: 12 + at for at, field in enumerate(fields)},
        questions=_rows(21, 6, "123456"),
        letters=_rows(59, 2, "ABCDEFGHIJ"),
        fixed_minerals=CMRT_MINERALS,
        smelters=SMELTERS_202 if with_ids else SMELTERS_200,
        lookup_sheet="Standard Smelter Names",
        lookup=LOOKUP_2,
        lookup_header=2,
        percent_question="4",
    )


def _cmrt_3(version: str) -> Layout:
    """Return the layout of 3.x; of 4.x and 5.x no file was in hand, they follow the guides."""
    number = _number(version)
    third = number < 4  # noqa: PLR2004 the major version
    return Layout(
        title=TITLES[Template.CMRT] if not third else "Conflict Minerals Reporting Template (CMRT)",
        company=_company(12),
        questions=_rows(25, 6, "1234567"),
        letters=_rows(69, 2, "ABCDEFGHIJ" if number < 5 else "ABCDEFGHI"),  # noqa: PLR2004 5.0 dropped one
        fixed_minerals=CMRT_MINERALS,
        smelters=SMELTERS_3 if number < 4.1 else SMELTERS_6,  # noqa: PLR2004 4.10 gained the input column
        lookup_sheet="Standard Smelter Names" if third else "Smelter Reference List",
        lookup=LOOKUP_3 if third else LOOKUP_6,
        lookup_header=2 if third else 4,
        percent_question="5",
    )


def _cmrt_6(version: str) -> Layout:
    number = _number(version)
    return Layout(
        title=TITLES[Template.CMRT],
        company=_company(12),
        questions=_rows(25, 6, "12345678"),
        letters=_rows(75, 2, "ABCDEFGH"),
        fixed_minerals=CMRT_MINERALS,
        products=PRODUCTS_REQUESTED if number >= 6.6 else PRODUCTS,  # noqa: PLR2004 6.6 gained the requester's columns
        number_percent=number < 6.31,  # noqa: PLR2004 text since then
        count_cell="H70",
    )


def _emrt(version: str) -> Layout:
    if _number(version) < 2:  # noqa: PLR2004 the major version
        return Layout(
            title=TITLES[Template.EMRT],
            company=_company(12),
            questions=_rows(25, 6, "1234567"),
            letters={"A": 69, "B": 71, "C": 73, "D": 77, "E": 79, "F": 81, "G": 83},
            per_mineral="C",
            fixed_minerals=("Cobalt", "Mica"),
            number_percent=True,
            percent_question="5",
        )
    return Layout(
        title=TITLES[Template.EMRT],
        company=_company(16),
        questions=_rows(29, 12, "1234567"),
        letters={"A": 115, "B": 117, "C": 119, "D": 131, "E": 133, "F": 135, "G": 137},
        per_mineral="C",
        mineral_cells=("D12", "E12", "G12", "D13", "E13", "G13"),
        mines=MINES,
        products=PRODUCTS_REQUESTED if _number(version) > 2 else PRODUCTS,  # noqa: PLR2004 2.1 and later
        percent_question="5",
    )


def _amrt(version: str) -> Layout:
    cells = ("D12", "E12", "G12", "H12", "I12", "D13", "E13", "G13", "H13", "I13")
    old = _number(version) < 1.3  # noqa: PLR2004 1.3 gained the row of other minerals and the look-up
    return Layout(
        title=TITLES[Template.AMRT],
        company=_company(14 if old else 17),
        questions={"1": 27, "2": 39} if old else {"1": 30, "2": 42},
        letters={},
        mineral_cells=cells,
        smelters=SMELTERS_AMRT if old else SMELTERS_6,
        mines=MINES,
        products=PRODUCTS if old else PRODUCTS_REQUESTED,
        lookup_sheet="" if old else "Smelter Look-up",
        number_percent=old,
        percent_question="2",
    )


def _crt() -> Layout:
    return Layout(
        title=TITLES[Template.CRT],
        company=_company(12),
        questions=_rows(25, 6, "123456"),
        letters=_rows(63, 2, "ABCDEFGHI"),
        fixed_minerals=("Cobalt",),
        percent_question="4",
    )


def layout_of(template: Template, version: str) -> Layout:
    """Return the cells of a version; a version newer than all known ones has those of the newest."""
    match template:
        case Template.CMRT:
            number = _number(version)
            return _cmrt_2(version) if number < 3 else _cmrt_3(version) if number < 6 else _cmrt_6(version)  # noqa: PLR2004
        case Template.EMRT:
            return _emrt(version)
        case Template.CRT:
            return _crt()
        case Template.AMRT:
            return _amrt(version)
        case _:
            return msgspec.structs.replace(_amrt("1.2"), title=TITLES[Template.PRT])
