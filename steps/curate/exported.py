"""The copy of a CRM's objects: the object itself, and those that its rows are looked up in."""

from __future__ import annotations

import dataclasses

from adapters.aws.bucket_regions import bucket_regions
from adapters.aws.objects import Objects
from steps.curate.copy_exports import CopiedExports, copy_exports
from steps.curate.described import CRM, tenant_mappings
from steps.curate.source import CuratedSource
from tessera import naming
from tessera.errors import InvalidInput, Refused
from tessera.sources.tables.mapping import Export
from tessera.sources.tables.shipped_mappings import shipped_mappings


@dataclasses.dataclass(frozen=True, kw_only=True)
class OwnBucket:
    """A bucket of the user's in which exports arrive, as ``<prefix><object>/<day>/``."""

    objects: Objects
    prefix: str

    def check(self) -> None:
        """Refuse a bucket in another region.

        Raises
        ------
        InvalidInput
            It is in another region, or not there.
        Refused
            It is in another account, or its policy denies access.
        """
        name = self.objects.bucket
        try:
            there, here = bucket_regions(name)
        except Refused as error:
            raise Refused(
                f"crm.source_bucket {name} can't be read: it must be in the stage's account, and "
                f"its policy must not deny the role of the Curate job ({error})"
            ) from error
        if there != here:
            raise InvalidInput(
                f"crm.source_bucket {name} is in {there}, and this stage is in "
                f"{here}: name a bucket in {here}, such as one that the other replicates to"
            )


def copy_object(
    source: CuratedSource,
    *,
    identities: Objects,
    data: Objects,
    own_bucket: OwnBucket | None = None,
) -> CopiedExports | None:
    """Copy the exports of a CRM's object and of its lookups. None for another source.

    Parameters
    ----------
    own_bucket
        Where the exports are. By default they are in the identities bucket.

    Raises
    ------
    InvalidInput
        The bucket is in another region, or a file cannot be read.
    """
    if source.mapping is None or not source.name.startswith(f"{CRM}-"):
        return None
    if own_bucket:
        own_bucket.check()
    own = tenant_mappings(source.tenant, CRM, data=data)
    kinds: dict[str, Export] = {source.name.removeprefix(f"{CRM}-"): source.mapping.export}
    for lookup in source.mapping.lookups.values():
        described = own.get(lookup.table) or shipped_mappings().get(lookup.table)
        kinds[lookup.table] = described.export if described else source.mapping.export
    copies = [
        copy_exports(
            own_bucket.objects if own_bucket else identities,
            identities,
            source=(
                f"{own_bucket.prefix}{name}/"
                if own_bucket
                else naming.crm_exports_prefix(source.tenant, name)
            ),
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
