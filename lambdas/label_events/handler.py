"""Let a batch of the event stream move labels. Called by Lambda with records of one shard.

What can't be written now comes again from its first record on, and changes nothing twice.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
import time
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.notices import Notices
from adapters.aws.objects import Objects
from adapters.aws.secrets import read_secret
from adapters.stores.label_states import LabelStates
from steps.label.label import Labelling
from steps.label.rules import RulesInForce
from tessera.environments.labels import LabelEventsEnvironment
from tessera.sources.stream import records_of


@functools.cache
def _labelling() -> Labelling:
    env = LabelEventsEnvironment.from_env(os.environ)
    rules = RulesInForce(
        Objects.shared(env.data_bucket),
        secret=lambda: read_secret(env.pseudonym_secret),
        clock=time.monotonic,
    )
    return Labelling(
        LabelStates(env.labels_table),
        rules=rules,
        announce=Notices("").publish,
        now=lambda: dt.datetime.now(dt.UTC),
    )


@logged("LabelEvents", facts=("records", "left", "written", "moved", "waiting"))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with the records that must come again, and what became of the others."""
    report = _labelling().take(records_of(event))
    return {
        "batchItemFailures": [{"itemIdentifier": sequence} for sequence in report.failed],
        "records": report.records,
        "left": report.left,
        "written": report.written,
        "moved": report.moved,
        "waiting": report.waiting,
    }
