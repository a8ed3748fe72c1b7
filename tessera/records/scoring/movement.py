"""Who moved between two runs, and whether that stops the activation: parts of score.json."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, kw_only=True)
class Move:
    """The customers who moved from one label to another, for one cause.

    Parameters
    ----------
    source, to
        The labels. None stands for having entered, or left.
    cause
        Why they moved.
    customers
        How many.
    """

    source: str | None = dataclasses.field(metadata={"name": "from"})
    to: str | None
    cause: str
    customers: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class SegmentMoves:
    """The moves of one segment.

    Parameters
    ----------
    label
        Its name.
    before, after
        Customers of the previous run, and of this one.
    stayed, moved_in, moved_out, entered, left
        What became of them: before = stayed + moved_out + left, and after = stayed + moved_in +
        entered.
    """

    label: str
    before: int
    after: int
    stayed: int
    moved_in: int
    moved_out: int
    entered: int
    left: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class CauseMoves:
    """The moves of one cause.

    Parameters
    ----------
    cause, words
        Its name, and what it means.
    customers, moved, entered, left
        All customers, and those of each kind of move.
    """

    cause: str
    words: str
    customers: int
    moved: int
    entered: int
    left: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class MovementSummary:
    """The movement between two runs, in few numbers.

    Parameters
    ----------
    customers
        Known to either run.
    stayed, moved, entered, left
        What became of them.
    labels
        Of both runs, in order.
    segments, causes
        One row a label, and one row a cause.
    """

    customers: int
    stayed: int
    moved: int
    entered: int
    left: int
    labels: tuple[str, ...]
    segments: tuple[SegmentMoves, ...]
    causes: tuple[CauseMoves, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Movement(MovementSummary):
    """The movement between two runs.

    Parameters
    ----------
    matrix
        Customers by previous label, then by present label. The last row is those who entered, the
        last column those who left.
    moves
        One row a previous label, present label and cause, most customers first.
    """

    matrix: tuple[tuple[int, ...], ...]
    moves: tuple[Move, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetChanges:
    """The labels of one segment set that changed, beside those that behaviour and time explain.

    Parameters
    ----------
    name
        The set.
    customers
        Known to both runs, with a label in each.
    changed
        Those of them whose label differs for another cause than their own behaviour or time.
    causes
        All of them whose label differs, by cause. Empty in records of versions before it.
    """

    name: str
    customers: int
    changed: int
    causes: Mapping[str, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class MoneyChanges:
    """What the previous run published of its customers' money, and today's history of that day.

    Parameters
    ----------
    customers
        Of the previous run.
    changed
        Those of them whose money differs by more than 1 %.
    before, after
        The money of all of them as it was published, and by today's history, as text.
    """

    customers: int
    changed: int
    before: str
    after: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Breaker:
    """The circuit breaker's verdict.

    Parameters
    ----------
    waits
        Whether activation waits for an approval: a share exceeds the limit, or as_of jumps.
    share, limit
        Customers whose label changed for other causes than their own behaviour or time, of all
        customers known to either run. And the setting.
    changed, customers
        The share's numerator and denominator.
    movements
        The largest such moves.
    reason
        One paragraph for people.
    sets
        Beside the segments, each set of labels.
    money
        Of customers that the previous run knew. None without one.
    days
        From the previous run's as_of to this one's. None without one.
    """

    waits: bool
    share: float
    limit: float
    changed: int
    customers: int
    movements: tuple[Move, ...]
    reason: str
    sets: tuple[SetChanges, ...] = ()
    money: MoneyChanges | None = None
    days: int | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScoreVerdict:
    """The part of score.json that decides whether activation waits.

    Parameters
    ----------
    breaker
        The circuit breaker's verdict. None in records of versions before it.
    """

    breaker: Breaker | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScoredChanges(ScoreVerdict):
    """The part of score.json that says what a run would change, before it is sent.

    Parameters
    ----------
    movement
        Between segments. None without an earlier run.
    set_movements
        The same in the other segment sets, by name.
    """

    movement: Movement | None = None
    set_movements: Mapping[str, Movement] = dataclasses.field(default_factory=dict)
