"""The circuit breaker: did more change than customers and time explain? Then wait.

A broken export, an upload replaced by an empty one, an edited definition or a mistyped day can turn
thousands of labels over at once, and campaigns with them. Such a run is computed and stored as any
other, but its activation waits until somebody has looked. Needs no NumPy.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from tessera.errors import InvalidInput
from tessera.records.run_of_day import RunOfDay
from tessera.records.scoring.movement import Breaker, MoneyChanges, Move, Movement, SetChanges
from tessera.segments.movement.causes import (
    CAUSES,
    EXPECTED,
    UNEXPECTED_OF_SETS,
    WORDS,
    Cause,
)

OFF = 1.0
_TOP = 5
_WHAT = "would change segment for other causes than their own behaviour or time"
_NOT_COMPARED = {
    "itself": "The previous run, {}, is this run itself",
    "later": "The previous run, {}, describes {}, a later day",
    "expired": "The files of the previous run, {} as of {}, have expired",
}


def check_limit(limit: float) -> float:
    """Return the limit, or raise InvalidInput that says what a limit may be."""
    if not 0 <= limit <= 1:
        raise InvalidInput(
            f"the circuit breaker's limit is {limit!r}: expected a share of the customers from 0 "
            "to 1, where 1 switches it off"
        )
    return limit


@dataclasses.dataclass(frozen=True, kw_only=True)
class GuardedChanges:
    """What differs from the previous run.

    Parameters
    ----------
    movement
        Of the customers between segments.
    sets
        Of the labels of other sets, with their causes.
    money
        Of the customers that the previous run knew.
    """

    movement: Movement
    sets: tuple[SetChanges, ...] = ()
    money: MoneyChanges | None = None

    @property
    def unexpected(self) -> list[Move]:
        """The moves for other causes than the customers' own behaviour or time."""
        return [move for move in self.movement.moves if Cause(move.cause) not in EXPECTED]

    @property
    def changed(self) -> int:
        """The customers of these moves."""
        return sum(move.customers for move in self.unexpected)


@dataclasses.dataclass(frozen=True, kw_only=True)
class BreakerLimits:
    """What may change without waiting.

    Parameters
    ----------
    share
        The largest share of customers, from 0 to 1. A share of 1 switches all checks off.
    days
        The most days from the previous as_of to this one.
    """

    share: float
    days: int

    @property
    def off(self) -> bool:
        """Whether nothing waits."""
        return self.share == OFF

    def is_exceeded(self, changed: int, customers: int) -> bool:
        """Return whether too many of some customers changed."""
        return changed > Fraction(str(self.share)) * customers


def verdict(
    changes: GuardedChanges | None,
    *,
    previous: RunOfDay | None,
    as_of: dt.date,
    limits: BreakerLimits,
    why: str = "",
) -> Breaker:
    """Judge what changed since the previous run.

    Parameters
    ----------
    changes
        None where there is nothing to compare with.
    previous
        The last successful run. None for a first run, which never waits.
    as_of
        The day that this run describes.
    limits
        What may change without waiting.
    why
        Why there are no changes though there is a previous run, as ``NotCompared`` has it.

    Raises
    ------
    InvalidInput
        The limit is no share.
    """
    check_limit(limits.share)
    changed = changes.changed if changes else 0
    customers = changes.movement.customers if changes else 0
    days = (as_of - previous.as_of).days if previous else None
    alarms = [] if limits.off else _alarms(changes, previous=previous, as_of=as_of, limits=limits)
    return Breaker(
        waits=bool(alarms),
        share=round(changed / customers, 6) if customers else 0.0,
        limit=limits.share,
        changed=changed,
        customers=customers,
        movements=tuple(changes.unexpected[:_TOP]) if changes else (),
        reason=f"Activation waits for an approval: {' '.join(alarms)}"
        if alarms
        else _calm(changes, previous=previous, limits=limits, why=why),
        sets=changes.sets if changes else (),
        money=changes.money if changes else None,
        days=days,
    )


