"""A filled template as typed data."""

from minerals.templates_io.document.structs import (
    CMRT_MINERALS,
    CMRT_QUESTIONS,
    UNIDENTIFIED,
    UNLISTED,
    Answer,
    Company,
    CompanyAnswer,
    Declared,
    Issue,
    LookupRow,
    MineRow,
    Product,
    SmelterRow,
)

__all__ = [
    "CMRT_MINERALS",
    "CMRT_QUESTIONS",
    "UNIDENTIFIED",
    "UNLISTED",
    "Answer",
    "Company",
    "CompanyAnswer",
    "Declared",
    "Issue",
    "LookupRow",
    "MineRow",
    "Product",
    "SmelterRow",
]
