"""A shop for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.campaign_shop import Shop, open_shop


@pytest.fixture
def shop(aws_environment: None) -> Iterator[Shop]:
    with open_shop() as opened:
        yield opened
