"""Two workers refresh at once, and a supplier's declaration changes while they do."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from minerals.declarations.models import Declaration
from minerals.rollup.models import Contribution, Placement, Rollup, RollupSmelter
from minerals.rollup.services import refresh_rollup
from tests.factories import make_organisation, make_relationship
from tests.minerals.world import build_accepted, make_smelter

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
