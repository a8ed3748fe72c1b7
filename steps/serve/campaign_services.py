"""What the API's steps for campaigns work with, where campaigns are enabled."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from tessera.campaigns.campaign_record import CampaignRecord
    from tessera.campaigns.sending.states import CampaignRun

Kept = TypeVar("Kept")


class Records(Protocol[Kept]):
    """Keeps a tenant's records of one type (``adapters.campaigns.versioned``)."""

    def read(self, sk: str) -> Kept | None:
        """Return a record, None without one."""

    def all(self) -> list[Kept]:
        """Return all records, by their place."""

    def change(self, sk: str, change: Callable[[Kept | None], Kept]) -> Kept:
        """Change a record's newest version, and return what it is now."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignServices:
    """What the API's steps for campaigns work with.

    Parameters
    ----------
    records, runs
        Return a tenant's campaigns and runs.
    """

    records: Callable[[str], Records[CampaignRecord]]
    runs: Callable[[str], Records[CampaignRun]]
