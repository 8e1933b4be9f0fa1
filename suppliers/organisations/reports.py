"""Facts for workbooks of this room: the words a table may hold, the template, the export, the list of errors."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_countries import countries

from portal.lib.workbook import Sheet
from suppliers.organisations.enums import EndReason, Sector
from suppliers.organisations.models import Relationship, Site
from suppliers.organisations.workbook import COLUMNS, REQUIRED, CellProblem, Lists, fold

LABELS = {
    "vendor_code": gettext_lazy("Vendor code"),
    "supplier_name": gettext_lazy("Supplier name"),
    "supplier_country": gettext_lazy("Supplier country"),
    "business_unit": gettext_lazy("Business unit"),
    "region": gettext_lazy("Region"),
    "category": gettext_lazy("Category"),
    "tier": gettext_lazy("Tier"),
    "spend": gettext_lazy("Yearly spend"),
    "started_on": gettext_lazy("Started on"),
    "ended_on": gettext_lazy("Ended on"),
    "end_reason": gettext_lazy("Reason of the end"),
    "site_code": gettext_lazy("Site code"),
    "site_name": gettext_lazy("Site name"),
    "site_country": gettext_lazy("Site country"),
    "site_city": gettext_lazy("Site city"),
    "site_address": gettext_lazy("Site address"),
    "sector": gettext_lazy("Sector"),
    "workers": gettext_lazy("Workers"),
    "contact_name": gettext_lazy("Contact person"),
    "contact_email": gettext_lazy("Contact e-mail"),
    "contact_language": gettext_lazy("Contact language"),
}
MEANINGS = {
    "vendor_code": gettext_lazy("Your own number of the supplier. It finds the supplier again at the next import."),
    "supplier_name": gettext_lazy("The name of the company."),
    "supplier_country": gettext_lazy("ISO code of two letters (TH) or the name of the country."),
    "business_unit": gettext_lazy("The part of your company that buys."),
    "region": gettext_lazy("Your own name of the region."),
    "category": gettext_lazy("What you buy."),
    "tier": gettext_lazy("1 for direct suppliers, up to 9. Empty means 1."),
    "spend": gettext_lazy("What you buy in a year, a whole number in your own currency. The supplier does not see it."),
    "started_on": gettext_lazy("The day buying started: 2026-11-14."),
    "ended_on": gettext_lazy("The day buying ended. Then the reason is needed too."),
    "end_reason": gettext_lazy("Why buying ended; see the sheet of words."),
    "site_code": gettext_lazy("Your number of the plant, once per supplier. Empty means 1."),
    "site_name": gettext_lazy("The name of the plant or office. One row per site; repeat the supplier in each row."),
    "site_country": gettext_lazy("Empty means the country of the supplier."),
    "site_city": gettext_lazy("The city."),
    "site_address": gettext_lazy("The address."),
    "sector": gettext_lazy("What the site mainly does; see the sheet of words. Empty means other."),
    "workers": gettext_lazy("How many people work there, a whole number."),
    "contact_name": gettext_lazy("Who is asked."),
    "contact_email": gettext_lazy("Where the request is sent."),
    "contact_language": gettext_lazy("The language of the request: en, ja, zh-hans, th. Empty means en."),
}
EXAMPLE = {
    "vendor_code": "# V-1001",
    "supplier_name": "Example Parts Co., Ltd.",
    "supplier_country": "TH",
    "business_unit": "Imaging",
    "region": "South-East Asia",
    "category": "Plastic parts",
    "tier": 1,
    "spend": 1_200_000,
    "started_on": "2021-04-01",
    "site_code": "1",
    "site_name": "Example Parts, Rayong plant",
    "site_country": "TH",
    "site_city": "Rayong",
    "sector": "plastics",
    "workers": 420,
    "contact_name": "Example Person",
    "contact_email": "person@parts.example",
    "contact_language": "th",
}
WIDTHS = {"supplier_name": 32, "site_name": 32, "site_address": 40, "contact_email": 30, "contact_name": 22}
# Common words beside the official names; official ones come from the list of countries in each language.
COUNTRY_WORDS = {
    "AE": ["UAE"],
    "BO": ["Bolivia"],
    "CN": ["China", "Mainland China", "PRC", "中国", "中国大陆"],
    "CZ": ["Czech Republic"],
    "GB": ["UK", "Great Britain", "England", "英国", "イギリス"],
    "HK": ["Hong Kong SAR", "香港"],
    "KR": ["Korea", "South Korea", "Republic of Korea", "Korea, Republic of", "韓国", "韩国"],
    "LA": ["Laos"],
    "MM": ["Burma"],
    "MO": ["Macau"],
    "NL": ["Holland"],
    "RU": ["Russia"],
    "SK": ["Slovak Republic"],
    "TH": ["ไทย"],
    "TR": ["Turkey"],
    "TW": ["Taiwan", "ROC", "台湾", "臺灣"],
    "TZ": ["Tanzania"],
    "US": ["USA", "U.S.A.", "United States", "America", "米国", "アメリカ", "美国"],
    "VN": ["Vietnam", "Viet Nam", "ベトナム", "越南"],
}
LANGUAGE_WORDS = {
    "en": ["English", "英語", "英语"],
    "ja": ["Japanese", "日语", "jp"],
    "zh-hans": ["Chinese", "Simplified Chinese", "zh", "zh-CN", "cn", "中文", "中国語"],
    "th": ["Thai", "タイ語", "泰语"],
}
PROBLEMS = {
    "unknown_column": gettext_lazy("This column is not known. Delete it, or start its name with # to have it ignored."),
    "duplicate_column": gettext_lazy("This column stands here twice. Delete one of them."),
    "missing_column": gettext_lazy("This column is missing. Take the header row from the template."),
    "no_rows": gettext_lazy("There is no row below the header. Fill in one row per site."),
    "required": gettext_lazy("This cell must be filled in."),
    "too_long": gettext_lazy("This is too long; %(limit)s characters are possible."),
    "date": gettext_lazy("This is not a date. Write it as 2026-11-14, or use a date cell."),
    "tier": gettext_lazy("Write a whole number from %(low)s to %(high)s."),
    "spend": gettext_lazy("Write a whole number, 0 or more, without words."),
    "workers": gettext_lazy("Write a whole number, 0 or more, without words."),
    "country": gettext_lazy("This country is not known. Write its ISO code of two letters, for example TH."),
    "sector": gettext_lazy("This sector is not known. Use one from the sheet of words in the template."),
    "end_reason": gettext_lazy("This reason is not known. Use one from the sheet of words in the template."),
    "language": gettext_lazy("This language is not offered. Write en, ja, zh-hans or th."),
    "email": gettext_lazy("This is not an e-mail address. Write one address, for example person@company.com."),
    "reason_missing": gettext_lazy("The relationship has an end. Write the reason too."),
    "end_missing": gettext_lazy("There is a reason of the end but no day. Write the day, or delete the reason."),
    "end_before_start": gettext_lazy("The end lies before the start. Correct one of them."),
    "differs": gettext_lazy("Row %(first_row)s says “%(first)s” for the same vendor code. Make both rows the same."),
    "duplicate_site": gettext_lazy(
        "Row %(first_row)s has the same site code for this supplier. Give each site its own."
    ),
    "site_name_missing": gettext_lazy("The row describes a site without a name. Write the name of the site."),
}
NOT_CLEAR = gettext_lazy("This cell could not be read. Compare it with the template.")
SHEET_OF_WORDS = pgettext_lazy("title of a sheet", "Words")


def import_lists() -> Lists:
    """Return the words a table may hold, in every language of the interface."""
    return build_lists(tuple(code for code, _name in settings.LANGUAGES))


@lru_cache(maxsize=1)
def build_lists(languages: tuple[str, ...]) -> Lists:
    """Fold every word once; translations do not change while a worker runs."""
    found: dict[str, dict[str, str]] = {
        "countries": {},
        "sectors": {},
        "end_reasons": {},
        "languages": {},
        "headers": {},
    }
    for code in languages:
        with translation.override(code):
            found["countries"].update({fold(str(name)): key for key, name in countries})
            found["sectors"].update({fold(str(sector.label)): sector.value for sector in Sector})
            found["end_reasons"].update({fold(str(reason.label)): reason.value for reason in EndReason})
            found["headers"].update({fold(str(label)): column for column, label in LABELS.items()})
    found["countries"].update({fold(word): key for key, words in COUNTRY_WORDS.items() for word in words})
    found["countries"].update({fold(key): key for key, _name in countries})
    found["countries"].update({fold(three): key for key in list(dict(countries)) if (three := countries.alpha3(key))})
    found["sectors"].update({fold(sector.value): sector.value for sector in Sector})
    found["end_reasons"].update({fold(reason.value): reason.value for reason in EndReason})
    found["languages"].update({fold(word): key for key, words in LANGUAGE_WORDS.items() for word in words})
    found["languages"].update({fold(word): key for key, name in settings.LANGUAGES for word in (key, str(name))})
    return Lists(**found)


def problem_text(code: str, params: Mapping[str, Any]) -> str:
    """Return the sentence of a problem in the reader's language."""
    return str(PROBLEMS.get(code, NOT_CLEAR)) % params


