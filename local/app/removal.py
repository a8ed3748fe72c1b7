"""What removes a tenant from an embedded AWS, and where a stage keeps what is of tenants."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from infra.settings import StageSettings
from local.app.receipt_key import LocalSigner
from local.app.system import System
from steps.remove_tenant.places import removal_of
from steps.remove_tenant.removal import Removal
from tessera import naming
from tessera.environments.remove_tenant import RemovalPlaces


def removal_here(
    tenant: str, system: System, *, settings: StageSettings, client: Callable[[str], Any]
) -> Removal:
    """Return what removes a tenant from an embedded AWS.

    It does not look again: no job outlives the runs that it waits for.
    """
    places = removal_places(_outputs(system, settings), settings)
    alone = dataclasses.replace(places, longest_write_seconds=0)
    return removal_of(tenant, alone, client=client, signer=LocalSigner())


def removal_places(outputs: Mapping[str, str], settings: StageSettings) -> RemovalPlaces:
    """Return where a stage keeps what is of tenants, by the outputs of its stacks."""
    tables = {
        table
        for output, table in outputs.items()
        if output.endswith("Table") or output.startswith("Table")
    }
    return RemovalPlaces(
        stage=settings.stage,
        data_bucket=outputs["DataBucket"],
        identities_bucket=outputs["IdentitiesBucket"],
        runs_table=outputs["RunsTable"],
        tenants_table=outputs["TenantsTable"],
        tables=tuple(sorted(tables - {outputs["TenantsTable"]})),
        database=outputs.get("Database", ""),
        user_pool=outputs.get("UserPoolId", ""),
        destinations=settings.destinations,
        longest_write_seconds=settings.longest_write_seconds,
    )


def _outputs(system: System, settings: StageSettings) -> dict[str, str]:
    """Return what a stage would name. Each table but the tenants' may hold something."""
    tables = system.client("dynamodb").list_tables()["TableNames"]
    others = {f"Table{name}": name for name in tables if name != system.tenants_table}
    return {
        "DataBucket": system.data_bucket,
        "IdentitiesBucket": system.identities_bucket,
        "RunsTable": system.runs_table,
        "TenantsTable": system.tenants_table,
        "Database": naming.catalog_database(settings.stage),
        **others,
    }
