"""Forward moved labels to destinations. Called by Lambda with messages of a queue.

A message has a tenant, and a customer whose label moved or the id of a run that has finished. What
can't be sent now comes again, and changes nothing twice.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
import time
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.metrics import count_moves_over_limit
from adapters.aws.objects import Objects
from adapters.aws.secrets import read_secret
from adapters.stores.label_states import LabelStates
from adapters.stores.tenants import Tenants
from steps.label.forward import Forwarding
from steps.label.forward_messages import MessageForwarding, messages_of
from steps.label.rules import RulesInForce
from tessera.environments.labels import ForwardMovesEnvironment

_FACTS = ("moves", "forwarded", "same", "over", "left", "refused", "problem", "again")


@logged("ForwardMoves", facts=_FACTS)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 (Lambda's own)
    """Reply with the messages that must come again, and what became of the others."""
    env = ForwardMovesEnvironment.from_env(os.environ)
    forwarding = Forwarding(
        LabelStates(env.labels_table),
        rules=RulesInForce(
            Objects.shared(env.data_bucket),
            secret=functools.partial(read_secret, ""),  # no ids are read here
            clock=time.monotonic,
        ),
        most_an_hour=int(env.most_an_hour),
        now=lambda: dt.datetime.now(dt.UTC),
        seconds_left=lambda: context.get_remaining_time_in_millis() / 1000,
    )
    messages = messages_of(event)
    outcome = MessageForwarding(
        forwarding,
        environment=env,
        env=os.environ,
        is_active=Tenants(env.tenants_table).is_active,
    ).take(messages)
    if outcome.report.over:
        count_moves_over_limit(outcome.report.over, stage=env.stage)
    return {
        "batchItemFailures": [{"itemIdentifier": one} for one in outcome.failed],
        "moves": len(messages),
        "again": len(outcome.failed),
        "problem": outcome.problem,
        **vars(outcome.report),
    }
