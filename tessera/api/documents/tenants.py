"""The tenants of a deployment, as its operators make, stop, limit and remove them."""

from __future__ import annotations

import dataclasses

from tessera.erasure.receipt import Signature
from tessera.errors import InvalidInput
from tessera.records.fields import Milliseconds
from tessera.records.removal import RemovalReceipt
from tessera.records.tenant import MOST_REQUESTS, MOST_RUNS, Tenant, TenantLimits, TenantState

_LONGEST_REASON = 300
_NAME = r"^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$"


@dataclasses.dataclass(frozen=True, kw_only=True)
class OwnLimits:
    """A tenant's own limits. Null is what the deployment sets for all.

    Parameters
    ----------
    max_runs
        How many of its runs may be under way. The next ones wait.
    requests_per_minute
        How many requests to the API its users and keys may send in a minute.
    """

    max_runs: int | None = dataclasses.field(
        default=None, metadata={"schema": {"minimum": 1, "maximum": MOST_RUNS}}
    )
    requests_per_minute: int | None = dataclasses.field(
        default=None, metadata={"schema": {"minimum": 1, "maximum": MOST_REQUESTS}}
    )

    def __post_init__(self) -> None:
        """Refuse a limit that nobody could keep."""
        self.record  # noqa: B018 (it checks itself)

    @property
    def record(self) -> TenantLimits:
        """The limits as a tenant's record has them."""
        return TenantLimits(**vars(self))


@dataclasses.dataclass(frozen=True, kw_only=True)
class TenantFacts:
    """One shop of a deployment, without any of its data.

    Parameters
    ----------
    tenant
        Its name.
    state
        ``active``, ``suspended`` (nothing is run or sent, and nothing is deleted) or ``removing``.
    reason
        Why it is suspended or removed, in the operator's words.
    made_at, made_by
        When, and by whose credential. Null and empty for one that its first upload made.
    changed_at, changed_by
        The last change by an operator.
    seen_at
        Its last upload. Null without one.
    limits
        Its own limits.
    destinations
        Those of the deployment's destinations that it may use. Null for all.
    daily_run
        Whether the deployment's daily clock runs it too.
    removal
        The case of its removal, while it is being removed.
    """

    tenant: str
    state: TenantState
    reason: str
    made_at: Milliseconds | None
    made_by: str
    changed_at: Milliseconds | None
    changed_by: str
    seen_at: Milliseconds | None
    limits: OwnLimits
    destinations: tuple[str, ...] | None
    daily_run: bool
    removal: str | None = None

    @classmethod
    def of(cls, tenant: Tenant, *, removal: str | None) -> TenantFacts:
        """Return what a record says."""
        fields = {name: value for name, value in vars(tenant).items() if name != "limits"}
        return cls(**fields, limits=OwnLimits(**vars(tenant.limits)), removal=removal)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TenantList:
    """The tenants of a deployment, by name.

    Parameters
    ----------
    items
        The tenants.
    limits
        What holds for a tenant without its own limits.
    destinations
        The deployment's destinations.
    is_open
        Whether an upload of an unknown tenant makes it.
    """

    items: tuple[TenantFacts, ...]
    limits: OwnLimits
    destinations: tuple[str, ...]
    is_open: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class TenantChange:
    """What a tenant may use, whole.

    Parameters
    ----------
    limits
        Its own limits.
    destinations
        Those of the deployment's destinations that it may use. Null for all.
    daily_run
        Whether the deployment's daily clock runs it too.
    """

    limits: OwnLimits = dataclasses.field(default_factory=OwnLimits)
    destinations: tuple[str, ...] | None = None
    daily_run: bool = True


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewTenant(TenantChange):
    """A tenant that is to be made.

    Parameters
    ----------
    tenant
        Its name: 1 to 48 lower-case letters, digits and hyphens.
    """

    tenant: str = dataclasses.field(metadata={"schema": {"pattern": _NAME}})


@dataclasses.dataclass(frozen=True, kw_only=True)
class SuspendTenant:
    """Why a tenant is stopped.

    Parameters
    ----------
    reason
        For its users, who read it. At most 300 characters.
    """

    reason: str = dataclasses.field(default="", metadata={"schema": {"maxLength": _LONGEST_REASON}})

    def __post_init__(self) -> None:
        """Refuse a reason that nobody would read."""
        _check_reason(self.reason)


@dataclasses.dataclass(frozen=True, kw_only=True)
class RemoveTenant:
    """A tenant that is to be removed, with all its data.

    Parameters
    ----------
    confirm
        The tenant's name once more.
    reason
        For the receipt. At most 300 characters.
    """

    confirm: str
    reason: str = dataclasses.field(default="", metadata={"schema": {"maxLength": _LONGEST_REASON}})

    def __post_init__(self) -> None:
        """Refuse a reason that nobody would read."""
        _check_reason(self.reason)


@dataclasses.dataclass(frozen=True, kw_only=True)
class RemovalFacts:
    """A removal that was asked for.

    Parameters
    ----------
    case
        By which its receipt is read.
    tenant
        Which tenant.
    asked_at, asked_by, reason
        When, by whose credential, and why.
    finished_at
        When nothing was left. Null while it goes on.
    open_until
        When everything is searched again. Null while something is left, and at the end.
    """

    case: str
    tenant: str
    asked_at: Milliseconds | None
    asked_by: str
    reason: str
    finished_at: Milliseconds | None = None
    open_until: Milliseconds | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RemovalList:
    """The removals of a deployment, the newest first."""

    items: tuple[RemovalFacts, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignedRemoval:
    """The receipt of a removal, and its signature over the canonical JSON of ``receipt``."""

    receipt: RemovalReceipt
    signature: Signature


def _check_reason(text: str) -> None:
    if len(text) > _LONGEST_REASON:
        raise InvalidInput(f"reason: expected at most {_LONGEST_REASON} characters")
