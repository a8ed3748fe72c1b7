"""The ledger: what a destination has acknowledged, one entry per customer.

A base file has all entries, sorted by customer_key. Each part that a load finishes adds a small
journal file. The current state is the base with the journal applied on top: the later entry wins.
So the ledger is exact, no matter when a load is interrupted.

An entry counts for one target only. When the target was deleted and created again, the journal gets
a file ``forget``, and entries before it no longer count.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from tessera.destinations.port import Item, Loaded, Traced

CLEARED = ""  # the digest of a customer whose labels were removed


class Entry(NamedTuple):
    """What a destination has acknowledged for one customer.

    Parameters
    ----------
    key
        The pseudonym.
    digest
        The digest of the content. ``CLEARED`` once the labels were removed.
    customer_id
        The id under which the destination knows the customer, needed to remove the labels later.
    trace
        What else is needed for that if the destination does not store our ids, such as hashed
        addresses. Without commas.
    """

    key: str
    digest: str
    customer_id: str
    trace: str = ""


def acknowledged(item: Item, *, vendor: Loaded) -> Entry:
    """Return the ledger entry for an item that the destination has acknowledged."""
    return next(all_acknowledged([item], vendor=vendor))


def all_acknowledged(items: Iterable[Item], *, vendor: Loaded) -> Iterator[Entry]:
    """Yield the same for many items. What the vendor is takes longer to ask than all else."""
    traced = vendor if isinstance(vendor, Traced) else None
    for item in items:
        trace = traced.trace(item.content) if traced is not None and item.digest else ""
        yield Entry(item.key, item.digest, item.customer_id, trace)


def to_line(entry: Entry) -> str:
    """Return an entry as a line of a ledger file."""
    return f"{entry.key},{entry.digest},{entry.trace},{_escaped(entry.customer_id)}\n"


def from_lines(lines: Iterable[str]) -> Iterator[Entry]:
    """Yield the entries of a ledger file."""
    for line in lines:
        key, digest, trace, customer_id = line.removesuffix("\n").split(",", 3)
        yield Entry(key, digest, _unescaped(customer_id), trace)


def _escaped(text: str) -> str:
    """Escape line breaks, so that an entry stays on one line. Few ids have any."""
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
    """Merge streams of entries into one entry per customer. The last stream wins.

    Parameters
    ----------
    streams
        The oldest first, each sorted by customer_key.
    """
    merged = heapq.merge(*streams, key=itemgetter(0))  # stable: equal keys keep streams' order
    for _, entries in itertools.groupby(merged, key=itemgetter(0)):
        *_, last = entries
        yield last
