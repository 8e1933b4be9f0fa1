"""One question of any kind as HTML: the names it posts and what a script and a screen reader find in it."""

import json
import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

BARE = {
    "code": "A3-X",
    "number": 4,
    "kind": "text",
    "text": "What happened?",
    "text_is_fallback": False,
    "language": "en",
    "second_text": "",
    "guidance": "",
    "why": "",
    "choices": [],
    "unit_label": "",
    "period_label": "",
    "value": "",
    "rows": [],
    "columns": [],
    "cells": {},
    "na_reason": None,
    "comment": "",
    "version": 3,
    "saved_label": "",
    "origin": None,
    "show": True,
    "condition": None,
    "warn": None,
    "evidence": [],
    "evidence_text": "",
    "evidence_required": False,
    "allow_na": True,
    "error": "",
    "read_only": False,
}
YES_NO = [{"code": "yes", "text": "Yes", "checked": True}, {"code": "no", "text": "No", "checked": False}]


class Controls(HTMLParser):
    """Collects start tags with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def named(self):
        return [
            (attributes["name"], attributes.get("type", tag), attributes.get("value"))
            for tag, attributes in self.tags
            if attributes.get("name") and tag in {"input", "textarea", "button"}
        ]

    def first(self, tag):
        return next(attributes for name, attributes in self.tags if name == tag)


@pytest.fixture(autouse=True)
def no_icons_needed(settings):
    settings.ICONS_STRICT = False


def show(**changes):
    return render_to_string("components/question.html", {"question": SimpleNamespace(**{**BARE, **changes})})


AROUND = [("comment-A3-X", "textarea", None), ("na-A3-X", "checkbox", "1"), ("nareason-A3-X", "textarea", None)]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"kind": "text"}, [("a-A3-X", "textarea", None)]),
        ({"kind": "number", "value": "61.0"}, [("a-A3-X", "text", "61.0")]),
        ({"kind": "percentage", "value": "12"}, [("a-A3-X", "text", "12")]),
        ({"kind": "date", "value": "2027-03-31"}, [("a-A3-X", "date", "2027-03-31")]),
        ({"kind": "single", "choices": YES_NO}, [("a-A3-X", "radio", "yes"), ("a-A3-X", "radio", "no")]),
        ({"kind": "yes_no", "choices": YES_NO}, [("a-A3-X", "radio", "yes"), ("a-A3-X", "radio", "no")]),
        ({"kind": "multiple", "choices": YES_NO}, [("a-A3-X", "checkbox", "yes"), ("a-A3-X", "checkbox", "no")]),
        ({"kind": "document"}, []),
        (
            {
                "kind": "headcount",
                "rows": [{"code": "own", "text": "Own"}],
                "columns": [{"code": "m", "text": "Men"}, {"code": "f", "text": "Women"}],
                "cells": {"own.m": 4},
            },
            [("a-A3-X.own.m", "text", "4"), ("a-A3-X.own.f", "text", "")],
        ),
    ],
    ids=lambda part: part.get("kind") if isinstance(part, dict) else "",
)
def test_question_posts_the_agreed_names(changes, fields):
    assert Controls(show(**changes)).named() == [("v-A3-X", "hidden", "3"), *fields, *AROUND]


def test_question_checks_the_chosen_choice():
    radios = [
        attributes
        for tag, attributes in Controls(show(kind="single", choices=YES_NO)).tags
        if attributes.get("type") == "radio"
    ]
    assert ["checked" in radio for radio in radios] == [True, False]


def test_question_is_a_fieldset_whose_legend_is_the_question():
    html = show(kind="number", guidance="Overtime included.")
    assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>What happened\?</legend>", html)
    assert Controls(html).first("fieldset")["aria-describedby"] == "meant-A3-X err-A3-X"


def test_question_with_an_error_ties_it_to_the_field():
    controls = Controls(show(kind="number", value="many", error="Enter a number."))
    field = next(attributes for _, attributes in controls.tags if attributes.get("name") == "a-A3-X")
    assert (field["aria-invalid"], field["aria-describedby"]) == ("true", "err-A3-X")
    assert "<span data-error-text>Enter a number.</span>" in show(error="Enter a number.")


def test_question_carries_its_condition_for_the_script_and_in_words_without_one():
    condition = {"question": "A3-WHY", "is": 'it\'s "so"'}
    html = show(condition=condition, show=False)
    box = Controls(html).first("fieldset")
    assert json.loads(box["data-show-if"]) == condition
    assert "data-off" in box
    assert "Answer this only if it follows from your answer to A3-WHY." in html


def test_question_that_applies_is_not_switched_off():
    assert "data-off" not in Controls(show(condition={"question": "A3-WHY", "is": "yes"})).first("fieldset")


def test_question_carried_over_offers_to_confirm_it():
    assert ("confirm-A3-X", "submit", "1") in Controls(show(origin="From 2025", value="old")).named()


def test_question_not_applicable_keeps_the_reason_and_the_answer():
    html = show(na_reason="Days only.", value="old")
    assert re.search(r'name="na-A3-X" value="1" data-na checked', html)
    assert "Days only.</textarea>" in html
    assert "old</textarea>" in html


def test_question_read_only_offers_nothing_to_change():
    controls = Controls(show(read_only=True, origin="From 2025"))
    assert "disabled" in controls.first("fieldset")
    assert controls.named() == [("v-A3-X", "hidden", "3"), ("a-A3-X", "textarea", None)]


def test_question_escapes_what_a_supplier_typed():
    html = show(value="</textarea><script>alert(1)</script>", comment="<b>", error="<i>")
    assert "<script>" not in html
    assert "<b>" not in html.split("comment-A3-X")[1]


def test_question_in_another_language_says_so():
    html = show(language="en", text_is_fallback=True)
    assert Controls(html).first("legend")["lang"] == "en"
    assert "not translated yet" in html


def test_evidence_buttons_belong_to_the_form_outside():
    files = [
        {
            "id": 5,
            "name": "rules.pdf",
            "size": 2_400_000,
            "state": "ready",
            "note": "",
            "url": "/f/5/",
            "remove_url": "/f/5/remove/",
        }
    ]
    html = show(kind="document", evidence=files, evidence_text="Working rules", upload_url="/up/")
    tags = Controls(html).tags
    assert [attributes["form"] for tag, attributes in tags if "form" in attributes] == ["up-A3-X"] * 3
    assert not any(tag == "form" for tag, _ in tags)
    assert "2.4\u00a0MB" in html
    form = Controls(
        render_to_string(
            "components/evidence_forms.html", {"questions": [SimpleNamespace(**{**BARE, "upload_url": "/up/"})]}
        )
    ).first("form")
    assert (form["id"], form["action"], form["enctype"]) == ("up-A3-X", "/up/", "multipart/form-data")
