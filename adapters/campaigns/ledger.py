"""Who of a run was claimed and what came of it, in DynamoDB.

A claim is a conditional write, so of two workers one has it. Each claim has a token: when the
answer to a write is lost and the SDK writes again, the token shows that the claim is ours.
"""

from __future__ import annotations

import datetime as dt
import functools
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

from adapters.campaigns.keys import ONE, message_pk, moment, recipients_pk, stamp, until
from adapters.campaigns.message_history import SentMessage, history_item
from adapters.campaigns.partitions import PartitionedTable
from adapters.stores.dynamo_table import ConditionFailed
from adapters.stores.keyed_table import Item, key
from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.outcomes import (
    BEFORE,
    CLAIMABLE,
    CLAIMED,
    PARTITIONS,
    SENT,
    SKIPPED,
    UNKNOWN,
    RecipientRow,
    RecipientState,
    RunTally,
    added,
    count_rows,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_LONGEST_REASON = 300
_AT_ONCE = 8  # partitions that a tally reads
_STATE = {"#state": "state"}


class CampaignLedger(PartitionedTable):
    """The rows of one run.

    Parameters
    ----------
    table
        The campaigns' table.
    tenant, run_id
        Which run.
    now
        The clock.
    dynamodb
        A client. By default for the environment's credentials and region.
    """

    def __init__(
        self, table: str, *, tenant: str, run_id: str, now: Callable[[], dt.datetime],
        dynamodb: DynamoDBClient | None = None,
    ) -> None:  # fmt: skip
        super().__init__(table, dynamodb=dynamodb)
        self._tenant, self._run_id, self._now = tenant, run_id, now

    def claim(self, recipient: str) -> bool:
        """Take a recipient for this worker. False if another has, or its state is final."""
        token = secrets.token_hex(8)
        old = self._put_where(
            recipient, CLAIMED, allowed=CLAIMABLE, absent=True, claim={"S": token}
        )
        return old is None or old.get("claim", {}).get("S") == token

    def mark(
        self, recipient: str, state: RecipientState, *, message_id: str = "", reason: str = ""
    ) -> bool:
        """Change the state of a row, where ``BEFORE`` allows it. Return whether it is so now."""
        more = {"message_id": {"S": message_id}, "reason": {"S": reason[:_LONGEST_REASON]}}
        old = self._put_where(recipient, state, allowed=BEFORE[state], absent=False, **more)
        # A write that the SDK repeats meets what it wrote itself.
        done = old is None or (old["state"]["S"], old.get("message_id")) == (
            state, more["message_id"],
        )  # fmt: skip
        if done and state == SENT and message_id:
            self._index(message_id, recipient)
        return done

    def remember(self, recipient: Recipient, *, message_id: str) -> None:
        """Add a message that was accepted to the history of its customer, if it is one."""
        if not recipient.customer_key:
            return
        at = self._now()
        sent = SentMessage(
            run_id=self._run_id,
            recipient=recipient.recipient,
            message_id=message_id,
            variant=recipient.variant,
            sent_at=at,
        )
        with self._translated():
            self._dynamodb.put_item(
                TableName=self.table,
                Item=history_item(self._tenant, recipient.customer_key, sent) | until(at),
            )

    def skip(self, recipient: str, *, reason: str) -> bool:
        """Record that no message is sent, unless somebody has claimed the recipient."""
        why = {"S": reason[:_LONGEST_REASON]}
        old = self._put_where(recipient, SKIPPED, allowed=BEFORE[SKIPPED], absent=True, reason=why)
        return old is None or (old["state"]["S"], old.get("reason")) == (SKIPPED, why)

    def rows(self, recipients: Sequence[str]) -> Mapping[str, RecipientRow]:
        """Return the rows of some recipients. Those without one are absent."""
        items = self._get_batch([self._key(one) for one in dict.fromkeys(recipients)])
        return {row.recipient: row for row in map(_row, items)}

    def unsettled(self) -> Iterator[RecipientRow]:
        """Return the rows that are CLAIMED or UNKNOWN."""
        items = self._partitions(
            self._pk,
            values={":claimed": {"S": CLAIMED}, ":unknown": {"S": UNKNOWN}},
            options={
                "FilterExpression": "#state IN (:claimed, :unknown)",
                "ExpressionAttributeNames": _STATE,
            },
        )
        return map(_row, items)

    def tally(self, *, planned: int) -> RunTally:
        """Count the rows of the run. It reads them all, eight partitions at a time."""
        self._dynamodb  # noqa: B018 (made here: threads must not make one each)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return added(pool.map(self._tally_of, PARTITIONS), planned=planned)

    def _tally_of(self, digit: str) -> RunTally:
        items = self._partition(
            self._pk(digit),
            options={
                "ProjectionExpression": "sk, #state, #at, reason",
                "ExpressionAttributeNames": {**_STATE, "#at": "at"},
            },
        )
        return count_rows(map(_row, items), planned=0)

    @functools.cached_property
    def _pk(self) -> Callable[[str], str]:
        return functools.partial(recipients_pk, self._tenant, self._run_id)

    def _key(self, recipient: str) -> Item:
        return key(self._pk(recipient[0]), recipient)

    def _put_where(
        self, recipient: str, state: RecipientState, *, allowed: frozenset[RecipientState],
        absent: bool, **more: Item,
    ) -> Item | None:  # fmt: skip
        """Write a row where the one before allows it. Return that one where it does not."""
        at = self._now()
        names = {f":s{index}": {"S": one} for index, one in enumerate(sorted(allowed))}
        condition = f"#state IN ({', '.join(names)})"
        try:
            with self._translated():
                self._dynamodb.put_item(
                    TableName=self.table,
                    Item={
                        **self._key(recipient), "state": {"S": state}, "at": stamp(at),
                        **until(at), **more,
                    },
                    ConditionExpression=(
                        f"attribute_not_exists(pk) OR {condition}" if absent else condition
                    ),
                    ExpressionAttributeNames=_STATE,
                    ExpressionAttributeValues=names,
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )  # fmt: skip
        except ConditionFailed as error:
            return _old(error)
        return None

    def _index(self, message_id: str, recipient: str) -> None:
        item = {
            **key(message_pk(message_id), ONE),
            "tenant": {"S": self._tenant}, "run": {"S": self._run_id},
            "recipient": {"S": recipient}, **until(self._now()),
        }  # fmt: skip
        with self._translated():
            self._dynamodb.put_item(TableName=self.table, Item=item)


def _old(error: ConditionFailed) -> Item:
    response: Any = getattr(error.__cause__, "response", {})
    # Where a row is missing, there is nothing to return: then no state is the right one.
    return dict(response.get("Item") or {"state": {"S": ""}})


def _row(item: Item) -> RecipientRow:
    return RecipientRow(
        recipient=item["sk"]["S"],
        state=cast(RecipientState, item["state"]["S"]),
        at=moment(item["at"]),
        message_id=item.get("message_id", {}).get("S", ""),
        reason=item.get("reason", {}).get("S", ""),
    )
