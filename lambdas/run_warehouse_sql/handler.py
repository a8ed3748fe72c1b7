"""Bring the warehouse up to date. Called by the clock, or by people."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws import clients
from adapters.aws.function_logs import logged
from adapters.aws.objects import Objects
from adapters.stores.tenants import Tenants
from adapters.warehouse.redshift import DataApi, UsageLimit
from steps.warehouse.run_sql import WarehousePlan, run_warehouse_sql
from tessera.environments.warehouse import RunWarehouseSqlEnvironment
from tessera.warehouse.redshift.statements import LoadedTable

_FACTS = ("statements", "loaded", "absent", "orders", "unchanged", "unknown")
_SPARE_SECONDS = 30  # of the function's time, to write the end of the upload


@logged("RunWarehouseSql", facts=_FACTS)
def handler(_event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 (Lambda's own)
    """Reply what was run and loaded."""
    env = RunWarehouseSqlEnvironment.from_env(os.environ)
    budget = context.get_remaining_time_in_millis() / 1000 - _SPARE_SECONDS
    report = run_warehouse_sql(
        WarehousePlan(
            catalog=env.catalog,
            stream=env.stream,
            customers_schema=env.customers_schema,
            loads=[LoadedTable.parse(one) for one in env.loads.split(";") if one],
            orders=env.orders,
            orders_tenant=env.orders_tenant,
            key_arn=env.key_arn,
            rpu_hours=int(env.rpu_hours),
        ),
        sql=DataApi(
            clients.redshift_data(),
            workgroup=env.workgroup,
            database=env.database,
            budget_seconds=budget,
        ),
        limit=UsageLimit(clients.redshift_serverless(), workgroup_arn=env.workgroup_arn),
        data=Objects.shared(env.data_bucket),
        tenants=Tenants(env.tenants_table).all(),
        now=dt.datetime.now(dt.UTC),
    )
    return {
        "statements": report.statements,
        "loaded": list(report.loaded),
        "absent": list(report.absent),
        "orders": list(report.orders),
        "unchanged": list(report.unchanged),
        "unknown": report.unknown,
    }
