"""Bring the warehouse up to date: limit, schemas, views, loads, the stream, and orders back.

Everything may be done again: a call that ends half way is repaired by the next one.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol

from adapters.aws.objects import Objects
from adapters.stores.records import read_record, write_record
from adapters.stores.upload_folder import UploadFolder
from tessera import naming
from tessera.destinations.warehouse.files import manifest
from tessera.errors import InvalidInput
from tessera.records.folder_end import FolderEnd, read_folder_end
from tessera.records.unloaded_orders import UnloadedOrders
from tessera.warehouse.redshift.statements import (
    LoadedTable,
    Statement,
    clear,
    load,
    refresh,
    setup,
    sum_orders,
    unload,
)


class SqlRunner(Protocol):
    """Runs statements."""

    def run(self, statement: Statement) -> None:
        """Run one and wait for its end."""

    def query(self, statement: Statement) -> list[tuple[str, ...]]:
        """Return the rows of one that only reads."""


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
    orders, orders_tenant
        The table or view whose rows go back into the pipeline, and its column that names the
        tenant. Empty for none. Without a column all rows are the default tenant's.
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
    orders_tenant: str = ""
    key_arn: str
    rpu_hours: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class WarehouseReport:
    """What was done.

    Parameters
    ----------
    statements
        How many ran.
    loaded, absent
        The folders that are tables now, and those not there or withdrawn: ``tenant/folder``.
    orders, unchanged
        The tenants whose orders came back, and those whose orders did not change.
    unknown
        How many tenants the table of orders names that the stage does not know.
    """

    statements: int
    loaded: tuple[str, ...]
    absent: tuple[str, ...]
    orders: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    unknown: int = 0


def run_warehouse_sql(
    plan: WarehousePlan,
    *,
    sql: SqlRunner,
    limit: Limit,
    data: Objects,
    tenants: Iterable[str],
    now: dt.datetime,
) -> WarehouseReport:
    """Run all of the plan, for each tenant of the stage and the default one.

    Raises
    ------
    InvalidInput, Refused, Retryable
        A statement could not be run. A wrong folder of one tenant is raised after the others.
    """
    limit.ensure(plan.rpu_hours)
    work = _Work(plan, sql=sql, data=data, now=now)
    known = sorted({naming.DEFAULT_TENANT, *tenants})
    work.run(
        setup(
            database=plan.catalog,
            stream_name=plan.stream,
            customers_schema=plan.customers_schema,
        )
    )
    for table in plan.loads:
        for tenant in known:
            work.load(table, tenant=tenant)
    if plan.stream:
        work.run([refresh()])
    if plan.orders:
        work.hand_back(known)
    if work.problems:
        raise InvalidInput("; ".join(work.problems))
    return WarehouseReport(
        statements=work.statements,
        loaded=tuple(work.loaded),
        absent=tuple(work.absent),
        orders=tuple(work.orders),
        unchanged=tuple(work.unchanged),
        unknown=work.unknown,
    )


class _Work:
    """What one call does, and what became of it."""

    def __init__(
        self, plan: WarehousePlan, *, sql: SqlRunner, data: Objects, now: dt.datetime
    ) -> None:
        self._plan, self._sql, self._data, self._now = plan, sql, data, now
        self.statements = self.unknown = 0
        self.loaded, self.absent, self.problems = list[str](), list[str](), list[str]()
        self.orders, self.unchanged = list[str](), list[str]()

    def run(self, statements: Iterable[Statement]) -> None:
        """Run statements, one after the other."""
        for one in statements:
            self._sql.run(one)
            self.statements += 1

    def load(self, table: LoadedTable, *, tenant: str) -> None:
        """Load a tenant's folder. One that is withdrawn leaves no rows."""
        name = f"{tenant}/{table.folder}"
        try:
            end = _end(self._data, table, tenant=tenant)
        except InvalidInput as error:
            self.problems.append(str(error))
            return
        if end is None or not end.parts:
            self.absent.append(name)
            self.run([] if end is None else [clear(table, tenant=tenant)])
            return
        url = _write_manifest(self._data, table, tenant=tenant, end=end)
        self.run(load(table, tenant=tenant, manifest=url, rows=end.rows))
        self.loaded.append(name)

    def hand_back(self, tenants: Sequence[str]) -> None:
        """Write each tenant's orders as an upload, unless they are those of the last time."""
        plan = self._plan
        rows = self._sql.query(sum_orders(plan.orders, tenant_column=plan.orders_tenant))
        self.statements += 1
        sums = {tenant: (int(orders), checksum) for tenant, orders, checksum in rows}
        self.unknown = len(sums.keys() - set(tenants))
        for tenant in tenants:
            orders, checksum = sums.get(tenant, (0, ""))
            made = UnloadedOrders(source=plan.orders, orders=orders, checksum=checksum)
            key = naming.unloaded_orders_key(tenant)
            if self._is_known(key, made):
                self.unchanged += [tenant] * bool(orders)
                continue
            if self._write_orders(tenant, any_rows=bool(orders)):
                self.orders.append(tenant)
                write_record(made, self._data, key)

    def _is_known(self, key: str, made: UnloadedOrders) -> bool:
        there = self._data.exists(key)
        return there and read_record(UnloadedOrders, self._data, key, tolerant=True) == made

    def _write_orders(self, tenant: str, *, any_rows: bool) -> bool:
        """Write new parts beside the old ones, which count until the end. Return whether any."""
        folder = UploadFolder(self._data, tenant=tenant, name=naming.WAREHOUSE_ORDERS)
        if not any_rows:
            return folder.is_known and folder.withdraw()
        plan, begin = self._plan, f"{self._now:%Y%m%d%H%M%S}-"
        statement = unload(
            plan.orders,
            folder=f"s3://{self._data.bucket}/{folder.key}{begin}",
            key=plan.key_arn,
            tenant=tenant,
            tenant_column=plan.orders_tenant,
        )
        self.run([statement])
        return folder.keep(begin)


def _end(data: Objects, table: LoadedTable, *, tenant: str) -> FolderEnd | None:
    """Return the list of the parts that count. None where the folder is not there."""
    key = naming.source_folder(tenant, table.folder) + naming.FOLDER_COMPLETE
    if not data.exists(key):
        return None
    end = read_folder_end(data.read(key), document=f"s3://{data.bucket}/{key}")
    if end is None:
        raise InvalidInput(
            f"{key} lists no parts, so the warehouse cannot know which of them count: load only "
            "folders that a source of Tessera writes"
        )
    return end


def _write_manifest(data: Objects, table: LoadedTable, *, tenant: str, end: FolderEnd) -> str:
    """Write the manifest of the parts that count. Return its address."""
    folder = naming.source_folder(tenant, table.folder)
    sizes = {f"s3://{data.bucket}/{folder}{part.name}": part.bytes for part in end.parts}
    key = naming.warehouse_manifest(tenant, table.folder)
    data.write_json(key, manifest(sizes))
    return f"s3://{data.bucket}/{key}"
