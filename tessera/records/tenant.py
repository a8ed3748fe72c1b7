"""A tenant of a stage: its state, its limits and what it may use, as the tenants table has it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection
from typing import Literal

from tessera.errors import InvalidInput
from tessera.naming import CANARY_TENANT

TenantState = Literal["active", "suspended", "removing"]
MOST_RUNS, MOST_REQUESTS = 100, 60_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class TenantLimits:
    """What a tenant may use at once. None is what the stage sets for all.

    Parameters
    ----------
    max_runs
        How many of its runs may be under way. The next ones wait.
    requests_per_minute
        How many requests to the API its users and keys may send in a minute.
    """

    max_runs: int | None = None
    requests_per_minute: int | None = None

    def __post_init__(self) -> None:
        """Refuse a limit that nobody could keep."""
        bounds = {"max_runs": MOST_RUNS, "requests_per_minute": MOST_REQUESTS}
        for name, most in bounds.items():
            value = getattr(self, name)
            if value is not None and not 1 <= value <= most:
                raise InvalidInput(f"{name} is {value}: expected from 1 to {most:,}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tenant:
    """One shop of a stage.

    Parameters
    ----------
    tenant
        Its name.
    state
        ``active``, ``suspended`` (nothing is run or sent, and nothing is deleted) or ``removing``.
    reason
        Why it is suspended or removed, in the operator's words.
    made_at, made_by
        When, and who did it. None and empty for one that its first upload made.
    changed_at, changed_by
        The last change by an operator.
    seen_at
        Its last upload. None without one.
    limits
        Its own limits.
    destinations
        Those of the stage's destinations that it may use. None for all.
    daily_run
        Whether the stage's daily clock runs it too.
    """

    tenant: str
    state: TenantState = "active"
    reason: str = ""
    made_at: dt.datetime | None = None
    made_by: str = ""
    changed_at: dt.datetime | None = None
    changed_by: str = ""
    seen_at: dt.datetime | None = None
    limits: TenantLimits = dataclasses.field(default_factory=TenantLimits)
    destinations: tuple[str, ...] | None = None
    daily_run: bool = True

    @property
    def is_active(self) -> bool:
        """Whether anything is run or sent for it."""
        return self.state == "active"

    def may_use(self, destinations: Collection[str]) -> tuple[str, ...]:
        """Return those of a stage's destinations that it may use."""
        own = self.destinations
        return tuple(name for name in destinations if own is None or name in own)

    @property
    def why_not(self) -> str:
        """Why nothing is run or sent for it, and what to do. Empty for an active one."""
        because = f" ({self.reason})" if self.reason else ""
        if self.state == "suspended":
            return (
                f"tenant {self.tenant!r} is suspended{because}: nothing is run or sent for it, "
                "and nothing is deleted. An operator resumes it with "
                f"`tessera tenant resume {self.tenant}`. Its uploads are kept: start their runs "
                "again then"
            )
        if self.state == "removing":
            return f"tenant {self.tenant!r} is being removed{because}, with all its data"
        return ""


def why_closed(name: str, known: Tenant | None, *, is_open: bool) -> str:
    """Return why a stage takes nothing of a tenant. Empty where it does.

    Parameters
    ----------
    name
        The tenant.
    known
        Its record, None for one that nobody made.
    is_open
        Whether the stage makes unknown tenants by their first upload. The canary of deployments
        needs no record.
    """
    if known is not None:
        return known.why_not
    if is_open or name == CANARY_TENANT:
        return ""
    return (
        f"tenant {name!r} is unknown, and this stage takes uploads of known tenants only "
        f"('tenant.open' is false). An operator makes it with `tessera tenant make {name}`. The "
        "upload is kept: start its run again then"
    )
