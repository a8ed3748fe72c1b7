"""The settings of the warehouse."""

from __future__ import annotations

import dataclasses
import re

from infra.foundation.settings import FoundationSettings
from infra.kit.checks import failed
from tessera.errors import InvalidInput
from tessera.warehouse.redshift.statements import LoadedTable, is_relation

_SUBNET = re.compile(r"subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_GROUP = re.compile(r"sg-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_LEAST_ZONES = 3  # Redshift Serverless' own
_RPU = (4, *range(8, 513, 8))


@dataclasses.dataclass(frozen=True, kw_only=True)
class WarehouseSettings:
    """A Redshift Serverless that reads the runs, and the views for Athena. There is neither.

    ``enabled`` makes the warehouse, in ``subnet_ids`` of three zones. ``base_rpu`` to ``most_rpu``
    is its size while something runs. ``rpu_hours`` a month is the most it may use: then it refuses
    queries. ``hour`` (UTC) is when it is brought up to date. ``loads`` are upload folders that
    become tables, each with its columns, such as ``database-orders=EventID,CustomerID``.
    ``orders`` is a table or view there whose rows go into the pipeline each day they changed, and
    ``orders_tenant`` its column that names the tenant: without it all are the default tenant's.
    ``customers_schema`` is where the destination ``redshift`` writes, to join ids.
    ``athena_views`` makes the views for Athena, which costs nothing.
    """

    enabled: bool = False
    athena_views: bool = False
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    base_rpu: int = 4
    most_rpu: int = 32
    rpu_hours: int = 60
    hour: int = 6
    loads: tuple[str, ...] = ()
    orders: str = ""
    orders_tenant: str = ""
    customers_schema: str = ""

    @property
    def used(self) -> bool:
        """Whether the stage has anything of it."""
        return self.enabled or self.athena_views

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        return failed({**self._of_place(), **self._of_work()})

    def _of_place(self) -> dict[str, tuple[bool, str]]:
        return {
            "subnet_ids": (
                len(self.subnet_ids) >= _LEAST_ZONES * self.enabled
                and all(map(_SUBNET.fullmatch, self.subnet_ids)),
                "ids of subnets in at least three zones",
            ),
            "security_group_ids": (
                bool(self.security_group_ids) >= self.enabled
                and all(map(_GROUP.fullmatch, self.security_group_ids)),
                "ids of security groups",
            ),
            "base_rpu": (self.base_rpu in _RPU, "4, or a multiple of 8 up to 512"),
            "most_rpu": (
                self.most_rpu in _RPU and self.most_rpu >= self.base_rpu,
                "a multiple of 8 up to 512, and no less than 'warehouse.base_rpu'",
            ),
            "rpu_hours": (self.rpu_hours >= 1, "1 or more RPU-hours a month"),
            "hour": (0 <= self.hour <= 23, "an hour of the day in UTC, 0 to 23"),
        }

    def _of_work(self) -> dict[str, tuple[bool, str]]:
        return {
            "loads": (
                all(map(_is_loaded, self.loads)),
                "upload folders with their columns, such as 'database-orders=EventID,CustomerID'",
            ),
            "orders": (
                not self.orders or is_relation(self.orders),
                "a table or view, such as 'shop.public.orders'",
            ),
            "orders_tenant": (
                not self.orders_tenant or _is_name(self.orders_tenant),
                "the name of a column of 'warehouse.orders', such as 'tenant'",
            ),
            "customers_schema": (
                not self.customers_schema or _is_name(self.customers_schema),
                "a schema's name, such as 'tessera_customers'",
            ),
        }


def _is_name(text: str) -> bool:
    return is_relation(text) and "." not in text


def _is_loaded(text: str) -> bool:
    try:
        LoadedTable.parse(text)
    except InvalidInput:
        return False
    return True


@dataclasses.dataclass(frozen=True, kw_only=True)
class WarehousesSettings(FoundationSettings):
    """A stage with its warehouse."""

    warehouse: WarehouseSettings = dataclasses.field(default_factory=WarehouseSettings)
