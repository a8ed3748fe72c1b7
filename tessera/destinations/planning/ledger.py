"""The ledger: what a destination has acknowledged, one entry a customer.

A base file holds everything, sorted by customer_key; each part that a load finishes adds a small
journal file. What holds is the base with the journal over it, the later entry winning, so the
record is exact whatever moment a load breaks off at.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from tessera.destinations.port import Item, Loaded, Traced

CLEARED = ""  # the digest of a customer whose labels were taken away


class Entry(NamedTuple):
    """What a destination has of one customer.

    Parameters
    ----------
    key
        The pseudonym.
    digest
        Of the content, ``CLEARED`` when there is none any more.
    customer_id
        By what the destination knows the customer, to take the labels away some day.
    trace
        What has to be known beside it for that, where the destination has no ids of ours: hashed
        addresses, say. No commas.
    """

    key: str
    digest: str
    customer_id: str
    trace: str = ""


def acknowledged(item: Item, *, vendor: Loaded) -> Entry:
    """Return what a destination has now that it has taken an item."""
    trace = vendor.trace(item.content) if isinstance(vendor, Traced) and item.digest else ""
    return Entry(item.key, item.digest, item.customer_id, trace)


def to_line(entry: Entry) -> str:
    """Return an entry as a line of a ledger file."""
    return f"{entry.key},{entry.digest},{entry.trace},{_escaped(entry.customer_id)}\n"


def from_lines(lines: Iterable[str]) -> Iterator[Entry]:
    """Yield the entries of a ledger file."""
    for line in lines:
        key, digest, trace, customer_id = line.removesuffix("\n").split(",", 3)
        yield Entry(key, digest, _unescaped(customer_id), trace)


def _escaped(text: str) -> str:
    """Keep a text on one line; hardly any needs it."""
    if "\\" in text or "\n" in text or "\r" in text:
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return text


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    marks = {"n": "\n", "r": "\r"}
    pieces = iter(text)
    return "".join(
        marks.get(after := next(pieces, ""), after) if piece == "\\" else piece for piece in pieces
    )


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
