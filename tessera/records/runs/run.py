"""The documents that the steps of one run wrote, gathered: insights are made of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from tessera.records.fields import Milliseconds
from tessera.records.loads.load import LoadRecord
from tessera.records.loads.load_report import LoadReport
from tessera.records.runs.arrivals import Arrival, SourceHealth
from tessera.records.runs.prepare import PrepareRecord
from tessera.records.runs.ticket import Ticket
from tessera.records.runs.trend import TrendPoint
from tessera.records.scoring.score import ScoreRecord


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunRecords:
    """The documents of a finished run.

    Parameters
    ----------
    ticket, prepare, score
        ``ticket.json``, ``prepare.json`` and ``score.json``.
    destinations
        Each destination's ``report.json``, in the settings' order.
    loads
        Each destination's ``load.json``, in the same order.
    earlier
        The trend until the run before this one.
    arrivals, sources
        What came of each source until this run, and each of them against its own history.
    finished_at
        When the run finished.
    """

    ticket: Ticket
    prepare: PrepareRecord
    score: ScoreRecord
    destinations: tuple[LoadReport, ...]
    loads: tuple[LoadRecord, ...]
    earlier: tuple[TrendPoint, ...] = ()
    arrivals: Mapping[str, tuple[Arrival, ...]] = dataclasses.field(default_factory=dict)
    sources: tuple[SourceHealth, ...] = ()
    finished_at: Milliseconds

    @property
    def tenant(self) -> str:
        """Whose run."""
        return self.ticket.tenant

    @property
    def run_id(self) -> str:
        """Which run."""
        return self.ticket.run_id

    @property
    def upload_name(self) -> str | None:
        """The upload's key or folder, of events or of attributes. None for a scheduled run."""
        return self.ticket.source.name if self.ticket.source else None

    @property
    def as_of(self) -> dt.date:
        """The day that the profiles describe."""
        return self.score.as_of

    @property
    def currency(self) -> str:
        """ISO 4217 code, or empty when the data has none."""
        return self.prepare.currency

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the steps warned of, each once, in order."""
        return tuple(dict.fromkeys([*self.prepare.warnings, *self.score.warnings]))
