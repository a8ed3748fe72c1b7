"""What each sender has sent in the present minute, counted in one item by one conditional write."""

from __future__ import annotations

import datetime as dt

from adapters.stores.dynamo_table import ConditionFailed
from adapters.stores.keyed_table import KeyedTable, key

_KEPT = dt.timedelta(hours=1)


class MinuteCounts(KeyedTable):
    """Counts by sender and minute of the clock, in a table with the key ``pk`` and ``sk``."""

    def take(self, sender: str, number: int, *, most: int, now: dt.datetime) -> bool:
        """Count what somebody sends. Return whether it still fits into the minute.

        What does not fit is not counted, so a smaller number may still fit.
        """
        minute = now.replace(second=0, microsecond=0)
        values = {
            ":n": {"N": str(number)},
            ":room": {"N": str(most - number)},
            ":until": {"N": str(int((minute + _KEPT).timestamp()))},
        }
        if number > most:
            return False
        try:
            with self._translated():
                self._dynamodb.update_item(
                    TableName=self.table,
                    Key=key(self._partition_of(sender), minute.isoformat()),
                    UpdateExpression="ADD events :n SET #ttl = :until",
                    ConditionExpression="attribute_not_exists(events) OR events <= :room",
                    ExpressionAttributeNames={"#ttl": "ttl"},
                    ExpressionAttributeValues=values,
                )
        except ConditionFailed:
            return False
        return True

    def _partition_of(self, sender: str) -> str:
        raise NotImplementedError


class RequestCounts(MinuteCounts):
    """How many requests to the API each tenant has sent in a minute."""

    def _partition_of(self, sender: str) -> str:
        return f"{sender}#REQUESTS"
