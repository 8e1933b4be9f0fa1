"""What the import linter cannot see: relations, task names, sizes, templates, stray files."""

import ast
import re
import subprocess
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

ROOT = Path(__file__).resolve().parents[1]
STOREYS = ["portal", "suppliers", "minerals", "assessments"]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = {contract["id"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
ASSESSMENT_ROOMS = CONTRACTS["rooms"]["layers"][::-1]
TOP_LEVEL = {
    *("manage.py", "pyproject.toml", "portal", "assessments", "suppliers", "minerals", "templates", "static", "tests"),
    *("docker-compose.yml", "README.md", "Makefile", "Dockerfile", "CHANGELOG.md", "docs"),
    *("requirements.lock", "requirements-dev.lock"),
}


def own_files(*suffixes: str) -> list[Path]:
    """Return the files git keeps or would keep, that is, not what is ignored."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    found = {ROOT / name for name in listed if name and (not suffixes or name.endswith(suffixes))}
    return sorted(path for path in found if path.is_file())


def sources() -> list[Path]:
    return [path for path in own_files(".py") if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


# The house ------------------------------------------------------------------------------------------


def rooms() -> list[str]:
    return sorted(config.name for config in apps.get_app_configs() if config.name.split(".")[0] in STOREYS)


def room_of(model: type[Model]) -> str:
    return ".".join(model.__module__.split(".")[:2])


def height(room: str) -> tuple[int, int]:
    storey, name = room.split(".")
    return STOREYS.index(storey), ASSESSMENT_ROOMS.index(name) if storey == "assessments" else 0


def relations() -> Iterator[tuple[str, str, str]]:
    """Yield (room, room it points to, the field) for each foreign key between rooms of ours."""
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in STOREYS:
            continue
        for field in model._meta.get_fields():
            target = field.related_model
            if field.auto_created or not isinstance(target, type) or target.__module__.split(".")[0] not in STOREYS:
                continue
            if room_of(target) != room_of(model):
                yield room_of(model), room_of(target), f"{model._meta.label}.{field.name}"


def test_relations_never_point_up():
    up = [f"{field} points up to {there}" for here, there, field in relations() if height(there) > height(here)]
    assert up == []


def test_relations_between_rooms_make_no_circle():
    below: defaultdict[str, set[str]] = defaultdict(set)
    for here, there, _ in relations():
        below[here].add(there)

    def reaches(start: str, goal: str, seen: set[str]) -> bool:
        return any(
            room == goal or (room not in seen and reaches(room, goal, seen | {room})) for room in below.get(start, ())
        )

    assert [room for room in sorted(below) if reaches(room, room, set())] == []


def test_every_room_stands_under_the_contracts():
    held = {*CONTRACTS["floors"]["containers"], *CONTRACTS["portal-floors"]["containers"]}
    assert set(rooms()) == held


def test_every_pure_core_is_held_to_be_pure():
    cores = next(layer for layer in CONTRACTS["floors"]["layers"] if "document" in layer)
    held = {name.rsplit(".", 1)[1] for name in CONTRACTS["pure"]["source_modules"]}
    assert set(re.findall(r"\w+", cores)) - held == set()


def test_top_level_holds_nothing_else():
    found = {path.relative_to(ROOT).parts[0] for path in own_files()}
    assert {name for name in found if not name.startswith(".")} - TOP_LEVEL == set()


# Deeds ----------------------------------------------------------------------------------------------


def calls_of(function: str) -> Iterator[tuple[Path, ast.Call]]:
    for path in sources():
        if path.is_relative_to(ROOT / "tests"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == function:
                yield path, node


def registered_tasks() -> set[str]:
    from portal.celery import app

    app.loader.import_default_modules()
    return set(app.tasks)


def test_every_enqueued_name_is_a_task():
    known, unknown = registered_tasks(), []
    for path, call in calls_of("enqueue"):
        name = call.args[0] if call.args else None
        if not (isinstance(name, ast.Constant) and name.value in known):
            unknown.append(f"{name_of(path)}:{call.lineno} enqueue({ast.unparse(name) if name else ''})")
    assert unknown == []


def test_every_scheduled_name_is_a_task():
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} - registered_tasks() == set()


def test_models_keep_to_columns():
    """No save() override and no model signal: state is written where it can be seen."""
    found = []
    for path in sources():
        text = path.read_text("utf-8")
        if path.name == "models.py" or path.parent.name == "models":
            found += [f"{name_of(path)}: save()" for _ in re.finditer(r"^    def save\(", text, re.MULTILINE)]
        if re.search(r"django\.db\.models(\.| import )signals|(pre|post)_(save|delete)\b.*connect", text):
            found.append(f"{name_of(path)}: signals") if path != Path(__file__) else None
    assert found == []


# Sizes ----------------------------------------------------------------------------------------------


def test_files_are_short_enough():
    limits = [(sources(), 500), (own_files(".html"), 250), (own_files(".js", ".css"), 500)]
    lengths = [(path, len(path.read_text("utf-8").splitlines()), limit) for paths, limit in limits for path in paths]
    assert [f"{name_of(path)}: {length} lines" for path, length, limit in lengths if length > limit] == []


def test_functions_are_short_enough():
    long = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > 60:
                    long.append(f"{name_of(path)}:{node.lineno} {node.name}: {length} lines")
    assert long == []


def test_modules_say_what_they_are_for():
    silent = [
        name_of(path)
        for path in sources()
        if (body := ast.parse(path.read_text("utf-8"))).body and ast.get_docstring(body) is None
    ]
    assert silent == []


# Pages ----------------------------------------------------------------------------------------------

INLINE = {
    "style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    # A block of JSON is data, not a script.
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE),
    "event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "htmx script": re.compile(r"\bhx-on|\bhx-vals=.js:", re.IGNORECASE),
    "other host": re.compile(r"""<(script|link|img|iframe)\b[^>]*(src|href)=["'](https?:)?//""", re.IGNORECASE),
}


def page_templates() -> list[Path]:
    """Return templates a browser gets; mails and PDFs have no content policy and no style sheet of ours."""
    return [path for path in own_files(".html") if not {"mails", "emails", "reports", "docs"} & set(path.parts)]


def html_of(path: Path) -> str:
    """Return the template without its tags, whose arguments look like attributes."""
    return re.sub(r"{%.*?%}|{{.*?}}", "", path.read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("fault", INLINE)
def test_pages_obey_the_content_policy(fault):
    pattern = INLINE[fault]
    assert [name_of(path) for path in page_templates() if pattern.search(html_of(path))] == []


@pytest.mark.parametrize(
    ("fault", "html"),
    [
        ("style attribute", '<p class="a"\n style="color:red">'),
        ("style element", "<style>p{}</style>"),
        ("inline script", "<script>go()</script>"),
        ("inline script", '<script type="module">go()</script>'),
        ("event attribute", '<a href="#" onclick="go()">'),
        ("script address", '<a href="javascript:go()">'),
        ("htmx script", '<a hx-on:click="go()">'),
        ("other host", '<script defer src="https://cdn.example/x.js"></script>'),
    ],
)
def test_content_policy_patterns_find_their_fault(fault, html):
    assert INLINE[fault].search(html)


def test_icons_named_by_pages_are_fetched():
    listed = set((ROOT / "static" / "icons.txt").read_text("utf-8").splitlines())
    named = re.compile(r"""{%\s*icon\s+["']([a-z0-9-]+)["']""")
    used = {name for path in own_files(".html") for name in named.findall(path.read_text("utf-8"))}
    assert used - listed == set()
