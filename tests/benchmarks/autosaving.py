"""Autosave under load: gunicorn with two workers, many connections, against a bare view that upserts one row."""

import http.client
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier, Thread

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.questionnaires.enums import Kind
from assessments.questionnaires.queries import document_of
from portal.accounts.models import User
from tests.benchmarks.bare import TABLE
from tests.benchmarks.measuring import Line
from tests.benchmarks.world import World
from tests.services import Program, free_port

TOKEN = "b" * 32
WORKERS = 2


@dataclass(frozen=True)
class Load:
    """What one run of the load measured."""

    per_second: float
    cpu_ms: float
    failed: int


def measure_autosave(world: World, rounds: int, base: Load | None = None) -> tuple[Line, Load]:
    """Autosave against the bare view; `base` is the same at another number of suppliers."""
    targets = targets_of(world)
    with connection.cursor() as cursor:
        cursor.execute(TABLE.replace("TABLE", "TABLE IF NOT EXISTS"))
    floor = load_server("tests.benchmarks.bare_settings", targets, rounds)
    ours = load_server("portal.settings.test", targets, rounds)
    queries = count_queries(world)
    ratio = ours.per_second / floor.per_second
    bars = [
        (">= 0.5 x", ratio >= 0.5),
        ("<= 20 ms CPU", ours.cpu_ms <= 20),
        ("<= 10 queries", queries <= 10),
        ("none failed", ours.failed == floor.failed == 0),
    ]
    if base:
        bars.append((f"flat ({base.cpu_ms:.1f} ms CPU at 20 suppliers)", ours.cpu_ms <= 1.3 * base.cpu_ms))
    line = Line(
        f"autosave, {len(targets)} connections, {world.size} suppliers", "bare view, upsert of one row",
        f"{floor.per_second:.0f}/s", f"{ours.per_second:.0f}/s", ratio, ours.cpu_ms, queries, bars,
    )  # fmt: skip
    return line, ours


def targets_of(world: World) -> list[tuple[str, dict[str, str]]]:
    """Return (path, headers) of each editor: a question nothing depends on, a signed-in session."""
    code = plain_question(world)
    return [(f"/responses/{response.pk}/answers/{code}/", headers_of(user)) for user, response in world.editors]


def plain_question(world: World) -> str:
    questions = [q for q in document_of(world.version).questions if q.kind is Kind.YES_NO and q.weight]
    return questions[-1].code


def headers_of(user: User) -> dict[str, str]:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    return {"Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": "application/json", "Host": "localhost"}


def load_server(settings_module: str, targets: list[tuple[str, dict[str, str]]], rounds: int) -> Load:
    """Start gunicorn, warm it up, send `rounds` saves over every connection, stop it."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(WORKERS), "--log-level", "warning", "--access-logfile", "-", "--preload"]
    command += ["--access-logformat", "%(s)s"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": settings_module}
    server = Program("gunicorn", [*command, "--log-level", "info"], env=environment)
    server.start(r"Booting worker")
    try:
        time.sleep(0.5)
        run_connections(port, targets, 3)
        before, started = cpu_seconds(server.pid), time.perf_counter()
        failed = run_connections(port, targets, rounds)
        seconds = time.perf_counter() - started
        spent = cpu_seconds(server.pid) - before
    finally:
        server.stop()
    count = rounds * len(targets)
    return Load(count / seconds, 1000 * spent / count, failed)


def run_connections(port: int, targets: list[tuple[str, dict[str, str]]], rounds: int) -> int:
    """Save `rounds` times over each connection at once; return how many were refused."""
    barrier, failures = Barrier(len(targets)), []

    def save(path: str, headers: dict[str, str]) -> None:
        barrier.wait(30)
        version = 0
        for number in range(rounds):
            body = {"value": "yes" if number % 2 else "no", "na": None, "base_version": version}
            status, reply = put(port, path, headers, body)
            if status == 409:  # the warm-up has saved this one before
                version = reply["error"]["detail"]["version"] if "error" in reply else reply["detail"]["version"]
                status, reply = put(port, path, headers, {**body, "base_version": version})
            if status != 200:
                failures.append((status, reply))
                continue
            version = reply.get("version", version)

    threads = [Thread(target=save, args=target, daemon=True) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if failures:
        print("refused:", failures[0], file=sys.stderr)
    return len(failures)


def put(port: int, path: str, headers: dict[str, str], body: dict[str, object]) -> tuple[int, dict]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("PUT", path, json.dumps(body), headers)
        response = line.getresponse()
        content = response.read()
        return response.status, json.loads(content) if content.startswith(b"{") else {"text": content[:200]}
    finally:
        line.close()


def cpu_seconds(master: int) -> float:
    """Return the CPU the workers of a gunicorn have used."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    ticks = 0
    for child in children:
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def count_queries(world: World) -> int:
    """Count the statements of one save in this process."""
    from django.test import Client

    user, response = world.editors[0]
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    path = f"/responses/{response.pk}/answers/{plain_question(world)}/"
    version = response.answers.filter(code=plain_question(world)).values_list("version", flat=True).first() or 0
    for value in ("yes", "no"):
        with CaptureQueriesContext(connection) as captured:
            reply = client.put(path, {"value": value, "base_version": version}, content_type="application/json")
        assert reply.status_code == 200, reply.content
        version = reply.json()["version"]
    return len([entry for entry in captured if entry["sql"] not in ("BEGIN", "COMMIT")])
