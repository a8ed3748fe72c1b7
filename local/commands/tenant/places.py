"""Where tenants are kept: in a deployed stage, in a `serve` that runs here, or in a state."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from adapters.stores.tenants import Tenants, as_item, as_tenant
from infra.settings import StageSettings
from local.app.elsewhere.account import DATA, reaching
from local.app.elsewhere.remote import connected
from local.app.inputs.settings_file import stage_settings
from local.app.state.folder import StateFolder
from local.app.state.snapshot import TENANTS, Snapshot
from local.terminal import Terminal
from steps.tenancy import TenantKeeper
from tessera.errors import InvalidInput
from tessera.records.tenant import Tenant


@contextlib.contextmanager
def tenants_at(
    stage: str, *, endpoint: str, state: Path, terminal: Terminal
) -> Iterator[tuple[TenantKeeper, StageSettings]]:
    """Give the tenants of a stage, of a ``serve`` or of a state, and the stage's settings.

    Raises
    ------
    InvalidInput
        There is no such place.
    """
    if stage:
        settings = stage_settings(stage=stage)
        with reaching(settings, capabilities=[DATA]) as (aws, outputs):
            [data] = outputs.values()
            yield Tenants(data["TenantsTable"], dynamodb=aws.client("dynamodb")), settings
    elif endpoint:
        with connected(endpoint) as system:
            table = Tenants(system.tenants_table, dynamodb=system.client("dynamodb"))
            yield table, stage_settings()
    else:
        folder = StateFolder(state)
        with folder.locked(wait=lambda: terminal.say(f"  Waiting for another use of {state} …")):
            yield StateTenants(folder), stage_settings()


class StateTenants:
    """The tenants of a state, which no other process uses meanwhile.

    Raises
    ------
    InvalidInput
        The folder has no state yet.
    """

    def __init__(self, folder: StateFolder) -> None:
        self._folder = folder
        self._snapshot()

    def listed(self) -> list[Tenant]:
        """Return every tenant, by name."""
        return sorted(map(as_tenant, self._items()), key=lambda tenant: tenant.tenant)

    def get(self, name: str) -> Tenant | None:
        """Return a tenant, None for one that is not known."""
        return next((one for one in self.listed() if one.tenant == name), None)

    def save(self, tenant: Tenant, *, before: Tenant | None) -> bool:
        """Write a tenant. Return False if there is one where none was expected."""
        if before != self.get(tenant.tenant):
            return False
        others = [one for one in self._items() if one["tenant"]["S"] != tenant.tenant]
        self._write([*others, as_item(tenant)])
        return True

    def forget(self, name: str) -> None:
        """Remove a tenant's record."""
        self._write([one for one in self._items() if one["tenant"]["S"] != name])

    def _write(self, items: Sequence[Mapping[str, Any]]) -> None:
        before = self._snapshot()
        path = self._folder.new_file()
        path.write_text(json.dumps(items), encoding="utf-8")
        tables = {**before.tables, TENANTS: path.name}
        self._folder.write(dataclasses.replace(before, tables=tables), before=before)

    def _snapshot(self) -> Snapshot:
        known = self._folder.read()
        if known is None:
            raise InvalidInput(
                f"{self._folder.path} has no run yet: `tessera run FILE` makes the state, or name "
                "another folder with --state"
            )
        return known

    def _items(self) -> list[Mapping[str, Any]]:
        """Return the table's items. A state of an earlier version has only runs."""
        state = self._snapshot()
        file = state.tables.get(TENANTS)
        if file is not None:
            return list(json.loads(self._folder.file(file).read_text(encoding="utf-8")))
        ran = {item["tenant"]["S"]: item["started_at"] for item in state.runs}
        return [{"tenant": {"S": name}, "seen_at": at} for name, at in sorted(ran.items())]
