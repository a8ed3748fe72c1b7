"""The messages of ForwardMoves: which tenants' customers to forward, and which come again."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from adapters.aws.objects import Objects
from adapters.stores.moves import SingleMoves
from steps.activate.activation import Activation, LoadJob
from steps.label.forward import Forwarding, ForwardReport
from tessera import naming
from tessera.environments.labels import ForwardMovesEnvironment
from tessera.errors import InvalidInput, Refused, Retryable


@dataclasses.dataclass(frozen=True, kw_only=True)
class MoveMessage:
    """Whose label moved, or that a tenant's run has finished.

    Parameters
    ----------
    id
        The message's.
    tenant
        Whose customer it is.
    customer_key
        Who moved. Empty when a run has finished.
    """

    id: str
    tenant: str
    customer_key: str = ""


@dataclasses.dataclass(kw_only=True)
class ForwardOutcome:
    """What became of a batch.

    Parameters
    ----------
    report
        The counts of all destinations.
    failed
        The ids of the messages that must come again.
    problem
        Why the last of them must. Empty for none.
    """

    report: ForwardReport = dataclasses.field(default_factory=ForwardReport)
    failed: list[str] = dataclasses.field(default_factory=list)
    problem: str = ""


def messages_of(event: Mapping[str, Any]) -> list[MoveMessage]:
    """Return the messages of a queue's event."""
    bodies = ((str(one["messageId"]), json.loads(one["body"])) for one in event["Records"])
    return [
        MoveMessage(
            id=name,
            tenant=naming.check_tenant(str(body["tenant"])),
            customer_key=str(body.get("customer_key") or ""),
        )
        for name, body in bodies
    ]


class MessageForwarding:
    """Forwards the customers of messages to each destination of the stage.

    Parameters
    ----------
    forwarding
        Sends them.
    environment, env
        The function's environment, parsed and as it is.
    is_active
        Says whether anything is sent for a tenant: not for one that is suspended or removed.
    """

    def __init__(
        self,
        forwarding: Forwarding,
        *,
        environment: ForwardMovesEnvironment,
        env: Mapping[str, str],
        is_active: Callable[[str], bool],
    ) -> None:
        self._forwarding, self._environment, self._env = forwarding, environment, env
        self._is_active = is_active

    def take(self, messages: Iterable[MoveMessage]) -> ForwardOutcome:
        """Handle a batch.

        Where one destination fails, a tenant's messages come again, and the others know them. The
        customers of a suspended tenant are left to the first run after it is resumed.
        """
        outcome = ForwardOutcome()
        by_tenant: dict[str, list[MoveMessage]] = defaultdict(list)
        for message in messages:
            by_tenant[message.tenant].append(message)
        for tenant, theirs in by_tenant.items():
            if not self._is_active(tenant):
                outcome.report.left += len({one.customer_key for one in theirs} - {""})
                continue
            for destination in self._environment.destinations.split(","):
                try:
                    outcome.report.add(self._forward(tenant, theirs, destination))
                except (Retryable, Refused, InvalidInput) as error:
                    outcome.problem = f"{destination}: {error}"
                    outcome.failed += [one.id for one in theirs if one.id not in outcome.failed]
        return outcome

    def _forward(
        self, tenant: str, messages: Sequence[MoveMessage], destination: str
    ) -> ForwardReport:
        def activation(run_id: str) -> Activation:
            job = LoadJob(tenant=tenant, run_id=run_id, destination=destination)
            return Activation.of(job, env=self._env)

        identities = Objects.shared(self._environment.identities_bucket)
        return self._forwarding.forward(
            tenant,
            {one.customer_key for one in messages if one.customer_key},
            finished_run=any(not one.customer_key for one in messages),
            to=SingleMoves(identities, tenant=tenant, destination=destination),
            activation=activation,
        )
