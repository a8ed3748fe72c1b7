"""Remove a tenant with all its data, and leave a receipt. A removal that ended half way goes on."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Protocol

import tessera
from steps.tenancy import Operator, TenantKeeper, mark_removing
from tessera import naming
from tessera.erasure.second_look import ALONE
from tessera.errors import InvalidInput
from tessera.records.removal import RemovalReceipt, RemovedPart, removal_case
from tessera.records.tenant import Tenant


class RunsUnderWay(InvalidInput):
    """Runs of the tenant have not ended yet. Nothing new starts for it."""


def _always() -> bool:
    return True


class Remains(Protocol):
    """One place with something of the tenant."""

    @property
    def what(self) -> str:
        """What it is, for the receipt."""

    def count(self) -> int:
        """Return how much there is."""

    def delete(self) -> None:
        """Delete all of it."""


class ReceiptShelf(Protocol):
    """Keeps receipts."""

    def read(self, case: str) -> RemovalReceipt | None:
        """Return a receipt, None without one."""

    def write(self, receipt: RemovalReceipt) -> None:
        """Write a receipt."""


class Registry(TenantKeeper, Protocol):
    """The tenants of a stage, of which one can be forgotten."""

    def forget(self, name: str) -> None:
        """Remove a tenant's record."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Removal:
    """What removing a tenant works with.

    Parameters
    ----------
    tenants, receipts
        The tenants, and where receipts are.
    places
        Everything that may have something of it.
    under_way
        Returns the runs that are under way, by id.
    by_hand, ages_out
        What the receipt says that people must do, and what goes by itself.
    clock
        Returns the present instant.
    goes_on
        Whether there is time for more. Where there is not, the next call goes on.
    longest_write
        How long what began before the request may still write. By default nothing else runs.
    """

    tenants: Registry
    receipts: ReceiptShelf
    places: Sequence[Remains]
    under_way: Callable[[], Sequence[str]]
    by_hand: tuple[str, ...]
    ages_out: tuple[str, ...]
    clock: Callable[[], dt.datetime]
    goes_on: Callable[[], bool] = _always
    longest_write: dt.timedelta = ALONE


def remove_tenant(name: str, *, reason: str, by: Operator, removal: Removal) -> RemovalReceipt:
    """Remove a tenant. The receipt is true whenever this ends: it has what there was and is left.

    What there was is counted once, and written down before anything is deleted. So a removal that
    goes on after a crash does not count less. It is complete when nothing is left after all that
    began before it has ended.

    Raises
    ------
    InvalidInput
        There is no such tenant, it is ``default``, or runs of it are under way. From the first call
        on nothing new starts for it.
    """
    if name == naming.DEFAULT_TENANT:
        raise InvalidInput(
            f"tenant {name!r} cannot be removed: its uploads and keys have no folder. "
            "Remove the stage, or delete `tenants/default/` in both buckets"
        )
    tenant = mark_removing(name, reason=reason, by=by, tenants=removal.tenants)
    if runs := removal.under_way():
        raise RunsUnderWay(
            f"run {runs[0]} of tenant {name!r} is under way ({len(runs)} in all), and nothing new "
            f"starts for it. Wait until it has ended, then `tessera tenant remove {name}` again"
        )
    receipt = _planned(tenant, removal)
    for place in removal.places:
        place.delete()
        if not removal.goes_on():
            return receipt
    left = {place.what: place.count() for place in removal.places}
    parts = tuple(dataclasses.replace(part, left=left[part.what]) for part in receipt.parts)
    receipt = dataclasses.replace(receipt, parts=parts, finished_at=None, open_until=None)
    if not any(left.values()):
        receipt = _ended(receipt, removal)
    removal.receipts.write(receipt)
    if receipt.is_complete:
        removal.tenants.forget(name)
    return receipt


def _ended(receipt: RemovalReceipt, removal: Removal) -> RemovalReceipt:
    """Return the receipt of a removal that has left nothing: it has ended, or looks again."""
    now, until = removal.clock(), receipt.asked_at + removal.longest_write
    if removal.longest_write and now < until:
        return dataclasses.replace(receipt, open_until=until)
    return dataclasses.replace(receipt, finished_at=now)


def _planned(tenant: Tenant, removal: Removal) -> RemovalReceipt:
    """Return the receipt with what there was, written before anything is deleted."""
    case = removal_case(tenant)
    before = removal.receipts.read(case)
    if before is not None:  # counting everything again would cost as much as deleting it
        return before
    parts = tuple(
        RemovedPart(what=place.what, had=count, left=count)
        for place in removal.places
        for count in [place.count()]
    )
    receipt = RemovalReceipt(
        case=case,
        tenant=tenant.tenant,
        tessera=tessera.__version__,
        asked_at=tenant.changed_at or removal.clock(),
        asked_by=tenant.changed_by,
        reason=tenant.reason,
        finished_at=None,
        parts=parts,
        by_hand=removal.by_hand,
        ages_out=removal.ages_out,
    )
    removal.receipts.write(receipt)
    return receipt
