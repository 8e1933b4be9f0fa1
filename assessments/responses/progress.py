"""How far a set of answers is: what shows, what is complete, what is missing. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from assessments.questionnaires.checks import Missing, MissingReason, is_answered, missing_answers
from assessments.questionnaires.conditions import AnswerValue, reachable_codes
from assessments.questionnaires.document import Document


@dataclass(frozen=True)
class Progress:
    """Questions complete, of questions that must be: "12 of 30 answered"."""

    answered: int = 0
    asked: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether nothing that must be answered is open."""
        return self.answered >= self.asked


@dataclass(frozen=True)
class Standing:
    """What the answers amount to just now. Gaps stop a submission; missing evidence is only marked."""

    total: Progress
    sections: Mapping[str, Progress]
    shown: frozenset[str]
    complete: frozenset[str]
    gaps: tuple[Missing, ...]
    unconfirmed: tuple[str, ...]
    without_evidence: tuple[str, ...]


def measure(
    document: Document,
    answers: Mapping[str, AnswerValue],
    unconfirmed: Collection[str],
    as_of: date,
) -> Standing:
    """Count what is complete among the questions that show.

    A carried-over answer counts once it is confirmed. An optional question joins the
    denominator when it is begun, so that a finished section always reads "n of n".
    """
    shown = reachable_codes(document, answers, as_of)
    missing = missing_answers(document, answers, as_of)
    gaps = tuple(gap for gap in missing if gap.reason is not MissingReason.EVIDENCE)
    bare = tuple(gap.code for gap in missing if gap.reason is MissingReason.EVIDENCE)
    open_codes = {gap.code for gap in gaps}
    waiting = tuple(q.code for q in document.questions if q.code in shown and q.code in unconfirmed)
    complete: set[str] = set()
    sections: dict[str, Progress] = {}
    for section in document.sections:
        asked = done = 0
        for question in section.questions:
            if question.code not in shown:
                continue
            answer = answers.get(question.code)
            has_answer = answer is not None and (answer.is_na or is_answered(question, answer))
            is_done = has_answer and question.code not in open_codes and question.code not in unconfirmed
            if is_done:
                complete.add(question.code)
            asked += question.required or has_answer or question.code in open_codes
            done += is_done
        sections[section.code] = Progress(done, asked)
    total = Progress(sum(p.answered for p in sections.values()), sum(p.asked for p in sections.values()))
    return Standing(total, sections, shown, frozenset(complete), gaps, waiting, bare)
