"""What customers buy: the figures of a run's products."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class Product:
    """One product in numbers.

    Parameters
    ----------
    code, name
        The shop's code, and the name that most of its rows have. One of them may be absent.
    category
        What most of its rows with a category say. None without one.
    money
        Net money, as text: what it sold less what was given back for it.
    money_share
        Its share of the money of all customers. None where that is not above 0.
    returned
        Money of its returns and refunds, as text, 0 or below.
    lines
        Rows of orders with it.
    buyers
        Customers who bought it.
    repeat_buyers, repeat_rate
        Those who bought it on two days or more, and their share. None without a buyer.
    first_buyers
        Those who bought it on the day of their first order.
    """

    code: str | None
    name: str | None
    money: str
    money_share: float | None
    returned: str
    lines: int
    buyers: int
    repeat_buyers: int
    repeat_rate: float | None
    first_buyers: int
    category: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Products:
    """The products of a run's orders.

    Parameters
    ----------
    count
        How many there are.
    buyers
        Customers who bought at least one.
    money
        Their net money, as text.
    without
        Net money of rows that name no product, as text. With ``money`` it is the money of all
        customers.
    items
        The products with most money and those with most buyers, the most money first.
    """

    count: int
    buyers: int
    money: str
    without: str
    items: tuple[Product, ...]

    @property
    def most_bought(self) -> tuple[Product, ...]:
        """The products by their buyers, the most first."""
        return tuple(sorted(self.items, key=lambda one: -one.buyers))
