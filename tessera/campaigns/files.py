"""Files that people upload for campaigns: what they must have, and which lines are refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from tessera.errors import InvalidInput

_SHOWN = 60


@dataclasses.dataclass(frozen=True, kw_only=True)
class RefusedLine:
    """A line of an uploaded file that is not used.

    Parameters
    ----------
    line
        Its number, the header being 1.
    column, cell
        Where and what is wrong. Empty where several columns do not fit each other.
    expected
        What the cell should hold.
    """

    line: int
    column: str
    cell: str
    expected: str

    @property
    def sentence(self) -> str:
        """The reason, for people."""
        if not self.column:
            return f"line {self.line}: {self.expected}"
        shown = self.cell if len(self.cell) <= _SHOWN else f"{self.cell[:_SHOWN]}…"
        return f"line {self.line}: {self.column} is {shown!r}, expected {self.expected}"

    @property
    def without_cell(self) -> str:
        """The reason without what the cell holds, where no address may be shown."""
        if not self.column:
            return self.sentence
        return f"line {self.line}: {self.column} is wrong, expected {self.expected}"


def check_header(
    header: Sequence[str], *, needed: Sequence[str], optional: Sequence[str], what: str
) -> None:
    """Refuse a file whose columns are not those that are read.

    Raises
    ------
    InvalidInput
        A column is missing, unknown or there twice.
    """
    known = (*needed, *optional)
    unknown = next((name for name in header if name not in known), None)
    if unknown is not None:
        raise InvalidInput(
            f"the file of {what} has a column {unknown!r}: expected {', '.join(needed)} and any "
            f"of {', '.join(optional)}"
        )
    missing = next((name for name in needed if name not in header), None)
    if missing is not None:
        raise InvalidInput(f"the file of {what} has no column {missing!r}: add it to the header")
    if len(set(header)) < len(header):
        raise InvalidInput(f"the file of {what} has a column twice: {', '.join(header)}")
