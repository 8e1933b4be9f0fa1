"""Lists: taken in, previewed, applied once, in one piece or not at all."""

import datetime as dt
import io

import pytest
from openpyxl import Workbook

from minerals.smelters.enums import CaseState, ListState, NameKind, Status
from minerals.smelters.models import NameCase, Smelter, SmelterList, SmelterName, SmelterStatus
from minerals.smelters.queries import status_as_of, statuses_as_of
from minerals.smelters.queries.statuses import StatusThen
from minerals.smelters.services.lists import apply_list, discard_list, import_list, note_template_list
from minerals.smelters.services.matching import match_rows
from minerals.templates_io.document import LookupRow
from portal.lib.errors import ConflictError, DomainError
from portal.trail.models import Entry
from tests.factories import make_organisation, make_user
from tests.minerals.world import make_smelter, make_smelter_row

pytestmark = pytest.mark.django_db

HEAD = (
    "Metal,Facility ID,Standard Facility Name,Country Location,Due Diligence Assessment Program Status,Last Audit Date"
)
TIN = "Tin,CID900001,Example Tin Works,MALAYSIA,Conformant,2021-03-09"
GOLD = "Gold,CID900100,Example Refinery,JAPAN,Active,11/19/2020"


@pytest.fixture
def owner():
    return make_organisation(name="Example Buyer")


@pytest.fixture
def actor():
    return make_user()


def take_in(owner, actor, *lines, as_of=dt.date(2026, 10, 1), complete=True, **fields):
    content = "\n".join([HEAD, *lines]).encode()
    given = {"name": "Public list", "content": content, "file_name": "list.csv", **fields}
    return import_list(owner=owner, as_of=as_of, complete=complete, actor=actor, **given)


def rows_of(owner):
    fields = ("metal", "cid", "name", "country", "status", "status_text", "status_as_of")
    return list(Smelter.objects.filter(owner=owner).order_by("metal", "cid").values_list(*fields))


def names_of(smelter):
    return sorted(smelter.names.values_list("kind", "name"))


def test_an_import_only_previews(owner, actor):
    row = take_in(owner, actor, TIN, GOLD)
    assert (row.state, row.metals, row.counts) == (
        ListState.PREVIEW,
        ["Gold", "Tin"],
        {"added": 2, "removed": 0, "renamed": 0, "status": 0, "country": 0},
    )
    assert rows_of(owner) == []
    assert row.file.name == "list.csv"
    assert Entry.objects.get(deed="import_smelter_list").detail == {"name": "Public list", "counts": row.counts}


def test_applying_writes_smelters_names_and_dated_statuses(owner, actor):
    applied = apply_list(take_in(owner, actor, TIN, GOLD), actor=actor)
    assert (applied.differs, applied.settled, applied.row.state) == (False, 0, ListState.APPLIED)
    assert rows_of(owner) == [
        ("Gold", "CID900100", "Example Refinery", "JP", "active", "Active", dt.date(2026, 10, 1)),
        ("Tin", "CID900001", "Example Tin Works", "MY", "conformant", "Conformant", dt.date(2026, 10, 1)),
    ]
    tin = Smelter.objects.get(cid="CID900001")
    assert names_of(tin) == [("standard", "Example Tin Works")]
    status = tin.statuses.get()
    assert (status.status, status.text, status.audited_on, status.as_of, status.source, status.list) == (
        "conformant",
        "Conformant",
        dt.date(2021, 3, 9),
        dt.date(2026, 10, 1),
        "Public list",
        applied.row,
    )


def test_a_later_list_renames_moves_and_removes(owner, actor):
    apply_list(take_in(owner, actor, TIN, GOLD), actor=actor)
    later = take_in(
        owner,
        actor,
        "Tin,CID900001,Example Tin Renewed,JAPAN,Non Conformant,",
        "Tin,CID900002,Second Example,JAPAN,Active,",
        "Gold,CID900101,Third Example,JAPAN,Active,",
        as_of=dt.date(2026, 11, 1),
        name="Public list November",
    )
    assert later.counts == {"added": 2, "removed": 1, "renamed": 1, "status": 1, "country": 1}
    apply_list(later, actor=actor)
    assert [row[1:6] for row in rows_of(owner)] == [
        ("CID900100", "Example Refinery", "JP", "removed", ""),
        ("CID900101", "Third Example", "JP", "active", "Active"),
        ("CID900001", "Example Tin Renewed", "JP", "non_conformant", "Non Conformant"),
        ("CID900002", "Second Example", "JP", "active", "Active"),
    ]
    tin = Smelter.objects.get(cid="CID900001")
    assert names_of(tin) == [("former", "Example Tin Works"), ("standard", "Example Tin Renewed")]
    then = StatusThen(Status.CONFORMANT, "Conformant", dt.date(2026, 10, 1), "Public list")
    assert status_as_of(tin, dt.date(2026, 10, 31)) == then
    assert statuses_as_of([tin.pk], dt.date(2026, 10, 1)) == {tin.pk: then}
    assert status_as_of(tin, dt.date(2026, 11, 1)).status == Status.NON_CONFORMANT
    assert status_as_of(tin, dt.date(2026, 9, 30)) == StatusThen(Status.UNKNOWN)


