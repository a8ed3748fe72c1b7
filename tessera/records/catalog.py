"""Every document by its name."""

from __future__ import annotations

from collections.abc import Mapping

from tessera.records.error import ErrorRecord
from tessera.records.latest import Latest
from tessera.records.load import LoadRecord
from tessera.records.load_report import LoadReport
from tessera.records.prepare import PrepareRecord
from tessera.records.previous import PreviousRun
from tessera.records.score import ScoreRecord
from tessera.records.ticket import Ticket

DOCUMENTS: Mapping[str, type] = {
    "error.json": ErrorRecord,
    "latest.json": Latest,
    "load.json": LoadRecord,
    "prepare.json": PrepareRecord,
    "previous.json": PreviousRun,
    "report.json": LoadReport,
    "score.json": ScoreRecord,
    "ticket.json": Ticket,
}
