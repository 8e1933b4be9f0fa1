"""A real PostgreSQL and Redis of the suite's own: started before Django reads its settings, always stopped.

Loaded by .ci/test as a pytest plugin. It acts when imported, because pytest-django reads the settings before any
fixture or hook of ours could run. SANPO_TEST_SERVICES=1 asks for the two servers.
"""

import atexit
import ctypes
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue

import pytest

START_SECONDS = 60
STOP_SECONDS = 20
PR_SET_PDEATHSIG = 1


class Program:
    """One child process whose output is read all the time, so that it never blocks and can be waited on."""

    def __init__(
        self, name: str, command: list[str], *, env: dict[str, str] | None = None, user: str | None = None
    ) -> None:
        self.name, self.command, self.env, self.user = name, command, env, user
        self.lines: list[str] = []
        self.process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def start(self, ready: str) -> "Program":
        """Start, and return once a line of the output matches `ready`."""
        self.lines, self._queue = [], Queue()
        self.process = subprocess.Popen(
            self.command,
            env=self.env,
            user=self.user,
            extra_groups=[] if self.user else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  no other thread forks while it runs
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.wait_for(ready)
        return self

    def _read(self) -> None:
        assert self.process is not None and self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            self._queue.put(line)
        self._queue.put(None)

    def wait_for(self, pattern: str, *, seconds: float = START_SECONDS) -> str:
        """Return the next output line that matches; raise with the whole output when none comes."""
        state = "has ended"
        try:
            while (line := self._queue.get(timeout=seconds)) is not None:
                if re.search(pattern, line):
                    return str(line)
        except Empty:
            state = f"was silent for {seconds} s"
        raise RuntimeError(f"{self.name} {state} before a line matched {pattern!r}. Its output:\n{self.output}")

    def stop(self) -> None:
        """Ask the main process alone to end (a TERM to a whole Celery group hangs it), then make sure."""
        if self.is_alive:
            self._signal(os.kill, signal.SIGTERM)
            try:
                assert self.process is not None
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                pass
        self.kill()

    def kill(self) -> None:
        """End the program and its children at once, as a power cut does."""
        if self.process is not None:
            self._signal(os.killpg, signal.SIGKILL)
            self.process.wait(STOP_SECONDS)

    def _signal(self, send: Callable[[int, int], None], number: int) -> None:
        try:
            send(self.pid, number)
        except ProcessLookupError:
            pass


def die_with_parent() -> None:
    """Let the kernel end a server when pytest itself is killed; runs in the child."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PostgreSQL:
    """A throw-away cluster on a random port; fast, because nobody minds losing it."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="sanpo-pg-")
        self.user = unprivileged_user()
        if self.user:
            shutil.chown(self.folder, self.user)
        self.port = free_port()
        self.program: Program | None = None

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        binaries = postgresql_binaries()
        data = f"{self.folder}/data"
        subprocess.run(
            [
                str(binaries / "initdb"),
                "-D",
                data,
                "--no-sync",
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self.user,
            extra_groups=[] if self.user else None,
            cwd="/",
        )
        options = {
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "max_connections": "60",
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "max_wal_size": "2GB",
        }
        command = [str(binaries / "postgres"), "-D", data, "-p", str(self.port)]
        command += [f"--{name}={value}" for name, value in options.items()]
        self.program = Program(
            "PostgreSQL", command, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, user=self.user
        )
        self.program.start(r"ready to accept connections")

    def stop(self) -> None:
        if self.program is not None and self.program.is_alive:
            os.kill(self.program.pid, signal.SIGINT)  # "fast": does not wait for clients
            self.program.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Redis:
    """A Redis without persistence; stopping it loses the queue, which is what tests stop it for."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="sanpo-redis-")
        self.port = free_port()
        self.program = Program(
            "Redis",
            [
                find_program("redis-server", "redis-server"),
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                self.folder,
                "--databases",
                "64",
            ],
        )

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.program.start(r"Ready to accept connections")

    def stop(self) -> None:
        self.program.stop()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def find_program(name: str, package: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise pytest.UsageError(f"{name} is not installed. Install the package {package} (apt-get install {package}).")
    return path


def postgresql_binaries() -> Path:
    """Return the folder with initdb: Debian keeps it off the PATH, by version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    return Path(find_program("initdb", "postgresql")).parent


def unprivileged_user() -> str | None:
    """Return who runs PostgreSQL when we are root, which it refuses."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


postgresql: PostgreSQL | None = None
redis: Redis | None = None


def start_services() -> None:
    """Start both servers and point the environment at them."""
    global postgresql, redis  # one pair per test run
    postgresql, redis = PostgreSQL(), Redis()
    atexit.register(stop_services)
    postgresql.start()
    redis.start()
    os.environ["DATABASE_URL"] = postgresql.url
    os.environ["REDIS_URL"] = redis.url


def stop_services() -> None:
    for server in (postgresql, redis):
        if server is not None:
            server.stop()
    if redis is not None:
        redis.remove()


def part_from_other_workers(worker: str) -> None:
    """Give a parallel pytest worker its own Redis database and data folder; it would eat the others' messages."""
    if "REDIS_URL" in os.environ:
        os.environ["REDIS_URL"] = re.sub(r"/\d+$", f"/{int(worker.removeprefix('gw')) + 1}", os.environ["REDIS_URL"])
    if "SANPO_DATA_DIR" in os.environ:
        folder = Path(os.environ["SANPO_DATA_DIR"]) / worker
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["SANPO_DATA_DIR"] = str(folder)


def prepare_environment() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        part_from_other_workers(worker)
    elif os.environ.get("SANPO_TEST_SERVICES") == "1":
        start_services()


prepare_environment()
