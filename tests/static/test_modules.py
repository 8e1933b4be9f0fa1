"""The browser's own modules: their pure parts run under Node."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MODULES = HERE.parents[1] / "static" / "sanpo"
NODE = shutil.which("node") or "node"  # .ci/setup asks for it; without it these tests fail, not pass


@pytest.mark.parametrize("script", sorted(HERE.glob("*.test.mjs")), ids=lambda path: path.name)
def test_modules_pass_their_node_tests(script):
    run = subprocess.run(
        [NODE, "--no-warnings", "--test", str(script)], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stdout[-4000:]


@pytest.mark.parametrize("module", sorted(MODULES.glob("*.js")), ids=lambda path: path.name)
def test_modules_are_sound_javascript(module):
    run = subprocess.run(
        [NODE, "--check", "--input-type=module"],
        input=module.read_text(encoding="utf-8"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("module", sorted(MODULES.glob("*.js")), ids=lambda path: path.name)
def test_modules_say_in_one_line_what_they_are_for(module):
    assert module.read_text(encoding="utf-8").startswith("// ")
