"""Ask for an erasure, and start the execution that carries it out."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from adapters.aws.executions import Executions
from adapters.erasure.case_numbers import cases_of
from adapters.erasure.cases import CaseFiles
from adapters.erasure.versions import VersionedObjects
from tessera.erasure.case import EXECUTION, ErasureCase, execution_name
from tessera.erasure.request import ErasureRequest
from tessera.naming import CANARY_TENANT

_DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasureDesk:
    """Where erasures are asked for.

    Parameters
    ----------
    data, identities
        The two buckets. Of the identities, it only writes who is to be erased.
    executions
        Those of the erasures' state machine.
    """

    data: VersionedObjects
    identities: VersionedObjects
    executions: Executions

    def files(self, tenant: str, case: str) -> CaseFiles:
        """Return the files of a case."""
        return CaseFiles(self.data, self.identities, tenant=tenant, case=case)

    def cases(self, tenant: str) -> list[str]:
        """Return a tenant's case numbers, the last one first."""
        return cases_of(self.data, tenant=tenant)

    def ask(self, request: ErasureRequest) -> ErasureCase:
        """Keep a request, and start it.

        Raises
        ------
        InvalidInput
            The case number is another erasure's.
        """
        self.files(request.tenant, request.case).open(request)
        return self.start(request.tenant, request.case, now=request.requested_at)

    def start(self, tenant: str, case: str, *, now: dt.datetime) -> ErasureCase:
        """Start what is left of a case, unless it is under way or waits. Return the case.

        Raises
        ------
        InvalidInput
            There is no such case.
        """
        files = self.files(tenant, case)
        known = files.known()
        state, etag = files.tagged_state()
        last = str(state.get(EXECUTION, ""))
        if not known.is_due(now) or (last and self.executions.is_running(last)):
            return known
        name = execution_name(tenant, case, now=now)
        # An execution that ends meanwhile has written that the case is done.
        if files.replace_state({**state, EXECUTION: name}, etag=etag):
            self.executions.start(name, {"tenant": tenant, "case": case})
        return files.known()


@dataclasses.dataclass(frozen=True, kw_only=True)
class RetriedErasures:
    """What the clock did.

    Parameters
    ----------
    open
        How many cases have something left to do.
    oldest_days
        Since when the oldest of them was asked for.
    """

    open: int
    oldest_days: float


def retry_erasures(
    tenants: Iterable[str], *, desk: ErasureDesk, now: dt.datetime
) -> RetriedErasures:
    """Start every case again that has something left to do by now and is not under way."""
    ages = []
    for tenant in tenants:
        for case in desk.cases(tenant) if tenant != CANARY_TENANT else ():
            known = desk.files(tenant, case).summary()
            if known is not None and not known.has_ended:
                desk.start(tenant, case, now=now)
                ages.append((now - known.requested_at) / _DAY)
    return RetriedErasures(open=len(ages), oldest_days=max(ages, default=0.0))
