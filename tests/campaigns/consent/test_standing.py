"""What rows of consent come to: an opt-out beats imports, and order makes no difference."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.campaigns.consent.row import BY_PERSON, ConsentRow
from tessera.campaigns.consent.standing import ConsentState, consent_state, consent_states
from tests.campaigns.consent.made import NOW, RECIPIENT, day, grant, opt_in, stop

NONE, GRANTED, EXPIRED, WITHDRAWN, SUPPRESSED = ConsentState


def state(*rows: ConsentRow, purpose: str = "marketing", channel: str = "email") -> ConsentState:
    return consent_state(rows, purpose=purpose, channel=channel, now=NOW)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], NONE),
        ([grant(10)], GRANTED),
        ([grant(10, basis="soft_opt_in")], GRANTED),
        ([stop(5)], WITHDRAWN),
        ([grant(10), stop(5)], WITHDRAWN),
        ([stop(5), grant(1)], WITHDRAWN),  # a later import
        ([stop(5), grant(1, source="staff", proof="a call")], WITHDRAWN),
        ([stop(5), grant(1, source="upload")], WITHDRAWN),
        ([stop(5), opt_in(1)], GRANTED),
        ([stop(5), opt_in(1, proof="")], WITHDRAWN),
        ([stop(5), opt_in(1, basis="soft_opt_in")], WITHDRAWN),
        ([stop(5), opt_in(5)], WITHDRAWN),  # at the same moment
        ([stop(5), opt_in(9)], WITHDRAWN),
        ([stop(5), opt_in(3), stop(1, source="import")], WITHDRAWN),  # files may opt out
        ([opt_in(9), stop(5, "bounced", source="provider")], SUPPRESSED),
        ([opt_in(9), stop(5, "complained", source="provider")], SUPPRESSED),
        ([stop(5, "bounced", source="provider"), opt_in(1)], GRANTED),
        ([stop(5, "bounced", source="provider"), grant(1)], SUPPRESSED),
        ([stop(5, "bounced", source="provider"), stop(2)], WITHDRAWN),
        ([stop(5, "bounced", source="provider"), stop(5)], WITHDRAWN),
    ],
)
def test_the_latest_stop_counts_unless_the_person_opts_in_again_with_proof(rows, expected):
    assert state(*rows) == expected


def test_a_consent_ends_when_it_expires():
    assert state(grant(10, expires_at=NOW + dt.timedelta(seconds=1))) == GRANTED
    assert state(grant(10, expires_at=NOW)) == EXPIRED
    assert state(grant(10, expires_at=NOW), grant(9, basis="soft_opt_in")) == GRANTED


def test_an_implied_consent_that_has_lapsed_leaves_nothing_known():
    assert state(grant(800, basis="implied_purchase", expires_at=day(70))) == NONE


def test_tracking_is_a_consent_apart():
    marketing, tracking = grant(10), grant(10, purpose="tracking")
    assert state(marketing, purpose="tracking") == NONE
    assert state(tracking) == NONE
    assert state(marketing, tracking, stop(5, purpose="tracking")) == GRANTED
    assert state(marketing, tracking, stop(5, purpose="tracking"), purpose="tracking") == WITHDRAWN


def test_an_address_that_bounced_is_stopped_for_every_purpose_of_its_channel():
    rows = (grant(10), grant(10, purpose="tracking"), grant(10, channel="webhook"))
    bounce = stop(5, "bounced", source="provider")
    assert state(*rows, bounce, purpose="tracking") == SUPPRESSED
    assert state(*rows, bounce, channel="webhook") == GRANTED


def test_transactional_messages_stop_for_dead_addresses_alone():
    assert state(grant(10), stop(5), purpose="transactional") == NONE
    bounce = stop(9, "bounced", source="provider")
    assert state(bounce, stop(5), purpose="transactional") == SUPPRESSED


ROWS = st.one_of(
    st.builds(
        grant,
        st.integers(0, 40),
        basis=st.sampled_from(["express", "soft_opt_in"]),
        source=st.sampled_from(["form", "preference_page", "staff", "upload", "import"]),
        proof=st.sampled_from(["", "entry 17"]),
        expires_at=st.sampled_from([None, NOW + dt.timedelta(days=9)]),
    ),
    st.builds(stop, st.integers(0, 40), st.sampled_from(["withdrawn", "bounced", "complained"])),
)


@given(st.lists(ROWS, max_size=8), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_repetition_changes_anything(
    rows: list[ConsentRow], chance: random.Random
):
    mixed = [*rows, *rows]
    chance.shuffle(mixed)
    assert state(*mixed) == state(*rows)


@given(st.lists(ROWS, max_size=8), st.lists(ROWS, max_size=4))
def test_no_import_ever_brings_back_somebody_who_is_stopped(rows, more):
    imports = [
        dataclasses.replace(row, source="import", purpose="marketing")
        for row in more
        if row.state == "granted"
    ]
    before = state(*rows)
    if before in (WITHDRAWN, SUPPRESSED):
        assert state(*rows, *imports) == before


@given(st.lists(ROWS, max_size=8))
def test_a_new_opt_out_always_counts(rows):
    assert state(*rows, stop(-1)) == WITHDRAWN
    assert {row.source for row in rows if row.is_own_opt_in} <= set(BY_PERSON)


def test_many_recipients_are_folded_in_a_stream():
    other = "f" * 32
    rows = [grant(10), stop(5), grant(10, recipient=other)]
    states = consent_states(iter(rows), purpose="marketing", now=NOW)
    assert list(states) == [(RECIPIENT, WITHDRAWN), (other, GRANTED)]