def column_label(column: str) -> str:
    """Return a column as its key and, where it has one, its label."""
    return f"{column} ({LABELS[column]})" if column in LABELS else column


def problem_sheet(problems: Iterable[CellProblem]) -> Sheet:
    """Return the list of errors as a sheet."""
    rows = (
        [problem.row, column_label(problem.column), problem.value, problem_text(problem.code, problem.params)]
        for problem in problems
    )
    headers = [_("Row"), _("Column"), _("Value"), _("What is wrong and how to mend it")]
    return Sheet(_("Errors"), headers, rows, widths=[8, 32, 32, 80])


def template_sheets() -> list[Sheet]:
    """Return the template: the empty table with one example row, what each column means, the words to use."""
    example = [EXAMPLE.get(column, "") for column in COLUMNS]
    meanings = [
        [column, str(LABELS[column]), _("needed") if column in REQUIRED else "", str(MEANINGS[column])]
        for column in COLUMNS
    ]
    meanings.append(["#", "", "", _("A row whose vendor code starts with # is an example and is not imported.")])
    return [
        supplier_sheet([example]),
        Sheet(
            _("Explanation"),
            [_("Column"), _("Label"), _("Needed"), _("Meaning")],
            meanings,
            widths=[20, 24, 10, 90],
        ),
        Sheet(str(SHEET_OF_WORDS), [_("Column"), _("Word"), _("Meaning")], word_rows(), widths=[20, 20, 50]),
    ]


