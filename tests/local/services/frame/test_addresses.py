"""Stand-ins refuse what vendors refuse, and take whatever the product calls normal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.services.frame.addresses import is_email, is_phone
from tessera.events.contact_points.email import normal_email
from tessera.events.contact_points.phone import normal_phone


@pytest.mark.parametrize(
    "text",
    ["", "ann", "ann@mail", "a@b@c.example", "a b@c.example", "a\u200b@c.example", "a.@c.example",
     ".a@c.example", "a..b@c.example", "a@c..example", "a@c.example.", "a@b\u00fccher.example",
     "Ann <a@c.example>", "a@c.example;b@c.example", "mailto:a@c.example", '"a"@c.example',
     "a@-c.example", "a@c.example\n", " a@c.example", "a" * 65 + "@c.example",
     "a@" + "b" * 64 + ".example", "a@" + "b." * 130 + "example"],
)  # fmt: skip
def test_an_impossible_email_address_is_refused(text):
    assert not is_email(text)


@pytest.mark.parametrize(
    "text",
    ["", "0170 1234567", "491701234567", "+49 170 1234567", "+49(0)1701234567", "+0123456789",
     "+1555", "+4917012345678901234", "+15550100100100", "call me", "+491701234567\n"],
)  # fmt: skip
def test_a_number_that_is_not_e_164_is_refused(text):
    assert not is_phone(text)


@given(st.emails())
def test_a_normal_email_address_is_taken(text):
    assert is_email(normal_email(text) or "ann@mail.example")


@given(st.text("0123456789", min_size=6, max_size=12), st.sampled_from(["+49", "+1", "+44", "0"]))
def test_a_normal_number_is_taken(digits, before):
    assert is_phone(normal_phone(before + digits, region="DE") or "+491701234567")
