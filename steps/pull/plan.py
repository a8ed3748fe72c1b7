"""Which shops are pulled: those whose key somebody has stored."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence

from tessera import naming
from tessera.errors import InvalidInput
from tessera.sources.connectors.catalog import kind_of


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlannedPull:
    """A pull of one tenant's shop, of all orders or of what changed, and the orders' source."""

    tenant: str
    connector: str
    source: str
    reload: bool


def plan_pulls(
    connectors: Sequence[str],
    *,
    stage: str,
    tenants: Iterable[str],
    has_secret: Callable[[str], bool],
    execution: str,
    running: Iterable[str],
    reload: bool,
) -> list[PlannedPull]:
    """Return the pulls of a stage.

    Parameters
    ----------
    connectors
        Their names.
    tenants
        Those that have uploaded something. The default tenant is asked for in any case.
    has_secret
        Returns whether a secret is there.
    execution, running
        The execution that asks, and all that are under way.
    reload
        Whether to pull all orders again, so that deleted ones are forgotten.

    Raises
    ------
    InvalidInput
        Another execution is under way, or no tenant has the key of a connector.
    """
    others = sorted({*running} - {execution})
    if others:
        raise InvalidInput(
            f"another execution pulls already: {others[0]}. Two at once would overwrite each "
            "other's pages: wait for its end, or stop it"
        )
    planned = []
    for connector in connectors:
        kind_of(connector)
        pulls = [
            PlannedPull(
                tenant=tenant,
                connector=connector,
                source=naming.pulled_folder(connector),
                reload=reload,
            )
            for tenant in sorted({naming.DEFAULT_TENANT, *tenants})
            if has_secret(naming.source_secret(stage, connector, tenant=tenant))
        ]
        if not pulls:
            name = naming.source_secret(stage, connector)
            raise InvalidInput(
                f"there is no key for {connector}: store it in Secrets Manager as {name}, or "
                f"{name}/<tenant>, or remove {connector!r} from the setting 'connectors.names'"
            )
        planned += pulls
    return planned
