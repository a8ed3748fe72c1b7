"""How much money of one customer can be counted: what each table's decimal(18,4) holds."""

from __future__ import annotations

from decimal import Decimal

from tessera.errors import InvalidInput

LIMIT = Decimal(10) ** 14  # an amount of one row is smaller too


def check_countable(money: Decimal, *, uploads: str) -> None:
    """Refuse a history in which one customer's amounts add up to more than can be counted.

    Parameters
    ----------
    money
        The largest sum of one customer's amounts, without their signs.
    uploads
        What brings the amounts, for the message.

    Raises
    ------
    InvalidInput
        The sum has more than 14 digits before the decimal point.
    """
    if money < LIMIT:
        return
    raise InvalidInput(
        f"with {uploads} the amounts of one customer add up to {money:,.2f}, and at most "
        f"{LIMIT - Decimal('0.01'):,.2f} can be counted. Look for amounts that are other numbers, "
        "such as phone numbers or dates, correct them, and upload the file again. Nothing was "
        "stored"
    )