def test_a_list_without_a_metal_leaves_that_metal_alone(owner, actor):
    apply_list(take_in(owner, actor, TIN, GOLD), actor=actor)
    assert take_in(owner, actor, TIN, as_of=dt.date(2026, 11, 1)).counts["removed"] == 0


def test_an_older_list_is_history_and_changes_nothing_of_today(owner, actor):
    apply_list(take_in(owner, actor, TIN), actor=actor)
    older = take_in(owner, actor, TIN.replace("Conformant", "Active"), as_of=dt.date(2025, 1, 1))
    assert older.counts["status"] == 0
    apply_list(older, actor=actor)
    smelter = Smelter.objects.get()
    assert (smelter.status, smelter.status_as_of) == (Status.CONFORMANT, dt.date(2026, 10, 1))
    assert status_as_of(smelter, dt.date(2025, 6, 1)).status == Status.ACTIVE


def test_a_list_is_applied_once(owner, actor):
    row = take_in(owner, actor, TIN)
    apply_list(row, actor=actor)
    for deed in (apply_list, discard_list):
        with pytest.raises(ConflictError, match="applied or discarded before"):
            deed(SmelterList.objects.get(), actor=actor)
    assert SmelterStatus.objects.count() == 1


def test_a_discarded_list_writes_nothing(owner, actor):
    row = take_in(owner, actor, TIN)
    discard_list(row, actor=actor)
    assert (row.state, rows_of(owner)) == (ListState.DISCARDED, [])


def test_a_stale_preview_is_compared_again_and_says_so(owner, actor):
    row = take_in(owner, actor, TIN, GOLD)
    make_smelter(owner, name="Another Name", status=Status.UNKNOWN)
    applied = apply_list(row, actor=actor)
    assert applied.differs
    assert applied.row.counts == {"added": 1, "removed": 0, "renamed": 1, "status": 1, "country": 0}
    assert sorted(row.changes.values_list("kind", "cid")) == [
        ("added", "CID900100"),
        ("renamed", "CID900001"),
        ("status", "CID900001"),
    ]


def test_one_wrong_cell_stops_the_list(owner, actor):
    with pytest.raises(DomainError) as refused:
        take_in(owner, actor, TIN, "Tin,CID9001,Broken,JAPAN,Active,soon")
    assert refused.value.message == "2 cells are wrong. Nothing was imported. Correct them and upload the list again."
    assert refused.value.detail == [
        {"place": "B3", "value": "CID9001", "message": "This is no identification number. Write CID and six digits.", "code": "id_wrong"},
        {"place": "F3", "value": "soon", "message": "This is no date. Write it as 2026-11-14.", "code": "date"},
    ]  # fmt: skip
    assert SmelterList.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"Supplier,Code\nA,1", "no_heads"),
        (HEAD.encode(), "no_rows"),
        (b"", "empty"),
        (b"\x00\x01\x02", "not_a_table"),
        (b"PK\x03\x04broken", "broken"),
        (b"<?xml version='1.0'?><html/>", "other_xml"),
        (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "broken"),
    ],
)
def test_other_files_are_refused_with_a_sentence(owner, actor, content, code):
    with pytest.raises(DomainError) as refused:
        take_in(owner, actor, content=content)
    assert (refused.value.code, refused.value.message[-1]) == (code, ".")


def test_workbooks_with_titles_above_and_a_sheet_per_metal_are_read(owner, actor):
    book = Workbook()
    sheet = book.active
    sheet.title = "Gold"
    for line in (
        ["Facilities"],
        [],
        [None, "Facility ID", "Standard Facility Name"],
        [None, "CID900100", "Example Refinery"],
    ):
        sheet.append(line)
    other = book.create_sheet("Tin")
    for line in (["Facility ID", "Standard Facility Name"], ["CID900001", "Example Tin Works"]):
        other.append(line)
    book.create_sheet("Terms").append(["Read this first."])
    content = io.BytesIO()
    book.save(content)
    row = take_in(owner, actor, content=content.getvalue(), file_name="list.xlsx")
    assert [(one["metal"], one["cid"]) for one in row.rows] == [("Gold", "CID900100"), ("Tin", "CID900001")]


def test_spreadsheetml_is_read(owner, actor):
    cells = "".join(f'<Cell><Data ss:Type="String">{word}</Data></Cell>' for word in HEAD.split(","))
    values = "".join(f'<Cell><Data ss:Type="String">{word}</Data></Cell>' for word in TIN.split(","))
    content = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="F"><Table>'
        f'<Row ss:Index="2">{cells}</Row><Row>{values}</Row></Table></Worksheet></Workbook>'
    )
    row = take_in(owner, actor, content=content.encode(), file_name="list.xml")
    assert [(one["metal"], one["cid"], one["status"]) for one in row.rows] == [("Tin", "CID900001", "conformant")]


