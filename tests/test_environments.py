"""What infra writes is what the entry points read."""

from __future__ import annotations

import dataclasses

import pytest

from tessera.environments.map_schema import MapSchemaEnvironment
from tessera.environments.prepare import PrepareEnvironment
from tessera.errors import InvalidInput


def test_an_environment_reads_back_what_it_wrote():
    told = PrepareEnvironment("data", "identities", "secret", "2048")
    assert PrepareEnvironment.from_env(told.to_env()) == told
    assert set(told.to_env()) == {f.name.upper() for f in dataclasses.fields(told)}


def test_a_missing_variable_is_named():
    with pytest.raises(InvalidInput, match="IDENTITIES_BUCKET"):
        MapSchemaEnvironment.from_env({"DATA_BUCKET": "data"})


def test_arguments_are_the_environment_of_jobs_that_have_none():
    told = MapSchemaEnvironment("data", "identities", "export")
    arguments = {"data_bucket": "data", "identities_bucket": "identities", "files_only": "export"}
    assert told.to_arguments() == {f"--{name}": value for name, value in arguments.items()}
    assert MapSchemaEnvironment.from_arguments(arguments) == told
