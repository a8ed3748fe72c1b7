"""Make, list, show, suspend, resume, limit and remove tenants."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import Any

from infra.foundation.settings import TenantSettings
from local.commands.tenant.lines import removal_lines
from local.commands.tenant.places import tenants_at
from local.commands.tenant.removing import removal_at
from local.terminal import Terminal, table
from steps.remove_tenant.removal import remove_tenant
from steps.tenancy import (
    Operator,
    TenantKeeper,
    change,
    check_destinations,
    known_tenant,
    make_tenant,
    resume,
    suspend,
)
from tessera.errors import InvalidInput
from tessera.records.codec import encode
from tessera.records.tenant import Tenant, TenantLimits

_HEAD = ("Tenant", "State", "Made", "Last upload", "Runs", "Requests a minute", "Destinations")
OPERATOR = "cli"


@dataclasses.dataclass(frozen=True, kw_only=True)
class TenantOptions:
    """What is asked for.

    Parameters
    ----------
    does, name
        What to do, and with which tenant.
    reason
        Why it is suspended or removed.
    destinations, max_runs, requests_per_minute, daily_run
        What to set. None leaves what there is.
    stage, endpoint, state
        Where the tenants are: the first of these that is not empty.
    is_sure
        Whether to remove it really.
    as_json
        Whether to print JSON.
    """

    does: str
    name: str = ""
    reason: str = ""
    destinations: tuple[str, ...] | None = None
    max_runs: int | None = None
    requests_per_minute: int | None = None
    daily_run: bool | None = None
    stage: str = ""
    endpoint: str = ""
    state: Path = Path("out.state")
    is_sure: bool = False
    as_json: bool = False


def tenant(options: TenantOptions, *, terminal: Terminal) -> None:
    """Do what is asked for, and print what came of it.

    Raises
    ------
    InvalidInput
        There is no such tenant, or it cannot be changed so. The message says what to do.
    """
    if (options.does == "list") == bool(options.name):
        raise InvalidInput(
            "`tessera tenant list` takes no name"
            if options.name
            else f"which tenant? `tessera tenant {options.does} NAME`"
        )
    by = Operator(subject=OPERATOR, now=dt.datetime.now(dt.UTC))
    if options.does == "remove":
        _remove(options, by, terminal)
        return
    with tenants_at(
        options.stage, endpoint=options.endpoint, state=options.state, terminal=terminal
    ) as (tenants, stage):
        if options.does == "list":
            listed = tenants.listed()
        else:
            listed = [_done(options, tenants, by, stage.destinations)]
    if options.as_json:
        documents = [encode(one) for one in listed]
        terminal.json(documents if options.does == "list" else documents[0])
    else:
        for line in lines_of(listed, common=stage.tenant):
            terminal.say(line)


def _remove(options: TenantOptions, by: Operator, terminal: Terminal) -> None:
    """Remove a tenant, and print the receipt."""
    if not options.is_sure:
        raise InvalidInput(
            f"this deletes everything of tenant {options.name!r} for good, every version of it: "
            "add --yes to do it"
        )
    with removal_at(
        options.name,
        stage=options.stage,
        endpoint=options.endpoint,
        state=options.state,
        terminal=terminal,
    ) as removal:
        receipt = remove_tenant(options.name, reason=options.reason, by=by, removal=removal)
    if options.as_json:
        terminal.json(encode(receipt))
        return
    for line in removal_lines(receipt):
        terminal.say(line)


def _done(
    options: TenantOptions, tenants: TenantKeeper, by: Operator, stage: Collection[str]
) -> Tenant:
    """Return the tenant after what was asked for."""
    name = options.name
    match options.does:
        case "make":
            made = _changed(Tenant(tenant=name), options, stage)
            return make_tenant(made, by=by, tenants=tenants)
        case "suspend":
            return suspend(name, reason=options.reason, by=by, tenants=tenants)
        case "resume":
            return resume(name, by=by, tenants=tenants)
        case "limits":
            return change(
                name, lambda known: _changed(known, options, stage), by=by, tenants=tenants
            )
        case _:
            return known_tenant(name, tenants=tenants)


def _changed(known: Tenant, options: TenantOptions, stage: Collection[str]) -> Tenant:
    given: dict[str, Any] = {
        name: value
        for name in ("max_runs", "requests_per_minute")
        if (value := getattr(options, name)) is not None
    }
    changes: dict[str, Any] = {"limits": TenantLimits(**{**vars(known.limits), **given})}
    if options.destinations:
        changes["destinations"] = check_destinations(options.destinations, stage=stage)
    if options.daily_run is not None:
        changes["daily_run"] = options.daily_run
    return dataclasses.replace(known, **changes)


def lines_of(tenants: Collection[Tenant], *, common: TenantSettings) -> list[str]:
    """Return a table of tenants, with what holds for each, and why one stands still."""
    rows = [
        [
            one.tenant, one.state, _day(one.made_at), _day(one.seen_at),
            str(one.limits.max_runs or common.max_runs),
            f"{one.limits.requests_per_minute or common.requests_per_minute:,}",
            "all" if one.destinations is None else ", ".join(one.destinations) or "none",
        ]
        for one in tenants
    ]  # fmt: skip
    still = [f"  {one.why_not}." for one in tenants if not one.is_active]
    return [*table(_HEAD, rows), *([""] if still else []), *still]


def _day(at: dt.datetime | None) -> str:
    return "–" if at is None else f"{at:%Y-%m-%d}"
