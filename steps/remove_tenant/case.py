"""One removal that operators have asked for, a piece at a time."""

from __future__ import annotations

from steps.remove_tenant.removal import Removal, RunsUnderWay, remove_tenant
from steps.tenancy import Operator
from tessera.errors import InvalidInput
from tessera.records.removal import removal_case


def remove_case(tenant: str, case: str, *, removal: Removal) -> int:
    """Go on with a removal. Return how much was left when it was counted last, 0 when all is gone.

    While runs are under way nothing is deleted, and the answer is 1.

    Raises
    ------
    InvalidInput
        The tenant is not being removed by this case.
    """
    known = removal.tenants.get(tenant)
    if known is None:
        return _left_of(case, removal)
    if known.state != "removing" or removal_case(known) != case:
        raise InvalidInput(f"tenant {tenant!r} is not being removed by the case {case!r}")
    by = Operator(subject=known.changed_by, now=removal.clock())
    try:
        receipt = remove_tenant(tenant, reason=known.reason, by=by, removal=removal)
    except RunsUnderWay:
        return 1
    if receipt.is_complete:
        return 0
    return max(1, sum(part.left for part in receipt.parts))


def _left_of(case: str, removal: Removal) -> int:
    """Return 0 for a removal that has ended: the record is gone, and the receipt says so."""
    receipt = removal.receipts.read(case)
    if receipt is None or not receipt.is_complete:
        raise InvalidInput(f"there is no removal with the case {case!r}")
    return 0
