"""The body of a page's request, before its events are read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.sources.collecting.body import MOST_BYTES, MOST_EVENTS, read_body
from tessera.sources.collecting.refusals import NotCollected
from tests.sources.collecting.pages import KEY, body, event, tree


def refusal(text: bytes) -> NotCollected:
    with pytest.raises(NotCollected) as refused:
        read_body(text)
    return refused.value


def test_a_body_has_its_key_and_its_events_in_order():
    events = [event(CustomerID=f"c-{number}") for number in range(MOST_EVENTS)]
    read = read_body(body(*events))
    assert (read.key, list(read.events), read.sent_at) == (KEY, events, None)
    assert KEY not in repr(read)
    assert "c-1" not in repr(read)


def test_64_kb_are_read_and_a_byte_more_is_413():
    text = body()
    padded = text + b" " * (MOST_BYTES - len(text))
    assert read_body(padded).key == KEY
    assert refusal(padded + b" ").status == 413


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        (tree(consent=False), "consent"),
        (tree(consent="true"), "consent"),
        (tree(consent=1), "consent"),
        ({name: value for name, value in tree().items() if name != "consent"}, "consent"),
        (tree(sent_at="yesterday"), "sent_at"),
        (tree(sent_at="2026-11-29T20:15:00"), "sent_at"),
        (tree(sent_at=1764447300), "sent_at"),
        (tree(events=[]), "events"),
        (tree(events={}), "events"),
        (tree(events=[event()] * (MOST_EVENTS + 1)), "events"),
        (tree(event(), "event"), "events[1]"),
    ],
)
def test_each_wrong_part_is_named(wrong, names):
    refused = refusal(json.dumps(wrong).encode())
    assert (refused.status, [part.where for part in refused.wrong]) == (400, [names])


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"events": ' + b"9" * 60_000 + b"}",
        b'{"consent": false, "consent": true}',
        b'{"key": NaN}',
    ],
)
def test_what_is_no_object_of_json_is_400(text):
    assert "not JSON" in refusal(text).detail


def test_another_field_is_refused_without_its_name():
    refused = refusal(body(ann_example_com=1))
    assert refused.status == 400
    assert "ann" not in refused.detail


@given(st.binary(max_size=300))
def test_no_bytes_are_anything_but_read_or_refused(text):
    assert refusal(text).status == 400


def test_a_key_that_is_no_text_is_as_good_as_none():
    assert read_body(body(key=7)).key == read_body(body(key=None)).key == ""
