"""The receipt of a tenant's removal: what there was, what is left, and what people must do."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Literal

from tessera.records.tenant import Tenant

REMOVAL: Literal["removal"] = "removal"


@dataclasses.dataclass(frozen=True, kw_only=True)
class RemovedPart:
    """One place that had something of the tenant.

    Parameters
    ----------
    what
        The place, such as ``versions of objects in the data bucket``.
    had
        How many there were before the removal.
    left
        How many are left after it.
    """

    what: str
    had: int
    left: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class RemovalReceipt:
    """What the removal of a tenant did. It names no customer.

    Parameters
    ----------
    kind
        Which receipt it is.
    case, tenant
        Which removal.
    tessera
        The version that did it.
    asked_at, asked_by, reason
        When it was asked for, by whose credential, and why.
    finished_at
        When the last search ended. None while something is left, or another search is to come.
    open_until
        When everything is searched again, where nothing is left: what began before the request may
        write until then. None for any other removal.
    parts
        Each place with what it had.
    by_hand
        What nobody but people can do, a sentence each.
    ages_out
        What goes by itself, a sentence each.
    """

    kind: Literal["removal"] = REMOVAL
    case: str
    tenant: str
    tessera: str
    asked_at: dt.datetime
    asked_by: str
    reason: str
    finished_at: dt.datetime | None
    open_until: dt.datetime | None = None
    parts: tuple[RemovedPart, ...]
    by_hand: tuple[str, ...]
    ages_out: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left."""
        return self.finished_at is not None


def removal_case(tenant: Tenant) -> str:
    """Return the case of the removal of a tenant, which is being removed since its last change."""
    assert tenant.changed_at is not None  # noqa: S101 (who marks it, says when)
    return f"{tenant.tenant}-{tenant.changed_at:%Y%m%dT%H%M%SZ}"
