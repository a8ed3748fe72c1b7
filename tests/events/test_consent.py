"""What cells say of consent to advertising."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.events.consent import DENIED, GRANTED, SPELLINGS, parse_consent
from tessera.events.reasons import Unreadable


@pytest.mark.parametrize("text", ["GRANTED", "granted", "true", "Yes", "Y", "1", " tRuE "])
def test_who_says_yes_grants(text):
    assert parse_consent(text) == GRANTED


@pytest.mark.parametrize("text", ["DENIED", "denied", "false", "No", "n", "0"])
def test_who_says_no_denies(text):
    assert parse_consent(text) == DENIED


@pytest.mark.parametrize("text", [None, "", "   ", "\t"])
def test_a_blank_cell_says_nothing(text):
    assert parse_consent(text) is None


@pytest.mark.parametrize("text", ["perhaps", "-1", "1.0", "yes!", "not granted", "opt-in", "2"])
def test_nothing_is_guessed(text):
    with pytest.raises(Unreadable) as caught:
        parse_consent(text)
    assert caught.value.reason.code == "bad_consent"


@given(st.sampled_from(sorted(SPELLINGS)))
def test_what_an_engine_compares_means_what_we_read(spelling):
    assert SPELLINGS[spelling] == parse_consent(spelling)
