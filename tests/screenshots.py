"""Take the pictures of docs/screenshots: a demo data set of its own, a real server, a real worker, a real Chromium.

Used by `make screenshots`. `--only NAME ...` takes some of them; `--data FOLDER` keeps the demo data between runs and
`--plants 150` makes less of it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "screenshots"
LARGEST = 400_000  # bytes
WIDE, PHONE, TABLET = 1280, 360, 820
ERIN, ALICE, CAROL = "erin@aozora.example", "alice@minami.example", "carol@meridian.example"
# The portal may be slow to come up on a busy machine.
START_SECONDS = 90


@dataclass(frozen=True)
class Picture:
    """One picture: who looks at which page in a window of which size."""

    name: str
    person: str
    path: str
    height: int = 900
    width: int = WIDE
    scheme: str = "light"
    confirms: str = ""  # a section whose carried answers, and the first here, are confirmed before


def main() -> int:
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="sanpo-screenshots-") as folder:
        prepare_environment(options.data or folder)
        run("manage.py", "migrate", "--verbosity", "0")
        run("manage.py", "seed_demo", *(["--plants", str(options.plants)] if options.plants else []))

        import django

        django.setup()
        wanted = [picture for picture in list_pictures() if not options.only or picture.name in options.only]
        with running_portal(os.environ["SANPO_BASE_URL"]):
            take_pictures(os.environ["SANPO_BASE_URL"], wanted)
    return weigh(wanted)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="take these pictures alone")
    parser.add_argument("--data", help="a folder that keeps the demo data between runs")
    parser.add_argument("--plants", type=int, help="how many supplier plants the demo has (default: its own number)")
    return parser.parse_args()


def prepare_environment(folder: str) -> None:
    """Point the settings at a place of our own before Django reads them."""
    from tests.services import free_port

    for name in ("REDIS_URL", "DATABASE_URL", "SANPO_SECRET_KEY"):
        os.environ.pop(name, None)
    Path(folder).mkdir(parents=True, exist_ok=True)
    port = free_port()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings.base",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        "CELERY_BROKER_URL": "filesystem://localhost",
        "SANPO_DEBUG": "1",
        "SANPO_DATA_DIR": folder,
        "SANPO_HOSTS": "localhost,127.0.0.1",
        "SANPO_LOG_LEVEL": "ERROR",
        "SANPO_BASE_URL": f"http://localhost:{port}",
    }


def run(*command: str) -> None:
    subprocess.run([sys.executable, *command], check=True, cwd=ROOT)


@contextmanager
def running_portal(base_url: str) -> Iterator[None]:
    """Run the web server and the worker while the pictures are taken."""
    address = base_url.removeprefix("http://").replace("localhost", "127.0.0.1")
    web = ["gunicorn", "portal.wsgi:application", "--workers", "2", "--bind", address, "--log-level", "warning"]
    worker = ["celery", "--app", "portal", "--quiet", "worker", "--concurrency", "1", "--loglevel", "ERROR"]
    started = [subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT) for command in (web, worker)]
    try:
        wait_for_page(base_url + "/help/")
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(30)


def wait_for_page(url: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=20).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"The portal did not answer at {url} within {START_SECONDS} s.")


# What is looked at ---------------------------------------------------------------------------------


def list_pictures() -> list[Picture]:
    """Return all pictures; the demo's own rows say at which addresses."""
    from django.db.models import Count
    from django.urls import reverse

    from assessments.campaigns.models import Campaign
    from assessments.questionnaires.models import QuestionnaireVersion
    from assessments.responses.models import Response

    asking = Campaign.objects.filter(version__isnull=False).annotate(sites=Count("requests"))
    campaign = asking.order_by("-year", "-sites").first()  # the yearly one, not those beside it
    assert campaign is not None
    asked = Response.objects.filter(request__campaign=campaign).order_by("-priority_flags", "-major_flags", "pk")
    flagged = asked.filter(state="in_review").first()
    several = (
        asked.annotate(sites=Count("relationship__supplier__sites"))
        .filter(sites__range=(3, 8), priority_flags__gt=0)
        .exclude(relationship__supplier=campaign.buyer)
        .first()
    )
    own = Response.objects.filter(site__organisation__memberships__user__email=ALICE).exclude(state="cancelled")
    waiting = own.filter(state__in=("waiting", "in_progress")).latest("pk")
    scored = own.filter(score__isnull=False).latest("pk")
    assert flagged is not None
    own_version = QuestionnaireVersion.objects.exclude(questionnaire__owner=None).latest("pk")
    section = reverse("response_section", args=[waiting.pk, "A3"])
    card = reverse("supplier_card", args=[(several or flagged).relationship_id])
    return [
        Picture("dashboard", ERIN, reverse("dashboard"), height=1496),
        Picture("dashboard-dark", ERIN, reverse("dashboard"), height=1496, scheme="dark"),
        Picture("suppliers", ERIN, reverse("supplier_list")),
        Picture("card", ERIN, card, height=1600),
        Picture("campaign", ERIN, reverse("campaign_detail", args=[campaign.pk]), height=1100),
        Picture("review", ERIN, reverse("response_review", args=[flagged.pk]), height=1300),
        Picture("findings", ERIN, reverse("finding_list") + "?standing=open"),
        Picture("section", ALICE, section, height=1550, confirms=reverse("response_section", args=[waiting.pk, "P"])),
        Picture("section-360", ALICE, section, height=1200, width=PHONE),
        Picture("questionnaire", ERIN, reverse("questionnaire_detail", args=[own_version.pk]), height=1400),
        Picture("inbox", ALICE, reverse("inbox"), height=650),
        Picture("check", ALICE, reverse("response_check", args=[waiting.pk])),
        Picture("result", ALICE, reverse("result", args=[scored.pk]), height=1300),
        *list_audit_pictures(),
        *list_minerals_pictures(),
    ]


