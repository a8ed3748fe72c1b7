"""What infra writes is what the entry points read."""

from __future__ import annotations

import dataclasses

import pytest

from tessera.environments.campaigns import (
    PlanCampaignEnvironment,
    SendCampaignEnvironment,
    UnsubscribeEnvironment,
)
from tessera.environments.environment import Environment
from tessera.environments.map_schema import MapSchemaEnvironment
from tessera.environments.prepare import PrepareEnvironment
from tessera.errors import InvalidInput


def test_an_environment_reads_back_what_it_wrote():
    environment = PrepareEnvironment("data", "identities", "secret", "2048")
    assert PrepareEnvironment.from_env(environment.to_env()) == environment
    assert set(environment.to_env()) == {f.name.upper() for f in dataclasses.fields(environment)}


def test_a_missing_variable_is_named():
    with pytest.raises(InvalidInput, match="IDENTITIES_BUCKET"):
        MapSchemaEnvironment.from_env({"DATA_BUCKET": "data"})


def test_arguments_are_the_environment_of_jobs_that_have_none():
    environment = MapSchemaEnvironment("data", "identities", "export", "off")
    arguments = {
        "data_bucket": "data", "identities_bucket": "identities", "files_only": "export",
        "handovers": "off",
    }  # fmt: skip
    assert environment.to_arguments() == {f"--{name}": value for name, value in arguments.items()}
    assert MapSchemaEnvironment.from_arguments(arguments) == environment


def test_the_sender_of_a_campaign_gets_no_secret_that_hashes_addresses():
    assert "pseudonym_secret" in _fields(PlanCampaignEnvironment)
    assert "pseudonym_secret" not in _fields(SendCampaignEnvironment)
    assert _fields(UnsubscribeEnvironment) == {"campaigns_table", "link_keys_secret"}


def _fields(environment: type[Environment]) -> set[str]:
    return {field.name for field in dataclasses.fields(environment)}
