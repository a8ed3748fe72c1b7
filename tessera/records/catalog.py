"""Every JSON document of a run by its name, each with its type.

Types are dataclasses, but for documents whose members have any names and for lists. The ledger of a
destination has a ``segments.json`` too, and a load has one result for each slice that it sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tessera.records.insights.insights import Insights
from tessera.records.loads.exported_segments import ExportedSegments
from tessera.records.loads.load import FilesAtOnce, LoadRecord, SliceResult
from tessera.records.loads.load_report import LoadReport
from tessera.records.loads.segment import Segment
from tessera.records.runs.error import ErrorRecord
from tessera.records.runs.latest import Latest
from tessera.records.runs.manifest import Manifest
from tessera.records.runs.prepare import PrepareRecord
from tessera.records.runs.previous import PreviousRun
from tessera.records.runs.rejects import RejectedRows
from tessera.records.runs.summary import RunSummary
from tessera.records.runs.ticket import Ticket
from tessera.records.scoring.churn import TrainedChurn
from tessera.records.scoring.cluster_model import FittedClusters
from tessera.records.scoring.score import ScoreRecord

DOCUMENTS: Mapping[str, Any] = {
    "at_once.json": FilesAtOnce,
    "churn.json": TrainedChurn,
    "error.json": ErrorRecord,
    "insights.json": Insights,
    "latest.json": Latest,
    "ledger/segments.json": tuple[Segment, ...],
    "load.json": LoadRecord,
    "manifest.json": Manifest,
    "model.json": FittedClusters,
    "prepare.json": PrepareRecord,
    "previous.json": PreviousRun,
    "rejects.json": RejectedRows,
    "recipients.json": Mapping[str, int],
    "report.json": LoadReport,
    "results/<slice>.json": SliceResult,
    "score.json": ScoreRecord,
    "segments.json": ExportedSegments,
    "summary.json": RunSummary,
    "ticket.json": Ticket,
}
