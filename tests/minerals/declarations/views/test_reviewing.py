"""The buyer's pages: the list, one declaration, its mail back, entering a file."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.enums import Way
from minerals.declarations.models import Declaration, Edition
from minerals.declarations.services import add_edition, cancel_declaration, hand_in
from minerals.declarations.tasks import export_declarations
from minerals.templates_io.workbook import build_workbook
from portal.jobs.models import Job
from portal.notices.models import Mail
from suppliers.organisations.enums import Role
from tests.factories import cast, make_membership, make_organisation, make_relationship, make_site, make_user
from tests.minerals.world import make_asked, make_declaration, make_declared, make_received, make_smelter

pytestmark = pytest.mark.django_db


def test_the_list_shows_what_the_reader_buys_and_narrows(client):
    people = cast()
    make_received(people.relationship, title="Conflict minerals")
    make_declaration(people.relationship, template="EMRT", title="Cobalt", due_on="2020-01-01")
    make_declaration(people.other_relationship, title="Somebody else's")
    client.force_login(people.dave)
    address = reverse("declaration_list")

    page = client.get(address).content.decode()
    assert ("Conflict minerals" in page, "Cobalt" in page, "Somebody else" in page) == (True, True, False)
    for query, shown in [
        ({"state": "overdue"}, (False, True)),
        ({"template": "CMRT"}, (True, False)),
        ({"flags": "smelter_unknown"}, (True, False)),
        ({"flags": "none"}, (False, False)),
        ({"q": "cobalt"}, (False, True)),
    ]:
        page = client.get(address, query).content.decode()
        assert ("Conflict minerals" in page, "Cobalt" in page) == shown, query


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_cost_the_same_queries_however_long(client, django_assert_num_queries, rows):
    people = cast()
    for _number in range(rows):
        supplier = make_organisation()
        make_site(supplier)
        make_received(make_relationship(people.buyer, supplier))
        make_declaration(people.relationship)
    client.force_login(people.dave)
    client.get(reverse("declaration_list"))
    with django_assert_num_queries(8):
        client.get(reverse("declaration_list"))
    client.force_login(people.alice)
    client.get(reverse("own_declaration_list"))
    with django_assert_num_queries(5):
        client.get(reverse("own_declaration_list"))


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_queries_however_much_was_handed_in(client, django_assert_num_queries, rows):
    people = cast()
    declaration = make_declaration(people.relationship)
    for number in range(rows):
        edition = add_edition(
            declaration, make_declared(effective_date=f"2026-0{number + 1}-10"), way=Way.UPLOAD, actor=people.alice
        )
        hand_in(edition, actor=people.alice)
    client.force_login(people.dave)
    client.get(reverse("declaration_detail", args=[declaration.pk]))
    with django_assert_num_queries(17):
        client.get(reverse("declaration_detail", args=[declaration.pk]))


def test_a_buyer_never_sees_an_edition_that_is_not_handed_in(client):
    people = cast()
    declaration = make_asked(people.relationship)
    client.force_login(people.dave)

    page = client.get(reverse("declaration_detail", args=[declaration.pk])).content.decode()
    assert "Example Tin Works" not in page
    assert "Edition 1" not in page
    for name in ("declaration_edition", "declaration_file"):
        assert client.get(reverse(name, args=[declaration.pk, 1])).status_code == 404


def test_a_buyer_never_sees_what_a_supplier_begins_after_acceptance_before_it_is_handed_in(client):
    people = cast()
    old = make_declaration(people.relationship, state=State.ACCEPTED)
    edition = add_edition(old, make_declared(), way=Way.UPLOAD, actor=people.alice)
    address = reverse("declaration_detail", args=[edition.declaration_id])
    client.force_login(people.dave)
    assert client.get(address).status_code == 404

    hand_in(edition, actor=people.alice)
    assert client.get(address).status_code == 200


def test_a_narrowed_buyer_sees_no_other_region(client):
    people = cast()
    declaration = make_received(people.relationship)
    reader = make_user()
    make_membership(reader, people.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Europe"]})
    client.force_login(reader)

    assert client.get(reverse("declaration_detail", args=[declaration.pk])).status_code == 404
    assert "Conflict minerals" not in client.get(reverse("declaration_list")).content.decode()


def test_the_mail_is_drafted_in_the_suppliers_language_and_sent_as_the_buyer_changed_it(client):
    people = cast()
    people.alice.language = "ja"
    people.alice.save()
    declaration = make_received(people.relationship, make_declared(smelters=[]), actor=people.alice)
    client.force_login(people.dave)
    address = reverse("declaration_return", args=[declaration.pk])

    page = client.get(address)
    draft = page.context["form"]
    assert draft.initial["body"].startswith("ご担当者様")
    point = draft.initial["points"][0]

    client.post(address, {"subject": "Mend this", "body": "As we said by phone.", "points": [point]})
    mail = Mail.objects.get(template="declaration_returned")
    assert (mail.to_email, mail.language, mail.context["subject"]) == (people.alice.email, "ja", "Mend this")
    assert mail.context["body"] == "As we said by phone."
    assert len(mail.context["lines"]) == 1
    assert Declaration.objects.get().state == State.RETURNED


def test_a_return_without_words_is_refused(client):
    people = cast()
    declaration = make_received(people.relationship)
    client.force_login(people.dave)

    answer = client.post(reverse("declaration_return", args=[declaration.pk]), {"subject": "", "body": ""})

    assert (answer.status_code, Declaration.objects.get().state) == (422, State.RECEIVED)


def test_accepting_over_a_later_one_is_asked_first(client):
    people = cast()
    later = make_received(people.relationship, make_declared(effective_date="2026-09-01"))
    client.force_login(people.dave)
    client.post(reverse("declaration_accept", args=[later.pk]))
    earlier = make_received(people.relationship, make_declared(effective_date="2026-01-01"))
    address = reverse("declaration_accept", args=[earlier.pk])

    refused = client.post(address)
    assert refused.status_code == 422
    assert "effective later" in refused.content.decode()
    assert Declaration.objects.get(pk=earlier.pk).state == State.RECEIVED

    client.post(address, {"despite_later": "on"})
    states = dict(Declaration.objects.values_list("pk", "state"))
    assert states == {earlier.pk: State.ACCEPTED, later.pk: State.SUPERSEDED}


def test_a_request_is_called_off_with_its_reason(client):
    people = cast()
    declaration = make_declaration(people.relationship)
    client.force_login(people.dave)

    client.post(reverse("declaration_cancel", args=[declaration.pk]), {"reason": "No longer bought."})

    change = declaration.changes.get()
    assert (Declaration.objects.get().state, change.reason) == (State.CANCELLED, "No longer bought.")


def test_a_file_of_a_mail_is_entered_for_the_supplier_found(client):
    people = cast()
    asked = make_declaration(people.relationship)
    client.force_login(people.dave)
    address = reverse("declaration_enter")

    found = client.get(address, {"q": "supplier V-1"}).content.decode()
    assert f"{address}?relationship={people.relationship.pk}" in found
    answer = client.post(
        f"{address}?relationship={people.relationship.pk}",
        {"file": ContentFile(build_workbook(make_declared()), name="mail.xlsx"), "year": "2026"},
    )

    assert answer.url == reverse("declaration_detail", args=[asked.pk])
    assert (Edition.objects.get().way, Declaration.objects.get().state) == (Way.BUYER, State.RECEIVED)


def test_a_file_of_another_buyers_supplier_is_not_entered(client):
    people = cast()
    client.force_login(people.dave)

    answer = client.get(reverse("declaration_enter"), {"relationship": people.other_relationship.pk})

    assert answer.status_code == 404


def test_the_export_writes_the_rows_of_the_list(client):
    people = cast()
    make_declaration(people.relationship)
    make_received(people.relationship)
    client.force_login(people.dave)

    answer = client.post(reverse("declaration_export"), {"state": "received"})

    job = Job.objects.get(kind="declarations.export")
    assert answer.url == reverse("job_detail", args=[job.pk])
    assert export_declarations(job) == {"message": "1 row is written."}
    assert job.result_file is not None


@pytest.mark.parametrize("name", ["declaration_accept", "declaration_return"])
def test_what_was_handed_in_meanwhile_is_not_decided_unseen(client, name):
    people = cast()
    declaration = make_received(people.relationship)
    hand_in(add_edition(declaration, make_declared(("Gold",)), way=Way.UPLOAD, actor=None), actor=None)
    client.force_login(people.dave)

    answer = client.post(reverse(name, args=[declaration.pk]), {"edition": 1, "subject": "Mend it", "body": "Now."})

    assert (answer.status_code, Declaration.objects.get().state) == (409, State.RECEIVED)
    assert "A newer edition came in" in answer.content.decode()


@pytest.mark.parametrize("typed", ["\x00", "nothing\x00here", "9" * 5000, "²"])
def test_whatever_is_typed_is_searched_for_without_a_fault(client, typed):
    people = cast()
    client.force_login(people.dave)

    assert client.get(reverse("declaration_list"), {"q": typed, "year": typed}).status_code == 200
    assert client.get(reverse("declaration_enter"), {"q": typed}).status_code == 200
    assert client.get(reverse("declaration_enter"), {"relationship": typed}).status_code == 404


def test_an_edition_of_a_request_that_was_called_off_is_not_offered_to_be_handed_in(client):
    people = cast()
    declaration = make_asked(people.relationship)
    client.force_login(people.alice)
    address = reverse("declaration_detail", args=[declaration.pk])
    assert reverse("declaration_hand_in", args=[declaration.pk]) in client.get(address).content.decode()

    cancel_declaration(declaration, actor=people.dave)
    page = client.get(address).content.decode()
    assert reverse("declaration_hand_in", args=[declaration.pk]) not in page
    assert "The request was called off." in page


def test_the_page_lists_as_many_red_flags_as_it_counts(client):
    people = cast()
    make_smelter(people.buyer, status="active")
    declaration = make_received(people.relationship, make_declared(answers={"6": "50% or less"}))
    client.force_login(people.dave)

    context = client.get(reverse("declaration_detail", args=[declaration.pk])).context

    assert len(context["flags"]) == declaration.red_flags
    assert [line.title for line in context["mild_flags"]] == ["Smelter not assessed yet"]


def test_a_question_that_nobody_answered_stands_in_the_table(client):
    people = cast()
    declaration = make_received(people.relationship, make_declared(answers={"7": ""}))
    client.force_login(people.dave)

    reading = client.get(reverse("declaration_detail", args=[declaration.pk])).context["reading"]

    assert [row.number for row in reading.answers] == list("12345678")
    assert set(reading.answers[6].cells) == {""}
