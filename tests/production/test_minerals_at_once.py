"""Two people and two workers at the same declaration, on a real PostgreSQL: it is received, accepted and counted once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from minerals.declarations.enums import Way
from minerals.declarations.models import Declaration, DeclarationChange
from minerals.declarations.services import add_edition
from minerals.rollup.models import Contribution, Placement, Rollup, RollupAnswer, RollupSmelter
from minerals.rollup.services import refresh_rollup
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from tests import factories
from tests.minerals.world import build_accepted, make_declaration, make_declared, make_received, make_smelter
from tests.production.together import held_row, held_table, press, run_together, wait_until, waiting_sessions

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]


def member(organisation, role):
    user = factories.make_user()
    factories.make_membership(user, organisation, role)
    return user


def statuses(pages):
    """Return how the pages answered: one went through, the other says what happened meanwhile."""
    [lost] = [page for page in pages if page.status_code == 409]
    assert "alert" in lost.content.decode()
    return sorted(page.status_code for page in pages)


def test_a_declaration_handed_in_twice_at_once_is_received_once():
    people = factories.cast()
    grace = member(people.supplier, Role.SUPPLIER_MANAGER)
    declaration = make_declaration(people.relationship, site=people.site)
    add_edition(declaration, make_declared(), way=Way.UPLOAD, actor=people.alice)

    pressing = [press(user, "declaration_hand_in", declaration, edition="1") for user in (people.alice, grace)]
    pages = run_together(held_row(declaration), pressing)

    assert statuses(pages) == [200, 409]
    assert DeclarationChange.objects.filter(declaration=declaration, target="received").count() == 1
    assert Entry.objects.filter(deed="hand_in_declaration").count() == 1
    declaration.refresh_from_db()
    assert (declaration.state, declaration.current.number) == ("received", 1)


def test_a_declaration_accepted_twice_at_once_counts_once():
    people = factories.cast()
    grace = member(people.buyer, Role.BUYER_PROCUREMENT)
    make_smelter(people.buyer)
    declaration = make_received(people.relationship, site=people.site)

    pressing = [press(user, "declaration_accept", declaration) for user in (people.dave, grace)]
    pages = run_together(held_row(declaration), pressing)
    run_together(held_row(people.buyer), [refresh_rollup] * 2)

    assert statuses(pages) == [200, 409]
    assert DeclarationChange.objects.filter(declaration=declaration, target="accepted").count() == 1
    assert Entry.objects.filter(deed="accept_declaration").count() == 1
    assert counted() == (1, 1, 1, 1, {"yes": 1})
    assert refresh_rollup() == 0


def counted():
    """Return what the roll-up rests on and what it says: everything is there once for each supplier."""
    [rollup], [smelter] = Rollup.objects.all(), RollupSmelter.objects.all()
    used = RollupAnswer.objects.get(question="1", mineral="Tin").words
    return Contribution.objects.count(), Placement.objects.count(), rollup.suppliers, smelter.suppliers, used


def test_two_workers_and_a_person_leave_the_same_sums(start_worker):
    """Declarations are accepted and withdrawn from the sums while two workers sum up every second."""
    buyer = factories.make_organisation()
    make_smelter(buyer)
    rows = [build_accepted(factories.make_relationship(buyer)) for _number in range(8)]
    for _number in range(2):
        start_worker(beat=True, concurrency=2)

    def mark(row):
        try:
            Declaration.objects.filter(pk=row.pk).update(counted=False)
            return refresh_rollup()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(mark, rows * 2))
    wait_until(lambda: not Declaration.objects.filter(counted=False).exists())

    assert counted() == (8, 8, 8, 8, {"yes": 8})


def test_a_worker_killed_while_it_sums_leaves_nothing_half_counted(start_worker):
    declaration = build_accepted(factories.make_relationship())
    make_smelter(declaration.relationship.buyer)
    with held_table(Placement):  # what it contributes is written, where it counts must wait
        first = start_worker(beat=True)
        wait_until(lambda: waiting_sessions() > 0)
        first.kill()
    declaration.refresh_from_db()
    assert (declaration.counted, Contribution.objects.count()) == (False, 0)

    start_worker(beat=True)
    wait_until(lambda: Declaration.objects.filter(pk=declaration.pk, counted=True).exists())
    assert counted() == (1, 1, 1, 1, {"yes": 1})
