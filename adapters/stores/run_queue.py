"""Who waits for a tenant's turn, in the order in which their executions began.

The entries are in the runs table, in a separate partition for each tenant: ``acme#queue``. No
tenant can be called so.
"""

from __future__ import annotations

import dataclasses

from adapters.stores.dynamo_table import DynamoTable

QUEUE = "#queue"  # the end of a queue's partition
MOST_COUNTED = 100  # places: who is further behind waits as long as the last of them


@dataclasses.dataclass(frozen=True, kw_only=True)
class QueueEntry:
    """One execution that waits for its tenant's turn.

    Parameters
    ----------
    tenant, execution_arn
        The tenant, and the execution.
    began_ms
        When the execution began, in milliseconds since 1970.
    """

    tenant: str
    execution_arn: str
    began_ms: int

    @property
    def place(self) -> str:
        """Its place: earlier executions come first, and two of one instant by name."""
        return f"{self.began_ms:015d}#{self.execution_arn}"


class RunQueue(DynamoTable):
    """The queues of all tenants, in the runs table."""

    def enter(self, entry: QueueEntry) -> None:
        """Take a place. Doing it again changes nothing."""
        item = {
            "tenant": entry.tenant + QUEUE,
            "run_id": entry.place,
            "execution_arn": entry.execution_arn,
        }
        with self._translated():
            self._dynamodb.put_item(
                TableName=self.table, Item={name: {"S": value} for name, value in item.items()}
            )

    def leave(self, entry: QueueEntry) -> None:
        """Give a place up. A missing one is no error."""
        with self._translated():
            self._dynamodb.delete_item(
                TableName=self.table,
                Key={"tenant": {"S": entry.tenant + QUEUE}, "run_id": {"S": entry.place}},
            )

    def before(self, entry: QueueEntry) -> list[QueueEntry]:
        """Return the entries before this one, the first one first, at most ``MOST_COUNTED``."""
        with self._translated():
            answer = self._dynamodb.query(
                TableName=self.table,
                KeyConditionExpression="tenant = :queue AND run_id < :mine",
                ExpressionAttributeValues={
                    ":queue": {"S": entry.tenant + QUEUE},
                    ":mine": {"S": entry.place},
                },
                ConsistentRead=True,
                Limit=MOST_COUNTED,
            )
        return [
            QueueEntry(
                tenant=entry.tenant,
                execution_arn=item["execution_arn"]["S"],
                began_ms=int(item["run_id"]["S"].partition("#")[0]),
            )
            for item in answer["Items"]
        ]
