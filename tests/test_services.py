"""The harness of the suite: programs are waited for by what they say, and always end."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.services import Program, part_from_other_workers


def shell(script: str) -> Program:
    return Program("A shell", ["sh", "-c", script])


def test_program_is_ready_when_its_line_comes():
    program = shell("echo starting; echo now ready; exec sleep 600").start("ready")
    try:
        assert program.is_alive
        assert program.output.splitlines() == ["starting", "now ready"]
    finally:
        program.stop()
    assert not program.is_alive


def test_program_that_ends_too_early_shows_its_output():
    with pytest.raises(RuntimeError, match=r"A shell has ended before a line matched 'ready'(.|\n)*no such disk"):
        shell("echo no such disk").start("ready")


def test_program_that_ignores_a_request_to_stop_is_killed(monkeypatch):
    monkeypatch.setattr("tests.services.STOP_SECONDS", 0.2)
    program = shell("trap '' TERM; echo ready; while :; do sleep 0.05; done").start("ready")
    program.stop()
    assert not program.is_alive


def test_kill_reaches_the_children():
    program = shell("sleep 600 & echo child $! ready; wait").start("ready")
    child = int(program.output.split()[1])
    program.kill()
    deadline = time.monotonic() + 10
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(child)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_program_ends_with_the_test_run_even_when_that_is_killed():
    code = (
        "import os, signal, sys; sys.path.insert(0, '.'); from tests.services import Program\n"
        "print(Program('x', ['sh', '-c', 'echo ready; exec sleep 600']).start('ready').pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    pid = int(subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True).stdout)
    deadline = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(pid)


def test_parallel_workers_share_neither_queue_nor_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:7000/0")
    monkeypatch.setenv("SANPO_DATA_DIR", str(tmp_path))
    part_from_other_workers("gw1")
    assert os.environ["REDIS_URL"] == "redis://127.0.0.1:7000/2"
    assert os.environ["SANPO_DATA_DIR"] == str(tmp_path / "gw1")
    assert (tmp_path / "gw1").is_dir()
