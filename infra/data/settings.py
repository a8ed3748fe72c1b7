"""The settings of the data stack."""

from __future__ import annotations

import dataclasses

from infra.destinations.settings import DestinationSettings
from infra.foundation.settings import FoundationSettings
from infra.kit.checks import failed


@dataclasses.dataclass(frozen=True, kw_only=True)
class AuditSettings:
    """Who read what, written down by AWS CloudTrail. Off, because each call costs.

    ``data_events`` makes a trail of every read, write and deletion of an upload or an identity.
    Its files expire after ``trail_days``, 0 for never.
    """

    data_events: bool = False
    trail_days: int = 400

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        return failed({"trail_days": (self.trail_days >= 0, "0 (for ever) or a number of days")})


@dataclasses.dataclass(frozen=True, kw_only=True)
class DataSettings(FoundationSettings, DestinationSettings):
    """The foundation's settings, the destinations', and what analysts get.

    Parameters
    ----------
    analytics_policy
        Whether to create a policy and an Athena workgroup for analysts: profiles and catalog, no
        uploads, no identities.
    uploaders_policy
        Whether to create a policy for those who deliver files: `uploads/`, and nothing else.
    """

    analytics_policy: bool = False
    uploaders_policy: bool = False
    audit: AuditSettings = dataclasses.field(default_factory=AuditSettings)


def problems(settings: DataSettings) -> dict[str, str]:
    """Return what was expected of each setting that is wrong."""
    return failed(
        {
            "analytics_policy": (
                settings.analytics_policy or not settings.lake_formation,
                "true: 'lake_formation' is about what analysts read",
            )
        }
    )
