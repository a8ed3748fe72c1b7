"""Every document by its name."""

from __future__ import annotations

from collections.abc import Mapping

from tessera.records.latest import Latest
from tessera.records.prepare import PrepareRecord
from tessera.records.previous import PreviousRun
from tessera.records.score import ScoreRecord
from tessera.records.ticket import Ticket

DOCUMENTS: Mapping[str, type] = {
    "latest.json": Latest,
    "prepare.json": PrepareRecord,
    "previous.json": PreviousRun,
    "score.json": ScoreRecord,
    "ticket.json": Ticket,
}
