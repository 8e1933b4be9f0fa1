"""The form on the page: with and without scripts, two who write, rows, the check, who may do what."""

import json

import pytest
from django.urls import reverse

from minerals.declarations.document import read_field
from minerals.declarations.models import Draft, Edition
from minerals.declarations.services.drafting import begin_draft, save_fields
from minerals.smelters.matching import fold_name
from tests.factories import cast
from tests.minerals.declarations.services.test_drafting import fill, hand_in_file
from tests.minerals.world import make_declaration, make_declared, make_smelter

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def declaration(people):
    return make_declaration(people.relationship, site=people.site)


@pytest.fixture
def begun(people, declaration):
    begin_draft(declaration=declaration, actor=people.alice)
    return declaration


def at(declaration, name="declaration_form", *rest):
    return reverse(name, args=[declaration.pk, *rest])


def page(declaration, step):
    return at(declaration, "declaration_form_step", step)


def write(declaration, values, actor, base=1):
    save_fields(declaration=declaration, posted={key: (value, base) for key, value in values.items()}, actor=actor)


def stands(key):
    return read_field(Draft.objects.get().content["declared"], key)


# Beginning -----------------------------------------------------------------------------------------
def test_a_supplier_begins_with_an_empty_form(client, people, declaration):
    client.force_login(people.alice)
    assert "Begin with an empty form" in client.get(at(declaration)).content.decode()
    assert client.post(at(declaration)).url == page(declaration, "company")
    assert client.post(at(declaration)).url == page(declaration, "company")
    text = client.get(at(declaration)).content.decode()
    assert "Company and scope" in text and "What is in your products" in text and "Smelters" not in text


def test_last_years_declaration_is_offered_and_continued(client, people, declaration):
    hand_in_file(people, make_declared(("Tin",)))
    client.force_login(people.alice)
    assert "Continue from 2025" in client.get(at(declaration)).content.decode()
    edition = Edition.objects.get()
    assert client.post(at(declaration, "declaration_continue"), {"edition": edition.pk}).url == at(declaration)
    assert "From CMRT 6.5, 2025, please check." in client.get(at(declaration)).content.decode()
    assert "please check" in client.get(page(declaration, "use")).content.decode()
    client.post(page(declaration, "use"), {"go": "next"})
    assert "please check" not in client.get(page(declaration, "use")).content.decode()


def test_an_edition_of_somebody_else_is_not_continued(client, people, declaration):
    hand_in_file(people, make_declared(("Tin",)))
    other = make_declaration(people.other_relationship, site=people.other_site)
    client.force_login(people.mallory)
    assert client.post(at(other, "declaration_continue"), {"edition": Edition.objects.get().pk}).status_code == 422
    assert not Draft.objects.exists()


# Without scripts -----------------------------------------------------------------------------------
def test_a_page_is_saved_as_a_whole_and_leads_on(client, people, begun):
    client.force_login(people.alice)
    posted = {
        "go": "next",
        "f-company.name": "Supplier KK",
        "v-company.name": "1",
        "f-scope": "A",
        "v-scope": "1",
        "f-nonsense": "x",
    }
    reply = client.post(page(begun, "company"), posted)
    assert reply.url == page(begun, "use")
    assert (stands("company.name"), stands("scope"), Draft.objects.get().version) == ("Supplier KK", "A", 2)
    answers = {"f-answer.1.Tin": "Yes", "f-answer.2.Tin": "Yes", "v-answer.1.Tin": "2", "go": "next"}
    assert client.post(page(begun, "use"), answers).url == page(begun, "questions")
    assert client.post(page(begun, "questions"), {"go": "stay"}).url == page(begun, "questions")


def test_the_last_page_leads_to_the_check(client, people, begun):
    client.force_login(people.alice)
    assert client.post(page(begun, "use"), {"go": "next"}).url == at(begun, "declaration_form_check")


def test_a_wrong_value_is_said_and_nothing_typed_is_lost(client, people, begun):
    client.force_login(people.alice)
    posted = {
        "go": "next",
        "f-effective_date": "31.5.2026",
        "v-effective_date": "1",
        "f-company.id": "12-3",
        "v-company.id": "1",
    }
    reply = client.post(page(begun, "company"), posted)
    text = reply.content.decode()
    assert reply.status_code == 422
    assert "Write the date as year-month-day" in text and 'value="31.5.2026"' in text
    assert (stands("effective_date"), stands("company.id")) == ("", "12-3")


