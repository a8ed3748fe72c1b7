"""The messages that a customer was sent, in DynamoDB. Their recipient leads to what happened."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

from adapters.campaigns.keys import history_pk
from adapters.stores.keyed_table import Item, KeyedTable, key
from tessera.records.codec import decode, encode


@dataclasses.dataclass(frozen=True, kw_only=True)
class SentMessage:
    """A message that the mail service accepted.

    Parameters
    ----------
    run_id, variant
        What sent it.
    recipient
        The keyed hash of its address.
    message_id
        The service's id of the message.
    sent_at
        When it was accepted.
    """

    run_id: str
    variant: str
    recipient: str
    message_id: str
    sent_at: dt.datetime


class MessageHistory(KeyedTable):
    """The messages of all customers. The table is the campaigns'."""

    def of_customer(self, tenant: str, customer_key: str, *, limit: int) -> list[SentMessage]:
        """Return the messages that a customer was sent, the newest first."""
        items = self._partition(
            history_pk(tenant, customer_key), limit=limit, options={"ScanIndexForward": False}
        )
        return [
            decode(SentMessage, json.loads(item["document"]["S"]), document=item["sk"]["S"])
            for item in items
        ]


def history_item(tenant: str, customer_key: str, message: SentMessage) -> Item:
    """Return the item of a message."""
    at = message.sent_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    place = key(history_pk(tenant, customer_key), f"{at}#{message.run_id}")
    return {**place, "document": {"S": json.dumps(encode(message), sort_keys=True)}}
