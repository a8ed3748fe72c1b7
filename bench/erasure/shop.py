"""A made-up shop with every large table that a stage keeps."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa

from adapters.tables.parquet import arrow_schema, write_batches
from bench.erasure.folder import FolderVersions
from tessera import naming
from tessera.contracts.table import Table
from tessera.contracts.tables import EVENTS, IDENTITIES, ORDER_IDS, PROFILES
from tessera.events.pseudonym import customer_keys

TENANT, SECRET = "default", b"a secret for measurements"
UPLOADS, RUNS = 10, 2
_SLICE = 1_000_000
_SECOND_US = 1_000_000


def customer_id(number: int) -> str:
    """Return the shop's id of a customer."""
    return f"C-{number:07d}"


def make_shop(folder: Path, *, customers: int, events: int) -> None:
    """Write a shop: uploads, events, identities, order ids, profiles of runs, a ledger, exports."""
    data, identities = buckets(folder)
    key_of = customer_keys(SECRET, tenant=TENANT)
    ids = [customer_id(number) for number in range(customers)]
    keyed = sorted((key_of(each), each) for each in ids)
    keys = np.array([key for key, _ in keyed])
    names = [name for _, name in keyed]
    chance = np.random.default_rng(7)
    for number in range(UPLOADS):
        upload = f"{number:016x}"
        places = np.sort(chance.integers(0, customers, events // UPLOADS))
        first = number * (events // UPLOADS)
        orders = np.char.mod("%024x", first + np.arange(len(places)))
        _write(
            data,
            f"{naming.events_prefix(TENANT, upload)}content=0/part-00000.parquet",
            EVENTS,
            {
                "customer_key": keys[places],
                "event": np.full(len(places), "PURCHASED"),
                "occurred_at": _times(len(places)),
                "amount": pa.array(np.full(len(places), "12.5000")).cast(pa.decimal128(18, 4)),
                "order_id": orders,
            },
        )
        _write(
            identities,
            f"{naming.order_ids_prefix(TENANT, upload)}content=0/part-00000.parquet",
            ORDER_IDS,
            {
                "kind": np.full(len(places), "order_id"),
                "key": orders,
                "id": np.char.mod("o%d", first + np.arange(len(places))),
            },
        )
        some = range(number, customers, UPLOADS)
        _write(
            identities,
            f"{naming.identities_prefix(TENANT, upload)}content=0/part-00000.parquet",
            IDENTITIES,
            {
                "customer_key": keys[list(some)],
                "customer_id": [names[each] for each in some],
                "channel_type": ["EMAIL"] * len(some),
                "address": [f"{names[each].lower()}@example.com" for each in some],
                "last_seen_at": _times(len(some)),
            },
        )
    for run in range(RUNS):
        partition = naming.profiles_partition(f"2026-0{run + 1}-01", f"r{run}")
        _write(
            data,
            f"{naming.profiles_prefix(TENANT)}{partition}part-0.parquet",
            PROFILES,
            {
                "customer_key": keys,
                "frequency": np.ones(customers, np.int64),
                "monetary": pa.array(np.full(customers, "12.50")).cast(pa.decimal128(18, 2)),
                "views": np.zeros(customers, np.int64),
                "segment": np.full(customers, "Loyal"),
                "as_of": pa.array(np.full(customers, 20_000), pa.int32()).cast(pa.date32()),
            },
        )
    lines = "".join(f"{key},0123456789abcdef,,{name}\n" for key, name in keyed)
    ledger = naming.ledger_prefix(TENANT, "webhook")
    identities.write(f"{ledger}base.csv.gz", gzip.compress(lines.encode(), 1))
    rows = "".join(f"{name},{name.lower()}@example.com,Loyal\n" for name in names)
    export = naming.destination_prefix(TENANT, "r1", "export")
    identities.write(f"{export}contacts.csv", f"customer_id,address,segment\n{rows}".encode())
    data.write("uploads/orders.csv", f"CustomerID,Email,Note\n{rows}".encode())


def buckets(folder: Path) -> tuple[FolderVersions, FolderVersions]:
    """Return the data bucket and the identities bucket of a folder."""
    for name in ("data", "identities"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return FolderVersions(folder / "data"), FolderVersions(folder / "identities")


def _times(count: int) -> pa.Array:
    seconds = 1_700_000_000 + np.arange(count) % 30_000_000
    return pa.array(seconds * _SECOND_US, pa.timestamp("us", tz="UTC"))


def _write(bucket: FolderVersions, key: str, contract: Table, columns: dict[str, object]) -> None:
    """Write a table. Columns that are not given have no values."""
    schema = arrow_schema(contract)
    rows = len(next(iter(columns.values())))  # type: ignore[arg-type]
    table = pa.table(
        {
            field.name: pa.array(columns[field.name]).cast(field.type)
            if field.name in columns
            else pa.nulls(rows, field.type)
            for field in schema
        }
    )
    path = bucket.path(key)
    slices = (table.slice(first, _SLICE) for first in range(0, rows, _SLICE))
    write_batches(path, slices, contract)
