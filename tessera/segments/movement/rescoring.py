"""Scoring the same customers again, by earlier rules and at other moments of their history."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from tessera.customers.money import Ints
from tessera.customers.scores import Threshold, rfm_scores
from tessera.customers.units import MEASURES
from tessera.segments.assignment import segment_codes
from tessera.segments.definition import Definition
from tessera.segments.scoring import CustomerColumns, measures_of

ABSENT = -1  # the label's code of a customer absent from a run

Thresholds = Mapping[str, Sequence[Threshold]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Published:
    """What a run published, and by which rule.

    Parameters
    ----------
    codes
        Shape (n,): each customer's position in ``definition.everyone``, ``ABSENT`` where the run
        doesn't know the customer.
    definition
        As the user gave it: thresholds that were only frozen for the run belong in ``thresholds``.
    thresholds
        Those in use, by measure, in its integer unit (see ``thresholds.recorded_thresholds``).
    """

    codes: Ints
    definition: Definition
    thresholds: Thresholds


@dataclasses.dataclass(frozen=True, kw_only=True)
class Histories:
    """Today's history as three summaries of the customers, shape (n,) each, in one order.

    A customer that a summary doesn't hold has zeros there (nobody else has ``events`` 0). All
    three are of today's events, in the previous run's period or what becomes of it: ``previous``
    and ``present`` are the runs' ``customers.summary.Period``.

    Parameters
    ----------
    corrected
        As of the previous day: the summary of all events in ``previous``.
    aged
        The same events as of the present day: in ``replace(previous, as_of=present.as_of,
        known_until=previous.as_of)``. Without a window it is ``corrected`` with the days between
        added to recency (see ``aged``).
    behaved
        All events as of the present day: in ``replace(previous, as_of=present.as_of)``, which is
        the present summary unless the period's settings changed.
    same_period
        Whether ``behaved`` is the present summary.
    """

    corrected: CustomerColumns
    aged: CustomerColumns
    behaved: CustomerColumns
    same_period: bool = True


def aged(corrected: CustomerColumns, *, days: int) -> CustomerColumns:
    """Return a summary without a window as it is ``days`` later if nothing happens."""
    recency = np.where(corrected.orders > 0, corrected.recency_days + days, 0)
    return dataclasses.replace(corrected, recency_days=recency)


def same_rule(one: Definition, other: Definition) -> bool:
    """Return whether two definitions label alike: texts may differ, rules and labels not."""
    return _rule(one) == _rule(other)


def _rule(definition: Definition) -> tuple[object, ...]:
    cells = tuple((one.label, one.cells) for one in definition.segments)
    return (*_measured(definition), dict(definition.thresholds), cells)


def _measured(definition: Definition) -> tuple[object, ...]:
    return definition.scale, definition.measures


def rescored(before: Published, *, histories: Histories) -> list[Ints]:
    """Return the codes after the steps that the previous run's rule takes part in."""
    then = int(histories.corrected.last_event_us.max(initial=0))
    now = int(histories.behaved.last_event_us.max(initial=0))
    states = ((histories.corrected, then), (histories.aged, now), (histories.behaved, now))
    return [
        _rescore(columns, latest, definition=before.definition, thresholds=before.thresholds)
        for columns, latest in states
    ]


def rescored_today(before: Published, *, after: Published, histories: Histories) -> Ints:
    """Return the codes by the previous definition as it would score today.

    A measure that neither definition fixes has the present run's thresholds, where these speak of
    the same thing, otherwise its quantiles today.
    """
    old, new = before.definition, after.definition
    comparable = histories.same_period and _measured(old) == _measured(new)
    free = [name for name in MEASURES if comparable and name not in new.thresholds]
    return _rescore(
        histories.behaved,
        int(histories.behaved.last_event_us.max(initial=0)),
        definition=old,
        thresholds={**{name: after.thresholds[name] for name in free}, **old.thresholds},
    )


def _rescore(
    columns: CustomerColumns,
    latest_event_us: int,
    *,
    definition: Definition,
    thresholds: Thresholds,
) -> Ints:
    measures = measures_of(columns, definition=definition, latest_event_us=latest_event_us)
    cells = rfm_scores(measures, scale=definition.scale, thresholds=thresholds).cells()
    codes = segment_codes(cells, definition=definition)
    codes[columns.events == 0] = ABSENT
    return codes
