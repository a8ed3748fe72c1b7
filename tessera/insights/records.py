"""What the steps of one run wrote down, gathered: everything that insights are made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunRecords:
    """The records of a finished run, as read from its JSON files.

    Parameters
    ----------
    ticket, prepare, score
        ``ticket.json``, ``prepare.json`` and ``score.json``.
    destinations
        Each destination's ``report.json``, in the settings' order.
    loads
        Each destination's ``load.json``, in the same order.
    finished_at
        ISO 8601 instant, UTC.
    """

    ticket: Mapping[str, Any]
    prepare: Mapping[str, Any]
    score: Mapping[str, Any]
    destinations: tuple[Mapping[str, Any], ...]
    loads: tuple[Mapping[str, Any], ...]
    finished_at: str

    @property
    def tenant(self) -> str:
        """Whose run."""
        return str(self.ticket["tenant"])

    @property
    def run_id(self) -> str:
        """Which run."""
        return str(self.ticket["run_id"])

    @property
    def upload_name(self) -> str | None:
        """The upload's key or folder, of events or of attributes; None for a scheduled run."""
        upload = self.ticket.get("upload") or self.ticket.get("attributes") or {}
        return upload.get("name")

    @property
    def as_of(self) -> str:
        """The day that the profiles describe, YYYY-MM-DD."""
        return str(self.score["as_of"])

    @property
    def currency(self) -> str:
        """ISO 4217 code, or empty when the data has none."""
        return str(self.prepare.get("currency") or "")

    @property
    def warnings(self) -> list[str]:
        """What the steps warned of, each once, in order."""
        warnings = [*self.prepare.get("warnings", ()), *self.score.get("warnings", ())]
        return list(dict.fromkeys(warnings))
