"""The copy of a CRM's objects: the object itself, and those that its rows are looked up in."""

from __future__ import annotations

from adapters.aws.objects import Objects
from steps.curate.copy_exports import CopiedExports, copy_exports
from steps.curate.described import CRM, tenant_mappings
from steps.curate.source import CuratedSource
from tessera import naming
from tessera.sources.tables.mapping import Export
from tessera.sources.tables.shipped_mappings import shipped_mappings


def copy_object(
    source: CuratedSource, *, identities: Objects, data: Objects
) -> CopiedExports | None:
    """Copy the exports of a CRM's object and of its lookups. None for another source."""
    if source.mapping is None or not source.name.startswith(f"{CRM}-"):
        return None
    own = tenant_mappings(source.tenant, CRM, data=data)
    kinds: dict[str, Export] = {source.name.removeprefix(f"{CRM}-"): source.mapping.export}
    for lookup in source.mapping.lookups.values():
        described = own.get(lookup.table) or shipped_mappings().get(lookup.table)
        kinds[lookup.table] = described.export if described else source.mapping.export
    copies = [
        copy_exports(
            identities,
            identities,
            source=naming.crm_exports_prefix(source.tenant, name),
            raw=naming.crm_raw_prefix(source.tenant, name),
            export=export,
        )
        for name, export in kinds.items()
    ]
    return CopiedExports(
        files=sum(each.files for each in copies),
        rows=sum(each.rows for each in copies),
        removed=sum(each.removed for each in copies),
    )
