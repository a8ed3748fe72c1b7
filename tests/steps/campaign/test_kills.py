"""Workers that are really killed, again and again, while they send."""

from __future__ import annotations

import pytest

from bench.campaigns.kills import kill_run


@pytest.mark.parametrize("lost_events", [0.0, 0.5])
def test_killed_workers_send_nothing_twice_and_lose_nobody(tmp_path, lost_events):
    report = kill_run(
        tmp_path, recipients=2_000, kills=10, seed=7, lost_events=lost_events, takes_s=0.005
    )
    assert report.kills >= 5  # a busy machine looks late, when the run is through
    assert (report.duplicates, report.held_out_mailed) == (0, 0)
    assert report.state == "MEASURING"
    assert report.sent + report.unsent == 2_000
    assert report.sent > 1_800
    if lost_events:  # a missing event proves nothing: sent messages are in doubt too
        assert report.doubts >= report.unsent
    else:
        assert report.doubts_are_the_unsent
        assert report.proved + report.doubts == report.claims
