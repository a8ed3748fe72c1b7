"""A run with an HTTP destination, which has its own key."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import boto3

from adapters.destinations import transports
from tessera.naming import destination_secret, run_key
from tests.tickets import ticket_json


@contextlib.contextmanager
def http_destination(loaded_run: Any, name: str, *, secret: Mapping[str, str]) -> Iterator[None]:
    """Let the run have this destination. Its secret is deleted at the end."""
    transports._over_http.cache_clear()
    loaded_run.event = {**loaded_run.event, "destination": name}
    ticket = ticket_json(settings={"requests_per_minute": 100_000})
    loaded_run.data.write_json(run_key("default", "r1", "ticket.json"), ticket)
    secrets, kept_as = boto3.client("secretsmanager"), destination_secret("dev", name)
    secrets.create_secret(Name=kept_as, SecretString=json.dumps(secret))
    yield
    secrets.delete_secret(SecretId=kept_as, ForceDeleteWithoutRecovery=True)
    transports._over_http.cache_clear()
