"""A case: how far an erasure is, as its state says and as people read it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any, Literal

CaseState = Literal["waiting", "working", "open", "complete", "refused"]
Progress = dict[str, Any]  # the document of a case's state

# The steps of an erasure, in their order.
RESOLVED, MARKED, SWEPT, REPAIRED, STORED, SEARCHED = (
    "resolved", "marked", "swept", "repaired", "stored", "searched",
)  # fmt: skip
DONE = "done"  # the last step: the receipt is complete
OPEN = "open"  # whether a part is left, which is tried again
ONLY_WAITS = "only_waits"  # whether that part is nothing but another look
LOOK_AGAIN_AT = "look_again_at"  # when those that began before the last look are over
TAKEN = "taken"  # how much all looks together took out
REFUSED = "refused"  # why nothing was erased, for good
FAILED = "failed"  # why the last attempt ended
EXECUTION = "execution"  # the name of the last execution


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasureCase:
    """One case, without anybody's name.

    Parameters
    ----------
    case
        Its number.
    state
        ``waiting`` for its turn, ``working``, ``open`` while a part is left that is tried again,
        ``complete`` or ``refused``.
    customers
        How many ids and addresses were given.
    requested_at, requested_by
        When, and who did it: ``user:<id>``, ``key:<id>`` or ``cli``.
    why
        Why it was refused, or why the last attempt ended. Empty for any other case.
    open_until
        When everything is searched again, where nothing else is left to do. None for any other
        case.
    """

    case: str
    state: CaseState
    customers: int
    requested_at: dt.datetime
    requested_by: str
    why: str
    open_until: dt.datetime | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing is left to do."""
        return self.state in {"complete", "refused"}

    def is_due(self, now: dt.datetime) -> bool:
        """Return whether there is something to do by now."""
        return not self.has_ended and (self.open_until is None or now >= self.open_until)


def case_of(case: str, progress: Mapping[str, Any]) -> ErasureCase:
    """Return a case, given the document of its state."""
    state = _state(progress)
    waits = state == "open" and progress.get(ONLY_WAITS) and not progress.get(FAILED)
    return ErasureCase(
        case=case,
        state=state,
        customers=progress.get("customers", len(progress.get("subjects", ()))),
        requested_at=moment(progress["requested_at"]),
        requested_by=progress.get("requested_by", ""),
        why=str(progress.get(REFUSED) or progress.get(FAILED) or ""),
        open_until=moment(progress[LOOK_AGAIN_AT]) if waits else None,
    )


def _state(progress: Mapping[str, Any]) -> CaseState:
    if progress.get(REFUSED):
        return "refused"
    steps = progress.get("steps", ())
    if DONE in steps:
        return "complete"
    if progress.get(OPEN) or progress.get(FAILED):
        return "open"
    return "working" if steps else "waiting"


def moment(text: str) -> dt.datetime:
    """Return an instant of the state."""
    return dt.datetime.fromisoformat(text)


def execution_name(tenant: str, case: str, *, now: dt.datetime) -> str:
    """Return the name of an execution: another one for each case and second.

    Step Functions takes 80 characters, and a tenant with a case may have more.
    """
    digest = hashlib.sha256(f"{tenant}/{case}".encode()).hexdigest()
    return f"{case[:32]}-{digest[:16]}-{now:%Y%m%dT%H%M%S}"
