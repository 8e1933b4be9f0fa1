"""The first sheet of a workbook: what stands in each column, for whoever writes in it."""

from typing import Final

from assessments.questionnaires.workbook.layout import CHOICES, COLUMNS, FLAGS, SETTINGS, SURVEY, Column

OPENING: Final = (
    "This workbook holds one questionnaire. Write in it, save it as .xlsx and upload it; every wrong cell is named.",
    "The column names are those of XLSForm; columns marked + are added by this portal. Columns you do not need may go.",
    "A text stands once per language, as in label::Japanese (ja). The default language must be complete.",
    "Conditions: ${CODE} = 'yes', != > < >= <=, and, or, not(...), selected(${CODE}, 'choice'), ${CODE} != '',"
    " ${CODE} < today(), ${P-HEADS.total} and ${P-HEADS.agency.male} for a table, ${CODE} * 0.5.",
)

Note = tuple[str, str]

NOTES: Final[dict[str, dict[str, Note]]] = {
    SURVEY: {
        "type": (
            "begin_group, end_group: a section begins or ends; else the kind of question: "
            "select_one LIST, select_multiple LIST, select_one yes_no, integer, decimal, date, text, file",
            "select_one A1-PAPERS",
        ),
        "name": (
            "Code of the section or question. It means the same in every year; never use it again for another",
            "A3-LONGEST-WEEK",
        ),
        "label": (
            "The question, or the title of the section",
            "How many hours did the person with the longest week work?",
        ),
        "hint": ("What is meant and what counts as evidence; of a section, its introduction", "Overtime included."),
        "required": ("yes or no; empty means no", "yes"),
        "relevant": (
            "When the question shows; empty means always. It reads questions that stand above",
            "${A3-RECORDS} != 'none'",
        ),
        "constraint": ("The least and the greatest number allowed", ". >= 0 and . <= 168"),
        "appearance": ("percentage beside integer or decimal, headcount beside text", "percentage"),
        "rows": ("Head-count only: the list with the rows of the table", "P-HEADS.rows"),
        "columns": ("Head-count only: the list with the columns of the table", "P-HEADS.columns"),
        "provision": ("The provision of the code of conduct", "A3"),
        "asks": ("What is asked for: policy, practice, control, record, one or several", "practice, record"),
        "weight": ("How much the answer counts, 1 to 3; empty means not scored", "3"),
        "score": (
            "What a number, yes and no, or a date earns, from 0 to 1; choices have their points",
            "48: 1; 60: 0.9; else: 0",
        ),
        "unit": ("The unit of a number", "hours_per_week"),
        "period": ("The time a number is of", "last_12_months"),
        "decimals": ("Decimals of the type decimal, 1 to 6; empty means 2", "1"),
        "why": (
            "Why it is asked: the provision, the law or the convention behind it",
            "Sixty hours are the limit of provision A3.",
        ),
        "evidence": ("Which paper proves the answer; it makes room for files", "Time records of the busiest month"),
        "evidence_required": ("Whether a file is expected: yes or no; empty where no paper is asked for", "no"),
        "warn_if": ("When a note shows beside the answer; it never stops anybody", "${A3-LONGEST-WEEK} > 60"),
        "warn": ("The text of the note", "More than 60 hours. You can submit this."),
    },
    CHOICES: {
        "list_name": ("The name of the list, as the survey names it", "A1-PAPERS"),
        "name": ("Code of the choice", "worker"),
        "label": ("Its text", "Each worker keeps them"),
        "points": ("What it earns, from 0 to 1, where the question has a weight", "1"),
        "exclusive": ("yes where it stands alone among several, such as 'none of these'", "yes"),
    },
    FLAGS: {
        "code": ("Code of the rule", "A3-OVER-60"),
        "provision": ("The provision it is about", "A3"),
        "severity": ("priority, major or minor", "major"),
        "when": ("The condition under which the flag is raised", "${A3-LONGEST-WEEK} > 60"),
        "text": (
            "What is wrong; {CODE} shows the answer",
            "The longest week had {A3-LONGEST-WEEK} hours; the limit is 60.",
        ),
        "advice": (
            "The first two steps to mend it",
            "Find out which week it was. Plan people so that it does not come back.",
        ),
        "fires": ("Answers that raise the flag, one set a line", "A3-LONGEST-WEEK = 61; B2-DRILLS = 'yes'"),
        "quiet": ("Answers that just do not raise it, one set a line", "A3-LONGEST-WEEK = 60"),
    },
    SETTINGS: {
        "form_title": ("The title of the questionnaire in its default language", "Facility self-assessment"),
        "translated_title": ("The title in each of the other languages", "事業場の自己評価"),
        "form_id": ("Its code, lower case, the same over the years", "facility-full"),
        "version": ("The number of this version, as text", "1.0"),
        "default_language": ("The language that must be complete", "English (en)"),
        "languages": ("All languages, in their order", "en, ja, zh-Hans, th"),
        "code_of_conduct": ("The code of conduct the provisions are of", "rba-8.0"),
        "asked_of": ("site or company", "site"),
        "bands": ("Bands of the score, high risk first", "high < 60; medium < 85; low"),
        "extends": ("The questionnaire these questions are added to; empty for one that stands alone", "facility-full"),
        "extends_version": ("Its version; empty means the newest", "1.0"),
    },
}


HEAD: Final = ("Sheet", "Column", "What stands in it", "Example")


def guide_rows() -> list[list[str]]:
    """Give one row per column of every sheet, under HEAD."""
    return [
        [sheet, _name(column), *NOTES[sheet][column.name]] for sheet, columns in COLUMNS.items() for column in columns
    ]


def _name(column: Column) -> str:
    name = f"{column.name}::Language (code)" if column.by_language else column.name
    return f"{name} +" if column.ours else name
