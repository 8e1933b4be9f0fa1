"""Organisations, sites and relationships."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from portal.lib.errors import DomainError
from portal.trail.models import Entry
from suppliers.organisations import services
from suppliers.organisations.enums import EndReason, Sector
from suppliers.organisations.models import Organisation, Relationship, Site
from tests.factories import make_organisation, make_relationship, make_site, make_user

pytestmark = pytest.mark.django_db


def deeds() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("deed", flat=True))


def test_company_with_sites_is_created_and_recorded() -> None:
    actor = make_user()
    company = services.create_organisation(name=" Alpha ", country="TH", actor=actor)
    first = services.create_site(organisation=company, name="Plant", country="TH", actor=actor)
    second = services.create_site(
        organisation=company, name="Office", country="JP", sector=Sector.SERVICES, workers=9, actor=actor
    )

    assert (company.name, str(company.country)) == ("Alpha", "TH")
    assert [(site.code, site.name) for site in (first, second)] == [("1", "Plant"), ("2", "Office")]
    assert deeds() == ["create_organisation", "create_site", "create_site"]
    assert Entry.objects.filter(actor=actor, organisation_id=company.pk).count() == 3


@pytest.mark.parametrize(
    "values",
    [{"name": ""}, {"country": "XX"}, {"code": "1"}, {"sector": "magic"}, {"contact_email": "nobody"}],
)
def test_impossible_site_is_refused_and_nothing_saved(values: dict) -> None:
    company = make_organisation()
    make_site(company, code="1")
    with pytest.raises(DomainError):
        services.create_site(**{"organisation": company, "name": "P", "country": "TH", "actor": None, **values})
    assert Site.objects.count() == 1
    assert deeds() == []


def test_site_change_records_only_what_changed() -> None:
    site = make_site(city="Osaka", workers=10)
    services.change_site(site=site, city=" Kobe ", workers=10, actor=None)
    services.change_site(site=site, city="Kobe", actor=None)

    site.refresh_from_db()
    assert (site.city, site.workers) == ("Kobe", 10)
    assert [entry.detail for entry in Entry.objects.all()] == [{"changed": ["city"]}]
    with pytest.raises(TypeError):
        services.change_site(site=site, organisation=make_organisation(), actor=None)


def test_site_closes_once_and_can_be_reopened() -> None:
    site, today = make_site(), timezone.localdate()
    with pytest.raises(DomainError, match="future"):
        services.close_site(site=site, closed_on=today + timedelta(days=1), actor=None)
    services.close_site(site=site, closed_on=today, actor=None)
    with pytest.raises(DomainError, match="closed already"):
        services.close_site(site=site, closed_on=today, actor=None)
    services.reopen_site(site=site, actor=None)

    site.refresh_from_db()
    assert site.closed_on is None
    assert deeds() == ["close_site", "reopen_site"]


def test_company_change_is_recorded_once() -> None:
    company = make_organisation("Old", country="JP")
    services.change_organisation(organisation=company, name="New", country="JP", actor=None)
    services.change_organisation(organisation=company, name="New", country="JP", actor=None)

    assert Organisation.objects.get().name == "New"
    assert [entry.detail for entry in Entry.objects.all()] == [{"before": ["Old", "JP"], "after": ["New", "JP"]}]


def test_relationship_starts_once_and_ends_with_a_reason() -> None:
    buyer, supplier = make_organisation(), make_organisation()
    bond = services.start_relationship(
        buyer=buyer, supplier=supplier, vendor_code="V-1", started_on=date(2026, 1, 1), actor=None
    )
    for code, other in (("V-1", make_organisation()), ("V-2", supplier)):
        with pytest.raises(DomainError):
            services.start_relationship(buyer=buyer, supplier=other, vendor_code=code, actor=None)
    with pytest.raises(DomainError, match="before the start"):
        services.end_relationship(relationship=bond, ended_on=date(2025, 1, 1), reason=EndReason.CLOSED, actor=None)
    services.end_relationship(relationship=bond, ended_on=date(2026, 5, 1), reason=EndReason.SOCIAL, actor=None)
    with pytest.raises(DomainError, match="ended already"):
        services.end_relationship(relationship=bond, ended_on=date(2026, 6, 1), reason="social", actor=None)

    assert list(Relationship.objects.values_list("vendor_code", "ended_on", "end_reason")) == [
        ("V-1", date(2026, 5, 1), "social")
    ]
    assert deeds() == ["start_relationship", "end_relationship"]


def test_buyer_can_be_its_own_supplier() -> None:
    company = make_organisation()
    bond = services.start_relationship(buyer=company, supplier=company, vendor_code="OWN", actor=None)
    assert (bond.buyer, bond.supplier) == (company, company)


def test_same_vendor_code_lives_with_two_buyers() -> None:
    make_relationship(vendor_code="V-1")
    make_relationship(vendor_code="V-1")
    assert Relationship.objects.filter(vendor_code="V-1").count() == 2
