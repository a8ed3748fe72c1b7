"""``tessera canary``: upload a few made-up orders, and expect a finished run.

The same steps hold offline and in an account, because both are used through AWS' own APIs.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from local.app.system import System
from local.commands.canary.checks import Check
from local.commands.canary.first_deployment import applicable
from local.commands.canary.orders import CUSTOMERS, FILE_NAME, orders_csv
from local.commands.canary.states import state_times
from local.terminal import CommandFailure, Terminal
from tessera import naming
from tessera.errors import InvalidInput

TENANT = naming.CANARY_TENANT
PAGE = "docs/first-deployment.md"


class CanaryFailed(CommandFailure):
    """The canary's run did not finish, or did not reach a destination."""

    def __init__(
        self, message: str, *, state: str, what_to_do: str = "", error: str = "", details: str = ""
    ) -> None:
        evidence = f"{error} {message} {details}"
        about_data = error == InvalidInput.__name__  # no row of the page is about the upload
        self.check: Check | None = None if about_data else applicable(state, evidence=evidence)
        lines = [f"canary: {state or 'the start'} failed: {message}"]
        if what_to_do:
            lines.append(f"  What to do: {what_to_do}")
        if self.check:
            lines.append(f"  See {PAGE}, row {self.check.id}: {self.check.title}")
        super().__init__("\n".join(lines))


def canary(
    system: System, *, terminal: Terminal, destinations: Sequence[str], now: dt.datetime
) -> None:
    """Run the canary's upload to its end, with a line for each state.

    Parameters
    ----------
    destinations
        Where its customers go. Choose only those that keep tenants apart.
    now
        The present moment: the upload's orders end the day before.

    Raises
    ------
    CanaryFailed
        The message names the state, the reason and the row of the page that applies.
    """
    listed = json.dumps(list(destinations))
    # Its orders are other ones after each deployment, so the circuit breaker would always wait.
    settings = f"breaker_limit = 1.0\ndestinations = {listed}\n"
    system.put_settings(TENANT, settings.encode())
    execution = _started(system, orders_csv(today=now.date()))
    for state in state_times(system.follow(execution)):
        mark = "✗" if state.failed else "✓"
        terminal.say(f"  {mark} {state.name:<26} {state.seconds:6.1f} s")
    if system.wait(execution)["status"] != "SUCCEEDED":
        raise _failure(system, execution)
    _check_results(system, execution, terminal=terminal)


def _started(system: System, orders: str) -> str:
    before = frozenset(system.executions())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE_NAME
        path.write_text(orders, encoding="utf-8")
        key = system.upload(path, tenant=TENANT)
    try:
        return system.execution_of(key, after=before)
    except RuntimeError as error:
        raise CanaryFailed(str(error), state="") from error


def _failure(system: System, execution: str) -> CanaryFailed:
    record: Mapping[str, Any] = system.error_of(execution, tenant=TENANT) or {}
    described = system.describe(execution)
    message = record.get("message") or described.get("cause") or described["status"]
    return CanaryFailed(
        str(message),
        state=str(record.get("state", "FailRun")),
        what_to_do=str(record.get("what_to_do", "")),
        error=str(record.get("error", "")),
        details=" ".join(str(value) for value in record.get("details", {}).values()),
    )


def _check_results(system: System, execution: str, *, terminal: Terminal) -> None:
    """Read what the run left: a run may finish although a destination failed or was held."""
    run = system.run_of(execution)
    if run is None:
        raise CanaryFailed("the run was skipped as a duplicate", state="CheckUpload")
    key = naming.run_key(*run, naming.SUMMARY)
    summary = system.read_json(system.data_bucket, key)
    for report in summary["destinations"]:
        terminal.say(f"  {report['destination']}: {report['message']}")
        failed = report.get("failed")
        if failed or report.get("held"):
            state = failed["state"] if failed else "MapSchema"
            raise CanaryFailed(f"{report['destination']}: {report['message']}", state=state)
    if summary["customers"] != CUSTOMERS:
        raise CanaryFailed(
            f"{summary['customers']} customers in the summary, expected {CUSTOMERS}", state="Score"
        )
    terminal.say(f"  The canary's run {run[1]} finished: {CUSTOMERS} customers.")
