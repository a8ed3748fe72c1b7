"""Columns of e-mail addresses come to the same as one address at a time."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from adapters.tables.email_addresses import EmailAddresses, normal_emails
from tessera.events.contact_points.email import normal_email

SPELLINGS = [" Ann@Mail.Example ", "ann@bücher.example", "ann@mail", "", None, "a..b@x.example",
             "ann@home.local", f"{'a' * 65}@mail.example"]  # fmt: skip


@given(st.lists(st.one_of(st.none(), st.text(max_size=12), st.sampled_from(SPELLINGS),
                          st.emails())))  # fmt: skip
def test_a_column_is_read_as_each_of_its_texts(texts):
    expected = [normal_email(text) or None if text is not None else None for text in texts]
    assert normal_emails(pa.array(texts, pa.string())).to_pylist() == expected


def test_other_channels_have_no_address_and_keep_their_row():
    rows = pa.RecordBatch.from_pylist(
        [
            {"customer_key": "a", "channel_type": "EMAIL", "address": "A@mail.example"},
            {"customer_key": "b", "channel_type": "SMS", "address": "b@mail.example"},
            {"customer_key": "c", "channel_type": None, "address": "c@mail.example"},
        ]
    )
    made = EmailAddresses(("customer_key", "address"))(rows)
    assert made.to_pydict() == {
        "customer_key": ["a", "b", "c"], "address": ["a@mail.example", None, None],
    }  # fmt: skip
