"""ExpireLogs looks into every group, for as long as the stage keeps logs."""

from __future__ import annotations

import datetime as dt

from lambdas.expire_logs import handler as module


def test_each_group_is_searched_for_this_stages_jobs(monkeypatch):
    asked = []

    class Streams:
        def __init__(self, group):
            self.group = group

        def expire(self, prefix, *, before):
            asked.append((self.group, prefix, (dt.datetime.now(dt.UTC) - before).days))
            return 2

    monkeypatch.setattr(module, "LogStreams", Streams)
    for name, value in (
        ("LOG_GROUPS", "/aws/one,/aws/two"),
        ("STREAM_PREFIX", "tessera-dev-"),
        ("KEEP_DAYS", "7"),
    ):
        monkeypatch.setenv(name, value)
    assert module.handler({}, None) == {"deleted": 4}
    assert asked == [("/aws/one", "tessera-dev-", 7), ("/aws/two", "tessera-dev-", 7)]
