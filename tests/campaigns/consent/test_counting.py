"""People are counted once, by what all of their rows come to."""

from __future__ import annotations

import datetime as dt

from tessera.campaigns.consent.counting import ConsentTotals, count_consents
from tessera.campaigns.consent.row import ConsentRow
from tests.campaigns.fakes import hexes

NOW = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def row(number, state="granted", *, ago=1, source="import", **more):
    basis = {"basis": "express"} if state == "granted" else {}
    return ConsentRow(
        recipient=hexes(number), state=state, source=source, at=NOW - ago * DAY, **basis | more
    )


def test_each_person_counts_once_for_each_purpose():
    rows = [
        row(1), row(1, "withdrawn", ago=0),
        row(2), row(2, purpose="tracking"),
        row(3, "bounced", source="provider"),
        row(4, ago=9, expires_at=NOW - DAY),
        row(5, ago=900, basis="implied_purchase", expires_at=NOW - DAY),
    ]  # fmt: skip
    assert count_consents(rows, now=NOW) == ConsentTotals(
        people=5,
        marketing={"withdrawn": 1, "granted": 1, "suppressed": 1, "expired": 1, "none": 1},
        tracking={"none": 3, "granted": 1, "suppressed": 1},
        by_basis={"express": 1},
    )


def test_the_latest_consent_that_holds_names_the_basis():
    rows = [
        row(1, ago=3),
        row(1, ago=2, basis="soft_opt_in"),
        row(1, ago=1, basis="implied_inquiry", expires_at=NOW - DAY / 2),
    ]
    assert count_consents(rows, now=NOW).by_basis == {"soft_opt_in": 1}


def test_without_rows_there_is_nobody():
    assert count_consents([], now=NOW).people == 0
