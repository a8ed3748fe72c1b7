"""Runs that wait for an approval: find them, show them, and decide through the app's function."""

from __future__ import annotations

import dataclasses
import json
import sys
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from adapters.stores.runs import Runs
from local.terminal import Terminal
from tessera.errors import InvalidInput
from tessera.records.runs.run_item import WaitingRun

BY = "somebody at this machine"
_WIDTH = 96
_NOBODY = (
    "nobody could be asked here. Look at the run; when the change is meant, run the same again "
    "with --approve"
)


class Approvals:
    """The runs that wait in a deployed app.

    Parameters
    ----------
    client
        Makes a boto3 client of a service.
    table
        The runs table.
    function
        The function that takes decisions.
    """

    def __init__(self, client: Callable[[str], Any], *, table: str, function: str) -> None:
        self._client = client
        self._table = table
        self._function = function

    def waiting(self) -> list[WaitingRun]:
        """Return the runs that wait, sorted by tenant and run."""
        return Runs(self._table, dynamodb=self._client("dynamodb")).waiting()

    def find(self, run_id: str) -> WaitingRun:
        """Return the waiting run with this id, or with an id that starts with it.

        Raises
        ------
        InvalidInput
            No waiting run matches, or more than one does.
        """
        waiting = self.waiting()
        matches = [run for run in waiting if run.run_id.startswith(run_id)]
        if run_id and len(matches) == 1:
            return matches[0]
        known = ", ".join(f"{run.run_id} (tenant {run.tenant})" for run in waiting)
        raise InvalidInput(
            f"{'several waiting runs have' if matches else 'no waiting run has'} an id that begins "
            f"with {run_id!r}: "
            + (f"waiting are {known}" if known else "nothing waits for an approval")
        )

    def decide(self, run: WaitingRun, verb: str, *, why: str = "") -> None:
        """Approve or reject a run.

        Raises
        ------
        InvalidInput
            It has been decided meanwhile, or its time was up.
        """
        request = {
            "tenant": run.tenant, "run_id": run.run_id, "decision": verb, "by": BY, "why": why,
        }  # fmt: skip
        answer = self._client("lambda").invoke(
            FunctionName=self._function, Payload=json.dumps(request)
        )
        reply = json.loads(answer["Payload"].read() or "{}")
        if answer.get("FunctionError"):
            raise InvalidInput(str(reply.get("errorMessage", reply)))


def lines(run: WaitingRun, *, commands: Sequence[str]) -> list[str]:
    """Return a run that waits as lines for a person, with what may be typed."""
    about = f"Run {run.run_id} (tenant {run.tenant}) is computed; nothing was sent. {run.reason}"
    return [*_wrapped(about), *(f"    {command}" for command in commands)]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def commands(run: WaitingRun, *, endpoint: str = "") -> list[str]:
    """Return the two commands that decide on a run of ``serve``, from another terminal."""
    where = f" --endpoint {endpoint}" if endpoint else ""
    return [
        f"tessera approve {run.run_id}{where}",
        f'tessera reject {run.run_id} --why "…"{where}',
    ]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Here:
    """Decides on a run of this process: approved in advance, or asked on the terminal.

    Parameters
    ----------
    approve
        Whether the user has approved in advance.
    terminal
        Where the run and its reason are shown.
    ask
        Asks a question and returns the answer. None if nobody could answer.
    """

    approve: bool
    terminal: Terminal
    ask: Callable[[str], str] | None = None

    def __call__(self, approvals: Approvals) -> None:
        """Decide on every run that waits."""
        for run in approvals.waiting():
            self.terminal.say()
            for line in lines(run, commands=()):
                self.terminal.say(line)
            verb, why = self._decision()
            approvals.decide(run, verb, why=why)
            self.terminal.say()

    def _decision(self) -> tuple[str, str]:
        if self.approve:
            self.terminal.say("  Approved in advance, by --approve.")
            return "approve", "in advance"
        if self.ask is None:
            return "reject", _NOBODY
        yes = self.ask("  Send it all the same? [y/N] ").strip().lower() in ("y", "yes")
        return ("approve", "") if yes else ("reject", "the answer was no")


def questioner() -> Callable[[str], str] | None:
    """Return the function that asks the user. None if no user could answer."""
    return input if sys.stdin.isatty() and sys.stdout.isatty() else None
