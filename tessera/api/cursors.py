"""Where a page of customers ended: ``<run>~<customer_key>``.

A cursor names its run, so a new run between two pages changes nothing of what is being read.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Self

from tessera.errors import InvalidInput

RUN = "[0-9a-f]{16}"
CUSTOMER = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
CURSOR = f"{RUN}~{CUSTOMER}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cursor:
    """The run that is read, and the last customer that was looked at."""

    run_id: str
    after: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a cursor.

        Raises
        ------
        InvalidInput
            It is not one of ours.
        """
        if re.fullmatch(CURSOR, text) is None:
            raise InvalidInput("cursor: expected the `next` of an earlier page, unchanged")
        run_id, _, after = text.partition("~")
        return cls(run_id=run_id, after=after)

    def __str__(self) -> str:
        return f"{self.run_id}~{self.after}"
