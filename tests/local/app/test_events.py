"""A file of events: what is sent of it, and what is refused before anything starts."""

from __future__ import annotations

import gzip
import json

import pytest

from local.app.events import check_events, events_of
from tessera.errors import InvalidInput

LINES = b'{"CustomerID": "C1", "Amount": 19.90}\n\n{"Tenant": "bolt"}\n{"EventID": broken\n[1]\n'


@pytest.mark.parametrize("name", ["clicks.jsonl", "clicks.jsonl.gz"])
def test_each_line_is_an_event_of_the_tenant_unless_it_says_otherwise(tmp_path, name):
    file = tmp_path / name
    file.write_bytes(gzip.compress(LINES) if name.endswith(".gz") else LINES)
    assert list(events_of(file, tenant="acme")) == [
        {"Tenant": "acme", "CustomerID": "C1", "Amount": "19.90"},
        {"Tenant": "bolt"},
        b'{"EventID": broken',
        b"[1]",
    ]


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("none.jsonl", None, "does not exist"),
        ("clicks.csv", b"a\n", r"unknown type: expected \.jsonl.*tessera run"),
        ("clicks.jsonl", b"\n \n", "has no lines"),
    ],
)
def test_a_file_without_events_is_refused(tmp_path, name, body, message):
    file = tmp_path / name
    if body is not None:
        file.write_bytes(body)
    with pytest.raises(InvalidInput, match=message):
        check_events(file)


def test_a_line_that_is_an_event_is_checked_in(tmp_path):
    file = tmp_path / "clicks.jsonl"
    file.write_text(json.dumps({"CustomerID": "C1"}) + "\n")
    check_events(file)
