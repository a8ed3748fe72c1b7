"""Segments that people create at a destination by hand, using the rules in the report."""

from __future__ import annotations

from collections.abc import Sequence

from tessera.destinations.calls import Answer
from tessera.destinations.port import BY_HAND
from tessera.records.segment import Segment


def segment_call(_segment: Segment, _answers: Sequence[Answer]) -> str:
    """Return that people create the segment by hand."""
    return BY_HAND


def size_call(_segment: Segment, _answers: Sequence[Answer]) -> None:
    """Return None: this destination does not report segment sizes."""
