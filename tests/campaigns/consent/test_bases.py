"""How long implied consents last, and who a declared basis covers."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from tessera.campaigns.consent.bases import covered, declared_basis, implied_until
from tessera.errors import InvalidInput

EPOCH = dt.date(1970, 1, 1)


@pytest.mark.parametrize(
    ("basis", "at", "until"),
    [
        ("implied_purchase", "2024-06-30T10:00:00+00:00", "2026-06-30T10:00:00+00:00"),
        ("implied_purchase", "2024-02-29T10:00:00+00:00", "2026-02-28T10:00:00+00:00"),
        ("implied_inquiry", "2026-08-31T23:00:00+02:00", "2027-02-28T23:00:00+02:00"),
        ("implied_inquiry", "2026-12-31T00:00:00+00:00", "2027-06-30T00:00:00+00:00"),
    ],
)
def test_an_implied_consent_lasts_two_years_or_six_months(basis, at, until):
    assert implied_until(basis, at=dt.datetime.fromisoformat(at)).isoformat() == until


def test_other_consents_have_no_end_by_law():
    with pytest.raises(InvalidInput, match="'express' has no end by law"):
        implied_until("express", at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_a_basis_is_declared_for_a_country_or_all_others():
    declared = {"US": "opt_out", "*": "soft_opt_in"}
    assert declared_basis(declared, country="US") == "opt_out"
    assert declared_basis(declared, country="DE") == "soft_opt_in"
    assert declared_basis(declared, country="") == "soft_opt_in"
    assert declared_basis({"US": "opt_out"}, country="") == ""


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        ("", [False, False, False, False]),
        ("opt_out", [True, True, True, True]),
        ("soft_opt_in", [True, True, True, False]),
        ("implied", [True, True, False, False]),
    ],
)
def test_a_basis_covers_customers_by_their_last_purchase(basis, expected):
    today = dt.date(2026, 12, 1)
    bought = [dt.date(2026, 11, 30), dt.date(2024, 12, 1), dt.date(2024, 11, 30)]
    days = np.array([*((each - EPOCH).days for each in bought), np.nan])
    assert covered(basis, last_purchase_day=days, today=today).tolist() == expected
