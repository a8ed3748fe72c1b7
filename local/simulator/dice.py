"""Chance by keyed hash: a draw depends on the seed and its name alone, never on an order."""

from __future__ import annotations

import hashlib
import math
import statistics

_NORMAL = statistics.NormalDist()


class Dice:
    """The draws of one person in one run.

    Parameters
    ----------
    seed
        Another seed gives other draws.
    who
        Whose draws they are. Equal texts give equal draws.
    """

    def __init__(self, seed: int, *who: str) -> None:
        self._who = "\0".join((str(seed), *who))

    def share(self, name: str) -> float:
        """Return an even draw, above 0 and below 1."""
        digest = hashlib.blake2b(f"{self._who}\0{name}".encode(), digest_size=8).digest()
        return (int.from_bytes(digest) // 2**12 + 0.5) / 2**52

    def is_one_of(self, name: str, share: float) -> bool:
        """Return whether this person is among a share of all."""
        return self.share(name) < share

    def below(self, name: str, count: int) -> int:
        """Return a whole number from 0 on, below ``count``."""
        return int(self.share(name) * count)

    def lognormal(self, name: str, *, median: float, sigma: float) -> float:
        """Return a lognormal draw."""
        return median * math.exp(sigma * _NORMAL.inv_cdf(self.share(name)))
