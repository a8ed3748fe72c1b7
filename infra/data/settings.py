"""The settings of the data stack."""

from __future__ import annotations

import dataclasses

from infra.destinations.settings import DestinationSettings
from infra.foundation.settings import FoundationSettings


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
