"""What an uploaded table would change, in words and in the order of the table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from assessments.audits.document import Programme
from assessments.audits.enums import NONCONFORM, Conclusion
from assessments.audits.models import Audit
from assessments.audits.queries import programme_of
from assessments.audits.reports.template import column_label, conclusion_words, topic_words
from assessments.audits.services.uploading import FIELDS, Preview
from assessments.audits.workbook.comparing import Change, Difference
from assessments.audits.workbook.content import Content
from portal.lib.texts import pick_text

TONES: Final = {Conclusion.CONFORM: "good", **{value: value.value for value in NONCONFORM}}


@dataclass(frozen=True)
class Part:
    """One column of a checkpoint: what stands and what the table says."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeLine:
    """One checkpoint as the page shows it."""

    code: str
    title: str
    conclusion: str
    tone: str
    content: Content
    parts: Sequence[Part]
    rows: Sequence[int]
    named: Sequence[str]
    by: str
    at: Any


def preview_context(audit: Audit, preview: Preview) -> dict[str, Any]:
    """Return what the page of changes shows."""
    programme = programme_of(audit.programme)
    lines = {change: [line_of(programme, preview, one) for one in preview.of(change)] for change in Change}
    every = [line for change in Change for line in lines[change]]
    return {
        "counts": count_words(programme, preview),
        "conflicts": lines[Change.CONFLICT],
        "changed": lines[Change.CHANGED],
        "fresh": lines[Change.NEW],
        "unchanged": len(lines[Change.UNCHANGED]),
        "understood": [line for line in every if line.named or len(line.rows) > 1],
        "skipped": preview.reading.skipped,
        "seen": preview.seen,
        "total": len(every),
        "writes": len(every) - len(lines[Change.UNCHANGED]),
    }


def count_words(programme: Programme, preview: Preview) -> list[tuple[str, str, int]]:
    """Return (word, tone, how many checkpoints of the table), the conclusions that occur; the worst first."""
    counts = Counter(one.after.conclusion for one in preview.differences)
    words = conclusion_words(programme)
    order = [*NONCONFORM, *(word for word in Conclusion if word not in NONCONFORM)]
    return [(words.get(word, word), TONES.get(word, "plainstate"), counts[word]) for word in order if counts[word]]


def line_of(programme: Programme, preview: Preview, one: Difference) -> ChangeLine:
    """Return one difference in words."""
    row = preview.standing.get(one.checkpoint)
    point = programme.by_code[one.checkpoint]
    before, after = shown_content(programme, one.standing.content), shown_content(programme, one.after)
    return ChangeLine(
        code=one.checkpoint,
        title=pick_text(point.title)[0],
        conclusion=after["conclusion"],
        tone=TONES.get(Conclusion(one.after.conclusion), "plainstate") if one.after.conclusion else "plainstate",
        content=one.after,
        parts=[Part(column_label(name), before[name], after[name]) for name in FIELDS if before[name] != after[name]],
        rows=one.entry.lines,
        named=one.entry.named,
        by=str(row.updated_by or "") if row else "",
        at=row.updated_at if row else None,
    )


def shown_content(programme: Programme, content: Content) -> dict[str, str]:
    """Return each column of a content as a person reads it."""
    return {
        **{name: getattr(content, name) for name in FIELDS},
        "conclusion": conclusion_words(programme).get(content.conclusion, content.conclusion),
        "topic": topic_words(programme).get(content.topic, content.topic),
        "data_points": "\n".join(content.data_points),
    }