def test_a_stale_page_shows_both_values_and_neither_is_lost(client, people, begun):
    write(begun, {"company.contact": "Ann", "company.address": "New street"}, people.bob)
    client.force_login(people.alice)
    posted = {
        "go": "next",
        "f-company.contact": "Ben",
        "v-company.contact": "1",
        "f-company.address": "",
        "v-company.address": "1",
    }
    reply = client.post(page(begun, "company"), posted)
    text = reply.content.decode()
    assert reply.status_code == 409
    assert "Bob changed this field, too." in text and "What stands: “Ann”" in text and 'value="Ben"' in text
    assert (stands("company.contact"), stands("company.address")) == ("Ann", "New street")
    mine = client.post(page(begun, "company"), {"go": "next", "f-company.contact": "Ben", "v-company.contact": "2"})
    assert (mine.status_code, stands("company.contact")) == (302, "Ben")


def test_what_stands_can_be_taken(client, people, begun):
    write(begun, {"company.contact": "Ann"}, people.bob)
    client.force_login(people.alice)
    posted = {
        "go": "theirs-company.contact",
        "f-company.contact": "Ben",
        "v-company.contact": "1",
        "f-company.id": "7",
        "v-company.id": "1",
    }
    assert client.post(page(begun, "company"), posted).status_code == 302
    assert (stands("company.contact"), stands("company.id")) == ("Ann", "7")


# Smelters and products -----------------------------------------------------------------------------
@pytest.fixture
def using(people, begun):
    write(begun, {"answer.1.Tin": "Yes"}, people.alice)
    write(begun, {"answer.2.Tin": "Yes", "scope": "B"}, people.alice, base=2)
    make_smelter(people.buyer).names.update(folded=fold_name("Example Tin Works"))
    return begun


def rows():
    return [(row["name"], row["country"]) for row in Draft.objects.get().content["declared"]["smelters"]]


def test_a_smelter_is_found_in_the_buyers_list_and_added(client, people, using):
    client.force_login(people.alice)
    where = page(using, "smelters-2")
    assert client.post(where, {"go": "find", "q": "example"}).url == f"{where}?q=example#find"
    text = client.get(f"{where}?q=example").content.decode()
    assert "CID900001" in text and "onformant" not in text
    client.post(where, {"go": "add-CID900001"})
    client.post(where, {"go": "add-CID900001"})
    client.post(where, {"go": "unlisted", "new-name": "Small Works", "new-country": "Peru"})
    client.post(where, {"go": "unidentified"})
    assert rows() == [("Example Tin Works", "Malaysia"), ("Small Works", "Peru"), ("", "")]
    client.post(where, {"go": "remove-6"})
    assert rows() == [("Example Tin Works", "Malaysia"), ("", "")]


def test_enter_in_the_search_field_searches_and_saves_the_page(client, people, using):
    client.force_login(people.alice)
    client.post(page(using, "smelters-2"), {"go": "add-CID900001"})
    posted = {"go": "stay", "q": "works", "f-smelter.5.mines": "North pit", "v-smelter.5.mines": "4"}
    assert client.post(page(using, "smelters-2"), posted).url.endswith("?q=works#find")
    assert stands("smelter.5.mines") == "North pit"


def test_an_unlisted_smelter_needs_name_and_country(client, people, using):
    client.force_login(people.alice)
    reply = client.post(page(using, "smelters-2"), {"go": "unlisted", "new-name": "Small Works"})
    assert (reply.status_code, rows()) == (422, [])


def test_pasted_lines_are_added_and_those_not_understood_stay(client, people, using):
    client.force_login(people.alice)
    lines = "CID900001\nSmall Works\tPeru\nCID999999\nTin\tCID900001"
    reply = client.post(page(using, "smelters-2"), {"go": "paste", "paste": lines})
    text = reply.content.decode()
    assert reply.status_code == 422
    assert "1 line was not understood" in text and "CID999999\n</textarea>" in text and "2 rows were added" in text
    assert rows() == [("Example Tin Works", "Malaysia"), ("Small Works", "Peru")]


def test_products_are_pasted_and_edited(client, people, using):
    client.force_login(people.alice)
    client.post(page(using, "products"), {"go": "paste", "paste": "P-1\tController\n\nP-2; Fan\nP-1\tAgain"})
    client.post(page(using, "products"), {"go": "stay", "f-product.7.name": "Big fan", "v-product.7.name": "4"})
    products = Draft.objects.get().content["declared"]["products"]
    assert [(row["number"], row["name"]) for row in products] == [("P-1", "Controller"), ("P-2", "Big fan")]


def test_many_rows_come_in_pages(client, people, using):
    client.force_login(people.alice)
    client.post(
        page(using, "smelters-2"), {"go": "paste", "paste": "\n".join(f"Works {number}\tPeru" for number in range(60))}
    )
    reply = client.get(page(using, "smelters-2") + "?rows=3")
    assert (len(reply.context["rows"]), reply.context["row_count"], reply.context["row_place"]) == (10, 60, 3)


