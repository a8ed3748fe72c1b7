"""A row of consent that states nothing usable is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from tessera.campaigns.consent.row import ConsentRow
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode
from tests.campaigns.consent.made import NOW, grant, opt_in, stop


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: grant(1, recipient="ann@mail.example"), "expected 32 hexadecimal digits"),
        (lambda: grant(1, basis=None), "basis is None: expected a basis for 'granted'"),
        (lambda: stop(1, basis="express"), "basis is 'express': expected null for 'withdrawn'"),
        (lambda: grant(1, country="Germany"), "country is 'Germany': expected such as 'DE'"),
        (lambda: grant(1, basis="implied_purchase"), "expires_at is None: .* as implied ones"),
        (lambda: grant(1, expires_at=NOW - dt.timedelta(days=2)), "expires_at is"),
        (lambda: stop(1, expires_at=NOW), "expires_at is"),
        (lambda: grant(1, purpose="tracking", basis="soft_opt_in"), "only an express consent"),
    ],
)
def test_a_row_without_sense_is_refused(make, complaint):
    with pytest.raises(InvalidInput, match=complaint):
        make()


def test_a_row_reads_back_equal_and_has_one_digest():
    row = opt_in(1, country="DE", text_version="2026-05")
    again = decode(ConsentRow, encode(row), document="consent")
    assert again == row
    assert again.digest == row.digest != opt_in(2).digest
    assert len(row.digest) == 16


def test_only_a_person_with_proof_opts_in_itself():
    assert opt_in(1).is_own_opt_in
    assert not opt_in(1, proof="").is_own_opt_in
    assert not grant(1, proof="a file").is_own_opt_in
    assert not stop(1).is_own_opt_in
