"""What the three functions of Activate have in common: their event, and what they act on."""

from __future__ import annotations

import dataclasses
import functools
import os
from collections.abc import Mapping
from typing import Any, Self

import boto3

from adapters import transports
from adapters.loads import RunLoad
from adapters.objects import Objects
from tessera.destinations import catalog
from tessera.destinations.port import Loaded, Transport
from tessera.environments import ActivateEnvironment
from tessera.errors import InvalidInput
from tessera.naming import TICKET, run_key


@dataclasses.dataclass(frozen=True)
class Activation:
    """One destination of one run."""

    tenant: str
    run_id: str
    destination: str

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Read a state machine's input.

        Raises
        ------
        InvalidInput
            A field is missing, or the destination is none of ours.
        """
        try:
            names = {field.name: str(event[field.name]) for field in dataclasses.fields(cls)}
        except KeyError as missing:
            raise InvalidInput(f"the event lacks {missing}") from missing
        catalog.check([names["destination"]])
        return cls(**names)

    @property
    def vendor(self) -> Loaded | None:
        """The vendor, None for a destination that is files alone."""
        return catalog.LOADED.get(self.destination)

    def load(self) -> RunLoad:
        """Return the load's files."""
        environment = _environment()
        return RunLoad(
            data=Objects(environment.data_bucket, client=_s3()),
            identities=Objects(environment.identities_bucket, client=_s3()),
            tenant=self.tenant,
            run_id=self.run_id,
            destination=self.destination,
        )

    def transport(self) -> Transport:
        """Return the way to the destination."""
        environment = _environment()
        return transports.connect(
            self.destination,
            environment=environment,
            tenant=self.tenant,
            run_id=self.run_id,
            requests_per_minute=self._rate(environment) if self.destination in catalog.HTTP else 0,
        )

    def _rate(self, environment: ActivateEnvironment) -> int:
        key = run_key(self.tenant, self.run_id, TICKET)
        ticket = Objects(environment.data_bucket, client=_s3()).read_json(key)
        return int(ticket["settings"]["requests_per_minute"])


@functools.cache
def _s3() -> Any:
    """Return the client for all calls of a warm function: its connections stay open."""
    return boto3.client("s3")


def _environment() -> ActivateEnvironment:
    return ActivateEnvironment.from_env(os.environ)
