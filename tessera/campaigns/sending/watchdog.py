"""Name why a run does not move, so that nobody has to search logs."""

from __future__ import annotations

import datetime as dt

from tessera.campaigns.sending.outcomes import CLAIMED, UNKNOWN, RunTally
from tessera.campaigns.sending.settling import CLAIM_LASTS
from tessera.campaigns.sending.states import ENDS, CampaignRun

STILL = dt.timedelta(minutes=30)


def cause(run: CampaignRun, *, tally: RunTally, at: dt.datetime, is_executed: bool = True) -> str:
    """Return why a run is stuck and what to do about it, empty if it is not.

    Parameters
    ----------
    run, tally
        The run, and its rows.
    at
        Now.
    is_executed
        Whether a state machine's execution works on it.
    """
    if run.state in ENDS:
        return ""
    overdue = _overdue(run, at=at)
    if overdue:
        return overdue
    if at - max(tally.moved_at or run.changed_at, run.changed_at) < STILL:
        return ""
    return _standing(run, tally=tally, is_executed=is_executed)


def _overdue(run: CampaignRun, *, at: dt.datetime) -> str:
    if run.state in ("AWAITING_APPROVAL", "SCHEDULED") and at > run.latest_start:
        what = "nobody approved it" if run.state == "AWAITING_APPROVAL" else "nothing started it"
        return f"{what} before its latest start {run.latest_start}: cancel it and plan another"
    if run.state in ("SENDING", "PAUSED") and at >= run.deadline:
        return f"its deadline {run.deadline} passed: it has to settle"
    return ""


def _standing(run: CampaignRun, *, tally: RunTally, is_executed: bool) -> str:
    idle = "no refusal is recorded" if is_executed else "nothing executes it: resume it"
    sending = f"{tally.waiting} of {tally.planned} recipients wait: {tally.last_deferral or idle}"
    settling = (
        f"{tally.counts.get(CLAIMED, 0)} claims are unresolved, {tally.waiting} recipients have "
        f"no message: resolve it, {int(CLAIM_LASTS.total_seconds() // 60)} minutes after the last "
        "claim"
    )
    doubts = tally.counts.get(UNKNOWN, 0)
    causes = {
        "PLANNING": "its plan did not finish: see the execution's error, then plan again",
        "AWAITING_APPROVAL": f"it awaits approval since {run.changed_at}",
        "SCHEDULED": f"it starts at {run.starts_at}" if is_executed else "nothing waits for it",
        "SENDING": sending,
        "PAUSED": f"it is paused since {run.changed_at}: {run.reason}",
        "SETTLING": settling,
        "MEASURING": f"its result is not measured yet, with {doubts} recipients in doubt",
    }
    return causes[run.state]
