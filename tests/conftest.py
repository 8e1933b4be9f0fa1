"""Fixtures for every test: hypothesis settings, a real worker, a real browser, the servers behind `production`."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import HealthCheck, settings

from tests import services as own_services
from tests.services import Program

# The machine may be busy; a slow example is not a wrong one.
settings.register_profile("sanpo", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sanpo")

CHROMIUM = os.environ.get("SANPO_CHROMIUM", "/usr/bin/chromium")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what touches no database where the suite runs once more on PostgreSQL: it would only say the same."""
    if not os.environ.get("SANPO_TEST_SERVICES"):
        return
    pure = [item for item in items if not needs_database(item)]
    config.hook.pytest_deselected(items=pure)
    items[:] = [item for item in items if needs_database(item)]


def needs_database(item: pytest.Item) -> bool:
    """Whether a test, or a fixture it takes, asks for the database; what is marked for real services always does."""
    fixtures = set(getattr(item, "fixturenames", ()))
    marked = any(item.get_closest_marker(name) for name in ("django_db", "production", "browser"))
    return marked or not DATABASE_FIXTURES.isdisjoint(fixtures)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("production") and own_services.postgresql is None:
        pytest.fail(
            "This test needs PostgreSQL and Redis. Run it by: .ci/test production [pytest arguments]", pytrace=False
        )


@pytest.fixture
def services() -> SimpleNamespace:
    """The servers of this run: `database_url`, `redis_url`, and `redis` with stop() and start()."""
    return SimpleNamespace(
        database_url=test_database_url(), redis_url=django_settings.REDIS_URL, redis=own_services.redis
    )


@pytest.fixture
def redis_server() -> Iterator[own_services.Redis]:
    """The Redis the settings name; a test may stop() and start() it, it runs again afterwards."""
    assert own_services.redis is not None
    yield own_services.redis
    if not own_services.redis.program.is_alive:
        own_services.redis.start()


# A real Celery worker ------------------------------------------------------------------------------


def test_database_url() -> str:
    """Return the address of the test database, for a process of its own."""
    named = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{named['NAME']}"
    return f"postgres://{named['USER']}@{named['HOST']}:{named['PORT']}/{named['NAME']}"


test_database_url.__test__ = False  # type: ignore[attr-defined]


def worker_environment() -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "portal.settings.test"),
        "DATABASE_URL": test_database_url(),
        "REDIS_URL": django_settings.REDIS_URL,
        "SANPO_DATA_DIR": str(django_settings.DATA_DIR),
        "SANPO_BASE_URL": django_settings.BASE_URL,
        "SANPO_SWEEP_SECONDS": "1",
        "PYTHONUNBUFFERED": "1",
    }


def empty_broker() -> None:
    """Drop what earlier tests queued."""
    if django_settings.REDIS_URL:
        import redis

        redis.Redis.from_url(django_settings.REDIS_URL).flushdb()
    else:
        for message in Path(django_settings.BROKER_DIR, "queue").glob("*.msg"):
            message.unlink(missing_ok=True)


@pytest.fixture
def start_worker(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Start workers on the test database: `start_worker(beat=True, concurrency=2)`; all are stopped at the end.

    The answer has pid, output, wait_for(pattern), stop() and kill() (SIGKILL to it and its children).
    """
    started: list[Program] = []
    empty_broker()

    def start(*, beat: bool = False, concurrency: int = 1) -> Program:
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "portal",
            "worker",
            "--loglevel=INFO",
            f"--concurrency={concurrency}",
        ]
        command += ["--without-gossip", "--without-mingle", f"--hostname=test{len(started)}@localhost"]
        if beat:
            command += ["--beat", f"--schedule={tmp_path / 'beat'}"]
        worker = Program("Celery", command, env=worker_environment())
        started.append(worker)
        return worker.start(r"test\d+@localhost ready")

    yield start
    for worker in started:
        worker.stop()


@pytest.fixture
def celery_worker(start_worker: Callable[..., Program]) -> Program:
    """One running worker with the schedule, sweeping every second."""
    return start_worker(beat=True)


# A real browser ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium of the system, driven by Playwright, which never downloads one."""
    if not os.access(CHROMIUM, os.X_OK):
        pytest.fail(f"{CHROMIUM} is not there. Install the package chromium (apt-get install chromium).", pytrace=False)
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread; Django would refuse every query of the test because of it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    """A fresh browser profile: own cookies, own IndexedDB."""
    fresh = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    fresh.set_default_timeout(15_000)
    yield fresh
    fresh.close()


@pytest.fixture
def browser_page(context: Any) -> Any:
    """A blank tab."""
    return context.new_page()


@pytest.fixture
def live_url(live_server: Any, settings: Any) -> str:
    """The address of a running server on the test database; links in mails point at it."""
    settings.BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return str(live_server.url)
