"""Codes of conduct, how versions carry over, and how provisions correspond to the items of other schemes."""

from assessments.codes.document.conduct import (
    CodeOfConduct,
    CodeSection,
    Provision,
    known_codes,
    provision_title,
    read_code,
    section_title,
)
from assessments.codes.document.crosswalks import Crosswalk, Move, crosswalk
from assessments.codes.document.mappings import Link, Mapping, mapping
from assessments.codes.document.reading import CodeError, Text, UnknownCode, pick
from assessments.codes.document.schemes import Item, Scheme, item_title, known_schemes, read_scheme

__all__ = [
    "CodeError",
    "CodeOfConduct",
    "CodeSection",
    "Crosswalk",
    "Item",
    "Link",
    "Mapping",
    "Move",
    "Provision",
    "Scheme",
    "Text",
    "UnknownCode",
    "crosswalk",
    "item_title",
    "known_codes",
    "known_schemes",
    "mapping",
    "pick",
    "provision_title",
    "read_code",
    "read_scheme",
    "section_title",
]
