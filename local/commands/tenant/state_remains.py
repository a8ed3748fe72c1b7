"""Remove a tenant from the state of a laptop."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from adapters.stores.tenant_remains import belongs
from local.app.receipt_key import LocalSigner
from local.app.state.folder import StateFolder
from local.app.state.snapshot import TENANTS, Snapshot
from local.commands.tenant.places import StateTenants
from steps.remove_tenant.removal import Removal
from tessera import naming
from tessera.erasure.receipt import Signer, parse_any, signed
from tessera.records.removal import RemovalReceipt

_RECEIPTS = "removals"
_ROOTS = (naming.TENANTS, naming.UPLOADS, naming.OPEN_PARTS)
_BY_HAND = ("Results in other folders, such as `out/`, stay: delete them",)
_AGES_OUT = ("What stand-ins hold, until the next run without them",)


class StateRemains:
    """A tenant's objects, runs and items of a state, which no other process uses meanwhile."""

    what = "objects, runs and items of the state"

    def __init__(self, folder: StateFolder, *, tenant: str) -> None:
        self._folder, self._tenant = folder, tenant

    def count(self) -> int:
        """Return how many there are."""
        state = self._state()
        kept = self._without(state)
        objects = sum(len(state.objects[name]) - len(kept.objects[name]) for name in state.objects)
        items = sum(
            len(self._items(file)) - len(self._others(file))
            for kind, file in state.tables.items()
            if kind != TENANTS
        )
        return objects + len(state.runs) - len(kept.runs) + items

    def delete(self) -> None:
        """Write the state without them."""
        state = self._state()
        kept = self._without(state)
        tables = dict(state.tables)
        for kind, file in state.tables.items():
            if kind != TENANTS:
                path = self._folder.new_file()
                path.write_text(json.dumps(self._others(file)), encoding="utf-8")
                tables[kind] = path.name
        self._folder.write(dataclasses.replace(kept, tables=tables), before=state)

    def _state(self) -> Snapshot:
        state = self._folder.read()
        assert state is not None  # noqa: S101 (its tenants were read)
        return state

    def _without(self, state: Snapshot) -> Snapshot:
        objects = {
            bucket: tuple(one for one in listed if not self._is_its(one.facts.key))
            for bucket, listed in state.objects.items()
        }
        runs = tuple(item for item in state.runs if not belongs(item, self._tenant))
        return dataclasses.replace(state, objects=objects, runs=runs)

    def _is_its(self, key: str) -> bool:
        return key.startswith(
            tuple(f"{root}{self._tenant}/" for root in _ROOTS)
        ) or key == naming.latest_run_key(self._tenant)

    def _items(self, file: str) -> list[Mapping[str, Any]]:
        return list(json.loads(self._folder.file(file).read_text(encoding="utf-8")))

    def _others(self, file: str) -> list[Mapping[str, Any]]:
        return [item for item in self._items(file) if not belongs(item, self._tenant)]


class FolderReceipts:
    """Receipts beside the files of a state."""

    def __init__(self, folder: StateFolder, *, signer: Signer) -> None:
        self._path, self._signer = folder.path / _RECEIPTS, signer

    def read(self, case: str) -> RemovalReceipt | None:
        """Return a receipt, None without one."""
        path = self._path / f"{case}.json"
        if not path.exists():
            return None
        receipt, _, _ = parse_any(json.loads(path.read_text(encoding="utf-8")))
        return receipt if isinstance(receipt, RemovalReceipt) else None

    def write(self, receipt: RemovalReceipt) -> None:
        """Sign and write a receipt."""
        self._path.mkdir(mode=0o700, exist_ok=True)
        text = json.dumps(signed(receipt, self._signer), indent=1, ensure_ascii=False)
        (self._path / f"{receipt.case}.json").write_text(text + "\n", encoding="utf-8")


def state_removal(tenant: str, *, folder: StateFolder, tenants: StateTenants) -> Removal:
    """Return what removes a tenant from a state. No run is under way: the state is locked."""
    return Removal(
        tenants=tenants,
        receipts=FolderReceipts(folder, signer=LocalSigner()),
        places=[StateRemains(folder, tenant=tenant)],
        under_way=list,
        by_hand=_BY_HAND,
        ages_out=_AGES_OUT,
        clock=lambda: dt.datetime.now(dt.UTC),
    )
