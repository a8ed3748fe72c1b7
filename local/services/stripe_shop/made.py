"""Made-up charges of an account, each by its number alone: a million need no memory."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Sequence
from typing import overload

from local.services.stripe_shop.account import AccountContent, Document, ObjectList

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
    account.charges = MadeList("ch", charges, make=make)
    account.refunds = MadeList(
        "re", charges, every=refunds, make=functools.partial(_back, kind="re", charge_of=make)
    )
    account.disputes = MadeList(
        "dp", charges, every=disputes, make=functools.partial(_back, kind="dp", charge_of=make)
    )
    return account


class MadeList(ObjectList):
    """Made-up objects of one kind, which nobody may add to.

    Parameters
    ----------
    kind
        What their ids begin with.
    charges
        How many charges the account has.
    every
        Of how many charges one has such an object.
    make
        Makes that of a charge, by the charge's number.
    """

    def __init__(
        self, kind: str, charges: int, *, every: int = 1, make: Callable[[int], Document]
    ) -> None:
        super().__init__()
        self._numbered = _Numbered(range(every, charges + 1, every), kind=kind)
        self._make = make

    def put(self, name: str, created: int, document: Document | Callable[[], Document]) -> None:
        """Refuse an object."""
        raise NotImplementedError(f"{name} of {created} is no made-up object: {document}")

    def get(self, name: str) -> Document | None:
        """Make an object, None when there is none."""
        number = self._numbered.number(name)
        return None if number is None else self._make(number)

    def _listed(self) -> Sequence[tuple[int, str]]:
        return self._numbered


class _Numbered(Sequence[tuple[int, str]]):
    """When each made-up object was created, and its id."""

    def __init__(self, numbers: range, *, kind: str) -> None:
        self._numbers = numbers
        self._kind = kind

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> tuple[int, str]: ...

    @overload
    def __getitem__(self, place: slice) -> list[tuple[int, str]]: ...

    def __getitem__(self, place: int | slice) -> tuple[int, str] | list[tuple[int, str]]:
        if isinstance(place, slice):
            return [self._of(number) for number in self._numbers[place]]
        return self._of(self._numbers[place])

    def number(self, name: str) -> int | None:
        """Return the number of the charge of an object, None when there is none."""
        kind, _, digits = name.partition("_")
        number = int(digits) if digits.isdecimal() else 0
        known = kind == self._kind and number in self._numbers and self._of(number)[1] == name
        return number if known else None

    def _of(self, number: int) -> tuple[int, str]:
        later = 0 if self._kind == "ch" else _DAY
        return _created(number) + later, f"{self._kind}_{number:08d}"


def _created(number: int) -> int:
    return _FIRST_SECOND + number * _STEP_SECONDS


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
        "created": _created(number),
        "currency": "usd",
        "customer": f"cus_{int(number * chance.random()) // 3}",
        "livemode": True,
        "receipt_email": None,
        "status": status,
    }


def _back(number: int, *, kind: str, charge_of: Callable[[int], Document]) -> Document:
    charge = charge_of(number)
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
