"""What a run costs: expected before it, and measured after it. A part of insights.json."""

from __future__ import annotations

import dataclasses
import datetime as dt


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepCost:
    """One step of a run and its price.

    Parameters
    ----------
    step
        The state of the state machine.
    runs_on
        The machines, in words.
    usd_per_hour
        List price of all of them together.
    seconds
        How long they are billed for. None where it is not known.
    usd
        Seconds × price. None where the seconds are not known.
    """

    step: str
    runs_on: str
    usd_per_hour: float
    seconds: float | None = dataclasses.field(metadata={"unit": "s"})
    usd: float | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunCost:
    """The cost of a run at list prices.

    Parameters
    ----------
    region
        Of the prices.
    priced_on
        The day of the price list.
    steps
        One row a step.
    usd
        The sum of the steps whose seconds are known.
    """

    region: str
    priced_on: dt.date
    steps: tuple[StepCost, ...]
    usd: float
