"""Cells: score combinations such as 543, and the patterns that name many of them at once.

A pattern has three positions: recency, frequency, monetary. Each is a digit, a set of digits in
brackets (``[45]``, ``[1-3]``), or ``*`` for any score.
"""

from __future__ import annotations

import itertools
import re

from tessera.errors import InvalidInput

_POSITION = r"(\d|\*|\[[\d-]+\])"
_PATTERN = re.compile(_POSITION * 3)
_RANGE = re.compile(r"(\d)-(\d)|(\d)")


def every_cell(scale: int) -> list[str]:
    """Return all cells of a scale, 111 first."""
    digits = "123456789"[:scale]
    return ["".join(cell) for cell in itertools.product(digits, repeat=3)]


def expand(pattern: str, *, scale: int) -> list[str]:
    """Return the cells that a pattern names, in order.

    Raises
    ------
    InvalidInput
        The pattern cannot be read, or names a score outside 1 to ``scale``.
    """
    match = _PATTERN.fullmatch(pattern)
    if match is None:
        raise InvalidInput(
            f"cells {pattern!r} cannot be read: expected three positions (recency, frequency, "
            "monetary), each a digit, digits in brackets such as [45] or [1-3], or *"
        )
    positions = [_digits(part, scale=scale, pattern=pattern) for part in match.groups()]
    return ["".join(cell) for cell in itertools.product(*positions)]


def _digits(part: str, *, scale: int, pattern: str) -> list[str]:
    known = "123456789"[:scale]
    if part == "*":
        return list(known)
    body = part.strip("[]")
    if re.fullmatch(rf"(?:{_RANGE.pattern})+", body) is None:
        raise InvalidInput(f"cells {pattern!r} cannot be read: {part!r} is not a set of digits")
    digits = {
        digit
        for first, last, single in _RANGE.findall(body)
        for digit in map(str, range(int(first or single), int(last or single) + 1))
    }
    unknown = sorted(digits - set(known))
    if unknown or not digits:
        raise InvalidInput(
            f"cells {pattern!r} name an unknown score "
            f"{', '.join(unknown) or part}: scores go from 1 to {scale}"
        )
    return sorted(digits)
