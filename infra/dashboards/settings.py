"""The settings of the dashboards."""

from __future__ import annotations

import dataclasses
import re

from infra.foundation.settings import FoundationSettings
from infra.kit.checks import failed
from tessera import naming

_GROUP = re.compile(r"arn:aws[a-z-]*:quicksight:[a-z0-9-]+:\d{12}:group/[\w.-]+/[\w+=,.@-]+")
_EXPECTED = "the ARN of a group of Quick Sight, 'arn:aws:quicksight:…:group/default/readers'"


@dataclasses.dataclass(frozen=True, kw_only=True)
class DashboardSettings:
    """A dashboard of Quick Sight for the people in ``reader_group``. There is none without it.

    Both groups are ARNs. ``author_group`` gets the same sheets as an analysis to change. The
    dashboard is of one ``tenant``. Quick Sight queries Athena in the analysts' workgroup, so
    ``analytics_policy`` must be on.
    """

    reader_group: str = ""
    author_group: str = ""
    tenant: str = naming.DEFAULT_TENANT

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        return failed(
            {
                "reader_group": (
                    not self.reader_group or bool(_GROUP.fullmatch(self.reader_group)),
                    _EXPECTED,
                ),
                "author_group": (
                    not self.author_group
                    or bool(self.reader_group and _GROUP.fullmatch(self.author_group)),
                    f"{_EXPECTED}, beside a 'dashboards.reader_group'",
                ),
                "tenant": (naming.is_tenant(self.tenant), "a tenant's name"),
            }
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class DashboardsSettings(FoundationSettings):
    """A stage with its dashboards."""

    dashboards: DashboardSettings = dataclasses.field(default_factory=DashboardSettings)
    analytics_policy: bool = False


def problems(settings: DashboardsSettings) -> dict[str, str]:
    """Return what was expected of each setting that is wrong."""
    return failed(
        {
            "analytics_policy": (
                settings.analytics_policy or not settings.dashboards.reader_group,
                "true: the dashboards of 'dashboards.reader_group' query in its workgroup",
            )
        }
    )
