"""The questionnaire document: reading, checking, storing and summing it up."""

from assessments.questionnaires.core import Problem, ValueCode
from assessments.questionnaires.document.composing import own_source, parse_extension, select_questions
from assessments.questionnaires.document.consistency import find_problems
from assessments.questionnaires.document.examples import EXAMPLE_DAY
from assessments.questionnaires.document.packs import read_pack, read_yaml
from assessments.questionnaires.document.parsing import parse_document
from assessments.questionnaires.document.reading import DocumentErrors
from assessments.questionnaires.document.references import codes_in
from assessments.questionnaires.document.storage import document_hash, dump_json, load_json
from assessments.questionnaires.document.structs import (
    Axis,
    Band,
    Choice,
    Document,
    EvidenceSlot,
    FlagRule,
    Question,
    RawCondition,
    ScoreRule,
    Section,
    Step,
    Text,
    WarnRule,
    pick,
)
from assessments.questionnaires.document.summary import (
    ProvisionSummary,
    SectionSummary,
    Summary,
    summarise,
)
from assessments.questionnaires.document.texts import all_texts
from assessments.questionnaires.document.values import ValueProblem, describe_problem, validate_value
from assessments.questionnaires.document.wording import ENGLISH_WORDS, fill_text, show_value

__all__ = [
    "ENGLISH_WORDS",
    "EXAMPLE_DAY",
    "Axis",
    "Band",
    "Choice",
    "Document",
    "DocumentErrors",
    "EvidenceSlot",
    "FlagRule",
    "Problem",
    "ProvisionSummary",
    "Question",
    "RawCondition",
    "ScoreRule",
    "Section",
    "SectionSummary",
    "Step",
    "Summary",
    "Text",
    "ValueCode",
    "ValueProblem",
    "WarnRule",
    "all_texts",
    "codes_in",
    "describe_problem",
    "document_hash",
    "dump_json",
    "fill_text",
    "find_problems",
    "load_json",
    "own_source",
    "parse_document",
    "parse_extension",
    "pick",
    "read_pack",
    "read_yaml",
    "select_questions",
    "show_value",
    "summarise",
    "validate_value",
]
