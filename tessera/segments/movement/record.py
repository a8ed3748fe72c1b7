"""Movement between two runs in numbers: from × to, entered and left, by cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tessera.records.scoring.movement import CauseMoves, Move, Movement, SegmentMoves, SetChanges
from tessera.segments.movement.causes import UNEXPECTED_OF_SETS, WORDS, Cause, SetCause


class LabelMoves(Protocol):
    """Everybody's label before and after, -1 where a run did not know them, and the cause."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels."""
        ...

    @property
    def before(self) -> npt.NDArray[np.signedinteger]:
        """Positions in ``labels``."""
        ...

    @property
    def after(self) -> npt.NDArray[np.signedinteger]:
        """Positions in ``labels``."""
        ...

    @property
    def causes(self) -> npt.NDArray[np.signedinteger]:
        """Positions among the causes, -1 where the label is the same."""
        ...


_Counts = npt.NDArray[np.int64]
_CHUNK = 1 << 18  # customers: what a chunk needs fits the processor's cache


def movement_record(
    moves: LabelMoves, *, words: Mapping[Cause, str] | Mapping[SetCause, str] = WORDS
) -> Movement:
    """Return the moves in numbers.

    Parameters
    ----------
    moves
        The labels of everybody before and after, and the causes.
    words
        What each cause means, in the order of their positions. By default those of segments.
    """
    counts = MoveCounts(moves.labels, words=words)
    counts.add(moves)
    return counts.record()


class MoveCounts:
    """The moves of customers between the same labels, counted some after the others.

    Parameters
    ----------
    labels
        Which the moves have.
    words
        See ``movement_record``.
    """

    def __init__(
        self,
        labels: Sequence[str],
        *,
        words: Mapping[Cause, str] | Mapping[SetCause, str] = WORDS,
    ) -> None:
        self._labels = tuple(labels)
        self._words = {str(cause): text for cause, text in words.items()}
        size = len(labels) + 1
        self._counts = np.zeros((size, size, len(words) + 1), np.int64)

    def add(self, moves: LabelMoves) -> None:
        """Add some customers."""
        self._counts += _counts(moves, causes=len(self._words))

    def record(self) -> Movement:
        """Return all moves in numbers."""
        counts, labels = self._counts, self._labels
        matrix = counts.sum(axis=2)
        known = matrix[:-1, :-1]
        return Movement(
            customers=int(matrix.sum()),
            stayed=int(np.trace(known)),
            moved=int(known.sum() - np.trace(known)),
            entered=int(matrix[-1].sum()),
            left=int(matrix[:, -1].sum()),
            labels=labels,
            matrix=tuple(map(tuple, matrix.tolist())),
            segments=_segments(labels, matrix),
            causes=_causes(counts, self._words),
            moves=_moves(labels, counts, tuple(self._words)),
        )


def set_changes(name: str, movement: Movement) -> SetChanges:
    """Return how many customers of both runs have another label in a set, and why."""
    causes = {one.cause: one.moved for one in movement.causes}
    return SetChanges(
        name=name,
        customers=movement.stayed + movement.moved,
        changed=sum(causes[cause] for cause in UNEXPECTED_OF_SETS),
        causes=causes,
    )


def _counts(moves: LabelMoves, *, causes: int) -> _Counts:
    """Return customers by label before, label after (absent last), and cause (none last)."""
    labels, causes = len(moves.labels) + 1, causes + 1
    cells = np.zeros(labels * labels * causes, np.int64)
    for start in range(0, len(moves.before), _CHUNK):
        rows = slice(start, start + _CHUNK)
        before = moves.before[rows].astype(np.int64) % labels  # -1 becomes the last place
        pairs = before * labels + moves.after[rows] % labels
        cells += np.bincount(pairs * causes + moves.causes[rows] % causes, minlength=len(cells))
    counts = cells.reshape(labels, labels, causes)
    counts[-1, -1] = 0  # known to neither run
    return counts


def _segments(labels: tuple[str, ...], matrix: _Counts) -> tuple[SegmentMoves, ...]:
    stayed = np.diagonal(matrix)
    columns = {
        "before": matrix.sum(axis=1),
        "after": matrix.sum(axis=0),
        "stayed": stayed,
        "moved_in": matrix[:-1].sum(axis=0) - stayed,
        "moved_out": matrix[:, :-1].sum(axis=1) - stayed,
        "entered": matrix[-1],
        "left": matrix[:, -1],
    }
    return tuple(
        SegmentMoves(label=label, **{name: int(column[place]) for name, column in columns.items()})
        for place, label in enumerate(labels)
    )


def _causes(counts: _Counts, words: Mapping[str, str]) -> tuple[CauseMoves, ...]:
    return tuple(
        CauseMoves(
            cause=cause,
            words=words[cause],
            customers=int(counts[..., place].sum()),
            moved=int(counts[:-1, :-1, place].sum()),
            entered=int(counts[-1, :, place].sum()),
            left=int(counts[:, -1, place].sum()),
        )
        for place, cause in enumerate(words)
    )


def _moves(labels: tuple[str, ...], counts: _Counts, causes: tuple[str, ...]) -> tuple[Move, ...]:
    names = (*labels, None)
    places = np.argwhere(counts[..., : len(causes)])
    rows = [
        Move(
            source=names[old],
            to=names[new],
            cause=causes[cause],
            customers=int(counts[old, new, cause]),
        )
        for old, new, cause in places.tolist()
    ]
    return tuple(sorted(rows, key=lambda row: -row.customers))  # stable: then in labels' order
