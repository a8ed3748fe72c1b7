"""The circuit breaker: too many labels changed by neither the customers nor time? Then wait.

A broken export, an upload replaced by an empty one or an edited definition can turn thousands of
labels over at once, and campaigns with them. Such a run is computed and stored as any other, but
its activation waits until somebody has looked. Needs no NumPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tessera.errors import InvalidInput
from tessera.records.movement import Breaker, Move
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


def verdict(record: Mapping[str, Any] | None, *, limit: float) -> Breaker:
    """Judge a run's movement.

    Parameters
    ----------
    record
        As ``movement_record`` gives it; None for a first run, which never waits.
    limit
        The largest share of customers that may change without waiting, 0 to 1; 1 is off.

    Raises
    ------
    InvalidInput
        The limit is no share.
    """
    check_limit(limit)
    if record is None:
        return Breaker(
            waits=False,
            share=0.0,
            limit=limit,
            changed=0,
            customers=0,
            movements=(),
            reason="There is no previous run to compare with, so nothing waits.",
        )
    moves = [row for row in record["moves"] if Cause(row["cause"]) not in EXPECTED]
    changed, customers = sum(row["customers"] for row in moves), int(record["customers"])
    waits = changed > Fraction(str(limit)) * customers
    return Breaker(
        waits=waits,
        share=round(changed / customers, 6) if customers else 0.0,
        limit=limit,
        changed=changed,
        customers=customers,
        movements=tuple(map(_move, moves[:_TOP])),
        reason=_reason(moves, changed=changed, customers=customers, limit=limit, waits=waits),
    )


def _move(row: Mapping[str, Any]) -> Move:
    return Move(source=row["from"], to=row["to"], cause=row["cause"], customers=row["customers"])


def _reason(
    moves: list[Mapping[str, Any]], *, changed: int, customers: int, limit: float, waits: bool
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


def _by_cause(moves: list[Mapping[str, Any]]) -> str:
    counts = {
        cause: sum(row["customers"] for row in moves if row["cause"] == cause) for cause in CAUSES
    }
    parts = [f"{count:,} because {WORDS[cause]}" for cause, count in counts.items() if count]
    return f"{', '.join(parts)}."


def _largest(moves: list[Mapping[str, Any]]) -> str:
    parts = [f"{_end(row)}, {_customers(row['customers'])}" for row in moves[:_TOP]]
    return f"The largest moves: {'; '.join(parts)}."


def _end(row: Mapping[str, Any]) -> str:
    if row["from"] is None:
        return f"new in {row['to']}"
    return f"gone from {row['from']}" if row["to"] is None else f"{row['from']} to {row['to']}"


def _customers(count: int) -> str:
    return f"{count:,} customer" + ("s" if count != 1 else "")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "0.0 %"
