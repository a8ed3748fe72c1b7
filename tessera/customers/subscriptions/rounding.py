"""Rounding of a record's numbers to the data's precision."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

_DECIMALS = 6
_Figures = TypeVar("_Figures", bound=Any)


def rounded(figures: _Figures) -> _Figures:
    """Return a dataclass of numbers with its floats rounded to six decimals."""
    values = {field.name: getattr(figures, field.name) for field in dataclasses.fields(figures)}
    short = {k: round(v, _DECIMALS) for k, v in values.items() if isinstance(v, float)}
    return dataclasses.replace(figures, **short)