def word_rows() -> Iterator[Sequence[str]]:
    """Yield every word of a closed list."""
    for sector in Sector:
        yield "sector", sector.value, str(sector.label)
    for reason in EndReason:
        yield "end_reason", reason.value, str(reason.label)
    for code, name in settings.LANGUAGES:
        yield "contact_language", code, str(name)
    for code, name in countries:
        yield "supplier_country", code, str(name)


def supplier_sheet(rows: Iterable[Sequence[Any]]) -> Sheet:
    """Return the supplier table with its stable headers: what is exported can be imported."""
    choices = {
        COLUMNS.index("sector"): [sector.value for sector in Sector],
        COLUMNS.index("end_reason"): [reason.value for reason in EndReason],
        COLUMNS.index("contact_language"): [code for code, _name in settings.LANGUAGES],
    }
    widths = [WIDTHS.get(column, 16) for column in COLUMNS]
    return Sheet(_("Suppliers"), COLUMNS, rows, widths=widths, choices=choices)


def with_open_sites(relationships: QuerySet[Relationship]) -> QuerySet[Relationship]:
    """Return the relationships with their suppliers and the sites that are not closed."""
    sites = Prefetch("supplier__sites", queryset=Site.objects.filter(closed_on=None).order_by("code"))
    return relationships.select_related("supplier").prefetch_related(sites).order_by("vendor_code", "pk")


def export_rows(relationships: Iterable[Relationship]) -> Iterator[list[Any]]:
    """Yield one row per site, and one for a supplier without any."""
    for bond in relationships:
        supplier = [
            bond.vendor_code,
            bond.supplier.name,
            str(bond.supplier.country),
            bond.business_unit,
            bond.region,
            bond.category,
            bond.tier,
            bond.spend,
            bond.started_on,
            bond.ended_on,
            bond.end_reason,
        ]
        sites = list(bond.supplier.sites.all())
        for site in sites:
            yield supplier + site_cells(site)
        if not sites:
            yield supplier + [None] * (len(COLUMNS) - len(supplier))


def site_cells(site: Site) -> list[Any]:
    """Return the cells of one site."""
    return [
        site.code,
        site.name,
        str(site.country),
        site.city,
        site.address,
        site.sector,
        site.workers,
        site.contact_name,
        site.contact_email,
        site.contact_language,
    ]
