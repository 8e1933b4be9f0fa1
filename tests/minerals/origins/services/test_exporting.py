"""The areas of a list as a workbook that is read back as the same list."""

import pytest

from minerals.origins.enums import AreaGrade
from minerals.origins.services import AreaRow, read_areas, start_export, write_export
from portal.lib.errors import DomainError
from tests.factories import cast
from tests.minerals.world import make_risk_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


def test_an_export_is_read_back_as_the_same_list(people):
    risk_list = make_risk_list(people.buyer, ["CD", "NO"], region="North", grade=AreaGrade.WATCH)
    job = start_export(risk_list, actor=people.erin)

    assert write_export(job) == {"message": "2 rows are written."}
    content = job.result_file.content.read()
    assert read_areas(content) == [AreaRow("CD", "North", "watch"), AreaRow("NO", "North", "watch")]


def test_a_list_of_somebody_else_is_gone(people):
    job = start_export(make_risk_list(people.other_buyer), actor=people.erin)

    with pytest.raises(DomainError) as caught:
        write_export(job)
    assert caught.value.code == "gone"
