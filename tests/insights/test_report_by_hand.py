"""Where people make the segments, the report says what to ask for there."""

from __future__ import annotations

from tessera.records.codec import encode


def test_a_destinations_segments_have_their_rules_where_people_make_them(make_records, outline):
    (first, *_) = make_records().destinations
    rule = 'rfm_segment equals "Lost"'
    by_hand = {"name": "_RFM_Lost", "label": "Lost", "action": "by hand", "size": None}
    destination = {**encode(first), "segments": [{**by_hand, "rule": rule}]}
    text = outline(make_records(destinations=[destination])).text
    assert rule in text
    assert "by hand" in text


def test_no_rules_are_shown_where_there_are_none(make_records, outline):
    assert "to make it there" not in outline(make_records()).text


def test_a_segment_that_others_take_by_its_arn_has_it(make_records, outline):
    (first, *_) = make_records().destinations
    arn = "arn:aws:profile:us-east-1:000000000000:domains/d/segment-definitions/_RFM_Lost"
    made = {"name": "_RFM_Lost", "label": "Lost", "action": "kept", "size": 3}
    hand = {"name": "_RFM_Big", "label": "Big", "action": "by hand", "size": None, "rule": "r is 5"}
    destination = {**encode(first), "segments": [{**made, "reference": arn}, hand]}
    text = outline(make_records(destinations=[destination])).text
    assert arn in text
    assert "r is 5" in text
