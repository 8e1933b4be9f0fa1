"""Reading the rooms' packs of facts."""

from pathlib import Path
from typing import Any, Final

import yaml

# The loader in C is ten times as fast; PyYAML is built without it where libyaml is not at hand.
LOADER: Final[type[Any]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_pack(path: Path) -> Any:
    """Return the data of a YAML file."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 a safe loader, of either kind
