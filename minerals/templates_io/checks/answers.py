"""Rules about answers that do not go together, mineral by mineral."""

from collections.abc import Iterator

from minerals.templates_io.checks.case import Case
from minerals.templates_io.checks.codes import raise_issue
from minerals.templates_io.document import Issue
from minerals.templates_io.document.upgrade import SHARE_QUESTION
from minerals.templates_io.enums import Template, Word

_SOURCES = ("covered", "cahra")
_LAST_LATIN = "\u024f"


def check_options(case: Case) -> Iterator[Issue]:
    """An answer that is none of the options: nothing can be concluded from it."""
    for question, answers in case.upgraded.answers.items():
        number = case.upgraded.numbers.get(question, "")
        for mineral, (word, text) in answers.items():
            if word == Word.OTHER and text.strip():
                cell = case.declared.answers[number][mineral].cell
                place = f"Declaration!{cell}" if cell else "Declaration"
                params = {"question": number, "metal": mineral, "answer": text.strip()}
                yield raise_issue("answer_unknown", place, **params)


def check_unused(case: Case) -> Iterator[Issue]:
    """Smelters of a mineral that is not in the products by questions 1 and 2."""
    for mineral in case.declared.minerals:
        rows = [row for row in case.named(mineral) if row.lookup.strip() or row.name.strip()]
        if rows and case.is_out(mineral):
            role = "use" if case.word("use", mineral) == Word.NO else "remains"
            params = {"metal": mineral, "question": case.own_number(role), "rows": str(len(rows))}
            yield raise_issue("smelters_despite_no", case.place(role, mineral), **params)


def check_unproven(case: Case) -> Iterator[Issue]:
    """A No about origins while suppliers or smelters are still unknown: nobody can know it."""
    for mineral in case.used():
        share, identified = case.word("share", mineral), case.word("identified", mineral)
        if (share is None or share == Word.ALL) and (identified is None or identified == Word.YES):
            continue
        for role in _SOURCES:
            if case.word(role, mineral) == Word.NO:
                params = {"metal": mineral, "question": case.own_number(role)}
                yield raise_issue("origin_no_unproven", case.place(role, mineral), **params)


def check_identified(case: Case) -> Iterator[Issue]:
    """All smelters identified, though not all suppliers answered, or a smelter is not identified yet."""
    for mineral in case.used():
        if case.word("identified", mineral) != Word.YES:
            continue
        place, question = case.place("identified", mineral), case.own_number("identified")
        share = case.word("share", mineral)
        if share not in {None, Word.ALL, Word.OTHER}:
            params = {"metal": mineral, "question": question, "other": case.own_number("share")}
            yield raise_issue("identified_without_all", place, **params)
        open_rows = [row for row in case.named(mineral) if row.is_unidentified]
        if open_rows:
            params = {"metal": mineral, "question": question, "rows": str(len(open_rows))}
            yield raise_issue("identified_with_open", place, **params)


def check_share(case: Case) -> Iterator[Issue]:
    """Too few suppliers answered."""
    if case.declared.template not in SHARE_QUESTION:
        return
    for mineral in case.used():
        share = case.word("share", mineral)
        if share in case.policy.low_shares or share == Word.NOT_SURVEYED:
            answer = case.answer("share", mineral).value
            params = {"metal": mineral, "question": case.own_number("share"), "answer": answer}
            yield raise_issue("response_low", case.place("share", mineral), **params)


def check_all_reported(case: Case) -> Iterator[Issue]:
    """Smelters were received and left out."""
    for mineral in case.used():
        if case.word("all", mineral) == Word.NO:
            params = {"metal": mineral, "question": case.own_number("all")}
            yield raise_issue("smelters_left_out", case.place("all", mineral), **params)


def check_cahra(case: Case) -> Iterator[Issue]:
    """From a covered country, yet not from a conflict-affected and high-risk area (instructions of CMRT 6, no. 4)."""
    if case.declared.template != Template.CMRT:
        return
    for mineral in case.used():
        if case.word("covered", mineral) == Word.YES and case.word("cahra", mineral) in {Word.NO, Word.UNKNOWN}:
            params = {"metal": mineral, "question": case.own_number("cahra"), "other": case.own_number("covered")}
            yield raise_issue("covered_not_cahra", case.place("cahra", mineral), **params)


def check_languages(case: Case) -> Iterator[Issue]:
    """Comments that are not in English, which the template asks for: the next reader may not read them."""
    comments = [answer for answers in case.declared.answers.values() for answer in answers.values()]
    places = [(answer.comment, answer.cell.replace("D", "G", 1)) for answer in comments]
    places += [
        (given.comment, case.letter_place(letter, "G").removeprefix("Declaration!"))
        for letter, given in case.declared.company_questions.items()
    ]
    for comment, cell in places:
        if any(char.isalpha() and not _is_latin(char) for char in comment):
            yield raise_issue("comment_not_english", f"Declaration!{cell}" if cell else "Declaration")


def _is_latin(char: str) -> bool:
    return char <= _LAST_LATIN or "\u1e00" <= char <= "\u1eff"
