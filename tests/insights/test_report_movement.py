"""The report on movement: who went where, why, and whether somebody should look first."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.insights.report.drawing.sankey import Flow, lay_out
from tessera.insights.summary import summarise
from tessera.records.codec import encode
from tessera.records.run_of_day import RunOfDay
from tessera.records.scoring.movement import MoneyChanges
from tessera.segments.movement.breaker import BreakerLimits, GuardedChanges, verdict
from tessera.segments.movement.causes import CAUSES
from tessera.segments.movement.record import movement_record
from tessera.segments.movement.transitions import Transitions

LABELS = ("Best", "Good", "Gone")
PREVIOUS = {"run_id": "a", "as_of": "2011-11-10"}


def judged(record, *, limit: float, as_of: str = "2011-12-10", why: str = ""):
    """What the circuit breaker says of a movement since PREVIOUS."""
    changes = None if record is None else GuardedChanges(movement=record)
    previous = RunOfDay(run_id="a", as_of=dt.date(2011, 11, 10)) if record or why else None
    day, limits = dt.date.fromisoformat(as_of), BreakerLimits(share=limit, days=92)
    return verdict(changes, previous=previous, as_of=day, limits=limits, why=why)


def moved(*paths):
    """A record of customers with a label before, one after, and the step that changed it."""
    before, after, causes = (np.array(column) for column in zip(*paths, strict=True))
    return movement_record(
        Transitions(
            labels=LABELS,
            chain=(before.astype(np.int16), after.astype(np.int16)),
            causes=causes.astype(np.int8),
        )
    )


def test_it_counts_who_stayed_moved_and_came(shop_records, outline):
    text = outline(shop_records("online_retail")).text
    assert (
        "Since 10 November 2011: of 4,338 customers, 2,270 are in the segment they were in, "
        "1,816 moved to another segment, 252 are new."
    ) in text


def test_each_cause_is_described_in_words(shop_records, outline):
    records = shop_records("online_retail")
    text = outline(records).text
    for row in records.score.movement.causes:
        words = row.words[0].upper() + row.words[1:]
        assert (f" {words} " in text) == (row.customers > 0)
    assert "1,001" in text
    assert "freeze_thresholds" in text


def test_the_largest_moves_are_drawn_and_the_rest_counted(shop_records, outline):
    page = outline(shop_records("online_retail"))
    paths = [a for a in page.named("path") if "ribbon" in a["class"]]
    assert len(paths) == 16
    assert "New customers to New: 186" in page.text
    assert "The 16 largest moves. 58 further ones, of 688 customers" in page.text


def test_moves_of_one_pair_are_one_ribbon_whatever_their_causes(make_records, outline):
    record = moved((0, 1, 1), (0, 1, 2), (0, 1, 3), (1, 1, -1))
    page = outline(make_records(score={"movement": encode(record), "previous": PREVIOUS}))
    assert len(page.named("path")) == 1
    assert "Best to Good: 3" in page.text


def test_a_first_run_has_nothing_to_compare(make_records, outline):
    first = {"previous": None, "movement": None, "breaker": encode(judged(None, limit=0.3))}
    for records in (make_records(), make_records(score=first)):
        assert "What moved" not in outline(records).text


def test_a_run_that_looks_back_is_shown_with_its_reason(make_records, outline):
    breaker = judged(None, limit=0.3, as_of="2011-10-01", why="later")
    score = {"previous": None, "movement": None, "breaker": encode(breaker)}
    text = outline(make_records(score=score)).text
    assert breaker.waits
    assert breaker.reason in text


def test_changed_money_of_known_customers_is_shown(make_records, outline):
    money = MoneyChanges(customers=2, changed=1, before="1250.00", after="2500.00")
    breaker = dataclasses.replace(judged(moved((0, 0, -1), (1, 1, -1)), limit=1.0), money=money)
    score = {
        "movement": encode(moved((0, 0, -1), (1, 1, -1))),
        "breaker": encode(breaker),
        "previous": PREVIOUS,
    }
    text = outline(make_records(score=score)).text
    assert "The money of 1 customer of the previous run differs" in text
    assert "£1,250" in text
    assert "£2,500" in text


def test_nobody_may_have_moved(make_records, outline):
    record = moved((0, 0, -1), (2, 2, -1))
    page = outline(make_records(score={"movement": encode(record), "previous": PREVIOUS}))
    assert "Nobody changed segment." in page.text
    assert page.named("path") == []


@pytest.mark.parametrize("limit", [0.3, 1.0])
def test_a_waiting_breaker_is_shown_with_its_reason(make_records, outline, limit):
    changed = CAUSES.index("definition_changed")
    record = moved((0, 1, changed), (1, 2, changed), (2, 2, -1), (-1, 0, 2))
    breaker = judged(record, limit=limit)
    page = outline(
        make_records(
            score={
                "movement": encode(record),
                "breaker": encode(breaker),
                "previous": PREVIOUS,
            }
        )
    )
    assert (breaker.reason in page.text) == breaker.waits == (limit < 1)


def test_the_summary_leaves_the_matrix_to_the_score_record(shop_records):
    kept = encode(summarise(shop_records("online_retail")))["movement"]
    assert kept["moved"] == 1816
    assert kept.keys() >= {"segments", "causes"}
    assert not kept.keys() & {"matrix", "moves"}


# ---- the diagram -------------------------------------------------------------------------------


_PAIRS = st.dictionaries(
    st.tuples(st.sampled_from("abcdefghijk"), st.sampled_from("abcdefghijk")),
    st.integers(1, 10**6),
    min_size=1,
    max_size=16,
)


@given(_PAIRS)
def test_nodes_never_touch_and_labels_have_room(pairs):
    layout = lay_out([Flow(*ends, n) for ends, n in pairs.items()], order="abcdefghijk")
    for side in (layout.left, layout.right):
        assert sum(node.customers for node in side) == sum(pairs.values())
        assert [node.label for node in side] == sorted(node.label for node in side)
        for above, below in pairwise(side):
            assert above.top + above.height < below.top
            assert (below.top + below.height / 2) - (above.top + above.height / 2) >= 35.9
        assert side[0].top >= 0
        assert side[-1].top + side[-1].height <= layout.height


@given(_PAIRS)
def test_ribbons_fill_their_nodes(pairs):
    layout = lay_out([Flow(*ends, n) for ends, n in pairs.items()], order="abcdefghijk")
    assert len(layout.ribbons) == len(pairs)
    for node in layout.left:
        own = [ribbon for ribbon in layout.ribbons if ribbon.source == node.label]
        assert sum(ribbon.thickness for ribbon in own) == pytest.approx(node.height)
        assert min(ribbon.start for ribbon in own) == pytest.approx(node.top)
    for ribbon in layout.ribbons:
        numbers = [float(text) for text in re.findall(r"[\d.]+", ribbon.path())]
        assert min(numbers) >= 0
