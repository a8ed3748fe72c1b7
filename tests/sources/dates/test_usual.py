"""The usual spellings are read as all others are: a spelling beside them takes the general way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.events.reasons import Unreadable
from tessera.sources.dates.instants import parse_instant, zone_of
from tessera.sources.dates.order import Dates
from tessera.sources.dates.usual import parse_usual

ZONE = zone_of("Europe/Paris")
RFC_2822 = st.from_regex(
    r"((Mon|Sun), )?[0-3]?[0-9] (Jan|Feb|Jun|Dec) (19[78]|20[09]|2[19]0)[0-9]"
    r" [0-2][0-9]:[0-6][0-9]:[0-6][0-9] [+-][01][0-9][0-6][0-9]",
    fullmatch=True,
)
ISO_8601 = st.from_regex(
    r"(19[78]|20[09]|2[19]0)[0-9]-[01][0-9]-[0-3][0-9]"
    r"([T ][0-2][0-9]:[0-6][0-9](:[0-6][0-9](\.[0-9]{1,6})?)?(Z|[+-][01][0-9]:[0-6][0-9])?)?",
    fullmatch=True,
)


def outcome(text):
    """Return the instant, or the code of the fault."""
    try:
        return parse_instant(text, zone=ZONE)
    except Unreadable as error:
        return error.reason.code


@given(RFC_2822)
def test_rfc_2822_is_what_the_general_reading_gives(text):
    beside = text.replace(" ", "  ")
    assert parse_usual(beside) is None
    assert outcome(text) == outcome(beside)


@given(ISO_8601)
def test_iso_8601_is_what_the_general_reading_gives(text):
    beside = text.replace("-", "/", 2) if len(text) == 10 else f"{text[:10]}  {text[11:]}"
    assert parse_usual(beside) is None
    assert outcome(text) == outcome(beside)


@pytest.mark.parametrize(
    "text",
    ["Sat, 01 Jan 2022 05:30:08 IST", "1 January 2022", "2022-1-1", "٢٠٢٢-01-01", "soon", ""],
)
def test_nothing_else_is_usual(text):
    assert parse_usual(text) is None


def test_a_format_of_the_files_own_comes_first():
    with pytest.raises(Unreadable):
        parse_instant("2022-01-02", zone=ZONE, dates=Dates(pattern="%d.%m.%Y"))
