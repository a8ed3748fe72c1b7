"""The environment of RunWarehouseSql."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class RunWarehouseSqlEnvironment(Environment):
    """For lambdas/run_warehouse_sql. ``loads`` has a semicolon between one and the next."""

    data_bucket: str
    key_arn: str
    catalog: str
    workgroup: str
    workgroup_arn: str
    database: str
    rpu_hours: str
    tenants_table: str
    stream: str = ""
    customers_schema: str = ""
    loads: str = ""
    orders: str = ""
    orders_tenant: str = ""
