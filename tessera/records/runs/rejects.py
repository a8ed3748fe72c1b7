"""rejects.json: which rows of an upload were refused, without their content. Prepare writes it."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class RejectedLine:
    """A row that was refused.

    Parameters
    ----------
    file
        The part of an upload of many files, or the file.
    line
        Its physical line, 1 being the file's first.
    column
        The file's own name of the column that is wrong. Empty when it is the row.
    code
        The reason.
    """

    file: str
    line: int
    column: str
    code: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RejectedRows:
    """Which rows of an upload were refused.

    Parameters
    ----------
    first
        The first of them, by file and line. rejects.csv.gz has all, with their content.
    """

    first: tuple[RejectedLine, ...]
