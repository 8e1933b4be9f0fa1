"""The schema is whole, says the truth about what is sent, and is served to those who come in."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS

from tests.factories import cast
from tests.portal.api.world import SCOPES, hand_in, make_token, program, program_of

pytestmark = pytest.mark.django_db
WRITING = ("/api/v1/audits/{id}/findings/",)
CREATING = "/api/v1/declarations/"


@pytest.fixture(scope="module")
def schema():
    out = StringIO()
    GENERATOR_STATS.reset()
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", stdout=out)
    return json.loads(out.getvalue())


def test_schema_has_no_warnings_and_every_address(schema):
    """call_command raises on the first warning or error."""
    expected = {f"/api/v1/{name}/" for name in SCOPES} | {f"/api/v1/{name}/{{id}}/" for name in SCOPES}
    assert set(schema["paths"]) == expected | set(WRITING)
    assert set(schema["paths"][CREATING]) == {"get", "post"}


def test_schema_describes_errors_and_tokens(schema):
    for path, methods in schema["paths"].items():
        expected = {CREATING: ["get", "post"]}.get(path, ["post"] if path in WRITING else ["get"])
        assert list(methods) == expected
        for method in expected:
            done = "201" if (path, method) == (CREATING, "post") else "200"
            codes = {done, "400", "401", "403", "429"} | ({"404"} if "{id}" in path else set())
            writing = {"409", "410", "413", "422"} if method == "post" else set()
            assert set(methods[method]["responses"]) == codes | writing
            assert {"token": []} in methods[method]["security"]
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_schema_tells_what_is_written_and_with_which_key(schema):
    operation = schema["paths"]["/api/v1/audits/{id}/findings/"]["post"]
    key = next(item for item in operation["parameters"] if item["in"] == "header")
    body = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    one = schema["components"]["schemas"]["ConclusionPostRequest"]
    assert (key["name"], key["required"]) == ("Idempotency-Key", True)
    assert (body, answer) == ("FindingsPostRequest", "FindingsAnswer")
    assert (one["required"], list(one["properties"])) == (
        ["checkpoint", "conclusion"],
        ["checkpoint", "conclusion", "data_points", "description", "law", "evidence", "root_cause", "topic"],
    )


def test_schema_names_every_filter(schema):
    found = {item["name"]: item["schema"] for item in schema["paths"]["/api/v1/flags/"]["get"]["parameters"]}
    assert found["current"] == {"type": "boolean"}
    assert found["site"]["type"] == "integer"
    assert sorted(found["severity"]["enum"]) == ["major", "minor", "priority"]
    assert {"page", "page_size", "ordering", "updated_since"} <= set(found)


@pytest.mark.parametrize("resource", SCOPES)
def test_schema_lists_exactly_the_columns_that_are_sent(schema, resource):
    people = cast()
    hand_in(people.relationship, people.site)
    client = program_of(people.erin)

    def columns(path):
        content = schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        named = schema["components"]["schemas"][content["$ref"].rsplit("/", 1)[1]]["properties"]
        if "results" in named:
            row = named["results"]["items"]["$ref"].rsplit("/", 1)[1]
            named = schema["components"]["schemas"][row]["properties"]
        return list(named)

    row = client.get(f"/api/v1/{resource}/").json()["results"][0]
    assert columns(f"/api/v1/{resource}/") == list(row)
    detail = client.get(f"/api/v1/{resource}/{row['id']}/").json()
    assert columns(f"/api/v1/{resource}/{{id}}/") == list(detail)


def test_schema_is_served_to_tokens_of_any_scope_and_to_people():
    people = cast()
    client = program(make_token(people.erin, "read:nothing"))
    answer = client.get("/api/v1/schema/", headers={"accept": "application/json"})
    assert answer.json()["info"]["title"] == "Sanpo REST API"
    browser = Client()
    browser.force_login(people.carol)
    assert browser.get("/api/v1/schema/").status_code == 200
    assert Client().get("/api/v1/schema/").status_code == 401


def test_docs_page_brings_no_inline_script():
    browser = Client()
    browser.force_login(cast().carol)
    page = browser.get("/api/v1/docs/")
    script = browser.get("/api/v1/docs/?script=")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
    assert (policy["script-src"], policy["style-src"]) == ("'self'", "'self'")
    assert b"<script>" not in page.content
    assert (script.headers["Content-Type"], b"SwaggerUIBundle(" in script.content) == ("application/javascript", True)
