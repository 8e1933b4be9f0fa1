"""The hash chain of the trail: what is hashed, and how one hash leads to the next."""

import hashlib
import json
from typing import Any

FIRST = "0" * 64


def next_digest(before: str, number: int, facts: dict[str, Any]) -> str:
    """Return the SHA-256 (hex) of the digest before, the number and the facts in one canonical writing."""
    body = json.dumps([before, number, facts], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode("ascii")).hexdigest()
