"""The pages of answering, as the people of the cast see them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.responses import services
from assessments.responses.enums import ResponseState
from assessments.responses.models import Answer, Evidence, Response
from minerals.declarations.enums import DeclarationState
from suppliers.organisations.enums import Role
from tests.assessments.responses.test_services import save, stored_file, submit
from tests.factories import SMALL_ANSWERS, cast, make_campaign, make_membership, make_response, make_site, make_user
from tests.minerals.world import make_declaration

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def response(world):
    return make_response(world.relationship, world.site, answers=SMALL_ANSWERS, state=ResponseState.IN_PROGRESS)


@pytest.fixture
def page(client):
    """Fetch a page as somebody: page(user, name, *args)."""

    def fetch(user, name, *args, query="", **extra):
        client.logout()
        if user.is_authenticated:
            client.force_login(user)
        return client.get(reverse(name, args=args) + query, **extra)

    return fetch


SUPPLIER_PAGES = ["response_hub", "response_check", "response_print", "workbook_download"]


@pytest.mark.parametrize("name", SUPPLIER_PAGES)
def test_pages_open_for_the_own_people_only(world, response, page, name):
    found = {who: page(user, name, response.pk).status_code for who, user in world.people.items()}
    assert found == {
        "alice": 200,
        "bob": 200,
        "carol": 404,
        "frank": 404,
        "dave": 404,
        "erin": 404,
        "mallory": 404,
        "trent": 404,
        "anonymous": 302,
    }


def test_section_page_opens_for_the_own_people_only(world, response, page):
    found = {who: page(user, "response_section", response.pk, "A3").status_code for who, user in world.people.items()}
    assert found == {
        "alice": 200,
        "bob": 200,
        "carol": 404,
        "frank": 404,
        "dave": 404,
        "erin": 404,
        "mallory": 404,
        "trent": 404,
        "anonymous": 302,
    }


def test_response_list_is_the_buyers(world, response, page):
    found = {who: page(user, "response_list").status_code for who, user in world.people.items()}
    assert found == {
        "alice": 403,
        "bob": 403,
        "carol": 403,
        "frank": 403,
        "dave": 200,
        "erin": 200,
        "mallory": 403,
        "trent": 200,
        "anonymous": 302,
    }
    assert world.site.name in page(world.dave, "response_list").text
    assert world.site.name not in page(world.trent, "response_list").text


def test_inbox_lists_own_requests_returned_ones_first(world, response, page):
    returned = make_response(world.relationship, world.site, title="Returned one", state=ResponseState.RETURNED)
    done = make_response(world.relationship, world.site, title="Old one", state=ResponseState.ACCEPTED)
    make_response(world.other_relationship, world.other_site, title="Not ours")
    found = page(world.alice, "inbox")
    assert [row.thing for row in found.context["opened"]] == [returned, response]
    assert [row.thing for row in found.context["done"]] == [done]
    assert "Not ours" not in found.text


def test_inbox_of_somebody_nobody_asked_says_so(world, page):
    assert "Nobody has asked you anything yet" in page(world.alice, "inbox").text


def test_hub_shows_progress_by_section_and_notes_the_opening(world, response, page):
    found = page(world.alice, "response_hub", response.pk)
    assert [(row["section"].code, row["section"].answered, row["section"].total) for row in found.context["rows"]] == [
        ("P", 1, 1),
        ("A3", 2, 2),
        ("B2", 1, 1),
    ]
    assert Response.objects.get().opened_at is not None


def test_section_shows_answers_and_condition(world, response, page):
    found = page(world.alice, "response_section", response.pk, "A3")
    cards = {card.code: card for card in found.context["questions"]}
    assert cards["A3-LONGEST-WEEK"].value == 66.5
    assert cards["A3-LONGEST-WEEK"].condition == {"question": "A3-RECORDS", "in": ["card", "paper"]}
    assert [(c.code, c.checked) for c in cards["A3-RECORDS"].choices] == [
        ("card", True),
        ("paper", False),
        ("none", False),
    ]
    assert 'name="v-A3-RECORDS" value="1"' in found.text


def test_section_of_an_unknown_code_is_not_found(world, response, page):
    assert page(world.alice, "response_section", response.pk, "ZZ").status_code == 404


def test_section_for_a_reader_has_no_button_to_save(world, response, page):
    found = page(world.bob, "response_section", response.pk, "A3")
    assert "role of an editor" in found.text
    assert "data-readonly" in found.text
    assert 'form="section-form"' not in found.text


def test_section_shows_a_second_language_beside(world, response, page):
    found = page(world.alice, "response_section", response.pk, "A3", query="?second=ja")
    assert "労働時間をどう記録しますか。" in found.text
    again = page(world.alice, "response_section", response.pk, "B2")
    assert again.status_code == 200


def test_section_can_show_only_what_is_open(world, response, page):
    Answer.objects.filter(code="A3-LONGEST-WEEK").delete()
    found = page(world.alice, "response_section", response.pk, "A3", query="?only=open")
    assert [card.code for card in found.context["questions"]] == ["A3-LONGEST-WEEK"]


def test_section_names_others_who_answer_here(world, response, page):
    ken = make_user("ken@test.example", name="Ken")
    make_membership(ken, world.supplier, Role.SUPPLIER_EDITOR)
    save(response, ken, code="A3-LONGEST-WEEK", value=50, base=1)
    assert [person.name for person in page(world.alice, "response_section", response.pk, "A3").context["people"]] == [
        "Ken"
    ]
    assert page(ken, "response_section", response.pk, "A3").context["people"] == []


@pytest.mark.parametrize("count", [1, 60])
def test_section_page_costs_the_same_whatever_its_size(world, page, count, django_assert_max_num_queries, client):
    from tests.factories import SMALL_DOCUMENT, make_version

    question = SMALL_DOCUMENT["sections"][1]["questions"][0]
    more = [{**question, "code": f"A3-Q{number}"} for number in range(count)]
    section = {**SMALL_DOCUMENT["sections"][1], "questions": more}
    version = make_version({**SMALL_DOCUMENT, "version": f"big{count}", "sections": [section], "flags": []})
    answers = {one["code"]: "card" for one in more}
    response = make_response(world.relationship, world.site, version, answers=answers)
    for number in range(count):
        Evidence.objects.create(response=response, code=f"A3-Q{number}", file=stored_file(world.supplier))
    client.force_login(world.alice)
    address = reverse("response_section", args=[response.pk, "A3"])
    client.get(address)
    with django_assert_max_num_queries(12):
        client.get(address)


# Saving without JavaScript ------------------------------------------------------------------------
def post_section(client, response, section="A3", **data):
    return client.post(reverse("response_section", args=[response.pk, section]), data)


def test_posting_a_section_saves_it(world, response, client):
    client.force_login(world.alice)
    answer = post_section(
        client,
        response,
        **{
            "v-A3-RECORDS": "1",
            "a-A3-RECORDS": "paper",
            "v-A3-LONGEST-WEEK": "1",
            "a-A3-LONGEST-WEEK": "50",
            "go": "next",
        },
    )
    assert answer["Location"] == reverse("response_section", args=[response.pk, "B2"])
    assert dict(Answer.objects.filter(code__startswith="A3").values_list("code", "value")) == {
        "A3-RECORDS": "paper",
        "A3-LONGEST-WEEK": 50,
    }


def test_posting_a_section_keeps_refused_input_and_saves_the_rest(world, response, client):
    client.force_login(world.alice)
    answer = post_section(
        client,
        response,
        **{
            "v-A3-RECORDS": "1",
            "a-A3-RECORDS": "paper",
            "v-A3-LONGEST-WEEK": "1",
            "a-A3-LONGEST-WEEK": "a lot",
            "go": "next",
        },
    )
    assert answer.status_code == 422
    assert 'value="a lot"' in answer.text
    assert "is not a number" in answer.text
    assert 'href="#q-A3-LONGEST-WEEK"' in answer.text
    assert Answer.objects.get(code="A3-RECORDS").value == "paper"


def test_posting_a_stale_section_shows_both_answers(world, response, client):
    save(response, world.alice, code="A3-LONGEST-WEEK", value=50, base=1)
    client.force_login(world.alice)
    data = {"v-A3-LONGEST-WEEK": "1", "a-A3-LONGEST-WEEK": "40", "go": "stay"}
    answer = post_section(client, response, **data)
    assert answer.status_code == 422
    assert "saved another answer meanwhile" in answer.text
    assert 'name="v-A3-LONGEST-WEEK" value="2"' in answer.text
    post_section(client, response, **{**data, "v-A3-LONGEST-WEEK": "2"})
    assert Answer.objects.get(code="A3-LONGEST-WEEK").value == 40


def test_posting_a_table_and_choices(world, response, client):
    client.force_login(world.alice)
    post_section(
        client,
        response,
        "P",
        **{"v-P-HEADS": "1", "a-P-HEADS.permanent.male": "1,200", "a-P-HEADS.permanent.female": ""},
    )
    post_section(client, response, "B2", **{"v-B2-RISKS": "0", "a-B2-RISKS": ["fire", "quake"]})
    assert Answer.objects.get(code="P-HEADS").value == {"permanent.male": 1200}
    assert Answer.objects.get(code="B2-RISKS").value == ["fire", "quake"]


def test_posting_confirms_only_the_question_whose_button_was_pressed(world, response, client):
    Answer.objects.update(confirmed=False, origin="2025")
    client.force_login(world.alice)
    data = {"v-A3-RECORDS": "1", "a-A3-RECORDS": "card", "v-A3-LONGEST-WEEK": "1", "a-A3-LONGEST-WEEK": "66.5"}
    answer = post_section(client, response, **data, **{"confirm-A3-RECORDS": "1"})
    assert answer["Location"].endswith("#q-A3-RECORDS")
    assert set(Answer.objects.filter(confirmed=True).values_list("code", flat=True)) == {"A3-RECORDS"}


def test_posting_by_a_reader_is_forbidden(world, response, client):
    client.force_login(world.bob)
    assert post_section(client, response, **{"v-A3-RECORDS": "1", "a-A3-RECORDS": "none"}).status_code == 403


# Check and submit ---------------------------------------------------------------------------------
def test_check_links_to_every_gap(world, response, page):
    Answer.objects.filter(code="B2-DRILL").delete()
    Answer.objects.filter(code="A3-RECORDS").update(confirmed=False)
    found = page(world.alice, "response_check", response.pk)
    links = [gap.url for group in found.context["gaps"] for gap in group.gaps]
    assert links == [
        reverse("response_section", args=[response.pk, "A3"]) + "#q-A3-RECORDS",
        reverse("response_section", args=[response.pk, "B2"]) + "#q-B2-DRILL",
    ]


def test_submitting_leads_to_the_receipt_and_a_second_press_too(world, response, client):
    client.force_login(world.alice)
    address = reverse("response_check", args=[response.pk])
    data = {"attested_name": "Alice", "is_true": "on"}
    receipt = reverse("response_submitted", args=[response.pk])
    assert client.post(address, data)["Location"] == receipt
    assert client.post(address, data)["Location"] == receipt
    assert response.submissions.count() == 1
    assert response.submissions.get().sha256 in client.get(receipt).text


def test_submitting_without_the_attestation_is_refused(world, response, client):
    client.force_login(world.alice)
    answer = client.post(reverse("response_check", args=[response.pk]), {"attested_name": "Alice"})
    assert answer.status_code == 422
    assert not response.submissions.exists()


def test_submitting_with_gaps_says_how_many(world, response, client):
    Answer.objects.filter(code="B2-DRILL").delete()
    client.force_login(world.alice)
    answer = client.post(reverse("response_check", args=[response.pk]), {"attested_name": "Alice", "is_true": "on"})
    assert answer.status_code == 422
    assert "1 question still needs you" in answer.text


def test_only_managers_submit(world, response, client):
    client.force_login(world.bob)
    answer = client.post(reverse("response_check", args=[response.pk]), {"attested_name": "Bob", "is_true": "on"})
    assert answer.status_code == 403
    assert not response.submissions.exists()


def test_withdraw_and_decline_pages(world, response, client):
    submit(response, world.alice)
    client.force_login(world.alice)
    client.post(reverse("response_withdraw", args=[response.pk]))
    assert Response.objects.get().state == ResponseState.IN_PROGRESS
    address = reverse("response_decline", args=[response.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "Closed"})
    assert Response.objects.get().decline_reason == "Closed"


def test_a_returned_response_shows_the_comment_at_its_question(world, response, page):
    submit(response, world.alice)
    services.return_response(response=response, comments={"B2-DRILL": "When was the drill?"}, actor=world.dave)
    assert "When was the drill?" in page(world.alice, "response_hub", response.pk).text
    assert "When was the drill?" in page(world.alice, "response_section", response.pk, "B2").text
    assert "When was the drill?" not in page(world.alice, "response_section", response.pk, "A3").text


def test_print_view_holds_every_question(world, response, page):
    found = page(world.alice, "response_print", response.pk)
    for code in ("P-HEADS", "P-NOTE", "A3-RECORDS", "A3-LONGEST-WEEK", "B2-DRILL", "B2-RISKS"):
        assert code in found.text
    assert "☒ Card reader" in found.text


def test_assigning_a_section(world, response, client):
    client.force_login(world.alice)
    address = reverse("section_assign", args=[response.pk, "A3"])
    client.post(address, {"user": world.alice.pk})
    assert response.assignments.get().user == world.alice
    assert client.post(address, {"user": world.bob.pk}).status_code == 422
    client.post(address, {"user": ""})
    assert not response.assignments.exists()


# The buyer's list ---------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_response_list_costs_the_same_for_one_and_three(world, client, rows, django_assert_num_queries):
    for _number in range(rows):
        make_response(world.relationship, world.site)
    client.force_login(world.dave)
    client.get(reverse("response_list"))
    with django_assert_num_queries(7):
        client.get(reverse("response_list"))


def test_response_list_filters_live_in_the_address(world, page):
    late = make_response(world.relationship, world.site, due_on="2020-01-01", title="Late one")
    second = make_site(world.supplier)
    high = make_response(world.relationship, second, band="high", state="submitted", title="High one")

    make_campaign(world.buyer, responses=[late, high], facets={"country": ["TH", "JP"], "tier": [1, 2]})

    def shown(query):
        return [row.response.pk for row in page(world.dave, "response_list", query=query).context["rows"]]

    assert shown("?state=late") == [late.pk]
    assert shown("?band=high") == [high.pk]
    assert set(shown("?country=TH")) == {late.pk, high.pk}
    assert shown("?country=TH&q=nowhere") == []
    assert set(shown("?tier=1&state=submitted")) == {high.pk}


@pytest.mark.parametrize(
    ("who", "status"), [("dave", 302), ("erin", 302), ("alice", 404), ("trent", 404), ("carol", 404)]
)
def test_reopening_is_for_the_buyers_reviewers(world, response, client, who, status):
    services.decline_response(response=response, reason="No time", actor=world.alice)
    client.force_login(world.people[who])
    assert client.post(reverse("response_reopen", args=[response.pk])).status_code == status
    assert Response.objects.get().state == (ResponseState.WAITING if status == 302 else ResponseState.DECLINED)


@pytest.mark.parametrize("rows", [1, 3])
def test_inbox_costs_the_same_for_one_and_three(world, client, rows, django_assert_num_queries):
    for _number in range(rows):
        make_response(world.relationship, world.site)
        make_response(world.relationship, world.site, state=ResponseState.ACCEPTED)
        make_declaration(world.relationship, site=world.site, due_on=date.today())
        make_declaration(world.relationship, site=world.site, state=DeclarationState.ACCEPTED)
    client.force_login(world.alice)
    client.get(reverse("inbox"))
    with django_assert_num_queries(9):
        client.get(reverse("inbox"))


def test_inbox_lists_declarations_among_questionnaires(world, page):
    """Returned ones of both kinds first, then by due date; without a due date last; what is cancelled nowhere."""
    today = date.today()

    def ask(days):
        return make_response(world.relationship, world.site, due_on=today + timedelta(days=days))

    def declare(days=None, **fields):
        due_on = None if days is None else today + timedelta(days=days)
        return make_declaration(world.relationship, site=world.site, due_on=due_on, **fields)

    late, soon, later = declare(9), ask(5), ask(20)
    undated, returned = declare(), declare(30, state=DeclarationState.RETURNED)
    declare(1, state=DeclarationState.CANCELLED)
    make_declaration(world.other_relationship, site=world.other_site)
    states = (DeclarationState.RECEIVED, DeclarationState.ACCEPTED, DeclarationState.EXPIRED)
    now = timezone.now()
    done = [declare(state=state, submitted_at=now - timedelta(days=days)) for days, state in enumerate(states)]
    found = page(world.alice, "inbox")
    assert [row.thing for row in found.context["opened"]] == [returned, soon, late, later, undated]
    assert [row.thing for row in found.context["done"]] == done
    row = found.context["opened"][0]
    assert (row.url, row.what, row.label, row.tone) == (
        reverse("declaration_detail", args=[returned.pk]),
        f"CMRT · {world.site.name}",
        "Returned",
        "major",
    )


def test_the_review_page_of_a_declined_response_offers_to_ask_again(world, response, page):
    services.decline_response(response=response, reason="No time", actor=world.alice)
    assert reverse("response_reopen", args=[response.pk]) in page(world.dave, "response_review", response.pk).text


def test_carried_answers_of_a_page_can_be_confirmed_together(world, response, page, client):
    Answer.objects.update(confirmed=False, origin="2025")
    assert 'value="confirm"' in page(world.alice, "response_section", response.pk, "A3").text
    assert 'value="confirm"' not in page(world.alice, "response_section", response.pk, "B2").text
    client.force_login(world.alice)
    data = {"v-A3-RECORDS": "1", "a-A3-RECORDS": "card", "v-A3-LONGEST-WEEK": "1", "a-A3-LONGEST-WEEK": "60"}
    post_section(client, response, **data, go="confirm")
    rows = Answer.objects.filter(confirmed=True).values_list("code", "value", "origin")
    assert set(rows) == {("A3-RECORDS", "card", "2025"), ("A3-LONGEST-WEEK", 60, "")}


@pytest.mark.parametrize(("region", "count"), [("Asia", 1), ("Europe", 0)])
def test_response_list_of_a_narrowed_membership_holds_its_regions_only(world, response, page, region, count):
    reader = make_user()
    make_membership(reader, world.buyer, Role.BUYER_PROCUREMENT, scopes={"region": [region]})
    assert len(page(reader, "response_list").context["rows"]) == count


def test_a_company_that_buys_and_sells_has_both_pages(world, response, page):
    make_membership(world.alice, world.supplier, Role.BUYER_ADMINISTRATOR)
    assert page(world.alice, "response_list").context["rows"] == []
    assert len(page(world.alice, "inbox").context["opened"]) == 1


def test_inbox_shows_the_last_done_and_all_of_them_on_demand(world, page):
    for number in range(12):
        make_response(world.relationship, world.site, state=ResponseState.ACCEPTED, title=f"Done {number}")
    found = page(world.alice, "inbox")
    assert (len(found.context["done"]), "show=done" in found.text) == (10, True)
    assert len(page(world.alice, "inbox", query="?show=done").context["done"]) == 12


def test_inbox_pages_what_is_open(world, page):
    for _number in range(51):
        make_response(world.relationship, world.site)
    assert len(page(world.alice, "inbox").context["opened"]) == 50
    assert len(page(world.alice, "inbox", query="?page=2").context["opened"]) == 1
