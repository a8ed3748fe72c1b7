"""Write-only keys of pages, and how many events each has sent in the present minute."""

from __future__ import annotations

import datetime as dt

from adapters.stores.dynamo_table import ConditionFailed
from adapters.stores.kept_keys import KeptKeys
from adapters.stores.keyed_table import KeyedTable, key
from tessera.api.write_keys import WriteKey

KEYS, COUNTS = "KEY#", "COUNT#"  # how the partitions begin that collecting reads and counts in
_KEPT = dt.timedelta(hours=1)


class WriteKeys(KeptKeys[WriteKey]):
    """The write-only keys of all tenants, without their secrets."""

    kind = WriteKey


class EventCounts(KeyedTable):
    """How many events each key has sent in a minute of the clock."""

    def take(self, key_id: str, number: int, *, most: int, now: dt.datetime) -> bool:
        """Count events of a key. Return whether they still fit into its minute.

        Events that do not fit are not counted, so smaller requests may still fit.
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
                    Key=key(f"{COUNTS}{key_id}", minute.isoformat()),
                    UpdateExpression="ADD events :n SET #ttl = :until",
                    ConditionExpression="attribute_not_exists(events) OR events <= :room",
                    ExpressionAttributeNames={"#ttl": "ttl"},
                    ExpressionAttributeValues=values,
                )
        except ConditionFailed:
            return False
        return True
