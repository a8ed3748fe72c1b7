"""A shop, and the environment of the functions in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.campaign_shop import ENVIRONMENT, Shop, open_shop


@pytest.fixture
def shop(aws_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    for name, value in ENVIRONMENT.to_env().items():
        monkeypatch.setenv(name, value)
    with open_shop() as opened:
        yield opened
