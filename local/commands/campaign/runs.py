"""Ask for runs of campaigns, decide about them, and watch them send."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from adapters.http.console_api import ConsoleApi
from local.commands.campaign.definitions import campaign_id
from tessera.errors import InvalidInput

PLANNING = "PLANNING"
# While a run is in one of these, it goes on by itself.
_MOVING = ("SCHEDULED", "SENDING")
_ENDED_BADLY = ("FAILED", "CANCELLED")
_LOOK_S = 1.0
_LONGEST_PLAN_S = 900.0
Waits = Callable[[float], None]


def plan(api: ConsoleApi, campaign: str, *, sleep: Waits = time.sleep) -> Any:
    """Ask for a run, and wait until it is planned. Return it.

    Raises
    ------
    InvalidInput
        The campaign does not exist, has a problem, or its plan failed.
    """
    asked = api.send("POST", f"/v1/campaigns/{campaign_id(campaign)}/runs", {})
    waited_s = 0.0
    while (run := read(api, asked["run_id"]))["state"] == PLANNING:
        if waited_s >= _LONGEST_PLAN_S:
            raise InvalidInput(f"run {run['run_id']} is not planned after {waited_s:.0f} s: wait")
        sleep(_LOOK_S)
        waited_s += _LOOK_S
    if run["state"] in _ENDED_BADLY:
        raise InvalidInput(f"run {run['run_id']} is {run['state']}: {run['reason']}")
    return run


def read(api: ConsoleApi, run: str) -> Any:
    """Return a run as the API has it."""
    return api.get(f"/v1/campaign-runs/{campaign_id(run)}")


def decide(api: ConsoleApi, run: str, verb: str, *, why: str = "") -> Any:
    """Approve, pause, resume or cancel a run. Return it."""
    body = {"why": why} if verb in ("pause", "cancel") else None
    return api.send("POST", f"/v1/campaign-runs/{campaign_id(run)}/{verb}", body)


def watch(api: ConsoleApi, run: str, *, sleep: Waits = time.sleep) -> Iterator[Mapping[str, Any]]:
    """Yield a run each time that it looks different, until it no longer moves by itself."""
    before: Mapping[str, Any] = {}
    while True:
        now = read(api, run)
        if now != before:
            yield now
        before = now
        if now["state"] not in _MOVING or now["problem"] or now["stuck"]:
            return
        sleep(_LOOK_S)


def doubts(api: ConsoleApi, run: str) -> Any:
    """Return the recipients whose message may have been sent or not."""
    return api.get(f"/v1/campaign-runs/{campaign_id(run)}/doubts")


def release(api: ConsoleApi, run: str) -> int:
    """Send all recipients in doubt the message again. Return how many.

    They may get it twice then.
    """
    recipients = [one["recipient"] for one in doubts(api, run)["items"]]
    if recipients:
        path = f"/v1/campaign-runs/{campaign_id(run)}/doubts/release"
        api.send("POST", path, {"recipients": recipients})
    return len(recipients)


def planned_lines(run: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a plan came to."""
    audience = run["audience"]
    if audience is None:
        yield f"  {run['run_id']} is {run['state']}"
        return
    yield f"  {audience['eligible']:9,}  are written to"
    for name, count in audience["variants"].items():
        yield f"  {count:9,}    {name}"
    yield f"  {audience['held_out']:9,}  are held out, to measure the campaign"
    for one in audience["omitted"]:
        if one["people"]:
            yield f"  {one['people']:9,}  omitted: {one['meaning']}"
    if audience["note"]:
        yield f"  {audience['note']}"
    if hours := run.get("hours"):
        yield from _hour_lines(hours)


def _hour_lines(hours: Mapping[str, Any]) -> Iterator[str]:
    yield f"  best hour: {hours['reason']}"
    for one in hours["by_hour"]:
        yield f"  {one['recipients']:9,}    from {one['hour']:02}:00 on, the shop's time"
    yield f"  {hours['without_clicks']:9,}    at the campaign's hours: no own hour is known"
    yield f"  {hours['outside']:9,}    at the campaign's hours: their own is outside of them"


def doubt_lines(listed: Mapping[str, Any]) -> Iterator[str]:
    """Yield the recipients in doubt, by the keyed hash of their address."""
    for one in listed["items"]:
        yield f"  {one['recipient']}  since {one['since']}"
    yield f"  {listed['doubts']:,} in doubt. --release sends them the message, perhaps again."


def progress_line(run: Mapping[str, Any]) -> str:
    """Return how far a run is."""
    tally = run["tally"]
    if tally is None:
        return f"  {run['state']}"
    parts = [f"{tally['sent']:,} of {tally['planned']:,} sent"]
    parts += [f"{tally[name]:,} {name}" for name in ("refused", "skipped", "doubts") if tally[name]]
    why = run["problem"] or run["stuck"] or run["reason"]
    starts = f", not before {run['starts_at']}" if run["state"] == "SCHEDULED" else ""
    return f"  {run['state']}{starts}: {', '.join(parts)}" + (f". {why}" if why else "")
