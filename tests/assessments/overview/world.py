"""A small programme with every standing a site can have, and its figures counted by hand."""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import openpyxl
from django.urls import reverse

from assessments.responses import services as responses
from portal.jobs.models import Job
from portal.jobs.services import run_job
from tests.factories import (
    CLEAN_ANSWERS,
    SMALL_ANSWERS,
    cast,
    hand_in,
    make_campaign,
    make_membership,
    make_organisation,
    make_relationship,
    make_response,
    make_site,
    make_version,
    send_campaign,
)

PAST = date.today() - timedelta(days=10)


@dataclass
class Programme:
    """Erin's two campaigns: 2025 asked three sites, 2026 nine; trent has one of his own."""

    world: Any
    bonds: dict[str, Any]
    now: dict[str, Any]
    before: dict[str, Any]
    campaign: Any
    last_campaign: Any


def build_programme() -> Programme:
    world = cast()
    version = make_version()
    bonds = {
        "one": world.relationship,
        "two": make_relationship(
            world.buyer, make_organisation("Two", country="TH"), business_unit="Printing", category="Boards"
        ),
        "three": make_relationship(world.buyer, make_organisation("Three", country="DE"), region="Europe", tier=2),
    }
    for bond in bonds.values():
        make_membership(world.alice, bond.supplier) if bond is not world.relationship else None
    places = {
        "a": ("one", "TH"), "b": ("one", "TH"), "g": ("one", "VN"),
        "c": ("two", "TH"), "d": ("two", "VN"), "h": ("two", "TH"),
        "e": ("three", "DE"), "f": ("three", "DE"), "i": ("three", "DE"),
    }  # fmt: skip
    sites = {name: make_site(bonds[bond].supplier, country=land) for name, (bond, land) in places.items()}

    def ask(name: str, **fields: Any) -> Any:
        return make_response(bonds[places[name][0]], sites[name], version, **fields)

    before = {name: ask(name, period="2025") for name in "ace"}
    hand_in(before["a"], CLEAN_ANSWERS, world.alice)
    hand_in(before["c"], SMALL_ANSWERS, world.alice)
    hand_in(before["e"], {**CLEAN_ANSWERS, "B2-DRILL": "no"}, world.alice)
    last = make_campaign(world.buyer, responses=list(before.values()), name="Programme 2025", year=2025)

    now = {name: ask(name, due_on=PAST) if name == "d" else ask(name) for name in places}
    hand_in(now["a"], SMALL_ANSWERS, world.alice)  # 50, high, A3 major
    hand_in(now["b"], {**SMALL_ANSWERS, "B2-DRILL": "no"}, world.alice)  # 33.3, high, A3 major and B2 minor
    hand_in(now["c"], CLEAN_ANSWERS, world.alice)  # 100, low
    responses.decline_response(response=now["e"], reason="No people.", actor=world.alice)
    responses.save_answer(response=now["f"], code="B2-DRILL", value="no", base_version=0, actor=world.alice)
    hand_in(now["g"], SMALL_ANSWERS, world.alice)
    responses.withdraw_response(response=now["g"], actor=world.alice)  # open again, with its finding
    hand_in(now["h"], {**SMALL_ANSWERS, "A3-LONGEST-WEEK": 52}, world.alice)  # 80, medium
    responses.return_response(response=now["h"], comments={"B2-DRILL": "When?"}, actor=world.erin)
    responses.cancel_response(response=now["i"], actor=world.erin)
    this = make_campaign(world.buyer, responses=list(now.values()), name="Programme 2026", year=2026)

    other = make_response(world.other_relationship, world.other_site, version)
    hand_in(other, SMALL_ANSWERS, world.mallory)
    send_campaign(make_campaign(world.other_buyer, responses=[other], name="Elsewhere"))
    return Programme(world, bonds, now, before, send_campaign(this), send_campaign(last))


class Links(HTMLParser):
    """Every link of the main part of a page as (text, address)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.open: str | None = None
        self.words: list[str] = []
        self.feed(html[html.index("<main") : html.index("</main>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.open, self.words = dict(attrs).get("href") or "", [dict(attrs).get("aria-label") or ""]

    def handle_data(self, data: str) -> None:
        if self.open is not None:
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.open is not None:
            self.found.append((" ".join(" ".join(self.words).split()), self.open))
            self.open = None


def links_of(response: Any) -> list[tuple[str, str]]:
    return Links(response.content.decode()).found


def behind(client, answer, words):
    """Return how many rows the list behind the link with these words has."""
    address = next(address for text, address in links_of(answer) if text.startswith(words))
    path = address if address.startswith("/") else answer.request["PATH_INFO"] + address
    return client.get(path).context["page"].paginator.count


def exported(client, world, name, query=""):
    client.force_login(world.erin)
    filters = dict(pair.split("=") for pair in query.split("&") if pair)
    assert client.post(reverse("report_export", args=[name]), filters).status_code == 302
    job = Job.objects.latest("created_at")
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == "done", job.result
    content = b"".join(client.get(reverse("job_file", args=[job.pk])).streaming_content)
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}
