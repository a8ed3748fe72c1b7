"""A run's figures are a document that reads back equal."""

from __future__ import annotations

import datetime as dt
import json

from tessera.campaigns.events.figures import EventFigures
from tessera.campaigns.results.run_figures import GroupFigures, HourFigures, RunFigures
from tessera.records.codec import decode, encode

NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)


def test_figures_read_back_equal():
    total = GroupFigures(group="", recipients=3, events=EventFigures(accepted=2), unsubscribed=1)
    made = RunFigures(
        run_id="spring-r001", campaign="spring", measured_at=NOW, simulated=False, total=total,
        by_band=(), by_variant=(total,), notes=("Opens are unreliable.",),
        by_hour=(HourFigures(hour=NOW, events=EventFigures(delivered=1)),),
    )  # fmt: skip
    written = json.loads(json.dumps(encode(made)))
    assert decode(RunFigures, written, document="figures.json") == made
