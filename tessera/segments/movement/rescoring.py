"""Scoring the same customers again, by earlier rules and at other moments of their history."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from tessera.customers.score_bins import Threshold, rfm_edges
from tessera.customers.scores import scores_by
from tessera.customers.units import MEASURES
from tessera.segments.assignment import Codes, segment_codes
from tessera.segments.definition import Definition
from tessera.segments.scoring import (
    ColumnBlocks,
    CustomerColumns,
    latest_event,
    measures_in,
    measures_of,
)

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

    codes: Codes
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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Moments:
    """What rescoring needs to know of all customers.

    Parameters
    ----------
    then_us, now_us
        The latest event of all, as of the previous day and of the present one.
    today
        By measure, the thresholds by which the previous definition would score today.
    """

    then_us: int
    now_us: int
    today: Thresholds

    @classmethod
    def of(
        cls,
        before: Published,
        *,
        after: Published,
        then_us: int,
        behaved: ColumnBlocks,
        same_period: bool,
    ) -> Self:
        """Return the moments between two runs.

        A measure that neither definition fixes has the present run's thresholds, where these speak
        of the same thing, otherwise its quantiles today.

        Parameters
        ----------
        before, after
            The runs' rules. Their codes are not read.
        then_us
            See the class.
        behaved, same_period
            See ``Histories``, of all customers. Those that it doesn't hold may be missing.
        """
        old, new = before.definition, after.definition
        now_us = latest_event(behaved)
        comparable = same_period and _measured(old) == _measured(new)
        free = [name for name in MEASURES if comparable and name not in new.thresholds]
        given = {**{name: after.thresholds[name] for name in free}, **old.thresholds}
        edges = rfm_edges(
            measures_in(behaved, definition=old, latest_event_us=now_us),
            scale=old.scale,
            thresholds={name: edges for name, edges in given.items() if edges},
        )
        return cls(then_us=then_us, now_us=now_us, today=edges)


def rescored(before: Published, *, histories: Histories, moments: Moments) -> list[Codes]:
    """Return the codes after the steps that the previous run's rule takes part in."""
    rule, now_us = (before.definition, before.thresholds), moments.now_us
    return [
        _rescore(histories.corrected, moments.then_us, *rule),
        _rescore(histories.aged, now_us, *rule),
        _rescore(histories.behaved, now_us, *rule),
    ]


def rescored_today(before: Published, *, histories: Histories, moments: Moments) -> Codes:
    """Return the codes by the previous definition as it would score today."""
    return _rescore(histories.behaved, moments.now_us, before.definition, moments.today)


def _rescore(
    columns: CustomerColumns, latest_event_us: int, definition: Definition, thresholds: Thresholds
) -> Codes:
    measures = measures_of(columns, definition=definition, latest_event_us=latest_event_us)
    cells = scores_by(thresholds, measures, scale=definition.scale).cells()
    codes = segment_codes(cells, definition=definition)
    codes[columns.events == 0] = ABSENT
    return codes
