"""The events of runs in DynamoDB, as a set: writing one again, or later, changes nothing.

An event's place and content are both made of the event alone. So batches need no condition, and
take a 25th of the calls.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from adapters.campaigns.keys import ONE, events_pk, message_pk, moment, recipients_pk, stamp, until
from adapters.campaigns.partitions import PartitionedTable
from adapters.stores.keyed_table import Item, key
from tessera.campaigns.events.reading import EventKind, MessageEvent
from tessera.campaigns.sending.outcomes import PARTITIONS

_TEXTS = ("kind", "recipient", "message_id", "domain", "reason", "link", "method")


class EventSet(PartitionedTable):
    """The events of all runs. The table is the campaigns'."""

    def add(self, events: Iterable[MessageEvent]) -> None:
        """Add events that name their recipient. Those that are in already stay as they are."""
        items = {(one.tenant, one.run, one.place): one for one in events}
        self._put_batch(_item(one) for one in items.values())

    def of_run(self, tenant: str, run: str) -> Iterator[MessageEvent]:
        """Return the events of a run."""
        for digit in PARTITIONS:
            yield from self.of_partition(tenant, run, digit)

    def of_partition(self, tenant: str, run: str, digit: str) -> Iterator[MessageEvent]:
        """Return the events of a run whose recipient begins with a digit."""
        read = functools.partial(_event, tenant=tenant, run=run)
        return map(read, self._partition(events_pk(tenant, run, digit)))

    def of_recipient(self, tenant: str, run: str, recipient: str) -> Iterator[MessageEvent]:
        """Return what happened to one message of a run."""
        read = functools.partial(_event, tenant=tenant, run=run)
        pk = events_pk(tenant, run, recipient[0])
        return map(read, self._partition(pk, begins_with=f"{recipient}#"))

    def accepted(self, tenant: str, run: str, recipients: Iterable[str]) -> Mapping[str, str]:
        """Return the message ids of those recipients that any event names."""
        proofs = {}
        for recipient in recipients:
            pk = events_pk(tenant, run, recipient[0])
            for item in self._partition(pk, begins_with=f"{recipient}#", limit=1):
                proofs[recipient] = item["message_id"]["S"]
        return proofs

    def of_known(self, events: Sequence[MessageEvent]) -> list[MessageEvent]:
        """Return those of events whose recipient is still in their run.

        A claim is written before a message is sent. So a recipient without one was erased since, or
        expired.
        """
        keys = {_recipient(one): None for one in events}
        rows = self._get_batch([key(*place) for place in keys])
        known = {(item["pk"]["S"], item["sk"]["S"]) for item in rows}
        return [one for one in events if _recipient(one) in known]

    def owner(self, message_id: str) -> tuple[str, str, str] | None:
        """Return tenant, run and recipient of a message that was marked as sent."""
        item = self._get(message_pk(message_id), ONE)
        return None if item is None else (
            item["tenant"]["S"], item["run"]["S"], item["recipient"]["S"],
        )  # fmt: skip


def _recipient(event: MessageEvent) -> tuple[str, str]:
    return recipients_pk(event.tenant, event.run, event.recipient[0]), event.recipient


def _item(event: MessageEvent) -> Item:
    texts = {name: {"S": getattr(event, name)} for name in _TEXTS if getattr(event, name)}
    place = key(events_pk(event.tenant, event.run, event.recipient[0]), event.place)
    # By the event's own time, so that a replay writes the very same item.
    return {**place, **texts, "at": stamp(event.at), **until(event.at)}


def _event(item: Item, *, tenant: str, run: str) -> MessageEvent:
    texts = {name: item[name]["S"] for name in _TEXTS if name in item}
    kind = cast(EventKind, texts.pop("kind"))
    return MessageEvent(kind=kind, tenant=tenant, run=run, at=moment(item["at"]), **texts)
