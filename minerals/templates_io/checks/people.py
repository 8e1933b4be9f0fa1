"""Rules about the company block: who signs, when, on which release of the template."""

import re
from collections.abc import Iterator
from datetime import date

from minerals.templates_io.checks.case import Case
from minerals.templates_io.checks.codes import raise_issue
from minerals.templates_io.document import Issue

_ADDRESS = re.compile(r"(https?://|www\.)\S|\b[\w-]+\.[a-z]{2,}\b", re.IGNORECASE)
_NAMES = ("contact", "authorizer")


def check_names(case: Case) -> Iterator[Issue]:
    """'Same' in place of a name: customers ask for the person (definitions of the template)."""
    for field in _NAMES:
        written = getattr(case.declared.company, field).strip().casefold().strip(" .\"'()")
        if written in case.policy.same_words:
            yield raise_issue("name_is_same", case.field_place(field), field=field)


def check_date(case: Case) -> Iterator[Issue]:
    """An effective date that cannot be read, lies ahead, is long past, or is refused by the template itself."""
    declared, place = case.declared, case.field_place("date")
    if not declared.effective_date:
        if declared.effective_text.strip():
            yield raise_issue("date_unreadable", place, text=declared.effective_text.strip())
        return
    day = date.fromisoformat(declared.effective_date)
    last = case.policy.last_day(declared.template, declared.version)
    if day > case.today:
        yield raise_issue("date_future", place, date=day.isoformat())
    if day < case.policy.first_day:
        yield raise_issue("date_too_early", place, date=day.isoformat())
    elif months_between(day, case.today) >= case.policy.months_stale:
        months = str(case.policy.months_stale)
        yield raise_issue("date_stale", place, date=day.isoformat(), months=months)
    if last and day > last:
        version = declared.version
        yield raise_issue("date_refused", place, date=day.isoformat(), limit=last.isoformat(), version=version)


def months_between(day: date, today: date) -> int:
    """Return the whole months from one day to another."""
    return (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)


def check_template(case: Case) -> Iterator[Issue]:
    """A template that was replaced, is older than a year before the newest release, or newer than is known."""
    declared = case.declared
    params = {"template": str(declared.template), "version": declared.version}
    if declared.layout_guessed:
        yield raise_issue("layout_guessed", "Declaration", **params)
    replaced_by = case.policy.replaced.get(declared.template)
    if replaced_by:
        yield raise_issue("template_replaced", "Declaration", newest=replaced_by, **params)
        return
    newest = case.policy.newest_release(declared.template, case.today)
    released = case.policy.released_on(declared.template, declared.version)
    if newest and released and (newest[1] - released).days > case.policy.template_days:
        yield raise_issue("template_stale", "Declaration", newest=newest[0], **params)


def check_policy_address(case: Case) -> Iterator[Issue]:
    """A public policy without a web address: RMI's Checker takes any text, a reader does not."""
    given = case.letter("B")
    if given.answer.strip().casefold() == "yes" and not _ADDRESS.search(given.comment):
        yield raise_issue("policy_without_address", case.letter_place("B", "G"), question="B")
