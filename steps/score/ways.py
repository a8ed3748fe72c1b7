"""The labels of everyone of either run in all sets, in files, until all are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from adapters.tables.column_files import ColumnFiles
from tessera.records.scoring.movement import Movement
from tessera.segments.assignment import Codes
from tessera.segments.movement.causes import SET_WORDS
from tessera.segments.movement.record import MoveCounts
from tessera.segments.movement.set_labels import (
    Happened,
    LabelChain,
    LabelPlaces,
    Labels,
    set_ways,
)
from tessera.segments.scoring import row_blocks

_NOBODY = slice(0, 0)


class Ways:
    """Everyone's labels along the steps from one run to the next.

    Parameters
    ----------
    folder
        An empty folder.
    after, between
        The distinct labels of this run, and those by the previous run's rule. None where it
        cannot be applied.
    """

    def __init__(
        self, folder: Path, *, after: Sequence[str], between: Sequence[str] | None
    ) -> None:
        self._files = ColumnFiles(folder)
        self._before, self._between, self._after = LabelPlaces(), between, after

    def append(
        self, *, before: Labels, between: Codes | None, after: Codes, happened: Happened
    ) -> None:
        """Add the next customers.

        Parameters
        ----------
        before
            As the previous run published them.
        between, after
            Positions among the texts.
        happened
            Between the runs.
        """
        codes = {"before": self._before.codes(before), "after": after, **vars(happened)}
        self._files.append(codes if between is None else {**codes, "between": between})

    def movements(self, *, order: Mapping[str, Sequence[str]]) -> dict[str, Movement]:
        """Return the movement in each set that both runs have.

        Parameters
        ----------
        order
            By set, its labels in their order.
        """
        chain, _ = self._rows(_NOBODY)
        ways = set_ways(chain, order=order)
        for some, _ in self._blocks():
            for way in ways:
                way.see(some)
        counts = {way.name: MoveCounts(way.labels, words=SET_WORDS) for way in ways}
        for some, happened in self._blocks():
            for way in ways:
                counts[way.name].add(way.moves(some, happened))
        return {name: one.record() for name, one in counts.items()}

    def _blocks(self) -> Iterator[tuple[LabelChain, Happened]]:
        return (self._rows(rows) for rows in row_blocks(len(self._files["after"])))

    def _rows(self, rows: slice) -> tuple[LabelChain, Happened]:
        codes = self._files.rows(rows)
        chain = LabelChain(
            before=Labels(texts=self._before.texts, codes=codes["before"]),
            between=None
            if self._between is None
            else Labels(texts=self._between, codes=codes["between"]),
            after=Labels(texts=self._after, codes=codes["after"]),
        )
        happened = Happened(**{name: codes[name] for name in ("corrected", "quiet", "presence")})
        return chain, happened
