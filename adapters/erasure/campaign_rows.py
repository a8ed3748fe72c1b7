"""What the campaigns' table has of people, as JSON values that they can read."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from adapters.campaigns.keys import consent_pk, events_pk, history_pk, recipients_pk, runs_pk
from adapters.stores.keyed_table import Item, KeyedTable

_OURS = {"pk", "sk", "ttl", "brief"}
_EMPTY = ("consents", "messages", "recipients", "events")


class Partitions(Protocol):
    """The items of the campaigns' table."""

    def partition(self, pk: str, *, begins_with: str = "") -> Iterator[Item]:
        """Yield a partition's items in order."""


class CampaignPartitions(KeyedTable):
    """The table in DynamoDB."""

    def partition(self, pk: str, *, begins_with: str = "") -> Iterator[Item]:
        """Yield a partition's items in order."""
        yield from self._partition(pk, begins_with=begins_with)


class ItemPartitions:
    """The same of a list of items, such as those that a state has.

    Parameters
    ----------
    items
        As DynamoDB writes them.
    """

    def __init__(self, items: Iterable[Mapping[str, Any]]) -> None:
        self._items: Sequence[Item] = sorted(
            (dict(item) for item in items if "pk" in item and "sk" in item),
            key=lambda item: (item["pk"]["S"], item["sk"]["S"]),
        )

    def partition(self, pk: str, *, begins_with: str = "") -> Iterator[Item]:
        """Yield a partition's items in order."""
        for item in self._items:
            if item["pk"]["S"] == pk and item["sk"]["S"].startswith(begins_with):
                yield item


def campaign_rows(
    table: Partitions, tenant: str, *, customer_keys: Collection[str], recipients: Iterable[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return people's consents, their messages, and what became of each.

    Parameters
    ----------
    recipients
        Keyed hashes of their addresses.
    """
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _EMPTY}
    for customer_key in sorted(customer_keys):
        rows["messages"] += map(_row, table.partition(history_pk(tenant, customer_key)))
    everyone = {*recipients, *(one["recipient"] for one in rows["messages"])}
    runs = [item["sk"]["S"] for item in table.partition(runs_pk(tenant))]
    for recipient in sorted(everyone):
        digit, own = recipient[0], f"{recipient}#"
        consents = table.partition(consent_pk(tenant, digit), begins_with=own)
        rows["consents"] += map(_row, consents)
        for run in runs:
            taken = table.partition(recipients_pk(tenant, run, digit), begins_with=recipient)
            rows["recipients"] += ({"run": run, **_row(item)} for item in taken)
            happened = table.partition(events_pk(tenant, run, digit), begins_with=own)
            rows["events"] += ({"run": run, **_row(item)} for item in happened)
    return rows


def _row(item: Mapping[str, Any]) -> dict[str, Any]:
    if "document" in item:
        return dict(json.loads(item["document"]["S"]))
    texts = {name: next(iter(value.values())) for name, value in item.items()}
    return {name: value for name, value in texts.items() if name not in _OURS}
