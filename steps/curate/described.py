"""A source by its name: its mapping is the tenant's own, or one that ships."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.aws.objects import Objects
from steps.curate.source import CuratedSource, crm_source, database_source, pulled_source
from tessera import naming
from tessera.errors import InvalidInput
from tessera.sources.tables.mapping import TableMapping, read_mappings
from tessera.sources.tables.shipped_mappings import shipped_mapping

DATABASE, CRM = "database", "crm"


def described(tenant: str, name: str, *, data: Objects) -> CuratedSource:
    """Return a tenant's source.

    Parameters
    ----------
    name
        The name of its upload's folder: ``database-orders``, ``crm-hubspot-deals``,
        ``shopify-orders``.
    data
        The bucket with the tenant's own mapping files.

    Raises
    ------
    InvalidInput
        There is no mapping for it, or the mapping is wrong.
    """
    kind, _, rest = name.partition("-")
    if kind == DATABASE:
        mappings = tenant_mappings(tenant, DATABASE, data=data)
        table = _table(rest, mappings, tenant=tenant)
        return database_source(tenant, table=table, mapping=mappings[table])
    if kind == CRM:
        mapping = tenant_mappings(tenant, CRM, data=data).get(rest) or shipped_mapping(rest)
        return crm_source(tenant, name=rest, mapping=mapping)
    return pulled_source(tenant, name=name)


def tenant_mappings(tenant: str, kind: str, *, data: Objects) -> Mapping[str, TableMapping]:
    """Return the mappings of a tenant's own file. There are none without one."""
    key = naming.source_mappings_key(tenant, kind)
    if not data.exists(key):
        return {}
    return read_mappings(data.read(key).decode("utf-8-sig"), name=f"s3://{data.bucket}/{key}")


def _table(name: str, mappings: Mapping[str, TableMapping], *, tenant: str) -> str:
    tables = [table for table in mappings if table.rpartition(".")[2] == name]
    if len(tables) > 1:
        raise InvalidInput(
            f"{' and '.join(tables)} would both be the upload folder {DATABASE}-{name}: keep one "
            f"of these sections in {naming.source_mappings_key(tenant, DATABASE)}, or give the "
            "tables other names by a view"
        )
    if tables:
        return tables[0]
    raise InvalidInput(
        f"the table {name!r} has no section in {naming.source_mappings_key(tenant, DATABASE)}: "
        f'it has {", ".join(mappings) or "none"}. Add [{name}], or ["schema.{name}"]'
    )
