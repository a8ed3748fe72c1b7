"""Remove a tenant, as far as there is time. The machine of removals calls again until all is gone.

The event is {"tenant", "case"}. The tenant's record must say that it is removed by this case, which
only operators can bring about. The reply is DONE or AGAIN, how much was left when it was counted
last, and how long to wait.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
from typing import Any

from adapters.aws import clients
from adapters.aws.function_logs import logged
from adapters.aws.tenant_sessions import TenantSessions
from adapters.erasure.signing import ReceiptSigner
from steps.remove_tenant.case import remove_case
from steps.remove_tenant.places import removal_of
from tessera.environments.remove_tenant import RemovalPlaces, RemoveTenantEnvironment

_RESERVE_MS = 60_000  # what the last step before the time limit may take
_LONGEST_CALL = dt.timedelta(minutes=20)


@functools.cache
def _env() -> RemoveTenantEnvironment:
    return RemoveTenantEnvironment.from_env(os.environ)


@functools.cache
def _sessions() -> TenantSessions:
    return TenantSessions(_env().tenant_role, clock=_now, caller="remove")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@logged("RemoveTenant", message="status", facts=("left", "wait_seconds"))
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 (Lambda's own)
    """Reply whether all is gone."""
    tenant = str(event["tenant"])
    credentials = _sessions().credentials(tenant, at_least=_LONGEST_CALL)
    removal = removal_of(
        tenant,
        RemovalPlaces.from_text(_env().places),
        client=clients.of,
        own=functools.partial(clients.of, credentials=credentials.arguments),
        signer=ReceiptSigner(_env().receipt_key),
        goes_on=lambda: context.get_remaining_time_in_millis() > _RESERVE_MS,
    )
    step = remove_case(tenant, str(event["case"]), removal=removal)
    status = "DONE" if step.is_done else "AGAIN"
    return {"status": status, "left": step.left, "wait_seconds": step.wait_seconds}
