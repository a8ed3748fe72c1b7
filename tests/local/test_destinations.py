"""A laptop has a stand-in, and a key, for each of the stage's destinations beyond AWS."""

from __future__ import annotations

import json

import pytest

from infra.config import DESTINATIONS, HTTP_DESTINATIONS, StageSettings
from local import system
from tessera.destinations import catalog


class Secrets:
    """Stands for Secrets Manager: remembers what was stored."""

    def __init__(self) -> None:
        self.stored: dict[str, str] = {}

    def client(self, _service: str) -> Secrets:
        return self

    def create_secret(self, **secret: str) -> None:
        self.stored[secret["Name"]] = secret["SecretString"]


@pytest.fixture
def every(monkeypatch) -> None:
    stage = StageSettings(stage="dev", destinations=DESTINATIONS)
    monkeypatch.setattr(system, "stage_settings", lambda: stage)


def test_every_destination_told_over_http_has_a_stand_in_that_its_transport_finds(every):
    made = {name: make() for name, make in system.stand_ins().items()}
    assert set(made) == set(HTTP_DESTINATIONS) == set(catalog.HTTP)
    for name, server in made.items():
        assert server.variable == f"TESSERA_ENDPOINT_{name.upper()}"


def test_a_stage_without_them_starts_none():
    assert set(system.services()) == {"customer-profiles"}


def test_each_tenant_has_made_up_keys_of_its_own(every):
    secrets = Secrets()
    system.give_keys(secrets, tenant="shop-b")
    for name, vendor in catalog.HTTP.items():
        for secret in (
            f"tessera/dev/destinations/{name}",
            f"tessera/dev/destinations/{name}/shop-b",
        ):
            assert set(vendor.SECRET_FIELDS) <= set(json.loads(secrets.stored[secret]))
    assert len(secrets.stored) == 2 * len(catalog.HTTP)