def test_a_page_no_longer_asked_for_leads_back(client, people, begun):
    client.force_login(people.alice)
    assert client.get(page(begun, "smelters-2")).url == at(begun)


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_of_smelters_needs_the_same_queries_whatever_its_rows(
    client, people, using, count, django_assert_max_num_queries
):
    client.force_login(people.alice)
    client.post(
        page(using, "smelters-2"), {"go": "paste", "paste": "\n".join(f"Works {n}\tPeru" for n in range(count))}
    )
    with django_assert_max_num_queries(14):
        client.get(page(using, "smelters-2"))


# With scripts --------------------------------------------------------------------------------------
def put(client, declaration, key, value, base=1, **headers):
    url = reverse("declaration_form_save", args=[declaration.pk, key])
    return client.put(
        url, json.dumps({"value": value, "base_version": base}), content_type="application/json", **headers
    )


def test_a_field_saves_by_itself(client, people, begun):
    client.force_login(people.alice)
    body = put(client, begun, "answer.1.Tin", "Yes").json()
    assert {name: body[name] for name in ("version", "answered", "total")} == {"version": 2, "answered": 1, "total": 5}
    assert body["sections"]["use"] == {"answered": 1, "total": 5}
    assert stands("answer.1.Tin") == "Yes"


def test_a_field_changed_by_somebody_else_is_a_conflict_with_what_stands(client, people, begun):
    write(begun, {"company.contact": "Ann"}, people.bob)
    client.force_login(people.alice)
    reply = put(client, begun, "company.contact", "Ben")
    detail = reply.json()["error"]["detail"]
    assert (reply.status_code, detail["value"], detail["version"], detail["by"]) == (409, "Ann", 2, "Bob")
    assert put(client, begun, "company.contact", "Ben", base=2).status_code == 200


@pytest.mark.parametrize(
    ("key", "value", "status"),
    [("scope", "Z", 422), ("answer.1.Cobalt", "Yes", 404), ("company.name", 7, 422), ("company.name", None, 422)],
)
def test_a_field_that_cannot_be_saved_says_why(client, people, begun, key, value, status):
    client.force_login(people.alice)
    reply = put(client, begun, key, value)
    assert (reply.status_code, bool(reply.json()["error"]["message"])) == (status, True)


def test_a_field_is_kept_on_the_device_when_signed_out_or_closed(client, people, begun):
    assert put(client, begun, "company.name", "X").status_code == 401
    client.force_login(people.bob)
    assert put(client, begun, "company.name", "X").status_code == 403
    client.force_login(people.alice)
    assert put(client, begun, "company.name", "X", HTTP_X_ANSWERING_USER="0").status_code == 401
    begun.state = "received"
    begun.save()
    assert put(client, begun, "company.name", "X").status_code == 410


# The check -----------------------------------------------------------------------------------------
def test_the_check_links_every_gap_to_its_field(client, people, begun):
    write(
        begun,
        {"answer.1.Tin": "Yes", "answer.1.Gold": "No", "answer.1.Tantalum": "No", "answer.1.Tungsten": "No"},
        people.alice,
    )
    client.force_login(people.alice)
    missing = {
        line["url"].rpartition("/pages/")[2]
        for line in client.get(at(begun, "declaration_form_check")).context["missing"]
    }
    assert {"use/#f-answer-2-Tin", "company/#f-scope", "company/#f-effective-date"} <= missing
    assert not [url for url in missing if url.startswith("questions")]


def test_a_form_without_gaps_is_handed_in(client, people, declaration):
    draft = fill(declaration, people.alice)
    client.force_login(people.alice)
    text = client.get(at(declaration, "declaration_form_check")).content.decode()
    assert "Nothing is missing by the rules of the template." in text
    reply = client.post(at(declaration, "declaration_form_hand_in"), {"version": draft.version})
    declaration.refresh_from_db()
    assert (reply.url, declaration.state) == (reverse("declaration_detail", args=[declaration.pk]), "received")
    assert "nothing can be filled in now" in client.get(page(declaration, "company")).content.decode()
    assert client.post(page(declaration, "company"), {"f-company.name": "X"}).status_code == 422


# Rights --------------------------------------------------------------------------------------------
def test_readers_look_and_strangers_find_nothing(client, people, begun):
    client.force_login(people.bob)
    text = client.get(page(begun, "company")).content.decode()
    assert "You may read the form." in text and "section-form" not in text
    assert client.post(page(begun, "company"), {}).status_code == 403
    assert client.post(at(begun, "declaration_form_hand_in"), {"version": 1}).status_code == 403
    for stranger in (people.mallory, people.dave, people.trent, people.carol):
        client.force_login(stranger)
        assert client.get(page(begun, "company")).status_code == 404
        assert client.get(at(begun)).status_code == 404
        assert put(client, begun, "company.name", "X").status_code == 404
