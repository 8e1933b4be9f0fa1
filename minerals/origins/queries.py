"""Reads of lists of risky areas, and what texts about origins are read by on a day."""

from datetime import date

import msgspec
from django.db.models import Count, QuerySet
from django_countries.fields import Country

from minerals.origins.core import Areas, Risk, base_areas
from minerals.origins.enums import AreaGrade
from minerals.origins.models import RiskArea, RiskList
from suppliers.organisations.enums import BUYER_ROLES
from suppliers.organisations.queries import Reader, organisations_where

_WORST = [AreaGrade.HIGH, AreaGrade.ELEVATED, AreaGrade.WATCH]


def visible_lists(user: Reader) -> QuerySet[RiskList]:
    """Return lists of risky areas of organisations for which the user buys, newest first."""
    lists = RiskList.objects.filter(owner_id__in=organisations_where(user, BUYER_ROLES))
    return lists.annotate(areas_count=Count("areas")).order_by("-as_of", "-pk")


def lists_in_force(owner_id: int, on: date) -> list[RiskList]:
    """Return the newest list of each kind on a day."""
    newest: dict[str, RiskList] = {}
    lists = RiskList.objects.filter(owner_id=owner_id, as_of__lte=on, withdrawn_at=None).order_by("as_of", "pk")
    for risk_list in lists:
        newest[risk_list.kind] = risk_list
    return list(newest.values())


def areas_for(owner_id: int | None, on: date) -> Areas:
    """Return what texts about origins are read by for a company on a day: two queries, none without a company."""
    areas = base_areas()
    if owner_id is None:
        return areas
    lists = {risk_list.pk: risk_list.name for risk_list in lists_in_force(owner_id, on)}
    found: dict[str, list[RiskArea]] = {}
    if lists:
        for area in RiskArea.objects.filter(list_id__in=lists).order_by("pk"):
            found.setdefault(area.country.code, []).append(area)
    risky = {code: _sum_up(rows, lists) for code, rows in found.items()}
    return msgspec.structs.replace(areas, risky=risky) if risky else areas


def _sum_up(rows: list[RiskArea], lists: dict[int, str]) -> Risk:
    """Join what several lists say of a country: the worst grade, the regions unless one list means all of it."""
    grades = {row.grade for row in rows}
    whole = any(not row.region for row in rows)
    return Risk(
        grade=next((grade.value for grade in _WORST if grade in grades), ""),
        regions=() if whole else tuple(dict.fromkeys(row.region for row in rows)),
        lists=tuple(dict.fromkeys(lists[row.list_id] for row in rows)),
    )


def covered_countries() -> list[Country]:
    """Return the covered countries in the order of their names in the reader's language."""
    return sorted((Country(code) for code in base_areas().covered), key=lambda country: str(country.name))
