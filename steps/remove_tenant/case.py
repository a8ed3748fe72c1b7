"""One removal that operators have asked for, a piece at a time."""

from __future__ import annotations

import dataclasses
import math

from steps.remove_tenant.removal import Removal, RunsUnderWay, remove_tenant
from steps.tenancy import Operator
from tessera.errors import InvalidInput
from tessera.records.removal import removal_case

_SOON_SECONDS = 60  # before it goes on: runs may be under way


@dataclasses.dataclass(frozen=True, kw_only=True)
class RemovalStep:
    """How far a removal is.

    Parameters
    ----------
    is_done
        Whether nothing is left to do.
    left
        How much was left when it was counted last.
    wait_seconds
        How long to wait before it goes on.
    """

    is_done: bool
    left: int = 0
    wait_seconds: int = _SOON_SECONDS


def remove_case(tenant: str, case: str, *, removal: Removal) -> RemovalStep:
    """Go on with a removal. Return how far it is.

    While runs are under way nothing is deleted.

    Raises
    ------
    InvalidInput
        The tenant is not being removed by this case.
    """
    known = removal.tenants.get(tenant)
    if known is None:
        _check_ended(case, removal)
        return RemovalStep(is_done=True)
    if known.state != "removing" or removal_case(known) != case:
        raise InvalidInput(f"tenant {tenant!r} is not being removed by the case {case!r}")
    by = Operator(subject=known.changed_by, now=removal.clock())
    try:
        receipt = remove_tenant(tenant, reason=known.reason, by=by, removal=removal)
    except RunsUnderWay:
        return RemovalStep(is_done=False)
    if receipt.open_until is not None:
        seconds = math.ceil((receipt.open_until - removal.clock()).total_seconds())
        return RemovalStep(is_done=False, wait_seconds=max(_SOON_SECONDS, seconds))
    return RemovalStep(is_done=receipt.is_complete, left=sum(part.left for part in receipt.parts))


def _check_ended(case: str, removal: Removal) -> None:
    """Check that a removal has ended: the record is gone, and the receipt says so."""
    receipt = removal.receipts.read(case)
    if receipt is None or not receipt.is_complete:
        raise InvalidInput(f"there is no removal with the case {case!r}")
