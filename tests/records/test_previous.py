from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from tessera.errors import InvalidInput
from tessera.records.codec import decode
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.previous import (
    NotCompared,
    PublishedScore,
    previous_document,
    read_previous,
)
from tests.records.instances import shared

STORED = Path(__file__).parents[1] / "data" / "records" / "movers" / "previous.json"


def test_a_first_run_has_no_previous_one():
    assert read_previous(previous_document(None), document="previous.json") is None


def test_a_run_that_cannot_be_compared_with_is_read_as_it_was_written():
    day = RunOfDay(run_id="r0", as_of=dt.date(2026, 1, 10))
    for why in ("itself", "later", "expired"):
        written = previous_document(NotCompared(latest=day, why=why))
        assert written["run_id"] is None
        assert read_previous(written, document="previous.json") == NotCompared(latest=day, why=why)


def test_a_previous_run_is_read_as_it_was_written():
    value = json.loads(STORED.read_text(encoding="utf-8"))
    previous = read_previous(value, document="previous.json")
    assert previous is not None
    assert shared(previous_document(previous), value) == value


def test_a_document_that_says_nothing_of_a_run_is_refused():
    with pytest.raises(InvalidInput, match=r"previous\.json: 'as_of' is missing"):
        read_previous({}, document="previous.json")


def test_a_score_of_a_version_without_sets_and_forecasts_can_be_compared_with():
    score = {"thresholds": {"recency": [1.0]}, "customers": 3}
    read = decode(PublishedScore, score, document="score.json", tolerant=True)
    assert read == PublishedScore(thresholds={"recency": (1.0,)})
