"""The AWS guidance's scores and segments, written out plainly, for shops that it has not scored."""

from __future__ import annotations

import csv
import dataclasses
from collections import Counter
from email.utils import parsedate_to_datetime
from fractions import Fraction

import numpy as np

DAY_S = 86_400


@dataclasses.dataclass(frozen=True)
class Guided:
    """What the guidance makes of an event file: one entry a customer."""

    customers: list[str]
    recency: np.ndarray
    frequency: np.ndarray
    monetary: list[Fraction]
    scores: np.ndarray  # shape (customers, 3): R, F, M

    @property
    def quartiles(self) -> list[float]:
        """The quartiles of frequency."""
        return np.quantile(self.frequency, (0.25, 0.5, 0.75)).tolist()

    def segments(self) -> dict[str, int]:
        """The sizes of its three segments, which overlap in one cell."""
        r, f, m = self.scores.T
        return {
            "Champions": int(((r >= 3) & (f >= 3) & (m >= 3)).sum()),
            "Dormant": int(((r <= 2) & (f <= 2) & (m <= 2)).sum()),
            "Volatile": int(((r < 1.5) & (f > 1.5) & (m > 1.5)).sum()),
        }


def guided(events: bytes) -> Guided:
    """Score an event file by the guidance's rules: rows are counted, and quartiles cut."""
    last: dict[str, float] = {}
    rows: Counter[str] = Counter()
    money: Counter[str] = Counter()
    for row in csv.DictReader(events.decode().splitlines()):
        who, instant = row["CustomerID"], parsedate_to_datetime(row["Date"]).timestamp()
        last[who] = max(instant, last.get(who, instant))
        rows[who] += 1
        money[who] += Fraction(row["UnitPrice"]) * int(row["Quantity"])
    end = max(last.values()) + DAY_S
    recency = np.array([int((end - instant) // DAY_S) for instant in last.values()])
    frequency = np.array([rows[who] for who in last])
    monetary = [money[who] for who in last]
    cents = np.array([int(amount * 100) for amount in monetary])
    scores = np.column_stack([5 - _quarter(recency), _quarter(frequency), _quarter(cents)])
    return Guided([*last], recency, frequency, monetary, scores)


def _quarter(values: np.ndarray) -> np.ndarray:
    """1 up to the lower quartile, 4 above the upper one."""
    return 1 + sum((values > np.quantile(values, part)).astype(int) for part in (0.25, 0.5, 0.75))
