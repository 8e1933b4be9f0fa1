"""The table of conclusions as a workbook: what is handed out, which words it may hold, the list of cells to mend."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.audits.document import Programme
from assessments.audits.enums import NONCONFORM, Conclusion
from assessments.audits.models import Audit, AuditConclusion
from assessments.audits.queries import programme_of
from assessments.audits.workbook.columns import COLUMNS, KEY, Words, fold, make_key
from portal.lib.texts import pick_text
from portal.lib.workbook import Sheet

LABELS: Final = {
    "checkpoint": gettext_lazy("Checkpoint"),
    "title": gettext_lazy("Title"),
    "conclusion": gettext_lazy("Conclusion"),
    "data_points": gettext_lazy("Data points"),
    "description": gettext_lazy("Description"),
    "law": gettext_lazy("Law cited"),
    "evidence": gettext_lazy("Evidence"),
    "root_cause": gettext_lazy("Root cause hint"),
    "topic": gettext_lazy("Topic"),
}
WIDTHS: Final = {"checkpoint": 12, "title": 32, "conclusion": 16, "topic": 22}
WIDTH: Final = 44
PROBLEMS: Final = {
    "unknown": gettext_lazy("The programme of this audit has no such checkpoint. Write its code as in the template."),
    "several": gettext_lazy("This cell names several checkpoints. Give each of them a row of its own."),
    "twice": gettext_lazy("Row %(first)s is on the same checkpoint. Put both into one row."),
    "footer": gettext_lazy(
        "Row %(row)s holds nothing but this text. Delete the row, or start its cell in the column of checkpoints "
        "with # to have it passed over."
    ),
    "no_checkpoint": gettext_lazy("This row names no checkpoint. Write its code as in the template."),
    "conclusion": gettext_lazy("This is no conclusion. Write one of: %(words)s."),
    "topic": gettext_lazy("The programme of this audit has no such topic. Write one of: %(topics)s."),
    "description_missing": gettext_lazy("A nonconformity needs a description: what was found, where and since when."),
    "too_long": gettext_lazy("The text is too long. Shorten it to %(limit)s characters."),
    "too_many_points": gettext_lazy("There are too many data points. Keep the %(limit)s that matter most."),
    "point_too_long": gettext_lazy("One data point is too long. Shorten each to %(limit)s characters."),
}
NOT_CLEAR: Final = gettext_lazy("This cell could not be read. Compare it with the template.")


def words_of(programme: Programme) -> Words:
    """Return the words a table may hold: in every language of the interface, as codes, and as the programme's own."""
    headers = {fold(column): column for column in (*COLUMNS, KEY)}
    conclusions = {fold(value): value for value in Conclusion.values}
    topics = {fold(topic.code): topic.code for topic in programme.topics}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            headers |= {fold(str(label)): column for column, label in LABELS.items()}
            conclusions |= {fold(str(word.label)): word.value for word in Conclusion}
    for grade in programme.grades:
        conclusions |= {fold(title): str(grade.severity) for title in grade.title.values()}
    for topic in programme.topics:
        topics |= {fold(title): topic.code for title in topic.title.values()}
    return Words(headers, conclusions, topics)


def conclusion_words(programme: Programme) -> dict[str, str]:
    """Return the conclusions in the reader's language; a severity is called what the programme calls its grade."""
    grades = {str(grade.severity): pick_text(grade.title)[0] for grade in programme.grades}
    offered = [word for word in Conclusion if word not in NONCONFORM or word.value in grades]
    return {word.value: grades.get(word.value) or str(word.label) for word in offered}


def topic_words(programme: Programme) -> dict[str, str]:
    """Return the topics in the reader's language."""
    return {topic.code: pick_text(topic.title)[0] for topic in programme.topics}


def column_label(column: str) -> str:
    """Return what a column is called."""
    return str(LABELS.get(column, column))


def problem_text(code: str, params: Mapping[str, Any], programme: Programme) -> str:
    """Return the sentence of a problem in the reader's language."""
    words = ", ".join(conclusion_words(programme).values())
    topics = ", ".join(topic_words(programme).values()) or "–"
    return str(PROBLEMS.get(code, NOT_CLEAR)) % {"words": words, "topics": topics, **params}


def template_sheets(audit: Audit, rows: Iterable[AuditConclusion]) -> list[Sheet]:
    """Return the table of an audit, one row per checkpoint with what stands already, and how to fill it in."""
    programme = programme_of(audit.programme)
    columns = [column for column in COLUMNS if column != "topic" or programme.topics]
    words, topics = conclusion_words(programme), topic_words(programme)
    choices: dict[int, Sequence[str]] = {columns.index("conclusion"): list(words.values())}
    if topics:
        choices[columns.index("topic")] = list(topics.values())
    table = Sheet(
        _("Conclusions"),
        [*(column_label(column) for column in columns), KEY],
        table_rows(audit, programme, {row.checkpoint: row for row in rows}, columns),
        widths=[WIDTHS.get(column, WIDTH) for column in columns],
        choices=choices,
        hidden_columns=[len(columns)],
        wrap=True,
    )
    return [table, how_to_sheet(audit, programme)]


def table_rows(
    audit: Audit, programme: Programme, standing: Mapping[str, AuditConclusion], columns: Sequence[str]
) -> Iterator[list[str]]:
    """Yield one row per checkpoint; the last cell is the hidden key."""
    words, topics = conclusion_words(programme), topic_words(programme)
    for point in programme.points:
        row = standing.get(point.code) or AuditConclusion()
        cells = {
            "checkpoint": point.code,
            "title": pick_text(point.title)[0],
            "conclusion": words.get(row.conclusion, row.conclusion),
            "data_points": "\n".join(row.data_points),
            "topic": topics.get(row.topic, row.topic),
            **{column: getattr(row, column) for column in ("description", "law", "evidence", "root_cause")},
        }
        version = row.version if row.pk else 0
        yield [*(cells[column] for column in columns), make_key(audit.pk, point.code, version)]


def how_to_sheet(audit: Audit, programme: Programme) -> Sheet:
    """Return the sheet that says how to fill in the other."""
    words = ", ".join(conclusion_words(programme).values())
    lines = [
        _("One row per checkpoint. Leave the code of the checkpoint as it is; rows may be sorted or deleted."),
        _("Conclusion: choose one of %(words)s.") % {"words": words},
        _("Data points: one per line in the cell (Alt+Enter), or one per row below with the other cells left empty."),
        _("A nonconformity needs a description: what was found, where and since when."),
        _("A row that is left empty, or is not in the table, changes nothing. An emptied cell clears what stands."),
        _("A row whose checkpoint starts with # is passed over."),
        _("Save as .xlsx or .csv and upload it on the page of the audit. You see every change before it counts."),
    ]
    if programme.data_points:
        line = _("The programme asks for at least %(count)d data points on each reviewed checkpoint.")
        lines.insert(3, line % {"count": programme.data_points})
    about = f"{audit.site.name} – {pick_text(programme.title)[0]}"
    return Sheet(_("How to fill in"), [about], [(line,) for line in lines], widths=(110,), wrap=True)


def problem_sheet(problems: Iterable[Mapping[str, Any]], programme: Programme) -> Sheet:
    """Return the cells to mend as a sheet; `problems` are those an upload keeps."""
    rows = (
        [one["place"], one["header"], one["value"], problem_text(one["code"], one["params"], programme)]
        for one in problems
    )
    headers = [_("Cell"), _("Column"), _("What stands there"), _("What is wrong and how to mend it")]
    return Sheet(_("Cells to correct"), headers, rows, widths=[10, 24, 40, 90], wrap=True)
