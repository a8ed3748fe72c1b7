"""Made-up charges of an account, each by its number alone."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable

from local.services.stripe_shop.account import AccountContent, Document

_FIRST_SECOND = 1_672_531_200  # 2023-01-01T00:00:00Z
_STEP_SECONDS = 90
_DAY = 86_400
_STATUSES = ("succeeded",) * 19 + ("failed",)


def made_account(
    charges: int, *, seed: int = 1, refunds: int = 33, disputes: int = 1_000
) -> AccountContent:
    """Return an account with made-up charges, one each 90 seconds.

    Parameters
    ----------
    refunds, disputes
        Of how many charges one is refunded, and one is disputed and lost.
    """
    account = AccountContent()
    account.make_other = _customer
    make: Callable[[int], Document] = functools.partial(_charge, seed=seed)
    for number in range(1, charges + 1):
        created = _FIRST_SECOND + number * _STEP_SECONDS
        account.charges.put(f"ch_{number:08d}", created, functools.partial(make, number))
        if number % refunds == 0:
            document = functools.partial(_back, number, "re", make)
            account.refunds.put(f"re_{number:08d}", created + _DAY, document)
        if number % disputes == 0:
            document = functools.partial(_back, number, "dp", make)
            account.disputes.put(f"dp_{number:08d}", created + _DAY, document)
    return account


def _customer(name: str) -> Document | None:
    if name.startswith("cus_"):
        email = f"customer-{name.removeprefix('cus_')}@example.com"
        return {"id": name, "object": "customer", "email": email}
    if name.startswith("txn_"):
        _, units, _ = name.split("_")
        return {
            "id": name,
            "object": "balance_transaction",
            "amount": int(units),
            "currency": "usd",
        }
    return None


def _charge(number: int, *, seed: int) -> Document:
    chance = random.Random(f"{seed} {number}")  # noqa: S311 (made-up charges)
    amount = 100 * chance.randint(5, 200)
    status = "succeeded" if number % 33 == 0 else chance.choice(_STATUSES)
    paid = status == "succeeded"
    return {
        "id": f"ch_{number:08d}",
        "object": "charge",
        "amount": amount,
        "amount_captured": amount if paid else 0,
        "amount_refunded": 0,
        "balance_transaction": f"txn_{amount}_{number}" if paid else None,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None},
        "captured": paid,
        "created": _FIRST_SECOND + number * _STEP_SECONDS,
        "currency": "usd",
        "customer": f"cus_{int(number * chance.random()) // 3}",
        "livemode": True,
        "receipt_email": None,
        "status": status,
    }


def _back(number: int, kind: str, make: Callable[[int], Document]) -> Document:
    charge = make(number)
    amount = charge["amount"] // 2 if kind == "re" else charge["amount"]
    document = {
        "id": f"{kind}_{number:08d}",
        "object": "refund" if kind == "re" else "dispute",
        "amount": amount,
        "charge": charge["id"],
        "created": charge["created"] + _DAY,
        "currency": "usd",
    }
    if kind == "re":
        return {**document, "status": "succeeded", "balance_transaction": f"txn_-{amount}_{number}"}
    moved = {"id": f"txn_-{amount}_{number}", "amount": -amount, "currency": "usd"}
    return {**document, "status": "lost", "balance_transactions": [moved]}
