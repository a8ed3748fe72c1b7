"""Customers of a run by their pseudonym. No answer here names a person."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tessera.contracts.table import Column, Type
from tessera.contracts.tables import PROFILES
from tessera.errors import InvalidInput
from tessera.records.run_of_day import RunOfDay

_TYPES: Mapping[Type, Any] = {
    "string": str,
    "int": int,
    "bigint": int,
    "double": float,
    "decimal(18,4)": Decimal,
    "decimal(18,2)": Decimal,
    "timestamp": dt.datetime,
    "date": dt.date,
}


def _field(column: Column) -> tuple[str, Any, Any]:
    kind = Mapping[str, str] if column.name == "labels" else _TYPES[column.type]
    described = dataclasses.field(metadata={"description": column.meaning})
    return column.name, kind | None if column.nullable else kind, described


if TYPE_CHECKING:

    class CustomerProfile:
        """A customer's row of the profiles."""

        def __init__(self, **columns: Any) -> None: ...  # noqa: ANN401

        customer_key: str
        segment: str

else:
    # The contract of the profiles is the one definition of their columns.
    CustomerProfile = dataclasses.make_dataclass(
        "CustomerProfile",
        [_field(column) for column in PROFILES.columns],
        frozen=True,
        kw_only=True,
        slots=True,
    )
    CustomerProfile.__doc__ = "A customer's row of the profiles."


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerPage(RunOfDay):
    """Customers in the order of their keys.

    Parameters
    ----------
    items
        At most as many as were asked for. A page with few matches may have fewer, or none, and
        still be followed by another one.
    next
        The ``cursor`` of the next page. None on the last one.
    """

    items: tuple[CustomerProfile, ...]
    next: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class BoughtProduct:
    """A product that a customer bought.

    Parameters
    ----------
    product
        Its code, or its name where it has none.
    name
        What most rows call it. None without one.
    category
        What most rows with a category say. None without one, and in runs of versions before it.
    lines
        Rows of the customer's orders with it.
    first_days_ago, last_days_ago
        Days from the first and the last of them to the run's day.
    """

    product: str
    name: str | None
    lines: int
    first_days_ago: int
    last_days_ago: int
    category: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RecommendedProduct:
    """A product that a customer is likely to buy next.

    Parameters
    ----------
    product
        Its code, or its name where it has none.
    name, category
        What rows call it, and its category. None without one, and once the run's files have
        expired.
    """

    product: str
    name: str | None
    category: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerDetail(RunOfDay):
    """One customer, and why the customer has these labels.

    Parameters
    ----------
    profile
        The customer's row of the profiles. None for a customer who left since the previous run.
    explanation
        Values, thresholds, rules, forecasts with their reasons, and the cause of a move. The same
        as ``tessera explain --json``.
    products
        What the customer bought, at most 100 products, the latest first. Empty where no upload
        names products, and once the run's files have expired.
    next_products
        What the customer is likely to buy next, the likeliest first. Empty where it is withheld.
    """

    profile: CustomerProfile | None
    explanation: Mapping[str, Any]
    products: tuple[BoughtProduct, ...] = ()
    next_products: tuple[RecommendedProduct, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelOfRun(RunOfDay):
    """A customer's segment in one run.

    Parameters
    ----------
    label
        The segment. None where the run did not know the customer.
    cause, words
        Why it differs from the run before: the cause's name, and what it means. None where it
        does not differ, and in a first run.
    """

    label: str | None
    cause: str | None
    words: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelHistory(RunOfDay):
    """A customer's segment over time.

    Parameters
    ----------
    items
        The run and those before it, the newest first: at most 12, back to the first that knew the
        customer.
    more
        Whether earlier runs knew the customer too.
    """

    items: tuple[LabelOfRun, ...]
    more: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerSearch:
    """A search for a customer by the shop's id, or by an address.

    Parameters
    ----------
    term
        The id, e-mail address or phone number.
    """

    term: str = dataclasses.field(metadata={"schema": {"minLength": 1, "maxLength": 320}})

    def __post_init__(self) -> None:
        """Refuse what no id or address can be."""
        if not 1 <= len(self.term) <= 320:
            raise InvalidInput("term: expected 1 to 320 characters")


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerMatches:
    """The keys of the customers that a search matched, at most 20."""

    customer_keys: tuple[str, ...]
