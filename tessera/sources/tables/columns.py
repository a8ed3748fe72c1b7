"""The columns that an expression reads."""

from __future__ import annotations

import dataclasses

from tessera.sources.changes import quoted

ROW = "base_rows"  # the relation of a table's own rows
LOOKUP = "lookup_"  # how the relations of lookups begin


@dataclasses.dataclass(frozen=True)
class ColumnName:
    """A column that an expression reads: of a lookup, or of the table itself (empty)."""

    lookup: str
    name: str

    @property
    def sql(self) -> str:
        """Return the column as SQL."""
        relation = f"{LOOKUP}{self.lookup}" if self.lookup else ROW
        return f"{relation}.{quoted(self.name)}"
