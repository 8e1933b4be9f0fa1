"""The people of a buyer, its administrator signed in."""

import pytest

from tests.factories import cast


@pytest.fixture
def people(client):
    world = cast()
    client.force_login(world.erin)
    return world
