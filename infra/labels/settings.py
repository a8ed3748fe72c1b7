"""The settings of live labels."""

from __future__ import annotations

import dataclasses

from infra.foundation.settings import FoundationSettings
from infra.kit.checks import failed


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelSettings:
    """Labels that follow events within seconds. They need an event stream, and are off.

    ``enabled`` makes the functions and their table. ``gathers_seconds`` is how long Lambda gathers
    events before it calls: 0 is the fastest, and more events of a customer then cost one write.
    """

    enabled: bool = False
    gathers_seconds: int = 1

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        return failed({"gathers_seconds": (0 <= self.gathers_seconds <= 300, "0 to 300 seconds")})


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelsSettings(FoundationSettings):
    """A stage with its live labels."""

    labels: LabelSettings = dataclasses.field(default_factory=LabelSettings)
