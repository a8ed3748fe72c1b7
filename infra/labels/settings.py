"""The settings of live labels."""

from __future__ import annotations

import dataclasses

from infra.foundation.settings import FoundationSettings
from infra.kit.checks import failed
from tessera.contracts.destinations import taking_moves


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelSettings:
    """Labels that follow events within seconds. They need an event stream, and are off.

    ``enabled`` makes the functions and their table. ``gathers_seconds`` is how long Lambda gathers
    events before it calls: 0 is the fastest, and more events of a customer then cost one write.
    ``forward`` names the destinations that get each move between two runs. Each of them gets at
    most ``forward_per_hour`` customers of a tenant in an hour. The next run sends the others.
    """

    enabled: bool = False
    gathers_seconds: int = 1
    forward: tuple[str, ...] = ()
    forward_per_hour: int = 1_000

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        able = taking_moves()
        return failed(
            {
                "gathers_seconds": (0 <= self.gathers_seconds <= 300, "0 to 300 seconds"),
                "forward": (
                    set(self.forward) <= set(able),
                    f"some of {', '.join(able)}: others take no single moves",
                ),
                "forward_per_hour": (1 <= self.forward_per_hour <= 10_000, "1 to 10000 customers"),
            }
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelsSettings(FoundationSettings):
    """A stage with its live labels."""

    labels: LabelSettings = dataclasses.field(default_factory=LabelSettings)
