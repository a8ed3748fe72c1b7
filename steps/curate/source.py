"""What is curated: a table's change files, its key, its mapping, and the folder of its upload."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera import naming
from tessera.sources.tables.mapping import TableMapping

SOURCE_KEY = "source_key"  # the key column of what connectors pull


@dataclasses.dataclass(frozen=True, kw_only=True)
class CuratedSource:
    """A table of a tenant.

    Parameters
    ----------
    tenant, name
        Whose, and the name of the upload's folder, such as ``database-orders``.
    raw
        Where its change files are, in the identities bucket.
    key
        The columns that identify a row. Its rows are replaced together.
    mapping
        How its rows become events. None where they are in the contract's columns already.
    lookups
        Where the change files of the mapping's lookups are, by their name.
    can_be_emptied
        Whether a folder without files is a table without rows. AWS DMS removes a truncated table's
        files.
    is_pulled
        Whether a connector pulls it, and may write a page again.
    is_copied
        Whether its files are copies of exports, which are copied again where they are missing.
    """

    tenant: str
    name: str
    raw: str
    key: tuple[str, ...]
    mapping: TableMapping | None = None
    lookups: Mapping[str, str] = dataclasses.field(default_factory=dict)
    can_be_emptied: bool = False
    is_pulled: bool = False
    is_copied: bool = False


def database_source(tenant: str, *, table: str, mapping: TableMapping) -> CuratedSource:
    """Return a table of a database, as ``schema.table`` or ``table`` of the schema ``public``."""
    schema, _, name = table.rpartition(".")
    folders = {
        lookup: _database_raw(tenant, each.table) for lookup, each in mapping.lookups.items()
    }
    return CuratedSource(
        tenant=tenant,
        name=f"database-{name}",
        raw=_database_raw(tenant, f"{schema or 'public'}.{name}"),
        key=mapping.key,
        mapping=mapping,
        lookups=folders,
        can_be_emptied=True,
    )


def crm_source(tenant: str, *, name: str, mapping: TableMapping) -> CuratedSource:
    """Return an object of a CRM or ERP, such as ``salesforce-opportunities``."""
    return CuratedSource(
        tenant=tenant,
        name=f"crm-{name}",
        raw=naming.crm_raw_prefix(tenant, name),
        key=mapping.key,
        mapping=mapping,
        lookups={
            lookup: naming.crm_raw_prefix(tenant, each.table)
            for lookup, each in mapping.lookups.items()
        },
        is_copied=True,
    )


def pulled_source(tenant: str, *, name: str) -> CuratedSource:
    """Return what a connector pulls, such as ``shopify-orders``."""
    return CuratedSource(
        tenant=tenant,
        name=name,
        raw=naming.raw_prefix(tenant, name),
        key=(SOURCE_KEY,),
        is_pulled=True,
    )


def _database_raw(tenant: str, table: str) -> str:
    schema, _, name = table.rpartition(".")
    return f"{naming.raw_prefix(tenant, 'database')}{schema or 'public'}/{name}/"
