"""The frozen copy of a response: canonical JSON and its hash. Pure."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

FORMAT = 1


@dataclass(frozen=True)
class FrozenAnswer:
    """One answer as it was handed in."""

    value: object
    na: str | None
    comment: str
    evidence: tuple[Mapping[str, object], ...]
    origin: str = ""


@dataclass(frozen=True)
class Frame:
    """What surrounds the answers: who, what, when."""

    response: int
    number: int
    title: str
    period: str
    questionnaire: Mapping[str, str]
    buyer: Mapping[str, object]
    site: Mapping[str, object]
    as_of: date
    submitted_at: datetime
    attested_name: str


def build_snapshot(frame: Frame, answers: Mapping[str, FrozenAnswer], shown: Collection[str]) -> dict[str, Any]:
    """Return the snapshot as plain data; answers to questions that did not show are kept and marked hidden."""
    return {
        "format": FORMAT,
        "response": frame.response,
        "number": frame.number,
        "title": frame.title,
        "period": frame.period,
        "questionnaire": dict(frame.questionnaire),
        "buyer": dict(frame.buyer),
        "site": dict(frame.site),
        "as_of": frame.as_of.isoformat(),
        "submitted_at": frame.submitted_at.isoformat(timespec="seconds"),
        "attested": {"name": frame.attested_name, "on": frame.as_of.isoformat()},
        "answers": {code: _entry(answer, hidden=code not in shown) for code, answer in answers.items()},
    }


def _entry(answer: FrozenAnswer, *, hidden: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {"value": answer.value}
    if answer.na is not None:
        entry["na"] = answer.na
    if answer.comment:
        entry["comment"] = answer.comment
    if answer.evidence:
        entry["evidence"] = [dict(file) for file in answer.evidence]
    if answer.origin:
        entry["origin"] = answer.origin
    if hidden:
        entry["hidden"] = True
    return entry


def canonical_json(snapshot: Mapping[str, Any]) -> str:
    """Return the one text of a snapshot: keys sorted, no blanks, no NaN."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def hash_of(text: str) -> str:
    """Return the SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
