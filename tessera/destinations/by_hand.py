"""Segments that people make at a destination, by the rule that the report has."""

from __future__ import annotations

from collections.abc import Sequence

from tessera.destinations.calls import Answer
from tessera.destinations.port import BY_HAND, Segment


def segment_call(_segment: Segment, _answers: Sequence[Answer]) -> str:
    """Say that people make it."""
    return BY_HAND


def size_call(_segment: Segment, _answers: Sequence[Answer]) -> None:
    """Say that nobody tells how many there are."""
