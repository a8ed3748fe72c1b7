"""Handovers are documents by run, without people."""

from __future__ import annotations

import datetime as dt

from adapters.campaigns.handovers import Handovers
from tests.campaigns.test_handover import handover


def test_handovers_are_kept_by_run_and_end_with_their_campaign(buckets):
    data, _ = buckets
    kept = Handovers(data, tenant="shop")
    every = [handover(), handover(number=2), handover("win-back-2")]
    for one in every:
        kept.write(one)
    kept.write(every[0])
    assert sorted(kept.all(), key=lambda one: one.run) == sorted(every, key=lambda one: one.run)
    assert Handovers(data, tenant="other").all() == []
    kept.end("win-back")
    kept.end("win-back")
    assert kept.all() == [every[2]]
    assert every[2].at.tzinfo == dt.UTC
