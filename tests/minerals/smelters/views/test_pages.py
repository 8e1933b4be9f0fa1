"""The pages of the registry: who sees what, what a button does, what a long list costs."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minerals.smelters import tasks  # noqa: F401  # registers the runner of the exports
from minerals.smelters.enums import CaseState, ListState, OutreachKind
from minerals.smelters.models import NameCase, Outreach, Smelter, SmelterList
from minerals.smelters.services.lists import import_list
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.lib.workbook import read_table
from suppliers.organisations.enums import Role
from tests.factories import cast, make_membership, make_organisation, make_relationship, make_site, make_user
from tests.minerals.world import (
    make_asked,
    make_declared,
    make_received,
    make_smelter,
    make_smelter_list,
    make_smelter_row,
)

pytestmark = pytest.mark.django_db

HEAD = "Metal,Facility ID,Standard Facility Name,Country Location,Status"


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def client(client, people):
    client.force_login(people.dave)
    return client


def text_of(answer):
    return answer.content.decode()


def declare(relationship, *rows):
    return make_received(relationship, make_declared(smelters=rows))


def unlisted(name, row=5, **fields):
    given = {"lookup": "Smelter not listed", "name": name, "standard_name": "", "cid": "", "listed": False}
    return make_smelter_row(row, **{**given, **fields})


def names_on(answer):
    return [smelter.name for smelter, _suppliers, _declarations in answer.context["lines"]]


def result_rows(job):
    run_job(str(job.pk))
    job.refresh_from_db()
    with job.result_file.content.open("rb") as file:
        table = read_table(file)
    return [row.cells for row in table.rows]


# The list -------------------------------------------------------------------------------------------
def test_the_list_narrows_searches_and_sorts(client, people):
    make_smelter(people.buyer)
    make_smelter(people.buyer, "Gold", "CID900100", name="Example Refinery", country="JP", status="active")
    make_smelter(people.other_buyer, cid="CID900200", name="Somebody else's")
    declare(people.relationship, make_smelter_row())
    for query, shown in [
        ({}, ["Example Refinery", "Example Tin Works"]),
        ({"sort": "-name"}, ["Example Tin Works", "Example Refinery"]),
        ({"metal": "Gold"}, ["Example Refinery"]),
        ({"light": "green"}, ["Example Tin Works"]),
        ({"status": "active"}, ["Example Refinery"]),
        ({"country": "JP"}, ["Example Refinery"]),
        ({"declared": "yes"}, ["Example Tin Works"]),
        ({"declared": "no"}, ["Example Refinery"]),
        ({"q": "cid900100"}, ["Example Refinery"]),
        ({"q": "works example"}, ["Example Tin Works"]),
        ({"q": "nothing"}, []),
    ]:
        assert names_on(client.get(reverse("smelter_list"), query)) == shown, query


def test_the_list_counts_what_was_handed_in(client, people):
    smelter = make_smelter(people.buyer)
    declare(people.relationship, make_smelter_row(5), make_smelter_row(6, lookup="ETW"))
    declare(people.relationship, make_smelter_row(5))
    answer = client.get(reverse("smelter_list"))
    assert answer.context["lines"] == [(smelter, 1, 2)]
    assert [(light.value, count) for light, count in answer.context["lights"]] == [
        ("green", 1),
        ("amber", 0),
        ("red", 0),
        ("grey", 0),
    ]


def test_the_export_holds_what_the_list_shows(client, people):
    make_smelter(people.buyer, status_as_of=dt.date(2026, 10, 1))
    make_smelter(people.buyer, "Gold", "CID900100", name="Example Refinery")
    client.post(reverse("smelter_export"), {"metal": "Tin"})
    assert [row[:4] + row[6:] for row in result_rows(Job.objects.get())] == [
        ["Tin", "CID900001", "Example Tin Works", "Malaysia", "Conformant", None, "Conformant or recognised", dt.date(2026, 10, 1), 0, 0]
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["smelter_list", "smelter_names", "smelter_lists"])
def test_lists_cost_the_same_queries_for_one_row_and_three(client, people, name):
    def count(numbers):
        for number in numbers:
            make_smelter(people.buyer, cid=f"CID90000{number}", name=f"Example {number}")
            make_smelter_list(people.buyer, name=f"List {number}")
            bond = make_relationship(people.buyer, make_organisation())
            make_site(bond.supplier)
            declare(bond, make_smelter_row(5, cid=f"CID90000{number}"), unlisted(f"Exampel {number}", 6))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        return len(queries)

    client.get(reverse(name))
    assert count([1]) == count([2, 3]) <= 13


# One smelter ----------------------------------------------------------------------------------------
def test_a_smelter_shows_its_history_names_and_status_of_a_day(client, people):
    for month, word in ((1, "Active"), (2, "Active"), (3, "Conformant")):
        row = import_list(
            owner=people.buyer, content=f"{HEAD}\nTin,CID900001,Example Tin Works,JAPAN,{word}".encode(), actor=people.dave,
            file_name="a.csv", name=f"List {month}", as_of=dt.date(2026, month, 1), complete=True,
        )  # fmt: skip
        client.post(reverse("smelter_list_apply", args=[row.pk]))
    smelter = Smelter.objects.get()
    answer = client.get(reverse("smelter_detail", args=[smelter.pk]), {"day": "2026-02-15"})
    spans = [
        (span.newest.status, span.newest.as_of.month, span.first_on.month, span.times)
        for span in answer.context["spans"]
    ]
    assert spans == [("conformant", 3, 3, 1), ("active", 2, 1, 2)]
    assert (answer.context["then"].status, answer.context["then"].source) == ("active", "List 2")
    assert "Country of the smelter" in text_of(answer)


def test_outreach_is_noted_and_shown(client, people):
    smelter = make_smelter(people.buyer)
    address = reverse("smelter_outreach", args=[smelter.pk])
    answer = client.post(address, {"kind": "asked", "on": "2026-01-05", "text": "By e-mail"}, follow=True)
    row = Outreach.objects.get()
    assert (row.kind, row.on, row.text, row.actor) == (
        OutreachKind.ASKED,
        dt.date(2026, 1, 5),
        "By e-mail",
        people.dave,
    )
    assert "By e-mail" in text_of(answer)
    for given, field in [
        ({"kind": "other", "on": "2026-01-05"}, "text"),
        ({"kind": "asked", "on": "2999-01-01"}, "on"),
    ]:
        refused = client.post(address, given)
        assert (refused.status_code, list(refused.context["form"].errors)) == (400, [field])


def test_who_declares_a_smelter_is_shown_as_a_part_and_as_a_page(client, people):
    smelter = make_smelter(people.buyer)
    declared = declare(people.relationship, make_smelter_row(7, name="ETW as we write it"))
    address = reverse("smelter_declarers", args=[smelter.pk])
    part, page = client.get(address, headers={"HX-Request": "true"}), client.get(address)
    for answer in (part, page):
        assert [(row.row, row.edition.declaration, row.name) for row in answer.context["rows"]] == [
            (7, declared, "ETW as we write it")
        ]
        assert "Smelter List, row 7" in text_of(answer)
    assert ("<html" in text_of(part), "<html" in text_of(page)) == (False, True)
    assert address in text_of(client.get(reverse("smelter_detail", args=[smelter.pk])))


# Names ----------------------------------------------------------------------------------------------
def test_the_queue_shows_open_names_with_reasons_and_who_gives_them(client, people):
    make_smelter(people.buyer)
    declare(people.relationship, unlisted("Exampel Tin Works"), unlisted("N/A", 6))
    answer = client.get(reverse("smelter_names"))
    assert [
        (one.case.name, [(hint.smelter.cid, hint.reason) for hint in one.hints], one.suppliers, one.proposal)
        for one in answer.context["questions"]
    ] == [
        ("Exampel Tin Works", [("CID900001", "Name 94 per cent alike")], 1, None),
        ("N/A", [], 1, "no_name"),
    ]


def test_what_was_not_handed_in_is_nobody_elses_business(client, people):
    NameCase.objects.create(owner=people.buyer, metal="Tin", name="In a draft", folded="in a draft")
    assert client.get(reverse("smelter_names")).context["questions"] == []


def decide(client, case, **given):
    return client.post(reverse("smelter_name_decide", args=[case.pk]), given)


def test_a_name_is_matched_kept_rejected_and_opened_again(client, people):
    smelter = make_smelter(people.buyer)
    declare(people.relationship, unlisted("Tinny"))
    case = NameCase.objects.get()
    for given, expected in [
        ({"smelter": smelter.pk, "add_alias": "1"}, (CaseState.MATCHED, smelter.pk, "", "")),
        ({"deed": "undo"}, (CaseState.OPEN, None, "", "")),
        ({"deed": "keep", "reason": "Asked"}, (CaseState.UNKNOWN, None, "", "Asked")),
        ({"deed": "undo"}, (CaseState.OPEN, None, "", "")),
        ({"deed": "reject", "rejection": "mine"}, (CaseState.REJECTED, None, "mine", "")),
    ]:
        assert decide(client, case, **given).status_code == 302
        case.refresh_from_db()
        assert (case.state, case.smelter_id, case.rejection, case.reason) == expected


def test_a_rejection_without_its_reason_is_asked_again(client, people):
    declare(people.relationship, unlisted("Tinny"))
    case = NameCase.objects.get()
    for given, field in [({}, "rejection"), ({"rejection": "other"}, "reason")]:
        answer = decide(client, case, deed="reject", **given)
        assert (answer.status_code, list(answer.context["reject_form"].errors)) == (400, [field])


def test_a_smelter_of_another_registry_cannot_be_chosen(client, people):
    declare(people.relationship, unlisted("Tinny"))
    assert decide(client, NameCase.objects.get(), smelter=make_smelter(people.other_buyer).pk).status_code == 404


def test_the_registry_is_searched_from_the_page_of_a_name(client, people):
    make_smelter(people.buyer)
    make_smelter(people.buyer, "Gold", "CID900100", name="Example Refinery")
    declare(people.relationship, unlisted("Tinny"))
    address = reverse("smelter_name_detail", args=[NameCase.objects.get().pk])
    assert [one.cid for one in client.get(address, {"q": "example"}).context["hits"]] == ["CID900001", "CID900100"]


def test_ticked_names_are_decided_at_once(client, people):
    make_smelter(people.buyer)
    declare(people.relationship, unlisted("Exampel Tin Works"), unlisted("N/A", 6), unlisted("Somebody Real", 7))
    address = reverse("smelter_names_decide")
    everything = {"names": [case.pk for case in NameCase.objects.all()]}
    for deed in ("match", "reject", "keep"):
        client.post(address, {"deed": deed, **everything})
    assert list(NameCase.objects.order_by("pk").values_list("name", "state")) == [
        ("Exampel Tin Works", "matched"),
        ("N/A", "rejected"),
        ("Somebody Real", "unknown"),
    ]
    assert client.post(address, {"deed": "keep", **everything}).status_code == 422


def test_the_queue_is_exported(client, people):
    declare(people.relationship, unlisted("Tinny", country="Japan"))
    client.post(reverse("smelter_names_export"), {})
    assert [row[:5] + row[11:] for row in result_rows(Job.objects.get())] == [
        ["Tin", "Tinny", None, "JAPAN", "To decide", 1, 1]
    ]


# Lists ----------------------------------------------------------------------------------------------
def upload(client, content, **fields):
    file = SimpleUploadedFile("list.csv", content.encode(), content_type="text/csv")
    return client.post(reverse("smelter_list_import"), {"file": file, "as_of": "2026-10-01", **fields})


def test_a_list_is_uploaded_previewed_and_applied(client, people):
    answer = upload(client, f"{HEAD}\nTin,CID900001,Example Tin Works,JAPAN,Active", complete="on")
    row = SmelterList.objects.get()
    assert answer.url == reverse("smelter_list_detail", args=[row.pk])
    assert (row.name, row.complete, row.as_of, row.size) == ("list", True, dt.date(2026, 10, 1), 1)
    shown = client.get(answer.url, {"kind": "added"})
    assert [(one.cid, after) for one, _before, after in shown.context["lines"]] == [("CID900001", "Active")]
    assert client.get(answer.url, {"kind": "removed"}).context["lines"] == []
    client.post(reverse("smelter_list_apply", args=[row.pk]))
    assert Smelter.objects.get().status == "active"
    assert client.post(reverse("smelter_list_discard", args=[row.pk])).status_code == 409
    client.post(reverse("smelter_list_export", args=[row.pk]), {"kind": "added"})
    assert result_rows(Job.objects.get()) == [["Added", "Tin", "CID900001", "Example Tin Works", None, "Active"]]


def test_wrong_cells_are_shown_and_nothing_is_kept(client, people):
    answer = upload(client, f"{HEAD}\nTin,9001,Example Tin Works,JAPAN,Active")
    assert (answer.status_code, [fault["place"] for fault in answer.context["faults"]]) == (400, ["B2"])
    assert "This is no identification number" in text_of(answer)
    assert not SmelterList.objects.exists()


def test_a_day_to_come_and_other_kinds_of_files_are_refused(client, people):
    answer = upload(client, HEAD, as_of="2999-01-01")
    assert list(answer.context["form"].errors) == ["as_of"]
    file = SimpleUploadedFile("list.pdf", b"%PDF")
    answer = client.post(reverse("smelter_list_import"), {"file": file, "as_of": "2026-10-01"})
    assert list(answer.context["form"].errors) == ["file"]


def test_a_list_is_discarded(client, people):
    row = make_smelter_list(people.buyer)
    client.post(reverse("smelter_list_discard", args=[row.pk]))
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (ListState.DISCARDED, people.dave)


def test_a_name_that_nobody_has_handed_in_is_found_nowhere(client, people):
    make_asked(people.relationship, make_declared(smelters=[unlisted("Secret Works")]))
    case = NameCase.objects.get()

    assert client.get(reverse("smelter_name_detail", args=[case.pk])).status_code == 404
    assert client.get(reverse("smelter_name_declarers", args=[case.pk])).status_code == 404
    assert "Secret Works" not in text_of(client.get(reverse("smelter_names"), {"state": ""}))
    assert client.post(reverse("smelter_names_decide"), {"names": case.pk, "deed": "keep"}).status_code == 422


@pytest.mark.parametrize("typed", ["²", "9" * 5000, "\x00"])
def test_a_number_that_is_none_chooses_nothing(client, people, typed):
    declare(people.relationship, unlisted("Works of Nobody"))
    case = NameCase.objects.get()

    one = client.post(reverse("smelter_name_decide", args=[case.pk]), {"deed": "match", "smelter": typed})
    many = client.post(reverse("smelter_names_decide"), {"names": typed, "deed": "keep"})
    found = client.get(reverse("smelter_name_detail", args=[case.pk]), {"q": typed})

    assert (one.status_code, many.status_code, found.status_code) == (422, 422, 200)


def test_somebody_narrowed_counts_what_the_page_of_a_smelter_lists(client, people):
    smelter = make_smelter(people.buyer)
    declare(people.relationship, make_smelter_row())
    seen = make_relationship(people.buyer, region="Europe")
    declare(seen, make_smelter_row())
    reader = make_user()
    make_membership(reader, people.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Europe"]})
    client.force_login(reader)

    (line,) = client.get(reverse("smelter_list")).context["lines"]
    rows = client.get(reverse("smelter_declarers", args=[smelter.pk])).context["rows"]

    assert (line[1:], [row.edition.declaration.relationship for row in rows]) == ((1, 1), [seen])
