"""The questionnaire document: reading, checking, storing and summing it up."""

from assessments.questionnaires.conditions import Problem
from assessments.questionnaires.document.consistency import find_problems
from assessments.questionnaires.document.packs import read_pack, read_yaml
from assessments.questionnaires.document.parsing import parse_document
from assessments.questionnaires.document.reading import DocumentErrors
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
from assessments.questionnaires.document.texts import all_texts

__all__ = [
    "Axis",
    "Band",
    "Choice",
    "Document",
    "DocumentErrors",
    "EvidenceSlot",
    "FlagRule",
    "Problem",
    "Question",
    "RawCondition",
    "ScoreRule",
    "Section",
    "Step",
    "Text",
    "WarnRule",
    "all_texts",
    "document_hash",
    "dump_json",
    "find_problems",
    "load_json",
    "parse_document",
    "pick",
    "read_pack",
    "read_yaml",
]
