"""The settings of a tenant as they are now: campaigns use them, whatever its last run used."""

from __future__ import annotations

from adapters.aws.documents import read_document
from adapters.aws.objects import Objects
from tessera.insights.ticket import merge_settings
from tessera.naming import settings_key
from tessera.settings import RunSettings


def tenant_settings(tenant: str, *, data: Objects, run_defaults: str) -> RunSettings:
    """Return a tenant's settings over the stage's.

    Parameters
    ----------
    tenant
        Whose.
    data
        The data bucket.
    run_defaults
        The address of the stage's run settings.

    Raises
    ------
    InvalidInput
        A setting is wrong. The message names it.
    """
    key = settings_key(tenant)
    own = data.read(key) if data.exists(key) else None
    where = f"s3://{data.bucket}/{key}"
    # Campaigns send to no destination, so what the stage can reach makes no difference.
    return merge_settings(read_document(run_defaults), own, where=where, available=None)
