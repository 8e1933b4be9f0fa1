"""Pages: their CPU, their statements, and the same statements sent by hand."""

import sys
from pathlib import Path

from django import forms
from django.conf import settings
from django.db import transaction
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.questionnaires.document import Document, read_pack, select_questions
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.services import store_document
from assessments.responses.models import Answer, Response
from assessments.scoring.scoring import read_personas
from portal.accounts.models import User
from tests.benchmarks.measuring import Cost, Line, bare_sql, cost_of, fetch, milliseconds, queries_of, slowest
from tests.benchmarks.world import World

PACK = Path(settings.BASE_DIR) / "assessments" / "questionnaires" / "packs" / "facility-full"
SECTION = "C1"
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


def measure_growth(world: World, rounds: int) -> Line:
    """A section of the full questionnaire against the same section in a questionnaire that is not much more."""
    full = read_pack(PACK)
    triggers = {code for _code, rule in full.show_rules if rule for code in rule.codes}
    part = select_questions(
        full, triggers | {q.code for q in full.section(SECTION).questions}, code="part", version="1", title=full.title
    )
    floor, _statements = open_section(world, part, rounds)
    ours, statements = open_section(world, full, rounds)
    ratio = ours.wall / floor.wall
    what = f"the same page of {len(full.questions)} questions"
    return Line(
        what, f"of {len(part.questions)} questions", milliseconds(floor.wall), milliseconds(ours.wall), ratio,
        1000 * ours.cpu, len(statements), [("<= 1.1 x", ratio <= 1.1), ("<= 12 queries", len(statements) <= 12)],
    )  # fmt: skip


def open_section(world: World, document: Document, rounds: int) -> tuple[Cost, list[str]]:
    """Answer a document as the model plant does and open one section; what is made is taken back."""
    user, asked = world.editors[0]
    personas = read_personas(PACK)
    with transaction.atomic():
        version = store_document(document, owner=world.buyer, actor=None)
        response = Response.objects.create(
            relationship=asked.relationship, site=asked.site, version=version, title="Full", period="2026",
            due_on=asked.due_on, state="in_progress", opened_at=timezone.now(),
        )  # fmt: skip
        given = personas["model-plant"].answers.items()
        answers = [
            Answer(response=response, code=code, value=value, updated_by=user, updated_at=timezone.now())
            for code, value in given
            if code in document.positions
        ]
        Answer.objects.bulk_create(answers)
        client, path = signed_in(user), reverse("response_section", args=[response.pk, SECTION])
        found = cost_of(lambda: fetch(client, path), rounds), queries_of(client, path)
        transaction.set_rollback(True)
    return found


def render_plain_rows() -> str:
    """Render a Django form with 25 fields, a row each."""
    fields = {f"f{number}": forms.CharField(label=f"Question {number}") for number in range(25)}
    form = type("PlainForm", (forms.Form,), fields)()
    template = engines["django"].from_string(
        "{% for field in form %}<p>{{ field.label_tag }}{{ field }}</p>{% endfor %}"
    )
    return str(template.render({"form": form}))
