"""Name why a run does not move, so that nobody has to search logs."""

from __future__ import annotations

import dataclasses
import datetime as dt

from tessera.campaigns.sending.outcomes import CLAIMED, UNKNOWN, RunTally
from tessera.campaigns.sending.settling import CLAIM_LASTS
from tessera.campaigns.sending.states import ENDS, CampaignRun

STILL = dt.timedelta(minutes=30)


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunSigns:
    """What is known about a run's progress.

    Parameters
    ----------
    tally
        Its rows.
    moved_at
        When a row or the state last changed.
    last_refusal
        The newest reason for which a recipient was deferred, empty for none.
    workers
        Whether anything is executing the run.
    """

    tally: RunTally
    moved_at: dt.datetime
    last_refusal: str = ""
    workers: bool = True


def cause(run: CampaignRun, *, signs: RunSigns, at: dt.datetime) -> str:
    """Return why a run is stuck and what to do about it, empty if it is not."""
    if run.state in ENDS:
        return ""
    overdue = _overdue(run, at=at)
    if overdue:
        return overdue
    if at - max(signs.moved_at, run.changed_at) < STILL:
        return ""
    return _standing(run, signs=signs)


def _overdue(run: CampaignRun, *, at: dt.datetime) -> str:
    if run.state in ("AWAITING_APPROVAL", "SCHEDULED") and at > run.latest_start:
        what = "nobody approved it" if run.state == "AWAITING_APPROVAL" else "nothing started it"
        return f"{what} before its latest start {run.latest_start}: cancel it and plan another"
    if run.state in ("SENDING", "PAUSED") and at >= run.deadline:
        return f"its deadline {run.deadline} passed: it has to settle"
    return ""


def _standing(run: CampaignRun, *, signs: RunSigns) -> str:
    tally = signs.tally
    sending = (
        f"{tally.waiting} of {tally.planned} recipients wait: "
        f"{signs.last_refusal or _of_workers(signs)}"
    )
    settling = (
        f"{tally.counts.get(CLAIMED, 0)} claims are unresolved, {tally.waiting} recipients have "
        f"no message: resolve it, {int(CLAIM_LASTS.total_seconds() // 60)} minutes after the last "
        "claim"
    )
    doubts = tally.counts.get(UNKNOWN, 0)
    causes = {
        "PLANNING": "its plan did not finish: see the execution's error, then plan again",
        "AWAITING_APPROVAL": f"it awaits approval since {run.changed_at}",
        "SCHEDULED": f"it starts at {run.starts_at}" if signs.workers else "nothing waits for it",
        "SENDING": sending,
        "PAUSED": f"it is paused since {run.changed_at}: {run.reason}",
        "SETTLING": settling,
        "MEASURING": f"its result is not measured yet, with {doubts} recipients in doubt",
    }
    return causes[run.state]


def _of_workers(signs: RunSigns) -> str:
    return "no refusal is recorded" if signs.workers else "nothing executes it: resume it"
