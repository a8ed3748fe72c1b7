"""One destination of one run, and the way to it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import json
from collections.abc import Mapping
from typing import Any, Self

from adapters.aws.objects import Objects
from adapters.destinations import transports
from adapters.destinations.files.sent_contents import KeptContents
from adapters.destinations.loads import RunLoad
from adapters.stores.records import read_record
from tessera.destinations import catalog
from tessera.destinations.planning.estimate import estimate
from tessera.destinations.port import Loaded, Transport
from tessera.environments.activate import ActivateEnvironment
from tessera.errors import InvalidInput
from tessera.naming import (
    LOAD_REPORT,
    TICKET,
    destination_prefix,
    endpoint_variable,
    run_key,
)
from tessera.records.loads.load_report import Estimate, LoadReport
from tessera.records.runs.ticket import Ticket
from tessera.settings import RunSettings


@dataclasses.dataclass(frozen=True, kw_only=True)
class LoadJob:
    """The input of the states of Activate: one destination of one run."""

    tenant: str
    run_id: str
    destination: str

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Read a state's input.

        Raises
        ------
        InvalidInput
            A field is missing, or the destination does not exist.
        """
        try:
            names = {field.name: str(event[field.name]) for field in dataclasses.fields(cls)}
        except KeyError as missing:
            raise InvalidInput(f"the event lacks {missing}") from missing
        catalog.check([names["destination"]])
        return cls(**names)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Activation:
    """A job, with the environment that it runs in.

    Parameters
    ----------
    job
        One destination of one run.
    environment
        The function's environment.
    endpoint
        The base URL of a stand-in for an HTTP destination. Empty for the vendor's own.
    """

    job: LoadJob
    environment: ActivateEnvironment
    endpoint: str = ""

    @classmethod
    def of(cls, job: LoadJob, *, env: Mapping[str, str]) -> Self:
        """Return the activation of a job in these environment variables."""
        return cls(
            job=job,
            environment=ActivateEnvironment.from_env(env),
            endpoint=env.get(endpoint_variable(job.destination), ""),
        )

    @property
    def destination(self) -> str:
        """The destination's name."""
        return self.job.destination

    @property
    def vendor(self) -> Loaded | None:
        """The vendor, or None for a destination of files only."""
        options = json.loads(self.environment.options)
        return catalog.loaded(self.destination, options.get(self.destination, {}))

    def load(self) -> RunLoad:
        """Return the load's files."""
        return RunLoad(
            data=Objects.shared(self.environment.data_bucket),
            identities=self._identities,
            tenant=self.job.tenant,
            run_id=self.job.run_id,
            destination=self.destination,
        )

    def contents(self) -> KeptContents:
        """Return what the run had for each customer, in a stage that forwards moves there."""
        return KeptContents(self._identities, prefix=self._prefix)

    def report(self) -> LoadReport | None:
        """Return what the load came to. None until it has ended."""
        key = self._prefix + LOAD_REPORT
        if not self._identities.exists(key):
            return None
        return read_record(LoadReport, self._identities, key, tolerant=True)

    def transport(self) -> Transport:
        """Return the transport to the destination."""
        return transports.connect(
            self.destination,
            environment=self.environment,
            tenant=self.job.tenant,
            run_id=self.job.run_id,
            requests_per_minute=self._requests_per_minute,
            endpoint=self.endpoint,
        )

    def estimate(self, customers: int) -> Estimate:
        """Return the requests and minutes for this many customers, at the load's rate."""
        if self.vendor is None:
            return Estimate(requests=0, minutes=None)
        return estimate(
            customers,
            capabilities=self.vendor.CAPABILITIES,
            requests_per_minute=self._requests_per_minute,
        )

    @property
    def _identities(self) -> Objects:
        return Objects.shared(self.environment.identities_bucket)

    @property
    def _prefix(self) -> str:
        return destination_prefix(self.job.tenant, self.job.run_id, self.job.destination)

    @property
    def _requests_per_minute(self) -> int:
        """The tenant's own rate for an HTTP destination. 0 for the vendor's."""
        return self.settings.requests_per_minute if self.destination in catalog.HTTP else 0

    @property
    def settings(self) -> RunSettings:
        """The run's settings."""
        return self._ticket.settings

    @property
    def started_at(self) -> dt.datetime:
        """When the run began."""
        return self._ticket.started_at

    @functools.cached_property
    def _ticket(self) -> Ticket:
        key = run_key(self.job.tenant, self.job.run_id, TICKET)
        data = Objects.shared(self.environment.data_bucket)
        return read_record(Ticket, data, key)
