"""What serves operators on this machine: removals in a thread, in place of a state machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from adapters.aws.objects import Objects
from adapters.stores.idempotency import Idempotency
from adapters.stores.tenants import Tenants
from infra.settings import StageSettings
from local.app.removal import removal_here
from local.app.system import System
from steps.remove_tenant.case import remove_case
from steps.remove_tenant.receipts import SignedReceipts
from steps.serve.operating import OperatorServices
from tessera.records.removal import RemovalReceipt

_PAUSE_S = 2.0  # before a removal goes on: runs may be under way


class RemovalsHere:
    """Removes tenants from an embedded AWS, each in a thread.

    Parameters
    ----------
    system, settings, client
        The app, its settings, and what makes clients of its AWS.
    """

    def __init__(
        self, system: System, *, settings: StageSettings, client: Callable[[str], Any]
    ) -> None:
        self._system, self._settings, self._client = system, settings, client
        self._receipts = SignedReceipts(Objects(system.data_bucket, client=client("s3")))

    def start(self, tenant: str, case: str, *, attempt: str) -> None:
        """Begin a removal, or go on with it."""
        threading.Thread(
            target=self._remove, args=(tenant, case), name=f"{case}-{attempt}", daemon=True
        ).start()

    def document(self, case: str) -> dict[str, Any] | None:
        """Return a receipt with its signature, None without one."""
        return self._receipts.document(case)

    def listed(self) -> list[RemovalReceipt]:
        """Return every receipt."""
        return self._receipts.listed()

    def _remove(self, tenant: str, case: str) -> None:
        removal = removal_here(tenant, self._system, settings=self._settings, client=self._client)
        while not remove_case(tenant, case, removal=removal).is_done:
            time.sleep(_PAUSE_S)


def operator_services(
    system: System, *, stage: StageSettings, client: Callable[[str], Any], requests: Idempotency
) -> OperatorServices:
    """Return what serves operators of a deployed app."""
    return OperatorServices(
        tenants=Tenants(system.tenants_table, dynamodb=client("dynamodb")),
        removals=RemovalsHere(system, settings=stage, client=client),
        requests=requests,
        destinations=stage.destinations,
        tenancy=stage.tenant.tenancy,
    )
