"""What scoring reads and makes of all customers, in files: it is read where some are taken."""

from __future__ import annotations

from pathlib import Path

from adapters.tables.column_files import ColumnFiles, FileColumn
from tessera.customers.scores import ScoreColumns
from tessera.customers.units import MEASURES
from tessera.segments.definition import Definition
from tessera.segments.scoring import (
    ColumnsInParts,
    CustomerColumns,
    Scored,
    ScoringRule,
    blocks_of,
)


class CustomerFiles:
    """What scoring needs of all customers, in files: 40 bytes each.

    Parameters
    ----------
    files
        The columns of ``CustomerColumns``.
    """

    def __init__(self, files: ColumnFiles) -> None:
        self._files = files

    def __len__(self) -> int:
        """Return how many customers they are."""
        return len(self._files["orders"])

    def take(self, rows: slice, /) -> CustomerColumns:
        """Return some customers."""
        return CustomerColumns(**self._files.rows(rows))


class ScoredFiles:
    """What scoring made of all customers, in files: 7 bytes each.

    Parameters
    ----------
    rule
        By which customers are scored.
    customers
        All of them.
    folder
        An empty folder.
    """

    def __init__(self, rule: ScoringRule, customers: ColumnsInParts, *, folder: Path) -> None:
        self._rule, self._files = rule, ColumnFiles(folder)
        self._size = len(customers)
        for some in blocks_of(customers):
            made = rule.score(some)
            scores = {name: getattr(made.scores, name) for name in MEASURES}
            self._files.append({**scores, "clusters": made.clusters, "codes": made.codes})

    @property
    def definition(self) -> Definition:
        """By which they were scored."""
        return self._rule.definition

    @property
    def codes(self) -> FileColumn:
        """The position of each customer's segment in ``definition.everyone``."""
        return self._files["codes"]

    def __len__(self) -> int:
        """Return how many customers they are."""
        return self._size

    def take(self, rows: slice, /) -> Scored:
        """Return some customers."""
        columns = self._files.rows(rows)
        return Scored(
            definition=self.definition,
            scores=ScoreColumns(**{name: columns[name] for name in MEASURES}),
            clusters=columns["clusters"],
            codes=columns["codes"],
        )