def list_audit_pictures() -> list[Picture]:
    """Return the pictures of audits; a small demo has fewer of them."""
    from django.urls import reverse

    from assessments.audits.models import Audit

    audits = Audit.objects.order_by("-priority", "-major", "pk")
    released, on_site = audits.filter(state="actions_open").first(), audits.filter(state="in_progress").first()
    mine = audits.filter(site__organisation__memberships__user__email=ALICE, state="actions_open").first()
    pictures = [
        Picture("reports", ERIN, reverse("report_list")),
        Picture("reliability", ERIN, reverse("reliability_list")),
    ]
    if released:
        pictures.append(Picture("audit", ERIN, reverse("audit_detail", args=[released.pk]), height=1300))
    if on_site:
        form = reverse("audit_section", args=[on_site.pk, "B"]) + "#q-B2"
        pictures.append(Picture("audit-form", CAROL, form, height=1180, width=TABLET))
    if mine:
        plan = reverse("plan_batch", args=["audit", mine.pk])
        pictures.append(Picture("action-plan", ALICE, plan, height=1200))
    return pictures


def list_minerals_pictures() -> list[Picture]:
    """Return the pictures of conflict minerals; a small demo may have no declaration with something to mend."""
    from django.urls import reverse

    from minerals.declarations.models import Declaration

    pictures = [
        Picture("minerals", ERIN, reverse("minerals"), height=1100),
        Picture("roll-up", ERIN, reverse("rollup_detail") + "?template=CMRT", height=1300),
    ]
    received = Declaration.objects.filter(relationship__buyer__memberships__user__email=ERIN, state="received")
    if flagged := received.order_by("-red_flags", "pk").first():
        detail = reverse("declaration_detail", args=[flagged.pk])
        pictures.append(Picture("declaration", ERIN, detail, height=1300))
    return pictures


# Taking them ---------------------------------------------------------------------------------------


def take_pictures(base_url: str, pictures: list[Picture]) -> None:
    from playwright.sync_api import sync_playwright

    from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        contexts = {person: sign_in(chromium, base_url, person) for person in {one.person for one in pictures}}
        for picture in pictures:
            take_picture(contexts[picture.person], base_url, picture)
            print(f"  {picture.name}.png", flush=True)
        chromium.close()


def sign_in(chromium: Any, base_url: str, person: str) -> Any:
    """Return a browser profile in which this person is signed in."""
    from assessments.overview.management.demo.people import PASSWORD

    context = chromium.new_context(reduced_motion="reduce")
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(base_url + "/accounts/login/")
    page.fill("input[name=login]", person)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "login" not in url)
    page.close()
    return context


def take_picture(context: Any, base_url: str, picture: Picture) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": picture.width, "height": picture.height})
    page.emulate_media(color_scheme=picture.scheme, reduced_motion="reduce")
    if picture.confirms:
        confirm_answers(page, base_url + picture.confirms)
    page.goto(base_url + picture.path)
    if picture.confirms:
        confirm_first_answer(page)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=PICTURES / f"{picture.name}.png")
    page.close()


def confirm_answers(page: Any, url: str) -> None:
    """Confirm last year's answers of a section at once, as its button does."""
    page.goto(url)
    if (button := page.locator("button[name=go][value=confirm]")).count():
        button.click()
        page.wait_for_load_state("networkidle")


def confirm_first_answer(page: Any) -> None:
    """Confirm the first answer of the page and wait until it is saved, so that the line at the foot says so."""
    if (button := page.locator("button[data-confirm]")).count():
        button.first.click()
        page.wait_for_function("() => document.querySelector('[data-savestate]').dataset.tone === 'good'")


def weigh(pictures: list[Picture]) -> int:
    """Return 1 when a picture is too heavy for the repository."""
    heavy = [one.name for one in pictures if (PICTURES / f"{one.name}.png").stat().st_size > LARGEST]
    if heavy:
        print(f"Too heavy, over {LARGEST // 1000} kB: {', '.join(heavy)}. Take less height.", file=sys.stderr)
    return 1 if heavy else 0


if __name__ == "__main__":
    sys.exit(main())
