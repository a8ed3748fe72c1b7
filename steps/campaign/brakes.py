"""Read the brakes of a run while it is sending, and pause it where one says so."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterable
from typing import Protocol

from steps.campaign.runs import RunKeeper, move, run_of
from tessera.campaigns.events.figures import feedback
from tessera.campaigns.events.reading import MessageEvent
from tessera.campaigns.sending import states
from tessera.campaigns.sending.brakes import BrakeReading, PostmasterFigure, read_brakes
from tessera.campaigns.sending.outcomes import PARTITIONS

ENOUGH = 50_000  # recipients, to see a rate of 0.1 %


class PartitionedEvents(Protocol):
    """Reads the events of a run by their recipients' first digit."""

    def of_partition(self, tenant: str, run: str, digit: str) -> Iterable[MessageEvent]:
        """Return the events of a partition."""


def check_brakes(
    runs: RunKeeper, run_id: str, *, events: PartitionedEvents,
    postmaster: PostmasterFigure | None, at: dt.datetime,
) -> BrakeReading:  # fmt: skip
    """Pause a run whose complaints or bounces are too many.

    A large run is judged by some of its 16 partitions. Keyed hashes spread recipients over them by
    chance, so the rates are the same, and a sixteenth of the events is read.
    """
    run = run_of(runs, run_id)
    partitions = math.ceil(len(PARTITIONS) * min(1.0, ENOUGH / max(1, run.recipients)))
    read = itertools.chain.from_iterable(
        events.of_partition(run.tenant, run_id, digit) for digit in PARTITIONS[:partitions]
    )
    reading = read_brakes(feedback(read), postmaster=postmaster, today=at.date())
    if reading.reason and run.state == "SENDING":
        move(runs, run_id, lambda run: states.pause(run, reason=reading.reason, at=at))
    return reading
