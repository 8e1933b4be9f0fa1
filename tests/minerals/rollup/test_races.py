"""Two workers refresh at once, and a supplier's declaration changes while they do."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from minerals.declarations.models import Declaration
from minerals.declarations.services.assessing import apply_cases
from minerals.rollup.models import Contribution, Placement, Rollup, RollupSmelter
from minerals.rollup.services import refresh_owner, refresh_rollup
from minerals.smelters.enums import CaseState
from minerals.smelters.models import NameCase
from tests.factories import make_organisation, make_relationship
from tests.minerals.world import build_accepted, make_declared, make_smelter, make_smelter_row

pytestmark = pytest.mark.django_db(transaction=True)


def refresh(_number: int) -> int:
    try:
        return refresh_rollup()
    finally:
        connection.close()


def test_two_workers_count_everything_once() -> None:
    buyer = make_organisation()
    make_smelter(buyer)
    for _number in range(6):
        build_accepted(make_relationship(buyer))
    with ThreadPoolExecutor(3) as workers:
        counted = sum(workers.map(refresh, range(3)))
    assert counted == 6
    assert (Contribution.objects.count(), Placement.objects.count(), Rollup.objects.get().suppliers) == (6, 6, 6)
    assert RollupSmelter.objects.get().suppliers == 6
    assert not Declaration.objects.filter(counted=False).exists()


def test_a_change_among_many_refreshes_is_never_lost() -> None:
    buyer = make_organisation()
    rows = [build_accepted(make_relationship(buyer)) for _number in range(4)]

    def mark(number: int) -> int:
        try:
            return Declaration.objects.filter(pk=rows[number].pk).update(counted=False)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        done = [workers.submit(mark if number % 2 else refresh, number % 4) for number in range(12)]
        for one in done:
            one.result()
    refresh_rollup()
    assert (Contribution.objects.count(), Rollup.objects.get().suppliers) == (4, 4)


def test_a_name_decided_while_its_declaration_is_counted_is_not_lost() -> None:
    buyer = make_organisation()
    build_accepted(make_relationship(buyer), make_declared(smelters=[make_smelter_row(cid="CID999999")]))
    tin, counting = make_smelter(buyer), Event()

    def count() -> None:
        with transaction.atomic():
            refresh_owner(buyer.pk)
            counting.set()
            time.sleep(0.5)  # what is counted is not visible yet
        connection.close()

    with ThreadPoolExecutor(1) as worker:
        counted = worker.submit(count)
        assert counting.wait(20)
        NameCase.objects.update(state=CaseState.MATCHED, smelter=tin)
        apply_cases()
        counted.result()
    refresh_rollup()
    assert list(RollupSmelter.objects.values_list("key", flat=True)) == [f"s{tin.pk}"]
