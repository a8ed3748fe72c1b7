"""The shop's own data counts beside the rows of consent as a row of it would."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tessera.campaigns.consent.brief import ConsentBrief, facts_of, row_of, state_alone
from tessera.campaigns.consent.importing import uploaded_consent
from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.consent.standing import consent_state
from tessera.campaigns.consent.uploaded import (
    UploadedAnswers,
    joined_answers,
    states_with_uploaded,
)

NOW = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
PEOPLE = [character * 32 for character in "0123"]
ADDRESSES = {f"{name[0]}@mail.example": name for name in PEOPLE}
DAYS = st.integers(1, 9)
ANSWERS = st.lists(st.tuples(st.sampled_from(sorted(ADDRESSES)), st.booleans(), DAYS))
ROWS = st.lists(
    st.builds(
        lambda recipient, state, days, lasts, proof, source: ConsentRow(
            recipient=recipient, state=state, at=NOW - dt.timedelta(days=days), proof=proof,
            basis="express" if state == "granted" else None, source=source,
            expires_at=NOW + dt.timedelta(days=lasts - days)
            if state == "granted" and lasts else None,
        ),
        st.sampled_from(PEOPLE), st.sampled_from(["granted", "withdrawn", "bounced"]), DAYS,
        st.integers(0, 9), st.sampled_from(["", "p"]), st.sampled_from(["form", "import"]),
    )
)  # fmt: skip


@given(rows=ROWS, answers=ANSWERS, cut=st.integers(0, 5))
def test_states_are_those_of_all_rows_together(rows, answers, cut):
    stated = [
        uploaded_consent(ADDRESSES[address], answer="GRANTED" if granted else "DENIED",
                         at=NOW - dt.timedelta(days=days))
        for address, granted, days in answers
    ]  # fmt: skip
    parts = [as_columns(answers[:cut]), as_columns(answers[cut:])]
    made = list(
        states_with_uploaded(
            [brief(row) for row in sorted(rows, key=lambda row: row.recipient)],
            joined_answers([part.keyed(ADDRESSES.__getitem__) for part in parts]),
            purpose="marketing",
            now=NOW,
        )
    )
    everything = [*rows, *stated]
    expected = {
        one: consent_state([row for row in everything if row.recipient == one],
                           purpose="marketing", now=NOW)
        for one in {row.recipient for row in everything}
    }  # fmt: skip
    assert dict(made) == expected
    assert len(made) == len(expected)  # nobody twice


@given(ROWS)
def test_a_brief_comes_to_the_same_state_as_its_row(rows):
    for purpose in ("marketing", "tracking", "transactional"):
        again = [row_of(brief(row)) for row in rows]
        assert consent_state(again, purpose=purpose, now=NOW) == consent_state(
            rows, purpose=purpose, now=NOW
        )
        for row in rows:
            expected = consent_state([row], purpose=purpose, now=NOW)
            assert state_alone(facts_of(row), purpose=purpose, now=NOW) == expected


def brief(row):
    return ConsentBrief(row.recipient, row.at.isoformat(), facts_of(row))


def as_columns(answers):
    return UploadedAnswers(
        address=np.array([address for address, _, _ in answers], np.object_),
        is_granted=np.array([granted for _, granted, _ in answers], np.bool_),
        at_us=np.array(
            [int((NOW - dt.timedelta(days=days)).timestamp() * 1e6) for _, _, days in answers],
            np.int64,
        ),
    )
