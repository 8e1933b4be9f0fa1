"""Small documents for tests: `make_source` gives the raw form, `make_document` the typed one."""

from assessments.questionnaires.document import parse_document


def make_question(code="A1-ONE", kind="yes_no", **fields):
    """A valid question of the kind; scored if a weight is given."""
    question = {"code": code, "kind": kind, "text": f"Text of {code}", "provision": "A1", **fields}
    if kind in ("single", "multiple"):
        question.setdefault(
            "choices",
            [
                {"code": "good", "text": "Good", "points": 1},
                {"code": "fair", "text": "Fair", "points": 0.5},
                {"code": "bad", "text": "Bad", "points": 0},
            ],
        )
    if kind == "headcount":
        question.setdefault("rows", [{"code": "permanent", "text": "Permanent"}, {"code": "agency", "text": "Agency"}])
        question.setdefault("columns", [{"code": "male", "text": "Men"}, {"code": "female", "text": "Women"}])
    if question.get("weight") and "score" not in question:
        question.update(
            {
                "yes_no": {"score": {"yes": 1, "no": 0}},
                "number": {
                    "score": {"steps": [{"up_to": 48, "points": 1}, {"up_to": 60, "points": 0.6}, {"points": 0}]}
                },
                "percentage": {"score": {"steps": [{"up_to": 10, "points": 0}, {"points": 1}]}},
                "date": {"score": {"valid": 1, "expired": 0}},
            }.get(kind, {})
        )
    return question


def make_source(*questions, flags=(), **fields):
    """The raw form of a document with one section."""
    return {
        "code": "small",
        "version": "1",
        "title": "Small questionnaire",
        "code_of_conduct": "rba-8.0",
        "bands": [{"code": "high", "below": 60}, {"code": "medium", "below": 85}, {"code": "low"}],
        "sections": [{"code": "A", "title": "Labor", "questions": list(questions or [make_question()])}],
        "flags": list(flags),
        **fields,
    }


def make_document(*questions, **fields):
    return parse_document(make_source(*questions, **fields))


EVERY_KIND = [
    make_question("K-SINGLE", "single", weight=2, evidence={"text": "Proof", "required": True}),
    make_question("K-MULTI", "multiple", weight=1),
    make_question("K-YESNO", "yes_no", weight=3),
    make_question("K-NUMBER", "number", weight=2, decimals=1, min=0, max=168),
    make_question("K-PERCENT", "percentage", weight=1, provision="A2"),
    make_question("K-DATE", "date", weight=1, provision="A2"),
    make_question("K-TEXT", "text", required=False),
    make_question("K-HEADS", "headcount"),
    make_question("K-FILES", "document", weight=1, provision="A2"),
    make_question("K-SHOWN", "single", weight=4, show_if={"question": "K-YESNO", "is": "yes"}),
]
EVERY_FLAG = [
    {
        "code": "F-OVER",
        "provision": "A1",
        "severity": "major",
        "when": {"question": "K-NUMBER", "over": 60},
        "text": "Longest week {K-NUMBER} hours",
    },
    {
        "code": "F-AGENCY",
        "provision": "A2",
        "severity": "minor",
        "when": {
            "question": "K-HEADS",
            "cell": "agency",
            "over": {"question": "K-HEADS", "cell": "total", "times": 0.5},
        },
        "text": "{K-HEADS.agency} of {K-HEADS.total} people come from agencies",
    },
]


def make_full_document():
    """A document with every kind, a condition and two flags."""
    return make_document(*EVERY_KIND, flags=EVERY_FLAG)
