"""Pages: their CPU, their statements, and the same statements sent by hand."""

import sys

from django import forms
from django.template import engines
from django.test import Client
from django.urls import reverse

from assessments.questionnaires.queries import document_of
from portal.accounts.models import User
from tests.benchmarks.measuring import Cost, Line, bare_sql, cost_of, fetch, milliseconds, queries_of, slowest
from tests.benchmarks.world import World

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def measure_dashboard(world: World, rounds: int) -> Line:
    """The dashboard against its own statements by hand."""
    client, path = signed_in(world.erin), reverse("dashboard")
    statements = queries_of(client, path)
    floor, ours = bare_sql(statements, rounds), cost_of(lambda: fetch(client, path), rounds)
    ratio = ours.wall / floor.wall
    bars = [
        ("<= 2 x", ratio <= 2),
        ("<= 200 ms CPU", ours.cpu <= 0.2),
        ("<= 20 queries", len(statements) <= 20),
    ]
    return page_line(f"dashboard, {world.size} suppliers", floor, ours, ratio, statements, bars)


def measure_lists(world: World, rounds: int) -> list[Line]:
    """Lists of 50 rows out of all."""
    paths = {
        "suppliers": reverse("supplier_list"),
        "responses": reverse("response_list"),
        "findings": reverse("finding_list"),
        "requests of a campaign": reverse("campaign_detail", args=[world.campaigns[2026].pk]),
    }
    return [measure_list(world, name, path, rounds) for name, path in paths.items()]


def measure_list(world: World, name: str, path: str, rounds: int) -> Line:
    client = signed_in(world.erin)
    statements = queries_of(client, path)
    floor, ours = bare_sql(statements, rounds), cost_of(lambda: fetch(client, path), rounds)
    bars = [("<= 60 ms CPU", ours.cpu <= 0.06)]
    return page_line(f"list of {name}", floor, ours, ours.wall / floor.wall, statements, bars)


def page_line(
    what: str, floor: Cost, ours: Cost, ratio: float, statements: list[str], bars: list[tuple[str, bool]]
) -> Line:
    line = Line(
        what, "its statements by hand", milliseconds(floor.wall), milliseconds(ours.wall), ratio, 1000 * ours.cpu,
        len(statements), bars,
    )  # fmt: skip
    if line.missed and {"-v", "--verbose"} & set(sys.argv):
        for took, sql in slowest(statements):
            print(f"    {took:.0f} ms  {sql[:1500]}")
    return line


def measure_section(world: World, rounds: int) -> Line:
    """The largest section against 25 plain form rows."""
    user, response = world.editors[0]
    section = max(document_of(world.version).sections, key=lambda one: len(one.questions))
    client, path = signed_in(user), reverse("response_section", args=[response.pk, section.code])
    statements = queries_of(client, path)
    floor, ours = cost_of(render_plain_rows, rounds), cost_of(lambda: fetch(client, path), rounds)
    return Line(
        f"section page, {len(section.questions)} questions", "25 plain form rows", milliseconds(floor.wall),
        milliseconds(ours.wall), ours.wall / floor.wall, 1000 * ours.cpu, len(statements),
        [("<= 12 queries", len(statements) <= 12)],
    )  # fmt: skip


def render_plain_rows() -> str:
    """Render a Django form with 25 fields, a row each."""
    fields = {f"f{number}": forms.CharField(label=f"Question {number}") for number in range(25)}
    form = type("PlainForm", (forms.Form,), fields)()
    template = engines["django"].from_string(
        "{% for field in form %}<p>{{ field.label_tag }}{{ field }}</p>{% endfor %}"
    )
    return str(template.render({"form": form}))
