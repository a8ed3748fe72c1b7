"""The circuit breaker: too many labels changed by neither the customers nor time? Then wait.

A broken export, an upload replaced by an empty one or an edited definition can turn thousands of
labels over at once, and campaigns with them. Such a run is computed and stored as any other, but
its activation waits until somebody has looked. Needs no NumPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tessera.errors import InvalidInput
from tessera.records.movement import Breaker, Move, Movement
from tessera.segments.movement.causes import CAUSES, EXPECTED, WORDS, Cause

OFF = 1.0
_TOP = 5


def check_limit(limit: float) -> float:
    """Return the limit, or raise InvalidInput that says what a limit may be."""
    if not 0 <= limit <= 1:
        raise InvalidInput(
            f"the circuit breaker's limit is {limit!r}: expected a share of the customers from 0 "
            "to 1, where 1 switches it off"
        )
    return limit


def verdict(movement: Movement | None, *, limit: float) -> Breaker:
    """Judge a run's movement.

    Parameters
    ----------
    movement
        Since the previous run. None for a first run, which never waits.
    limit
        The largest share of customers that may change without waiting, 0 to 1. 1 is off.

    Raises
    ------
    InvalidInput
        The limit is no share.
    """
    check_limit(limit)
    if movement is None:
        return Breaker(
            waits=False,
            share=0.0,
            limit=limit,
            changed=0,
            customers=0,
            movements=(),
            reason="There is no previous run to compare with, so nothing waits.",
        )
    moves = [move for move in movement.moves if Cause(move.cause) not in EXPECTED]
    changed, customers = sum(move.customers for move in moves), movement.customers
    waits = changed > Fraction(str(limit)) * customers
    return Breaker(
        waits=waits,
        share=round(changed / customers, 6) if customers else 0.0,
        limit=limit,
        changed=changed,
        customers=customers,
        movements=tuple(moves[:_TOP]),
        reason=_reason(moves, changed=changed, customers=customers, limit=limit, waits=waits),
    )


def _reason(
    moves: Sequence[Move], *, changed: int, customers: int, limit: float, waits: bool
) -> str:
    share = f"{changed:,} of {_customers(customers)} ({_percent(changed, customers)})"
    what = "would change segment for other causes than their own behaviour or time"
    if limit == OFF:
        return f"{share} {what}; the circuit breaker is off."
    if not waits:
        return f"{share} {what}, which is within the limit of {100 * limit:.4g} %."
    return (
        f"Activation waits for an approval: {share} {what}, more than the limit of "
        f"{100 * limit:.4g} %. {_by_cause(moves)} {_largest(moves)}"
    )


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
