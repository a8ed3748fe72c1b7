"""Show what a run's destinations would get, and send nothing."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, Self

from adapters.aws.objects import Objects
from adapters.stores.records import read_record
from steps.activate.activation import Activation, LoadJob
from tessera import naming
from tessera.destinations.planning.preview import preview
from tessera.environments.activate import ActivateEnvironment
from tessera.errors import InvalidInput
from tessera.insights.cost.run_cost import Billing
from tessera.insights.cost.steps import RunSize
from tessera.records.loads.load_plan import LoadPlan, PlanReply
from tessera.records.runs.latest import Latest
from tessera.records.runs.prepare import PrepareRecord
from tessera.records.runs.ticket import Ticket

LATEST = "latest"
_RUN_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_EXPECTED = 'expected {"tenant": "default", "run_id": "…" or "latest"}, with both optional'


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlanRequest:
    """The run that people ask about. ``latest`` is the tenant's last finished one."""

    tenant: str
    run_id: str

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Read the event of PlanLoads.

        Raises
        ------
        InvalidInput
            A field is unknown, or the tenant or run cannot be a name.
        """
        unknown = sorted(set(event) - {"tenant", "run_id"})
        if unknown:
            raise InvalidInput(f"unknown field {unknown[0]!r}: {_EXPECTED}")
        tenant = naming.check_tenant(str(event.get("tenant") or naming.DEFAULT_TENANT))
        run_id = str(event.get("run_id") or LATEST)
        if _RUN_ID.fullmatch(run_id) is None:
            raise InvalidInput(f"the run is {run_id!r}: {_EXPECTED}")
        return cls(tenant=tenant, run_id=run_id)

    def resolved(self, data: Objects) -> Self:
        """Return the same request with the id of a run that exists.

        Raises
        ------
        InvalidInput
            There is no such run.
        """
        run_id = self.run_id
        if run_id == LATEST:
            latest = naming.latest_key(self.tenant)
            if not data.exists(latest):
                raise InvalidInput(
                    f"tenant {self.tenant!r} has no finished run: upload a file first"
                )
            run_id = read_record(Latest, data, latest, tolerant=True).run_id
        if not data.exists(naming.run_key(self.tenant, run_id, naming.TICKET)):
            raise InvalidInput(
                f"there is no run {run_id!r} of tenant {self.tenant!r}: check both names, or omit "
                "the run for the last finished one"
            )
        return dataclasses.replace(self, run_id=run_id)


def plan_loads(
    request: PlanRequest, *, environment: ActivateEnvironment, billing: Billing
) -> PlanReply:
    """Return a plan for each destination of a run, and what such a run is expected to cost.

    Raises
    ------
    InvalidInput
        There is no such run, or it has no plan yet.
    """
    data, identities = Objects(environment.data_bucket), Objects(environment.identities_bucket)
    run = request.resolved(data)
    ticket_key = naming.run_key(run.tenant, run.run_id, naming.TICKET)
    ticket = read_record(Ticket, data, ticket_key, tolerant=True)  # of any run that is kept
    planned = [
        LoadJob(tenant=run.tenant, run_id=run.run_id, destination=name)
        for name in ticket.settings.destinations
        if identities.exists(
            naming.destination_prefix(run.tenant, run.run_id, name) + naming.LOAD_RECORD
        )
    ]
    if not planned:
        raise InvalidInput(
            f"run {run.run_id!r} of tenant {run.tenant!r} has no plan yet: MapSchema writes it, "
            "after the approval if the run needs one. Check the state of the run"
        )
    loads = tuple(_plan(Activation(job=job, environment=environment)) for job in planned)
    prepare_key = naming.run_key(run.tenant, run.run_id, naming.PREPARE_RECORD)
    prepared = read_record(PrepareRecord, data, prepare_key, tolerant=True)
    size = RunSize.of(ticket, prepared, machines=billing.machines)
    return PlanReply(
        tenant=run.tenant, run_id=run.run_id, loads=loads, expected_cost=billing.expected(size)
    )


def _plan(activation: Activation) -> LoadPlan:
    load = activation.load()
    planned = activation.estimate(load.record.changes)
    return preview(load.record, known=load.known_segments(), planned=planned)
