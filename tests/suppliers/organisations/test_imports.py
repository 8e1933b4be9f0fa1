"""Import of suppliers and sites: all or nothing, found again by code."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.files.services import read_content, store_upload
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.lib.workbook import Sheet, read_table, read_tables, write_workbook
from portal.trail.models import Entry
from suppliers.organisations import services, tasks
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Organisation, Relationship, Site
from suppliers.organisations.reports import template_sheets
from suppliers.organisations.workbook import COLUMNS
from tests.factories import make_membership, make_organisation, make_relationship, make_site, make_user

pytestmark = pytest.mark.django_db
HEADERS = ["vendor_code", "supplier_name", "supplier_country", "region", "site_code", "site_name", "workers"]
FIRST = ["V-1", "Alpha", "TH", "Asia", "A", "Alpha plant", 10]
SECOND = ["V-2", "Beta", "Japan", "Asia", "1", "Beta plant", 20]


@pytest.fixture
def buyer() -> Organisation:
    return make_organisation("Buyer")


@pytest.fixture
def actor(buyer):
    user = make_user()
    make_membership(user, buyer, Role.BUYER_PROCUREMENT)
    return user


def import_table(buyer, actor, rows, headers=HEADERS, *, preview=False) -> Job:
    content = write_workbook([Sheet("Suppliers", headers, rows)])
    return import_content(buyer, actor, "suppliers.xlsx", content, preview=preview)


def import_content(buyer, actor, name, content, *, preview=False) -> Job:
    assert tasks.import_suppliers
    file = store_upload(SimpleUploadedFile(name, content), organisation_id=buyer.pk, actor=actor)
    job = services.start_import(file=file, organisation=buyer, actor=actor, preview=preview)
    run_job(str(job.pk))
    job.refresh_from_db()
    return job


def counts(job: Job) -> dict[str, int]:
    return {name: count for name, count in job.result["counts"].items() if count}


def test_table_becomes_suppliers_relationships_and_sites(buyer, actor) -> None:
    job = import_table(buyer, actor, [FIRST, ["V-1", "", "", "", "B", "Alpha office", ""], SECOND])

    assert job.state == JobState.DONE
    assert counts(job) == {"rows": 3, "suppliers_created": 2, "sites_created": 3}
    assert (job.done, job.total) == (6, 6)
    assert list(
        Site.objects.order_by("pk").values_list("organisation__name", "code", "name", "country", "workers", "sector")
    ) == [
        ("Alpha", "A", "Alpha plant", "TH", 10, "other"),
        ("Alpha", "B", "Alpha office", "TH", None, "other"),
        ("Beta", "1", "Beta plant", "JP", 20, "other"),
    ]
    assert list(
        Relationship.objects.order_by("pk").values_list("buyer", "supplier__name", "vendor_code", "region", "tier")
    ) == [(buyer.pk, "Alpha", "V-1", "Asia", 1), (buyer.pk, "Beta", "V-2", "Asia", 1)]
    entry = Entry.objects.get(deed="import_suppliers")
    assert (entry.actor, entry.organisation_id, entry.detail["suppliers_created"]) == (actor, buyer.pk, 2)


def test_same_table_again_changes_nothing(buyer, actor) -> None:
    import_table(buyer, actor, [FIRST, SECOND])
    job = import_table(buyer, actor, [FIRST, SECOND])

    assert counts(job) == {"rows": 2, "suppliers_unchanged": 2, "sites_unchanged": 2}
    assert (Organisation.objects.count(), Site.objects.count()) == (3, 2)


def test_vendor_code_finds_the_supplier_again(buyer, actor) -> None:
    import_table(buyer, actor, [FIRST, SECOND])
    before = dict(Relationship.objects.values_list("vendor_code", "supplier_id"))
    job = import_table(
        buyer,
        actor,
        [
            ["V-1", "Alpha Ltd", "TH", "Europe", "A", "Alpha plant", 11],
            ["V-1", "Alpha Ltd", "TH", "Europe", "C", "Third", ""],
        ],
    )

    assert counts(job) == {"rows": 2, "suppliers_updated": 1, "sites_updated": 1, "sites_created": 1}
    assert dict(Relationship.objects.values_list("vendor_code", "supplier_id")) == before
    assert list(Relationship.objects.order_by("pk").values_list("supplier__name", "region")) == [
        ("Alpha Ltd", "Europe"),
        ("Beta", "Asia"),
    ]
    assert list(Site.objects.order_by("organisation_id", "code").values_list("code", "workers")) == [
        ("A", 11),
        ("C", None),
        ("1", 20),
    ]


def test_column_that_is_absent_is_left_alone_and_an_empty_cell_clears(buyer, actor) -> None:
    import_table(buyer, actor, [FIRST])
    Site.objects.update(city="Rayong", sector="plastics")
    import_table(
        buyer,
        actor,
        [["V-1", "Alpha", "TH", "A", "Alpha plant", None, None]],
        ["vendor_code", "supplier_name", "supplier_country", "site_code", "site_name", "workers", "sector"],
    )

    assert Relationship.objects.get().region == "Asia"
    assert list(Site.objects.values_list("city", "workers", "sector")) == [("Rayong", None, "plastics")]


def test_relationship_ends_and_begins_again_by_the_table(buyer, actor) -> None:
    headers = ["vendor_code", "supplier_name", "supplier_country", "ended_on", "end_reason"]
    import_table(buyer, actor, [["V-1", "Alpha", "TH", None, None]], headers)
    job = import_table(buyer, actor, [["V-1", "Alpha", "TH", date(2026, 5, 1), "Social impacts"]], headers)
    assert counts(job) == {"rows": 1, "suppliers_updated": 1, "ended": 1}
    assert list(Relationship.objects.values_list("ended_on", "end_reason")) == [(date(2026, 5, 1), "social")]

    import_table(buyer, actor, [["V-1", "Alpha", "TH", None]], headers[:4])
    assert list(Relationship.objects.values_list("ended_on", "end_reason")) == [(None, "")]


def test_one_wrong_cell_saves_nothing_and_is_named(buyer, actor) -> None:
    job = import_table(buyer, actor, [FIRST, ["V-2", "Beta", "Atlantis", "Asia", "1", "Beta plant", "many"]])

    assert job.state == JobState.REFUSED
    assert job.result["message"].startswith("2 cells are wrong. Nothing was imported.")
    assert [(fault["row"], fault["column"], fault["value"]) for fault in job.result["detail"]] == [
        (3, "supplier_country (Supplier country)", "Atlantis"),
        (3, "workers (Workers)", "many"),
    ]
    assert job.result["detail"][1]["message"] == "Write a whole number, 0 or more, without words."
    assert Relationship.objects.count() == Site.objects.count() == Entry.objects.count() == 0
    errors = read_table(read_content(job.result_file))
    assert [row.cells[:3] for row in errors.rows] == [
        [3, "supplier_country (Supplier country)", "Atlantis"],
        [3, "workers (Workers)", "many"],
    ]


def test_many_wrong_cells_are_counted_and_listed_in_the_workbook(buyer, actor) -> None:
    job = import_table(buyer, actor, [["V-1", "Alpha", "Atlantis", "", str(n), "Plant", ""] for n in range(250)])
    assert job.result["message"].startswith("250 cells are wrong.")
    assert len(job.result["detail"]) == 200
    assert len(read_table(read_content(job.result_file)).rows) == 250


@pytest.mark.parametrize(
    ("rows", "headers", "code"),
    [
        ([], HEADERS, "no_rows"),
        ([["# V-1", "Alpha", "TH"]], HEADERS[:3], "no_rows"),
        ([FIRST[:2]], HEADERS[:2], "missing_column"),
    ],
)
def test_table_without_content_is_refused(buyer, actor, rows, headers, code) -> None:
    job = import_table(buyer, actor, rows, headers)
    assert (job.state, job.result["detail"][0]["code"]) == (JobState.REFUSED, code)


def test_preview_counts_and_writes_nothing(buyer, actor) -> None:
    import_table(buyer, actor, [FIRST])
    job = import_table(buyer, actor, [[*FIRST[:6], 99], SECOND], preview=True)

    assert counts(job) == {
        "rows": 2,
        "suppliers_created": 1,
        "suppliers_unchanged": 1,
        "sites_created": 1,
        "sites_updated": 1,
    }
    assert job.result["message"] == "2 rows are in order. Nothing was imported yet."
    assert list(Site.objects.values_list("workers", flat=True)) == [10]


def test_csv_in_a_local_encoding_is_imported(buyer, actor) -> None:
    text = "vendor_code,supplier_name,supplier_country,site_name\nV-1,株式会社サンプル,日本,東京工場\n"
    job = import_content(buyer, actor, "suppliers.csv", text.encode("cp932"))
    assert job.state == JobState.DONE
    assert Site.objects.get().name == "東京工場"


def test_broken_file_is_refused_with_its_sentence(buyer, actor) -> None:
    job = import_content(buyer, actor, "suppliers.csv", b"\n\n\nvendor_code")
    assert (job.state, Relationship.objects.count()) == (JobState.REFUSED, 0)


def test_name_alone_never_opens_another_company(buyer, actor) -> None:
    other = make_organisation("Alpha", country="TH")
    make_site(other, code="A")
    import_table(buyer, actor, [FIRST])

    assert Relationship.objects.get(buyer=buyer).supplier != other
    assert Organisation.objects.filter(name="Alpha").count() == 2


def test_supplier_of_several_buyers_keeps_its_name_and_sites(buyer, actor) -> None:
    supplier = make_organisation("Alpha", country="TH")
    site = make_site(supplier, code="A", workers=5)
    make_relationship(buyer, supplier, vendor_code="V-1", region="Old")
    make_relationship(make_organisation(), supplier)

    job = import_table(
        buyer, actor, [["V-1", "Renamed", "TH", "Asia", "A", "Taken", 10], ["V-1", "", "", "", "B", "New", ""]]
    )

    supplier.refresh_from_db()
    site.refresh_from_db()
    assert counts(job) == {"rows": 2, "suppliers_updated": 1, "shared": 1}
    assert (supplier.name, site.workers, supplier.sites.count()) == ("Alpha", 5, 1)
    assert Relationship.objects.get(buyer=buyer).region == "Asia"


def test_own_sites_come_in_by_the_own_name(buyer, actor) -> None:
    make_site(buyer, code="A", workers=5)
    rows = [["OWN", "BUYER", "JP", "", "A", "Head office", 50], ["OWN", "", "", "", "B", "Plant", 60]]
    job = import_table(buyer, actor, rows)

    assert counts(job) == {"rows": 2, "suppliers_created": 1, "sites_created": 1, "sites_updated": 1}
    assert Relationship.objects.get().supplier == buyer
    assert list(buyer.sites.order_by("code").values_list("code", "workers")) == [("A", 50), ("B", 60)]
    assert Organisation.objects.count() == 1


def test_vendor_codes_of_another_buyer_are_not_touched(buyer, actor) -> None:
    other = make_relationship(vendor_code="V-1", region="Old")
    import_table(buyer, actor, [FIRST])
    other.refresh_from_db()
    assert (other.region, Relationship.objects.filter(vendor_code="V-1").count()) == ("Old", 2)


def test_template_can_be_uploaded_as_it_is_and_filled(buyer, actor) -> None:
    content = write_workbook(template_sheets())
    sheets = read_tables(io.BytesIO(content))
    assert [table.sheet for table in sheets] == ["Suppliers", "Explanation", "Words"]
    assert tuple(sheets[0].headers) == COLUMNS
    assert sheets[0].rows[0].cells[0] == "# V-1001"

    job = import_content(buyer, actor, "template.xlsx", content)
    assert job.result["detail"][0]["code"] == "no_rows"


def test_export_can_be_imported_again(buyer, actor) -> None:
    import_table(buyer, actor, [FIRST, SECOND, ["V-3", "Gamma", "CN", "", "", "", ""]])
    make_site(Relationship.objects.get(vendor_code="V-1").supplier, code="Z", closed_on=date(2020, 1, 1))
    job = services.start_export(organisation=buyer, actor=actor, filters={"region": "Asia", "evil": "1"})
    run_job(str(job.pk))
    job.refresh_from_db()

    table = read_table(read_content(job.result_file))
    assert (job.result, tuple(table.headers)) == ({"message": "2 suppliers."}, COLUMNS)
    assert [(row.cells[0], row.cells[11], row.cells[12]) for row in table.rows] == [
        ("V-1", "A", "Alpha plant"),
        ("V-2", "1", "Beta plant"),
    ]
    again = import_content(buyer, actor, "again.xlsx", read_content(job.result_file).getvalue())
    assert counts(again) == {"rows": 2, "suppliers_unchanged": 2, "sites_unchanged": 2}
    assert Entry.objects.get(deed="export_suppliers").detail == {"filters": {"region": "Asia"}, "rows": 2}


def test_export_holds_only_what_the_actor_sees(buyer) -> None:
    narrow = make_user()
    make_membership(narrow, buyer, Role.BUYER_READER, scopes={"region": ["Asia"]})
    make_relationship(buyer, vendor_code="IN", region="Asia")
    make_relationship(buyer, vendor_code="OUT", region="Europe")
    make_relationship(vendor_code="OTHER", region="Asia")

    job = services.start_export(organisation=buyer, actor=narrow)
    run_job(str(job.pk))
    job.refresh_from_db()
    assert [row.cells[0] for row in read_table(read_content(job.result_file)).rows] == ["IN"]


def test_writing_takes_the_same_number_of_queries_for_ten_and_for_seventy(
    buyer, actor, django_assert_num_queries
) -> None:
    from portal.lib.workbook import Row
    from suppliers.organisations.reports import import_lists
    from suppliers.organisations.services.imports import apply_reading
    from suppliers.organisations.workbook import Reading, read_headers, read_row

    def reading(first: int, last: int, workers: int) -> Reading:
        columns, _ = read_headers(HEADERS, 1, import_lists())
        found = Reading(given=frozenset(columns.values()))
        for number in range(first, last):
            row = [f"V-{number}", f"S {number} {workers}", "TH", f"R{workers}", "1", "Plant", workers]
            read_row(found, Row(number, row), columns, import_lists())
        return found

    with django_assert_num_queries(10):
        apply_reading(buyer, reading(0, 10, 1), actor=actor)
    with django_assert_num_queries(10):
        apply_reading(buyer, reading(10, 70, 1), actor=actor)
    with django_assert_num_queries(10):
        apply_reading(buyer, reading(0, 70, 2), actor=actor)
