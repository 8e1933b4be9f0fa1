"""Reminders and escalations: what is due is read from state, so nothing is cancelled and a lost task loses nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from assessments.findings.clocks import read_clocks
from assessments.findings.enums import Due
from assessments.findings.models import UNSETTLED, Finding
from assessments.findings.services.telling import Readers, letter, unique
from portal.accounts.models import User
from portal.notices.models import Mail
from portal.notices.services import queue_mails

STALE_DAYS = 2
BATCH = 200
REMINDER, ESCALATION = "reminder", "escalation"


def remind_actions() -> int:
    """Queue the mails about due dates that are due today; returns how many. May run twice at once.

    One mail per person, relationship, kind and day of a step, whatever the number of findings.
    """
    today, clocks = timezone.localdate(), read_clocks()
    ladder = sorted(
        {(step, REMINDER) for step in clocks.reminders} | {(step, ESCALATION) for step in clocks.escalations}
    )
    count = 0
    for place, (step, kind) in enumerate(ladder):
        following = ladder[place + 1][0] if place + 1 < len(ladder) else None
        for behind in range(STALE_DAYS + 1):
            due_on = today - timedelta(days=step + behind)
            if following is None or due_on + timedelta(days=following) > today:
                count += remind_step(kind, due_on, due_on + timedelta(days=step))
    return count


def remind_step(kind: str, due_on: date, day: date) -> int:
    """Queue the mails of one step for all findings due on a day; relationships that have theirs are passed by."""
    stem = f"actions:{kind}:{day.isoformat()}:"
    told = {key.split(":")[3] for key in Mail.objects.filter(key__startswith=stem).values_list("key", flat=True)}
    waiting = Finding.objects.filter(UNSETTLED, next_due_on=due_on).exclude(next_due="")
    bonds = waiting.order_by("relationship_id").values_list("relationship_id", flat=True).distinct()
    fresh = [bond for bond in bonds if str(bond) not in told]
    batches = (fresh[start : start + BATCH] for start in range(0, len(fresh), BATCH))
    return sum(remind_batch(kind, due_on, stem, batch) for batch in batches)


@transaction.atomic
def remind_batch(kind: str, due_on: date, stem: str, bonds: Sequence[int]) -> int:
    """Queue the mails of some relationships, each whole or not at all."""
    rows = Finding.objects.filter(UNSETTLED, next_due_on=due_on, relationship__in=bonds).exclude(next_due="")
    findings = list(rows.select_related("site__organisation", "relationship__buyer").order_by("severity", "pk"))
    readers = Readers(findings)
    letters: dict[tuple[int, int], list[Finding]] = defaultdict(list)
    users: dict[int, User] = {}
    for finding in findings:
        for user in people_for(kind, finding, readers):
            users[user.pk] = user
            letters[finding.relationship_id, user.pk].append(finding)
    return queue_mails(
        letter(f"{stem}{bond}:{pk}", "action_reminder", users[pk], of_person, kind=kind)
        for (bond, pk), of_person in letters.items()
    )


def people_for(kind: str, finding: Finding, readers: Readers) -> Iterable[User]:
    """Return who is written to: the side that must act; once it is late its managers and those who follow it."""
    is_sites = finding.next_due != Due.APPROVAL
    if kind == REMINDER:
        return readers.menders(finding) if is_sites else readers.deciders(finding)
    acting = readers.leaders(finding) if is_sites else readers.managers(finding)
    return unique([*acting, *readers.followers(finding)])
