"""Every JSON document of a run by its name, each with its type.

Types are dataclasses, but for documents whose members have any names and for lists. The ledger of a
destination has a ``segments.json`` too, and a load has one result for each slice that it sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tessera.records.churn import TrainedChurn
from tessera.records.cluster_model import FittedClusters
from tessera.records.error import ErrorRecord
from tessera.records.exported_segments import ExportedSegments
from tessera.records.latest import Latest
from tessera.records.load import LoadRecord, SliceResult
from tessera.records.load_report import LoadReport
from tessera.records.manifest import Manifest
from tessera.records.prepare import PrepareRecord
from tessera.records.previous import PreviousRun
from tessera.records.score import ScoreRecord
from tessera.records.segment import Segment
from tessera.records.summary import RunSummary
from tessera.records.ticket import Ticket

DOCUMENTS: Mapping[str, Any] = {
    "churn.json": TrainedChurn,
    "error.json": ErrorRecord,
    "latest.json": Latest,
    "ledger/segments.json": tuple[Segment, ...],
    "load.json": LoadRecord,
    "manifest.json": Manifest,
    "model.json": FittedClusters,
    "prepare.json": PrepareRecord,
    "previous.json": PreviousRun,
    "recipients.json": Mapping[str, int],
    "report.json": LoadReport,
    "results/<slice>.json": SliceResult,
    "score.json": ScoreRecord,
    "segments.json": ExportedSegments,
    "summary.json": RunSummary,
    "ticket.json": Ticket,
}
