"""The ledger: what a destination has acknowledged, one digest a customer.

A base file holds everything, sorted by customer_key; each part that a load finishes adds a small
journal file. What holds is the base with the journal over it, the later entry winning, so the
record is exact whatever moment a load breaks off at.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

Entry = tuple[str, str]  # customer_key, digest of the content


def to_line(entry: Entry) -> str:
    """Return an entry as a line of a ledger file."""
    return f"{entry[0]},{entry[1]}\n"


def from_lines(lines: Iterable[str]) -> Iterator[Entry]:
    """Yield the entries of a ledger file."""
    for line in lines:
        key, _, digest = line.rstrip("\n").partition(",")
        yield key, digest


def overlay(streams: Sequence[Iterable[Entry]]) -> Iterator[Entry]:
    """Yield one entry a customer, sorted; of several, the one of the last stream.

    Parameters
    ----------
    streams
        Each sorted by customer_key; oldest first.
    """
    merged = heapq.merge(*streams, key=itemgetter(0))  # stable: equal keys keep streams' order
    for _, entries in itertools.groupby(merged, key=itemgetter(0)):
        *_, last = entries
        yield last
