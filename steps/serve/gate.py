"""Who is let in: requests of tenants that are active, and within their number a minute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

from steps.tenancy import RecentTenants
from tessera.api.refusals import RequestRefusal
from tessera.environments.tenancy import Tenancy
from tessera.records.tenant import Tenant, why_closed

_SECONDS_A_MINUTE = 60


class RequestCounter(Protocol):
    """Counts the requests of each tenant."""

    def take(self, tenant: str, number: int, *, most: int, now: dt.datetime) -> bool:
        """Count requests. Return whether they still fit into the tenant's minute."""


class TenantGate:
    """Lets requests in.

    Parameters
    ----------
    read
        Returns a tenant's record, None for one that is not known.
    counts
        Counts requests.
    tenancy
        What holds for a tenant that has no own rules.
    """

    def __init__(
        self, read: Callable[[str], Tenant | None], counts: RequestCounter, *, tenancy: Tenancy
    ) -> None:
        self._recent, self._counts, self._tenancy = RecentTenants(read), counts, tenancy

    def admit(self, tenant: str, *, now: dt.datetime) -> Tenant:
        """Return a tenant's record, after counting one request of it.

        Raises
        ------
        RequestRefusal
            Nothing is done for the tenant (403), or it has sent its requests of this minute (429).
        """
        known = self._recent.get(tenant, now=now)
        if why := why_closed(tenant, known, is_open=self._tenancy.open):
            raise RequestRefusal(HTTPStatus.FORBIDDEN, f"{why[0].upper()}{why[1:]}.")
        record = known or Tenant(tenant=tenant)
        most = record.limits.requests_per_minute or self._tenancy.requests_per_minute
        if not self._counts.take(tenant, 1, most=most, now=now):
            raise RequestRefusal(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"Tenant {tenant!r} has sent its {most:,} requests of this minute. Send this one "
                "later. An operator sets 'requests_per_minute'.",
                headers={"Retry-After": str(_SECONDS_A_MINUTE - now.second)},
            )
        return record
