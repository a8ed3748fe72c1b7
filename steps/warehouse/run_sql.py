"""Bring the warehouse up to date: the limit, schemas and views, loads, the stream, and orders back.

Everything may be done again: a call that ends half way is repaired by the next one.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from adapters.aws.objects import Objects
from adapters.stores.upload_folder import UploadFolder
from tessera import naming
from tessera.errors import InvalidInput
from tessera.records.folder_end import read_folder_end
from tessera.warehouse.redshift.statements import (
    LoadedTable,
    Statement,
    load,
    refresh,
    setup,
    unload,
)


class SqlRunner(Protocol):
    """Runs statements."""

    def run(self, statement: Statement) -> None:
        """Run one and wait for its end."""


class Limit(Protocol):
    """Bounds what the warehouse may use."""

    def ensure(self, hours: int) -> bool:
        """Make the limit so. Return whether anything changed."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class WarehousePlan:
    """What the warehouse of a stage has.

    Parameters
    ----------
    catalog
        The Glue catalog's database.
    stream
        The event stream. Empty without one.
    customers_schema
        Where the destination ``redshift`` writes. Empty to join no ids.
    loads
        The upload folders that are tables.
    orders
        The table or view whose rows go back into the pipeline. Empty for none.
    key_arn
        Of the key that encrypts them.
    rpu_hours
        How many RPU-hours a month it may use.
    """

    catalog: str
    stream: str
    customers_schema: str
    loads: Sequence[LoadedTable]
    orders: str
    key_arn: str
    rpu_hours: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class WarehouseReport:
    """How many statements ran, which folders were loaded or absent, whether orders came back."""

    statements: int
    loaded: tuple[str, ...]
    absent: tuple[str, ...]
    orders: bool


def run_warehouse_sql(
    plan: WarehousePlan, *, sql: SqlRunner, limit: Limit, data: Objects, now: dt.datetime
) -> WarehouseReport:
    """Run all of the plan.

    Raises
    ------
    InvalidInput, Refused, Retryable
        A statement could not be run. The next call begins from the start.
    """
    limit.ensure(plan.rpu_hours)
    statements = list(
        setup(
            database=plan.catalog,
            stream_name=plan.stream,
            customers_schema=plan.customers_schema,
        )
    )
    loaded: list[str] = []
    absent: list[str] = []
    for table in plan.loads:
        manifest = _manifest(data, table)
        (loaded if manifest else absent).append(table.folder)
        if manifest:
            statements += load(table, manifest=manifest)
    if plan.stream:
        statements.append(refresh())
    for statement in statements:
        sql.run(statement)
    if plan.orders:
        _hand_back(plan, sql=sql, data=data, now=now)
    return WarehouseReport(
        statements=len(statements) + bool(plan.orders),
        loaded=tuple(loaded),
        absent=tuple(absent),
        orders=bool(plan.orders),
    )


def _manifest(data: Objects, table: LoadedTable) -> str:
    """Write the manifest of the parts that count. Return its address, empty without a part."""
    folder = naming.source_folder(naming.DEFAULT_TENANT, table.folder)
    end_key = folder + naming.FOLDER_COMPLETE
    if not data.exists(end_key):
        return ""
    end = read_folder_end(data.read(end_key), document=f"s3://{data.bucket}/{end_key}")
    if end is None:
        raise InvalidInput(
            f"{end_key} lists no parts, so the warehouse cannot know which of them count: load "
            "only folders that a source of Tessera writes"
        )
    if not end.parts:
        return ""
    entries = [
        {
            "url": f"s3://{data.bucket}/{folder}{part.name}",
            "mandatory": True,
            "meta": {"content_length": part.bytes},
        }
        for part in end.parts
    ]
    key = naming.warehouse_manifest(table.folder)
    data.write_json(key, {"entries": entries})
    return f"s3://{data.bucket}/{key}"


def _hand_back(plan: WarehousePlan, *, sql: SqlRunner, data: Objects, now: dt.datetime) -> None:
    """Write orders as an upload: new parts beside the old ones, which count until the end."""
    folder = UploadFolder(data, tenant=naming.DEFAULT_TENANT, name=naming.WAREHOUSE_ORDERS)
    begin = f"{now:%Y%m%d%H%M%S}-"
    to = f"s3://{data.bucket}/{folder.key}{begin}"
    sql.run(unload(plan.orders, folder=to, key=plan.key_arn))
    folder.keep(begin)
