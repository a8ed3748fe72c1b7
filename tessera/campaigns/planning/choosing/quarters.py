"""The quarters of the global holdout. Each draws its people again, so nobody stays out for good."""

from __future__ import annotations

import dataclasses
import datetime as dt

QUARTERS = 4
_MONTHS = 3


@dataclasses.dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year.

    Parameters
    ----------
    year, number
        The number is from 1 to 4.
    """

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> Quarter:
        """Return the quarter of a day."""
        return cls(day.year, (day.month - 1) // _MONTHS + 1)

    @property
    def name(self) -> str:
        """Such as ``2026-Q4``."""
        return f"{self.year}-Q{self.number}"

    @property
    def first_day(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, _MONTHS * (self.number - 1) + 1, 1)

    @property
    def end(self) -> dt.date:
        """The day after its last one."""
        return self.next.first_day

    @property
    def next(self) -> Quarter:
        """The quarter after it."""
        is_last = self.number == QUARTERS
        return Quarter(self.year + is_last, 1 if is_last else self.number + 1)

    @property
    def before(self) -> Quarter:
        """The quarter before it."""
        return Quarter.of(self.first_day - dt.timedelta(days=1))

    def salt(self, text: str) -> str:
        """Return what draws the global holdout of this quarter, from the tenant's setting."""
        return f"{text} {self.name}"
