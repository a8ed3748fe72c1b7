"""Segments that people create at a destination by hand, using the rules in the report."""

from __future__ import annotations

from collections.abc import Sequence

from tessera.destinations.port import BY_HAND
from tessera.destinations.requests import Response
from tessera.records.loads.segment import Segment


def segment_request(_segment: Segment, _responses: Sequence[Response]) -> str:
    """Return that people create the segment by hand."""
    return BY_HAND


def size_request(_segment: Segment, _responses: Sequence[Response]) -> None:
    """Return None: this destination does not report segment sizes."""
