"""The two functions of the event stream: what they reply, and what they count."""

from __future__ import annotations

import base64
import json

import pytest

from lambdas.close_windows import handler as close
from lambdas.store_events import handler as store

NOON = 1_795_867_200.0  # 2026-11-28, noon UTC


def batch(*bodies):
    return {
        "Records": [
            {
                "eventID": f"shardId-000000000000:{number}",
                "kinesis": {
                    "data": base64.b64encode(body).decode(),
                    "approximateArrivalTimestamp": NOON,
                },
            }
            for number, body in enumerate(bodies)
        ]
    }


@pytest.fixture(autouse=True)
def stage(account, monkeypatch):
    monkeypatch.setenv("STAGE", "dev")


def test_a_batch_is_stored_counted_and_closed(account, capsys):
    good = json.dumps({"CustomerID": "C1", "Date": "2026-11-28"}).encode()
    reply = store.handler(batch(good, b"nonsense of C9", b'{"CustomerID": "C1"}'), None)
    assert reply == {"records": 3, "unreadable": 1, "incomplete": 1, "parts": 1, "repeated": 0}
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    metrics = {
        name: line[name]
        for line in lines
        for name in ("StreamRecords", "StreamBadRecords")
        if name in line
    }
    assert metrics == {"StreamRecords": [3.0], "StreamBadRecords": [2.0]}
    assert all(line["Stage"] == "dev" for line in lines if "_aws" in line)
    assert "C9" not in json.dumps(lines)  # a record may name a person: no log has one
    assert close.handler({}, None) == {"folders": 1, "closed": 1, "merged": 0}
    assert close.handler({}, None) == {"folders": 0, "closed": 0, "merged": 0}
