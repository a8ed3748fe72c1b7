"""The API over stores that are dictionaries."""

from __future__ import annotations

import pytest

from tests.lambdas.api.world import World


@pytest.fixture(scope="session")
def one_world() -> World:
    """The world that all tests share."""
    return World()


@pytest.fixture
def world(one_world: World) -> World:
    """Two tenants, each with a finished run, a run that waits, and a key for each role."""
    one_world.restore()
    return one_world
