"""What the demonstration makes up, with a fixed seed: a CRM's deals, and clicks on pages."""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from tessera.events.names import PURCHASED, VIEWED

DEALS = "salesforce-opportunities"
ACCOUNTS, CONTACTS = "salesforce-accounts", "salesforce-contacts"
NONSENSE = ("this is no JSON", '{"CustomerID": "12347"}')
_LAST_DAY = dt.datetime(2011, 12, 9, 18, tzinfo=dt.UTC)  # of the example
_NEXT_DAY = "2011-12-10"  # after the example's last
_SEED = 20111209
_DEALS, _ACCOUNTS = 240, 60
_CLICKS, _TWICE = 3_000, 150


def write_deals(folder: Path) -> int:
    """Write exports in Salesforce's form. Return how many deals they have."""
    chance = random.Random(_SEED)  # noqa: S311 (no secret)
    accounts = [f"001{number:012d}AAA" for number in range(_ACCOUNTS)]
    _write(
        folder / f"{ACCOUNTS}.csv",
        ["Id", "Name", "BillingCountry"],
        [[one, f"Account {number}", "GBR"] for number, one in enumerate(accounts)],
    )
    _write(
        folder / f"{CONTACTS}.csv",
        ["Id", "AccountId", "Email"],
        [
            [f"003{number:012d}AAA", one, f"account-{number}@example.com"]
            for number, one in enumerate(accounts)
        ],
    )
    rows = []
    for number in range(_DEALS):
        account = chance.randrange(_ACCOUNTS)
        day = _LAST_DAY.date() - dt.timedelta(days=chance.randrange(365))
        stage = "Closed Won" if chance.random() < 0.75 else "Closed Lost"
        rows.append(
            [
                f"006{number:012d}AAA",
                accounts[account],
                f"003{account:012d}AAA",
                stage,
                day.isoformat(),
                f"{chance.randrange(20_000, 400_000) / 100:.2f}",
            ]
        )
    header = ["Id", "AccountId", "ContactId", "StageName", "CloseDate", "Amount"]
    _write(folder / f"{DEALS}.csv", header, rows)
    return _DEALS


def write_clicks(path: Path, *, customers: Sequence[str]) -> int:
    """Write clicks of some customers, some of them twice and some no clicks at all.

    Return how many lines there are.
    """
    lines = [json.dumps(click) for click in _clicks(customers)]
    lines += lines[:_TWICE]
    lines += NONSENSE
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return len(lines)


def live_event(customer: str, number: int) -> dict[str, str]:
    """Return a click for an even number, an order for an odd one, each of the same minute."""
    event = {
        "EventID": f"lifecycle-{number}",
        "CustomerID": customer,
        "Date": f"{_NEXT_DAY}T09:{number % 60:02d}:00Z",
        "EventName": VIEWED,
    }
    order = {"EventName": PURCHASED, "Amount": "25.00", "OrderID": f"L{number}"}
    return event | order if number % 2 else event


def _clicks(customers: Sequence[str]) -> Iterator[dict[str, str]]:
    chance = random.Random(_SEED)  # noqa: S311 (no secret)
    for number in range(_CLICKS):
        at = _LAST_DAY - dt.timedelta(seconds=chance.randrange(45 * 86_400))
        yield {
            "EventID": f"click-{number}",
            "EventName": "VIEWED",
            "CustomerID": chance.choice(customers),
            "Date": at.isoformat().replace("+00:00", "Z"),
        }


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
