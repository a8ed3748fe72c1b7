"""What the alarms need while a run is under way, and when none is."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from lambdas.watch_runs import handler as module


class Executions:
    """A machine with executions under way since, and a last success."""

    def __init__(self, running, last):
        self._running, self._last = running, last

    def running(self):
        return self._running

    def last_success(self):
        return self._last


@pytest.fixture
def watch(monkeypatch, capsys):
    monkeypatch.setenv("STATE_MACHINE_ARN", "arn")
    monkeypatch.setenv("STAGE", "dev")

    def measured(*, hours=(), last_hours=None):
        now = dt.datetime.now(dt.UTC)  # a constant would age while other tests run
        running = [now - dt.timedelta(hours=one) for one in hours]
        last = None if last_hours is None else now - dt.timedelta(hours=last_hours)
        monkeypatch.setattr(module, "Executions", lambda _arn: Executions(running, last))
        reply = module.handler({}, None)
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return reply, [line for line in lines if "_aws" in line]

    return measured


def names(lines):
    return [
        metric["Name"]
        for line in lines
        for about in line["_aws"]["CloudWatchMetrics"]
        for metric in about["Metrics"]
    ]


def test_the_longest_run_under_way_counts(watch):
    reply, lines = watch(hours=(1, 5), last_hours=30)
    assert reply["longest_run_hours"] == pytest.approx(5, abs=0.1)
    assert reply["hours_since_run"] == pytest.approx(30, abs=0.1)
    assert names(lines) == ["LongestRunHours", "HoursSinceRun"]
    assert {json.dumps(line["Stage"]) for line in lines} == {'"dev"'}


def test_without_a_run_nothing_is_too_long_and_none_is_missed(watch):
    reply, lines = watch()
    assert reply == {"longest_run_hours": 0.0, "hours_since_run": None}
    assert names(lines) == ["LongestRunHours"]  # a new stage has missed no run yet
