"""Campaigns of two tenants, in stores that are dictionaries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from steps.serve.campaign_services import CampaignServices
from tessera.campaigns.campaign_record import CampaignRecord
from tessera.campaigns.definitions.document import parse_definition

DAY = "2026-12-01"
HOOK = {"kind": "webhook", "to": "https://hooks.example.com/tessera"}
# It needs no template, so it can be activated as it is.
SPRING: dict[str, Any] = {
    "id": "spring",
    "name": "Spring",
    "audience": {"segments": ["At Risk"]},
    "variants": [{"name": "a"}],
    "channel": HOOK,
    "schedule": {"kind": "once", "first_day": DAY},
}


class KeptRecords:
    """Records of one partition, with their places."""

    def __init__(self, items: dict[tuple[str, str], Any], pk: str) -> None:
        self._items, self._pk = items, pk

    def read(self, sk: str) -> Any:
        return self._items.get((self._pk, sk))

    def all(self) -> list[Any]:
        return [record for (pk, _), record in sorted(self._items.items()) if pk == self._pk]

    def change(self, sk: str, change: Callable[[Any], Any]) -> Any:
        self._items[self._pk, sk] = change(self.read(sk))
        return self._items[self._pk, sk]


class CampaignWorld:
    """The stores of campaigns."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], Any] = {}
        self.services = CampaignServices(
            records=lambda tenant: KeptRecords(self.items, f"{tenant}#CAMPAIGN"),
            runs=lambda tenant: KeptRecords(self.items, f"{tenant}#CAMPAIGN_RUN"),
        )

    def furnish(self, tenant: str, *, now: dt.datetime) -> None:
        """Give a tenant a campaign that both have, and another one."""
        for campaign_id in ("spring", f"{tenant}-own"):
            definition = parse_definition(SPRING | {"id": campaign_id})
            self.services.records(tenant).change(
                campaign_id,
                lambda _, definition=definition: CampaignRecord(
                    definition=definition, changed_by="user:1", changed_at=now
                ),
            )
