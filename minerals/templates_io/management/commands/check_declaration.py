"""Read filled templates and say what is in them and what is to mend. Needs no database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.origins.queries import areas_for
from minerals.templates_io.checks import Examination, examine
from minerals.templates_io.document import Answer, Declared, SmelterRow
from minerals.templates_io.queries import say_issue
from minerals.templates_io.services import LARGEST_FILE, read_file
from portal.lib.errors import DomainError


class Command(BaseCommand):
    help = "Read filled CMRT, EMRT, AMRT, PRT or CRT files (.xlsx, .xls) and say what is in them and what is to mend."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print one JSON list, an object for each file in order")

    def handle(self, *, files: list[Path], json: bool, **_options: object) -> None:
        refused: list[str] = []
        write = self.stdout.write
        for place, path in enumerate(files):
            try:
                facts = describe_file(path)
            except DomainError as error:
                refused.append(f"{path}: {error.message}")
                facts = {"file": str(path), "error": {"code": error.code, "message": error.message}}
            if json:
                write(("[\n" if place == 0 else ",\n") + in_json(facts), ending="")
            elif "error" not in facts:
                write("\n".join(in_words(facts)) + "\n")
        if json:
            write("\n]")
        if refused:
            raise CommandError("\n".join(refused))


def describe_file(path: Path) -> dict[str, Any]:
    """Read a file. Raises DomainError with the reason where it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise DomainError(_("The file cannot be opened: %(reason)s.") % {"reason": error.strerror}) from error
    declared = read_file(content)
    today = timezone.localdate()
    return {"file": str(path), **describe(declared, examine(declared, today=today, areas=areas_for(None, today)))}


def describe(declared: Declared, examination: Examination) -> dict[str, Any]:
    """Return everything a template says, and what is to mend in it, as plain data."""
    issues = (*examination.missing, *examination.issues)
    return {
        "template": str(declared.template),
        "version": declared.version,
        "language": declared.language,
        "tier": str(declared.tier),
        "layout_guessed": declared.layout_guessed,
        "company": msgspec.structs.asdict(declared.company),
        "scope": declared.scope,
        "scope_text": declared.scope_text,
        "scope_description": declared.scope_description,
        "effective_date": declared.effective_date,
        "effective_text": declared.effective_text,
        "minerals": list(declared.minerals),
        "answers": {question: values_of(given) for question, given in declared.answers.items()},
        "comments": {
            question: comments for question, given in declared.answers.items() if (comments := comments_of(given))
        },
        "company_questions": {
            letter: {"answer": given.answer, "comment": given.comment}
            | ({"minerals": values_of(given.minerals)} if given.minerals else {})
            for letter, given in declared.company_questions.items()
        },
        "smelters": [describe_smelter(row) for row in declared.smelters],
        "mine_list": [msgspec.structs.asdict(row) for row in declared.mines],
        "products": [msgspec.structs.asdict(row) for row in declared.products],
        "missing": len(examination.missing),
        "checker_count": declared.checker_count,
        "issues": [
            {"code": issue.code, "severity": str(issue.grade), "place": issue.place, "message": say_issue(issue)}
            for issue in issues
        ],
    }


def values_of(given: dict[str, Answer]) -> dict[str, str]:
    """Return {mineral: value}."""
    return {mineral: answer.value for mineral, answer in given.items()}


def comments_of(given: dict[str, Answer]) -> dict[str, str]:
    """Return {mineral: comment} of those that have one."""
    return {mineral: answer.comment for mineral, answer in given.items() if answer.comment}


def describe_smelter(row: SmelterRow) -> dict[str, Any]:
    """Return a row of the Smelter List, its identity first."""
    first = ("metal", "cid", "name", "standard_name", "country", "source", "mines", "mine_countries", "recycled")
    facts = msgspec.structs.asdict(row)
    return {name: facts[name] for name in (*first, "listed")} | facts


def in_json(facts: dict[str, Any]) -> str:
    """Return the facts of one file as an element of the list."""
    return json.dumps(facts, ensure_ascii=False, indent=2)


def in_words(facts: dict[str, Any]) -> Iterator[str]:
    """Word the facts of one file."""
    guessed = ", layout guessed" if facts["layout_guessed"] else ""
    yield f"{facts['file']}: {facts['template']} {facts['version']}, {facts['language']}, by {facts['tier']}{guessed}"
    for name, text in facts["company"].items():
        yield f"  {name}: {text}"
    yield f"  scope: {facts['scope_text'] or facts['scope']} {facts['scope_description']}".rstrip()
    yield f"  effective_date: {facts['effective_date'] or facts['effective_text']}"
    for question, given in facts["answers"].items():
        yield f"  {question}: " + ", ".join(f"{mineral} {value or '-'}" for mineral, value in given.items())
    for letter, given in facts["company_questions"].items():
        yield f"  {letter}: " + ", ".join(company_words(given))
    yield f"  Smelters: {len(facts['smelters'])}"
    for row in facts["smelters"]:
        words = (row["metal"], row["cid"] or row["cid_input"], row["name"] or row["lookup"], row["country"])
        known = "listed" if row["listed"] else "not in the file's list"
        yield f"    {row['row']}: {', '.join(word or '-' for word in words)}, {known}"
    yield f"  Products: {len(facts['products'])}"
    for row in facts["products"]:
        yield f"    {row['row']}: {row['number']} {row['name']}".rstrip()
    yield f"  Missing: {facts['missing']} (the file's own count: {facts['checker_count']})"
    for issue in facts["issues"]:
        yield f"    {issue['severity']}, {issue['place']}: {issue['message']}"


def company_words(given: dict[str, Any]) -> Iterator[str]:
    """Word an answer to a company question: itself, its minerals, its comment."""
    minerals = given.get("minerals", {})
    if given["answer"] or not minerals:
        yield given["answer"] or "-"
    yield from (f"{mineral} {value or '-'}" for mineral, value in minerals.items())
    if given["comment"]:
        yield f"({given['comment']})"
