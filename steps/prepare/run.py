"""One run of Prepare: its ticket, where it works, and how long its stages took."""

from __future__ import annotations

import dataclasses
import time

from adapters.engines.prepare import Workspace
from adapters.stores.records import read_record
from tessera import naming
from tessera.events.currency import currency_in_force
from tessera.records.runs.ticket import Ticket
from tessera.settings import RunSettings


@dataclasses.dataclass(frozen=True, kw_only=True)
class PrepareRun:
    """A run of Prepare.

    Parameters
    ----------
    ticket
        What the run is.
    workspace
        Where it works.
    laps
        Seconds by stage.
    """

    ticket: Ticket
    workspace: Workspace
    laps: dict[str, float] = dataclasses.field(default_factory=dict)

    @classmethod
    def open(cls, workspace: Workspace) -> PrepareRun:
        """Return the run whose ticket CheckUpload wrote."""
        ticket = read_record(Ticket, workspace.data, workspace.key(naming.TICKET))
        return cls(ticket=ticket, workspace=workspace)

    @property
    def settings(self) -> RunSettings:
        """The run's settings."""
        return self.ticket.settings

    def currency(self, *, except_upload: str = "") -> str:
        """Return the currency in force: the setting, or that of the tenant's other uploads."""
        stored = (
            (record.name, record.currency)
            for record in self.workspace.uploads.events.uploads()
            if record.id != except_upload
        )
        return currency_in_force(self.settings.currency, stored=stored)

    def lap(self, name: str, *, began: float) -> float:
        """Add the seconds since ``began`` to a stage, and return the present moment."""
        now = time.perf_counter()
        self.laps[name] = round(self.laps.get(name, 0) + now - began, 3)
        return now
