"""Counts with their nouns, for sentences."""

from __future__ import annotations


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, such as 1 order, 2,000 orders.

    Parameters
    ----------
    one, many
        What follows 1, and any other number. By default the plural has an s.
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
