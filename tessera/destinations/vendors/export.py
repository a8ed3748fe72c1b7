"""The neutral export: files that any tool can read, and that need nobody's permission.

``customers.parquet`` and ``customers.csv`` have one row a customer, ``contacts.csv`` one row an
address, ``segments.json`` what the labels mean.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tessera.contracts.csv_cells import safe_cell
from tessera.contracts.tables import CUSTOMER_OUTPUT
from tessera.destinations.port import Capabilities, Customer, Segment

CAPABILITIES = Capabilities(requests=False)
CUSTOMERS_PARQUET = "customers.parquet"
CUSTOMERS_CSV = "customers.csv"
CONTACTS_CSV = "contacts.csv"
SEGMENTS_JSON = "segments.json"
CUSTOMER_HEADER = CUSTOMER_OUTPUT.names
CONTACT_HEADER = (
    "customer_id",
    "channel_type",
    "address",
    "segment",
    "segment_name",
    "cluster",
    "rfm_score",
    "as_of",
)


def row(customer: Customer) -> dict[str, Any]:
    """Return a customer's row of the CUSTOMER_OUTPUT contract."""
    return {"customer_id": customer.customer_id, **customer.profile}


def customer_cells(values: Mapping[str, Any]) -> list[str]:
    """Return a row's cells for the CSV, in the header's order."""
    return [cell(values[name]) for name in CUSTOMER_HEADER]


def contact_cells(customer: Customer, *, names: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield a line for each address that is the customer's own.

    Parameters
    ----------
    customer
        The customer.
    names
        Segment name by label.
    """
    profile = customer.profile
    for contact in customer.contacts:
        values = (
            customer.customer_id,
            contact.channel_type,
            contact.address,
            profile["segment"],
            names.get(profile["segment"], ""),
            profile["cluster"],
            profile["rfm_score"],
            profile["as_of"],
        )
        yield [cell(value) for value in values]


def cell(value: object) -> str:
    """Return a value as CSV text: instants in UTC as ISO 8601, nothing as an empty cell."""
    if isinstance(value, str):
        return safe_cell(value)
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return str(value)  # a number or a day: no spreadsheet takes it for a formula


def segments_record(segments: Sequence[Segment], *, as_of: str, run_id: str) -> dict[str, Any]:
    """Return what ``segments.json`` says."""
    return {
        "as_of": as_of,
        "run_id": run_id,
        "segments": [
            {
                **dataclasses.asdict(segment),
                "attribute": "segment" if segment.kind == "segment" else "cluster",
            }
            for segment in segments
        ],
    }
