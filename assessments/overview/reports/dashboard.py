"""Facts of the dashboard and of its provisions, for charts, workbooks and PDFs."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language, gettext
from django_countries import countries

from assessments.codes.document import known_codes, read_code
from assessments.findings.queries import title_of
from assessments.overview.queries.dashboard import Group, ProvisionFlags, Year
from portal.lib.workbook import Sheet

FEW, MANY = 10.0, 20.0
PROVISION_COUNTS = ("suppliers", "priority", "major", "minor")


def map_chart(groups: Iterable[Group]) -> dict[str, Any]:
    """Return the world map: one circle per country, its size the sites asked, its colour the high-risk share."""
    points = [
        {
            "id": countries.numeric(group.key, padded=True),
            "name": str(countries.name(group.key)),
            "size": group.asked,
            "tone": tone_of(group),
        }
        for group in groups
        if countries.numeric(group.key)
    ]
    return {"type": "map", "countries": points, "labels": 8}


def tone_of(group: Group) -> str:
    """Return the colour of a circle: low without high-risk sites, then accent, mid and high by their share."""
    rate = group.high_rate
    if not rate:
        return "low"
    return "high" if rate >= MANY else "mid" if rate >= FEW else "accent"


def score_chart(scores: Sequence[tuple[int, int]], limits: tuple[float, float]) -> dict[str, Any]:
    """Return the histogram of scores in steps of five, each bar in the colour of its band."""
    tones = ["high" if low < limits[0] else "mid" if low < limits[1] else "low" for low, _count in scores]
    return {
        "type": "bars",
        "categories": [low for low, _count in scores],
        "series": [{"name": "", "values": [count for _low, count in scores], "tones": tones}],
        "show_values": True,
        "label_every": 2,
    }


def year_chart(years: Sequence[Year]) -> dict[str, Any]:
    """Return the response rate and the high-risk share by year, in percent."""
    return {
        "type": "line",
        "categories": [year.year for year in years],
        "series": [
            {"name": gettext("Response rate"), "values": [rounded(year.rate) for year in years], "tone": "accent"},
            {"name": gettext("High-risk share"), "values": [rounded(year.high_rate) for year in years], "tone": "high"},
        ],
        "axis": True,
        "show_values": True,
        "max": 100,
    }


def rounded(value: float | None) -> float | None:
    """Return a share with one decimal, None as None."""
    return None if value is None else round(value, 1)


def code_name(code_of_conduct: str) -> str:
    """Return the name of a code of conduct, empty for one nobody brought."""
    return read_code(code_of_conduct).name if code_of_conduct in known_codes() else ""


def named_flags(flags: Iterable[ProvisionFlags], code_of_conduct: str) -> list[dict[str, Any]]:
    """Return provisions with their titles in the reader's language."""
    language = get_language() or "en"
    return [{"row": row, "title": title_of(code_of_conduct, row.provision, language)} for row in flags]


def provision_sheet(flags: Iterable[dict[str, Any]]) -> Sheet:
    """Return one line per provision of `named_flags`, in the reader's language."""
    heads = [
        gettext("Provision"), gettext("Title"), gettext("Suppliers"), gettext("Priority"), gettext("Major"),
        gettext("Minor"),
    ]  # fmt: skip
    lines = (
        [flag["row"].provision, flag["title"], *(getattr(flag["row"], name) for name in PROVISION_COUNTS)]
        for flag in flags
    )
    return Sheet(gettext("Flags by provision"), heads, lines, (10, 40, 10, 10, 10, 10))


def country_rows(groups: Iterable[Group]) -> list[dict[str, Any]]:
    """Return the countries with names, most sites first."""
    ordered = sorted(groups, key=lambda group: (-group.asked, group.key))
    return [{"group": group, "name": str(countries.name(group.key)) or group.key} for group in ordered]
