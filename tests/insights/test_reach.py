"""How many customers the shop can contact, in a sentence."""

from __future__ import annotations

from tessera.insights.reach import reach_of, sentence
from tessera.records.loads.load import SegmentReach


def reach(email: int) -> dict[str, SegmentReach]:
    return {"Champions": SegmentReach(customers=796, email=email, phone=0, ad_consent=0)}


def test_nothing_counted_is_no_sentence(make_records):
    records = make_records()

    assert reach_of(records.loads) == {}
    assert sentence({}, records.score.segments) == ""


def test_no_address_at_all_has_a_sentence_too(make_records):
    text = sentence(reach(0), make_records().score.segments)

    assert text == (
        "You can e-mail none of the 796 customers: the data has no e-mail address of theirs that "
        "can be used."
    )


def test_the_segment_with_most_money_comes_first(make_records):
    text = sentence(reach(612), make_records().score.segments)

    assert text == (
        "You can e-mail 612 of 796 Champions, and 612 of all 796 customers. They have a usable "
        "address. The data records no consent to e-mail."
    )


def test_with_consent_on_record_only_those_who_agreed_count(make_records):
    asked = SegmentReach(
        customers=796, email=612, phone=0, ad_consent=0, email_granted=500, email_denied=100
    )

    text = sentence({"Champions": asked}, make_records().score.segments)

    assert text == (
        "You can e-mail 500 of 796 Champions, and 500 of all 796 customers. They have a usable "
        "address and agreed to e-mail. Of the others with an address, 100 declined and 12 gave no "
        "answer."
    )
