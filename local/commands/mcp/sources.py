"""Where the figures come from: a state on this machine, or a deployed API."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from adapters.http.console_api import ConsoleApi
from local.app.state.files import StateFiles
from local.commands.explain.files import files_of
from steps.explain.customer import explain_customer
from tessera import naming
from tessera.api.cursors import CUSTOMER
from tessera.errors import InvalidInput
from tessera.records.codec import decode
from tessera.records.insights.insights import Insights
from tessera.records.runs.run_item import RunItem

_RUNS = "100"


class RunSource(Protocol):
    """Finished runs of one tenant."""

    def runs(self) -> Sequence[Mapping[str, Any]]:
        """Return ``run_id``, ``finished_at`` and ``upload`` of each run, the newest first."""
        ...

    def insights(self, run_id: str | None) -> Insights:
        """Return a run's insights, of the latest run if none is named."""
        ...

    def customer(self, who: str, run_id: str | None) -> Mapping[str, Any]:
        """Return all there is to say about one customer."""
        ...


class StateSource:
    """The runs of a state on this machine.

    Parameters
    ----------
    path
        The state's folder.
    tenant
        Whose runs.
    """

    def __init__(self, path: Path, *, tenant: str) -> None:
        self._path = path
        self._tenant = tenant

    def runs(self) -> Sequence[Mapping[str, Any]]:
        """Return the runs, the newest first."""
        return [
            {"run_id": run.run_id, "finished_at": run.finished_at, "upload": run.upload or None}
            for run in self._runs(StateFiles(self._path))
        ]

    def insights(self, run_id: str | None) -> Insights:
        """Return a run's insights."""
        state = StateFiles(self._path)  # read again: a run may have finished since
        run = self._run(state, run_id)
        key = naming.run_key(run.tenant, run.run_id, naming.INSIGHTS)
        value = state.read_json(state.data_bucket, key)
        return decode(Insights, value, document=key, tolerant=True)

    def customer(self, who: str, run_id: str | None) -> Mapping[str, Any]:
        """Return all there is to say about a customer_id or customer_key, but not the id."""
        run = self._run(StateFiles(self._path), run_id)
        nowhere = self._path / run.run_id
        with files_of(nowhere, run=run.run_id, state=self._path, endpoint="") as files:
            row = files.customer(who)
            facts = explain_customer(files, row["customer_key"] if row else who)
        if facts is None:  # ids that resemble it would go to the assistant
            raise InvalidInput(f"run {run.run_id} has no such customer")
        return {"run_id": run.run_id, **facts}

    def _runs(self, state: StateFiles) -> list[RunItem]:
        return [run for run in reversed(state.runs()) if run.tenant == self._tenant]

    def _run(self, state: StateFiles, run_id: str | None) -> RunItem:
        runs = self._runs(state)
        if run_id is None and runs:
            return runs[0]
        match = next((run for run in runs if run.run_id == run_id), None)
        if match is None:
            known = ", ".join(run.run_id for run in runs) or "none"
            raise InvalidInput(
                f"tenant {self._tenant!r} has no finished run {run_id or ''}: there are {known}"
            )
        return match


class ApiSource:
    """The runs that a deployed console's API serves. The key decides whose."""

    def __init__(self, api: ConsoleApi) -> None:
        self._api = api

    def runs(self) -> Sequence[Mapping[str, Any]]:
        """Return the finished runs among the latest, the newest first."""
        listed = self._api.get("/v1/runs", limit=_RUNS)["items"]
        kept = ("run_id", "finished_at", "upload")
        return [
            {name: run[name] for name in kept} for run in listed if run["status"] == "SUCCEEDED"
        ]

    def insights(self, run_id: str | None) -> Insights:
        """Return a run's insights."""
        value = self._api.get("/v1/insights", run=run_id)
        return decode(Insights, value, document="/v1/insights", tolerant=True)

    def customer(self, who: str, run_id: str | None) -> Mapping[str, Any]:
        """Return all there is to say about a customer_key."""
        if not re.fullmatch(CUSTOMER, who):
            raise InvalidInput("expected a customer_key, which the console shows with a customer")
        detail = self._api.get(f"/v1/customers/{who}", run=run_id)
        return {"run_id": detail["run_id"], **detail["explanation"]}
