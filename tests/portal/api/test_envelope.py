"""Every refusal has one shape, a stable code and a sentence."""

import logging

import pytest
from django.test import Client
from rest_framework.exceptions import NotAcceptable, UnsupportedMediaType

from portal.api.envelope import answer_error
from portal.lib.errors import ConflictError
from tests.factories import cast, make_site
from tests.portal.api.world import make_token, program, program_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return program_of(cast().erin)


def error_of(answer):
    assert list(answer.json()) == ["error"]
    return answer.status_code, answer.json()["error"]


def error(code, message, detail=None):
    return {"code": code, "message": message, "detail": detail}


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v2/", "/api/v1/nothing/", "/api/v1/findings/abc/", "/api/v1/findings/1/x/"]
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_unknown_address(client, path, method):
    expected = error("not_found", "There is no such address. The list of all is at /api/v1/docs/.")
    assert error_of(getattr(client, method)(path)) == (404, expected)


def test_an_unknown_address_tells_strangers_nothing_else():
    assert error_of(Client().get("/api/v1/nothing/"))[0] == 404


def test_a_missing_slash_is_put_behind(client):
    answer = client.get("/api/v1/findings?page=1")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/api/v1/findings/?page=1")


@pytest.mark.parametrize("pk", ["999999", "0", "9" * 30])
def test_a_row_that_is_not_there(client, pk):
    expected = error("not_found", "There is nothing at this address, or it is not yours to see.")
    assert error_of(client.get(f"/api/v1/findings/{pk}/")) == (404, expected)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_a_method_that_writes(client, method):
    answer = getattr(client, method)("/api/v1/findings/")
    assert error_of(answer) == (405, error("method_not_allowed", "This address can only be read: use GET."))
    assert answer.headers["Allow"] == "GET, HEAD"


def test_another_format(client):
    answer = client.get("/api/v1/findings/", headers={"accept": "text/csv"})
    message = "Answers are JSON only. Send “Accept: application/json” or no Accept header."
    assert error_of(answer) == (406, error("not_acceptable", message))


@pytest.mark.parametrize(
    ("raised", "status", "body"),
    [
        (UnsupportedMediaType("text/xml"), 415, error("unsupported_media_type", "Only JSON is read here. Send “Content-Type: application/json”.")),
        (NotAcceptable(), 406, error("not_acceptable", "Answers are JSON only. Send “Accept: application/json” or no Accept header.")),
        (ConflictError("Reload.", detail={"version": 2}), 409, error("refused", "Reload.", {"version": 2})),
    ],
)  # fmt: skip
def test_errors_that_no_read_endpoint_raises_have_the_same_shape(raised, status, body):
    response = answer_error(raised, {})
    assert (response.status_code, response.data) == (status, {"error": body})


WHOLE = "Write a whole number from 1."
CASES = [
    ("findings/?colour=red", "colour", "There is no filter of this name. Known are: close_reason, "),
    ("findings/?format=xml", "format", "There is no filter of this name. Known are: close_reason, "),
    ("findings/?state=open&state=closed", "state", "Give this filter once."),
    ("findings/?severity=bad", "severity", "Choose one of: priority, major, minor."),
    ("findings/?country=Japan", "country", "Write the country as two letters of ISO 3166, such as TH."),
    ("findings/?country=J%0A", "country", "Write the country as two letters of ISO 3166, such as TH."),
    ("findings/?site=x", "site", "Write the id, a whole number."),
    ("findings/?site=-1", "site", "Write the id, a whole number."),
    ("findings/?site=99999999999999999999", "site", "Write the id, a whole number."),
    ("findings/?site=1.5", "site", "Write the id, a whole number."),
    ("findings/?vendor_code=%00", "vendor_code", "Null characters are not allowed."),
    ("findings/?updated_since=yesterday", "updated_since", "Write the moment as 2026-01-31T09:00:00Z; "),
    ("findings/?updated_since=2026-01-31T09:00:00+09:00", "updated_since", "Write the moment as "),
    ("findings/?ordering=colour", "ordering", "Choose one of: id, -id, opened_at, "),
    ("findings/?page=0", "page", WHOLE),
    ("findings/?page=last", "page", WHOLE),
    ("findings/?page=9999999999", "page", WHOLE),
    ("findings/?page_size=501", "page_size", "Write a whole number from 1 to 500."),
    ("findings/?page_size=0", "page_size", "Write a whole number from 1 to 500."),
    ("flags/?current=maybe", "current", "Choose one of: true, false."),
    ("relationships/?tier=0", "tier", "Write a whole number from 1 to 32767."),
    ("requests/?late=1", "late", "Choose one of: true, false."),
    ("campaigns/?year=99999", "year", "Write a whole number from 1 to 32767."),
]  # fmt: skip


@pytest.mark.parametrize(("address", "name", "start"), CASES, ids=[case[0] for case in CASES])
def test_a_wrong_filter_is_refused_with_a_sentence(client, address, name, start):
    status, found = error_of(client.get(f"/api/v1/{address}"))
    sentence = found["detail"][name][0]
    assert (status, found["code"], found["message"]) == (400, "invalid", f"{name}: {sentence}")
    assert sentence.startswith(start)
    assert list(found["detail"]) == [name]


def test_a_row_takes_no_filters():
    people = cast()
    answer = program_of(people.erin).get(f"/api/v1/sites/{people.site.pk}/?country=TH")
    sentence = "This address takes no filters. Use those of the list."
    assert error_of(answer) == (400, error("invalid", f"country: {sentence}", {"country": [sentence]}))


def test_a_page_beyond_the_last(client):
    expected = error("not_found", "There is no page of this number. Follow “next” until it is null.")
    assert error_of(client.get("/api/v1/findings/?page=7")) == (404, expected)


def test_too_many_requests(settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"token": "2/hour"}}
    people = cast()
    client, other = program_of(people.erin), program(make_token(people.erin))
    answers = [client.get("/api/v1/findings/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    wait = int(answers[2].headers["Retry-After"])
    assert 3500 < wait <= 3600
    message = f"Too many requests with this token. Ask again in {wait} seconds."
    assert error_of(answers[2]) == (429, error("throttled", message, {"retry_after": wait}))
    assert other.get("/api/v1/findings/").status_code == 200
    browser = Client()
    browser.force_login(people.erin)
    assert {browser.get("/api/v1/findings/").status_code for _ in range(4)} == {200}


def test_a_crash_is_written_down_and_told_without_its_trace(settings, caplog):
    people = cast()
    make_site(people.supplier)
    client = program_of(people.erin)
    settings.API_TOKEN_ORGANISATIONS = "suppliers.organisations.api.gone"
    with caplog.at_level(logging.ERROR, logger="portal.api.envelope"):
        answer = client.get("/api/v1/sites/")
    message = "Something went wrong on our side. It was written down. Try again later."
    assert error_of(answer) == (500, error("crash", message))
    crash = next(record for record in caplog.records if record.name == "portal.api.envelope")
    assert (crash.getMessage(), crash.exc_info[0]) == ("Crash at /api/v1/sites/", ImportError)


def test_sentences_come_in_the_language_asked_for():
    """Until the message catalogues have them the sentences stay English; the header must not break anything."""
    answer = Client().get("/api/v1/findings/", headers={"accept-language": "ja"})
    assert error_of(answer)[0] == 401
    assert answer.headers["Content-Language"] == "ja"
