"""A laptop has a stand-in, and a key, for each of the stage's destinations beyond AWS."""

from __future__ import annotations

import json

import pytest

from infra.destinations.groups import PinpointSettings
from infra.settings import StageSettings
from local.app import stand_ins
from local.app.inputs.settings_file import stage_settings
from tessera import naming
from tessera.contracts.destinations import DESTINATIONS, of_kind
from tessera.destinations import catalog
from tessera.errors import InvalidInput


class Secrets:
    """Stands for Secrets Manager: remembers what was stored."""

    def __init__(self) -> None:
        self.stored: dict[str, str] = {}

    def client(self, _service: str) -> Secrets:
        return self

    def secret(self, destination: str, *, tenant: str) -> dict[str, str]:
        return {"of": f"{destination} {tenant}"}

    def create_secret(self, **secret: str) -> None:
        self.stored[secret["Name"]] = secret["SecretString"]


@pytest.fixture
def every() -> StageSettings:
    return StageSettings(
        stage="dev",
        destinations=tuple(DESTINATIONS),
        allow_retired=True,
        pinpoint=PinpointSettings(application_id="a"),
    )


def test_every_http_destination_has_a_stand_in_that_its_transport_reaches(every):
    made = {name: make() for name, make in stand_ins.stand_ins(every).items()}
    assert set(made) == set(stand_ins.every_stand_in()) == set(of_kind("http"))
    for name, server in made.items():
        assert server.variable == naming.endpoint_variable(name)


def test_a_stage_without_them_starts_none():
    assert set(stand_ins.services(stage_settings())) == {"customer-profiles"}


def test_each_tenant_has_its_own_made_up_keys(every):
    secrets = Secrets()
    stand_ins.give_keys(secrets, tenant="shop-b", stage=every)
    for name, vendor in catalog.HTTP.items():
        for secret in (
            f"tessera/dev/destinations/{name}",
            f"tessera/dev/destinations/{name}/shop-b",
        ):
            assert set(vendor.SECRET_FIELDS) <= set(json.loads(secrets.stored[secret]))
    for name in of_kind("warehouse"):
        secret_of_tenant = json.loads(secrets.stored[f"tessera/dev/destinations/{name}/shop-b"])
        assert secret_of_tenant == {"of": f"{name} shop-b"}
    assert len(secrets.stored) == 2 * len(catalog.HTTP) + 2 * len(of_kind("warehouse"))


def test_a_command_may_name_other_destinations_than_the_stage():
    chosen = stage_settings(("klaviyo", "braze"))
    assert chosen.destinations == ("klaviyo", "braze")
    assert set(stand_ins.stand_ins(chosen)) == {"klaviyo", "braze"}
    assert set(chosen.run.destinations) == {"klaviyo", "braze"}
    with pytest.raises(InvalidInput, match=r"'destinations'.*expected some of"):
        stage_settings(("klavijo",))
