"""A set's TOML document, right but for what a test changes, and the sets of a run."""

from __future__ import annotations

from tessera.segments.definition import load_preset
from tessera.segments.sets.catalog import segment_sets

NAN = float("nan")
CLASSIC = load_preset("classic-11")
TEXTS = {"meaning": "Some.", "action": "Write."}


def document(ranges=None, *, by="value", labels=("Low", "High"), **more):
    """A set over the column ``x``."""
    ranges = ranges or {"Low": {"below": 10}, "High": {"from": 10}}
    return {
        "name": "mine",
        "prefix": "My",
        "meaning": "Mine.",
        "label": [{"label": label, **TEXTS} for label in labels],
        "empty": {"label": "None", **TEXTS},
        "rule": [{"column": "x", "by": by, "ranges": ranges}],
        **more,
    }


def sets_of(*documents, definition=CLASSIC):
    own = {one["name"]: one for one in documents}
    return segment_sets(list(own), definition=definition, own=own)