# The look-up lists of templates ---------------------------------------------------------------------
def looked_up(cid="CID900001", metal="Tin", name="Example Tin Works", **fields):
    return LookupRow(**{"metal": metal, "lookup": name, "name": name, "country": "MALAYSIA", "cid": cid, **fields})


def note(owner, version, *rows, template="CMRT"):
    return note_template_list(owner_id=owner.pk, template=template, version=version, rows=rows, actor=None)


def test_the_first_template_fills_an_empty_registry(owner):
    row = note(owner, "6.4", looked_up(), looked_up(lookup="ETW"))
    assert (row.state, row.name, row.as_of) == (ListState.APPLIED, "CMRT 6.4", dt.date(2024, 4, 26))
    assert rows_of(owner) == [("Tin", "CID900001", "Example Tin Works", "MY", "unknown", "", None)]
    assert names_of(Smelter.objects.get()) == [("lookup", "ETW"), ("standard", "Example Tin Works")]
    assert note(owner, "6.4", looked_up("CID900009")) is None


def test_the_next_release_waits_for_a_person(owner, actor):
    note(owner, "6.4", looked_up(), looked_up("CID900002", name="Dropped Works"))
    row = note(owner, "6.5", looked_up(), looked_up("CID900003", name="Newcomer"))
    assert (row.state, row.older) == (ListState.PREVIEW, False)
    assert row.counts == {"added": 1, "removed": 1, "renamed": 0, "status": 0, "country": 0}
    apply_list(row, actor=actor)
    assert [row[1::3] for row in rows_of(owner)] == [
        ("CID900001", "unknown"),
        ("CID900002", "removed"),
        ("CID900003", "unknown"),
    ]


def test_an_older_release_only_adds_what_was_dropped_since(owner, actor):
    note(owner, "6.5", looked_up())
    row = note(owner, "6.31", looked_up(name="Name of Old"), looked_up("CID900002", name="Dropped Works"))
    assert (row.state, row.older, row.counts["added"], row.counts["renamed"]) == (ListState.PREVIEW, True, 1, 0)
    apply_list(row, actor=actor)
    assert [row[1:5] for row in rows_of(owner)] == [
        ("CID900001", "Example Tin Works", "MY", "unknown"),
        ("CID900002", "Dropped Works", "MY", "removed"),
    ]
    assert ("former", "Name of Old") in names_of(Smelter.objects.get(cid="CID900001"))


def test_templates_of_other_metals_are_applied_at_once(owner):
    note(owner, "6.5", looked_up())
    assert note(owner, "2.1", looked_up("CID900500", metal="Cobalt"), template="EMRT").state == ListState.APPLIED


def test_nothing_is_noted_of_a_template_without_a_list(owner):
    assert note(owner, "2.00", looked_up("2MYS001")) is None
    assert SmelterList.objects.count() == 0


def test_old_ids_are_learnt_for_names_beyond_doubt(owner):
    note(owner, "6.5", looked_up(), looked_up("CID900002", name="Twin"), looked_up("CID900003", name="Twin"))
    rows = [looked_up("2MYS001"), looked_up("2MYS002", name="Twin"), looked_up("2MYS003", name="Nobody Knows It")]
    assert note(owner, "2.03", *rows) is None
    assert list(SmelterName.objects.filter(kind=NameKind.OLD_ID).values_list("smelter__cid", "name")) == [
        ("CID900001", "2MYS001")
    ]


# Open names after a list ----------------------------------------------------------------------------
def test_a_list_settles_the_names_that_are_beyond_doubt(owner, actor):
    rows = [
        make_smelter_row(5),
        make_smelter_row(6, lookup="", name="Second Example", standard_name="", cid=""),
        make_smelter_row(7, lookup="", name="Secnd Example", standard_name="", cid=""),
        make_smelter_row(8, lookup="", name="N/A", standard_name="", cid=""),
    ]
    match_rows(owner_id=owner.pk, rows=rows)
    row = take_in(owner, actor, TIN, "Tin,CID900002,Second Example,MALAYSIA,Active,")
    assert apply_list(row, actor=actor).settled == 2
    tin, second = Smelter.objects.order_by("cid")
    assert list(NameCase.objects.order_by("pk").values_list("state", "smelter", "decided_by", "suggestions")) == [
        (CaseState.MATCHED, tin.pk, None, []),
        (CaseState.MATCHED, second.pk, None, []),
        (CaseState.OPEN, None, None, [{"smelter": second.pk, "how": "alike", "score": 96}]),
        (CaseState.OPEN, None, None, []),
    ]


def test_writing_costs_the_same_queries_for_one_smelter_as_for_many(owner, actor, django_assert_max_num_queries):
    lines = [f"Tin,CID9{number:05},Example Works {number},JAPAN,Active," for number in range(300)]
    row = take_in(owner, actor, *lines)
    with django_assert_max_num_queries(40):
        apply_list(row, actor=actor)
    assert SmelterName.objects.filter(kind=NameKind.STANDARD).count() == 300