def _alarms(
    changes: GuardedChanges | None,
    *,
    previous: RunOfDay | None,
    as_of: dt.date,
    limits: BreakerLimits,
) -> list[str]:
    """Return why the run waits, a sentence or more for each reason."""
    alarms = _of_day(previous, as_of=as_of, limits=limits) if previous else []
    if changes is None:
        return alarms
    return [*alarms, *_of_segments(changes, limits), *_of_sets(changes, limits),
            *_of_money(changes, limits)]  # fmt: skip


def _of_day(previous: RunOfDay, *, as_of: dt.date, limits: BreakerLimits) -> list[str]:
    days = (as_of - previous.as_of).days
    if days < 0:
        return [
            f"this run describes {as_of}, and the previous run {previous.run_id} describes "
            f"{previous.as_of}, a later day. Customers would be described as they were before."
        ]
    if days > limits.days:
        return [
            f"this run describes {as_of}, {days:,} days after the previous run {previous.run_id} "
            f"({previous.as_of}), more than the {limits.days:,} of 'as_of_limit_days'. Every "
            "recency would grow by as much."
        ]
    return []


def _of_segments(changes: GuardedChanges, limits: BreakerLimits) -> list[str]:
    customers, moves = changes.movement.customers, changes.unexpected
    if not limits.is_exceeded(changes.changed, customers):
        return []
    return [
        f"{_share(changes.changed, customers)} {_WHAT}, more than the limit of "
        f"{100 * limits.share:.4g} %. {_by_cause(moves)} {_largest(moves)}"
    ]


def _of_sets(changes: GuardedChanges, limits: BreakerLimits) -> list[str]:
    return [
        f"{_share(one.changed, one.customers)} would change their label in the set {one.name} "
        f"for other causes than their own behaviour or time, more than the limit of "
        f"{100 * limits.share:.4g} %.{_why(one)}"
        for one in changes.sets
        if limits.is_exceeded(one.changed, one.customers)
    ]


def _why(one: SetChanges) -> str:
    parts = [
        f"{one.causes[cause]:,} because {words}"
        for cause, words in UNEXPECTED_OF_SETS.items()
        if one.causes.get(cause)
    ]
    return f" {', '.join(parts)}." if parts else ""


def _of_money(changes: GuardedChanges, limits: BreakerLimits) -> list[str]:
    money = changes.money
    if money is None or not limits.is_exceeded(money.changed, money.customers):
        return []
    return [
        f"the money of {_share(money.changed, money.customers)} differs from what the previous run "
        f"counted for the same days: {money.before} in total then, {money.after} by today's "
        "history."
    ]


def _calm(
    changes: GuardedChanges | None, *, previous: RunOfDay | None, limits: BreakerLimits, why: str
) -> str:
    if previous is None:
        return "There is no previous run to compare with, so nothing waits."
    if changes is None:
        return f"{_NOT_COMPARED[why].format(previous.run_id, previous.as_of)}, so nothing waits."
    share = _share(changes.changed, changes.movement.customers)
    if limits.off:
        return f"{share} {_WHAT}; the circuit breaker is off."
    return f"{share} {_WHAT}, which is within the limit of {100 * limits.share:.4g} %."


def _share(changed: int, customers: int) -> str:
    return f"{changed:,} of {_customers(customers)} ({_percent(changed, customers)})"


def _by_cause(moves: Sequence[Move]) -> str:
    counts = {
        cause: sum(move.customers for move in moves if move.cause == cause) for cause in CAUSES
    }
    parts = [f"{count:,} because {WORDS[cause]}" for cause, count in counts.items() if count]
    return f"{', '.join(parts)}."


def _largest(moves: Sequence[Move]) -> str:
    parts = [f"{_end(move)}, {_customers(move.customers)}" for move in moves[:_TOP]]
    return f"The largest moves: {'; '.join(parts)}."


def _end(move: Move) -> str:
    if move.source is None:
        return f"new in {move.to}"
    return f"gone from {move.source}" if move.to is None else f"{move.source} to {move.to}"


def _customers(count: int) -> str:
    return f"{count:,} customer" + ("s" if count != 1 else "")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "0.0 %"
