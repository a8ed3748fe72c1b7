"""What the three functions of Activate have in common: their event, and what they act on."""

from __future__ import annotations

import dataclasses
import functools
import json
import os
from collections.abc import Mapping
from typing import Any, Self

import boto3

from adapters.aws.objects import Objects
from adapters.destinations import transports
from adapters.destinations.loads import RunLoad
from tessera.destinations import catalog
from tessera.destinations.planning.estimate import Estimate, estimate
from tessera.destinations.port import Loaded, Transport
from tessera.environments import ActivateEnvironment
from tessera.errors import InvalidInput
from tessera.naming import TICKET, run_key
from tessera.settings import RunSettings


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
        options = json.loads(_environment().options)
        return catalog.loaded(self.destination, options.get(self.destination, {}))

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
            requests_per_minute=self._requests_per_minute,
        )

    def estimate(self, customers: int) -> Estimate:
        """Return what telling so many customers takes, at the pace at which they are told."""
        if self.vendor is None:
            return Estimate(requests=0, minutes=None)
        return estimate(
            customers,
            capabilities=self.vendor.CAPABILITIES,
            requests_per_minute=self._requests_per_minute,
        )

    @property
    def _requests_per_minute(self) -> int:
        """The tenant's own rate, which holds for what is told over HTTP; 0 for the vendor's."""
        return self.settings.requests_per_minute if self.destination in catalog.HTTP else 0

    @functools.cached_property
    def settings(self) -> RunSettings:
        """What the tenant wants of this run."""
        key = run_key(self.tenant, self.run_id, TICKET)
        data = Objects(_environment().data_bucket, client=_s3())
        return RunSettings.parse(data.read_json(key)["settings"])


@functools.cache
def _s3() -> Any:
    """Return the client for all calls of a warm function: its connections stay open."""
    return boto3.client("s3")


def _environment() -> ActivateEnvironment:
    return ActivateEnvironment.from_env(os.environ)
