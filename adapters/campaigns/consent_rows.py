"""The rows of consent in DynamoDB. Rows are only ever added, and never expire there."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator

from adapters.campaigns.keys import consent_pk
from adapters.campaigns.partitions import PartitionedTable
from adapters.stores.keyed_table import Item, key
from tessera.campaigns.consent.brief import ConsentBrief, facts_of
from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.sending.outcomes import PARTITIONS
from tessera.records.codec import decode, encode


class ConsentRows(PartitionedTable):
    """The rows of all tenants. The table is the campaigns'."""

    def add(self, tenant: str, rows: Iterable[ConsentRow]) -> None:
        """Add rows. A row that is in already stays as it is."""
        places = {(row.recipient, _place(row)): row for row in rows}
        self._put_batch(_item(tenant, row) for row in places.values())

    def of_recipient(self, tenant: str, recipient: str) -> list[ConsentRow]:
        """Return a recipient's rows as they are now."""
        pk = consent_pk(tenant, recipient[0])
        return [_row(item) for item in self._partition(pk, begins_with=f"{recipient}#")]

    def briefs_of_tenant(self, tenant: str) -> Iterator[ConsentBrief]:
        """Return all rows of a tenant in brief, those of one recipient together, in a stream."""
        items = self._partitions(
            functools.partial(consent_pk, tenant), options={"ProjectionExpression": "sk, brief"}
        )
        for item in items:
            recipient, at, _ = item["sk"]["S"].split("#")
            yield ConsentBrief(recipient, at, item["brief"]["S"])

    def of_tenant(self, tenant: str) -> Iterator[ConsentRow]:
        """Return all rows of a tenant by recipient, in a stream."""
        pk = functools.partial(consent_pk, tenant)
        for digit in PARTITIONS:
            yield from map(_row, self._partition(pk(digit)))


def _place(row: ConsentRow) -> str:
    return f"{row.recipient}#{row.at.isoformat(timespec='microseconds')}#{row.digest}"


def _item(tenant: str, row: ConsentRow) -> Item:
    document = json.dumps(encode(row), sort_keys=True, ensure_ascii=False)
    place = key(consent_pk(tenant, row.recipient[0]), _place(row))
    return {**place, "document": {"S": document}, "brief": {"S": facts_of(row)}}


def _row(item: Item) -> ConsentRow:
    return decode(
        ConsentRow, json.loads(item["document"]["S"]), document=item["sk"]["S"], tolerant=True
    )
