"""The files a release is made of agree with each other and with the settings."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SETTINGS = (ROOT / "portal" / "settings" / "base.py").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
OURS = ("web", "worker", "beat", "migrate")
# Read by the compose file itself, not by the settings.
OF_COMPOSE = {"SANPO_DATABASE_PASSWORD", "SANPO_PORT", "SANPO_WORKER_PROCESSES"}
NOT_A_SETTING = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "DJANGO_SETTINGS_MODULE"}


def settings_names() -> set[str]:
    return set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z0-9_]+)\"", SETTINGS))


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[.*?\])?==([^\s;]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))


def test_compose_has_the_production_shape():
    assert set(COMPOSE["services"]) == {*OURS, "db", "redis"}
    assert set(COMPOSE["volumes"]) == {"database", "queue"}
    assert [name for name in OURS if "volumes" in COMPOSE["services"][name]] == []
    assert COMPOSE["services"]["migrate"]["restart"] == "no"


@pytest.mark.parametrize("service", ["web", "worker", "beat", "db", "redis"])
def test_compose_watches_every_lasting_service(service):
    assert COMPOSE["services"][service]["healthcheck"]["test"]


@pytest.mark.parametrize("service", OURS)
def test_compose_passes_only_names_the_settings_read(service):
    assert set(COMPOSE["services"][service]["environment"]) - settings_names() == set()


def test_compose_asks_only_for_names_somebody_reads():
    asked = set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "docker-compose.yml").read_text("utf-8")))
    assert asked - settings_names() - OF_COMPOSE == set()


def test_image_sets_only_names_the_settings_read():
    block = re.search(r"^ENV ((?:.*\\\n)*.*)$", DOCKERFILE, re.MULTILINE)
    assert block is not None
    assert set(re.findall(r"([A-Z_]+)=", block[1])) - settings_names() - NOT_A_SETTING == set()


def test_image_copies_files_that_exist():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert [path for line in copied for path in line.split() if not (ROOT / path).exists()] == []


def test_image_and_setup_install_the_same_libraries():
    setup = (ROOT / ".ci" / "setup").read_text("utf-8")
    listed = set(
        re.findall(r"(?:lib|fonts-)[a-z0-9.-]+", re.findall(r"no-install-recommends \\\n((?:.*\\\n)*)", DOCKERFILE)[0])
    )
    assert listed == {
        name for name in re.findall(r"^want (\S+)", setup, re.MULTILINE) if name.startswith(("lib", "fonts-"))
    }


def test_production_has_the_versions_the_tests_ran_with():
    tested, shipped = pins("requirements-dev.lock"), pins("requirements.lock")
    assert {name: version for name, version in shipped.items() if tested.get(name) != version} == {}


def test_lock_files_hold_every_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["s3"]]
    names = {re.split(r"[\[<>=~! ]", line)[0].lower().replace("_", "-") for line in wanted}
    assert names - set(pins("requirements.lock")) == set()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", ".ci/uv.txt"])
def test_python_locks_name_hashes_and_no_host(name):
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert len(re.findall(r"^[a-z0-9].*==.*\\$", text, re.MULTILINE)) == len(
        re.findall(r"^[a-z0-9]", text, re.MULTILINE)
    )


def test_front_end_lock_names_hashes_and_no_host():
    packages = json.loads((ROOT / "static" / "package-lock.json").read_text("utf-8"))["packages"]
    installed = {name: entry for name, entry in packages.items() if name}
    assert [name for name, entry in installed.items() if "resolved" in entry or "integrity" not in entry] == []


def test_scripts_are_sound_shell():
    scripts = [path for path in (ROOT / ".ci").iterdir() if path.read_text("utf-8").startswith("#!")]
    assert {path.name for path in scripts} >= {"setup", "demo", "test", "check", "run", "vendor", "lock", "messages"}
    for path in scripts:
        assert path.stat().st_mode & 0o111, path.name
        subprocess.run(["bash", "-n", str(path)], check=True)
