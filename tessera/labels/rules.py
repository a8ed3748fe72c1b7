"""From a customer's state to the label that a batch run with the same rules would publish."""

from __future__ import annotations

import bisect
import dataclasses
import datetime as dt
import functools
import math
from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from tessera.labels.events import LiveEvent, instant, micros
from tessera.labels.state import LiveState
from tessera.records.label_rules import LabelRules, PurchaseRule

GUIDANCE = "guidance"  # see tessera.segments.definition, which this room doesn't need
_DAY_US = 86_400_000_000
_BETA_GEOMETRIC = {"bg_nbd": 0, "mbg_nbd": 1}  # whether the first purchase can be the last


@dataclasses.dataclass(frozen=True, kw_only=True)
class LiveLabel:
    """A customer's label, and what it was made of.

    Parameters
    ----------
    as_of
        The day that it describes: the one after the customer's last event, or the last run's.
    segment
        The label. Empty where the customer waits for the batch.
    scores
        Recency, frequency and monetary as digits. Empty without scores.
    recency_days, frequency, monetary
        What was scored. Recency is None without scores. Money is in minor units.
    first_us, last_us
        The first and the last order, in microseconds since 1970. None without one.
    p_alive
        The chance that the customer is active. None without an order, or where it is withheld.
    """

    as_of: dt.date
    segment: str
    scores: str = ""
    recency_days: int | None = None
    frequency: int = 0
    monetary: int = 0
    first_us: int | None = None
    last_us: int | None = None
    p_alive: float | None = None

    @property
    def waits(self) -> bool:
        """Whether only the next run knows the label."""
        return not self.segment


class Rules:
    """The rules of a run, ready to be applied.

    Parameters
    ----------
    record
        As the run wrote them.
    """

    def __init__(self, record: LabelRules) -> None:
        self.record = record
        self.zone: dt.tzinfo = dt.UTC if record.time_zone == "UTC" else ZoneInfo(record.time_zone)
        self.start_us = None if record.start is None else micros(record.start)
        self._last_event_us = micros(record.last_event_at)
        self._cells = {int(cell): label for cell, label in record.cells.items()}
        self._p_alive = _chances(record.model) if record.model else None

    @property
    def counts_everything(self) -> bool:
        """Whether events without money are measured: otherwise they change no label."""
        return self.record.measures == GUIDANCE

    def reads(self, event: LiveEvent) -> bool:
        """Return whether an event can change a label."""
        return self.counts_everything or not event.moves_no_money

    def fold(self, state: LiveState, events: Sequence[LiveEvent]) -> list[LiveEvent]:
        """Take the events that can change a label. Return those that changed the state."""
        read = [event for event in events if self.reads(event)]
        return state.fold_all(read, zone=self.zone, start_us=self.start_us)

    def label(self, state: LiveState) -> LiveLabel:
        """Return what the batch would publish as of the day after the customer's last event.

        Where the last run describes a later day, it is as of that day.
        """
        day = instant(state.last_event_us).astimezone(self.zone).date() + dt.timedelta(days=1)
        return self.label_as_of(state, as_of=max(day, self.record.as_of))

    def label_as_of(self, state: LiveState, *, as_of: dt.date) -> LiveLabel:
        """Return what the batch would publish as of a day, which is after all events."""
        if state.must_wait:
            return LiveLabel(as_of=as_of, segment="")
        cell, recency = self._scored(state, as_of)
        return LiveLabel(
            as_of=as_of,
            segment=self._cells[cell] if cell else self.record.prospect,
            scores=str(cell) if cell else "",
            recency_days=recency if cell else None,
            frequency=state.events if self.counts_everything else len(state.orders),
            monetary=state.monetary,
            first_us=state.first_us,
            last_us=state.last_us,
            p_alive=self._chance(state, as_of),
        )

    def _scored(self, state: LiveState, as_of: dt.date) -> tuple[int, int]:
        """Return the scores as one number such as 543, 0 without scores, and the recency."""
        if self.counts_everything:
            latest = max(self._last_event_us, state.last_event_us)
            recency = (latest + _DAY_US - state.last_event_us) // _DAY_US
            frequency = state.events
        else:
            recency = as_of.toordinal() - max(state.days, default=0)
            frequency = len(state.orders)
        if not frequency:
            return 0, recency
        floors = self.record.floors
        scores = (
            self.record.scale - bisect.bisect_left(floors["recency"], recency),
            1 + bisect.bisect_left(floors["frequency"], frequency),
            1 + bisect.bisect_left(floors["monetary"], state.monetary),
        )
        return 100 * scores[0] + 10 * scores[1] + scores[2], recency

    def _chance(self, state: LiveState, as_of: dt.date) -> float | None:
        if self._p_alive is None or not state.days:
            return None
        first, last = min(state.days), max(state.days)
        return self._p_alive(len(state.days) - 1, last - first, as_of.toordinal() - first)


_Chance = Callable[[int, int, int], float]  # of repeats, the last day and the age in days


def _chances(model: PurchaseRule) -> _Chance:
    if model.name in _BETA_GEOMETRIC:
        return functools.partial(
            _beta_geometric, first_counts=_BETA_GEOMETRIC[model.name], by=dict(model.parameters)
        )
    return functools.partial(_by_model, model)


def _beta_geometric(
    repeats: int, last_day: int, age_days: int, *, first_counts: int, by: Mapping[str, float]
) -> float:
    """Return P(alive) = 1 / (1 + a/(b + n - 1) ((α + T)/(α + t_x))^(r + x)), n = x + k.

    k is 0 for BG/NBD and 1 for MBG/NBD. Without a chance to drop out (n = 0) it is 1.

    References
    ----------
    Fader, Hardie & Lee (2008), "Computing P(alive) using the BG/NBD model". Batislam, Denizel &
    Filiztekin (2007), "Empirical validation and comparison of models for customer base analysis".
    """
    chances = repeats + first_counts
    if not chances:
        return 1.0
    silent = math.log((by["alpha"] + age_days) / (by["alpha"] + last_day))
    odds = math.log(by["a"] / (by["b"] + chances - 1)) + (by["r"] + repeats) * silent
    return 1.0 / (1.0 + math.exp(min(odds, 700.0)))


def _by_model(model: PurchaseRule, repeats: int, last_day: int, age_days: int) -> float:
    """Return P(alive) of a model without a short closed form, by the model itself."""
    # NumPy takes a while to import, and most tenants' rules don't need it.
    from tessera.labels.chances import chance_of_model  # noqa: PLC0415

    return chance_of_model(model, repeats=repeats, last_day=last_day, age_days=age_days)
