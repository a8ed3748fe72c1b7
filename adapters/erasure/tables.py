"""The items of people in DynamoDB: live labels, and campaigns but for who opted out."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Iterator

from adapters.campaigns.keys import (
    ONE,
    consent_pk,
    events_pk,
    history_pk,
    message_pk,
    recipients_pk,
    runs_pk,
)
from adapters.campaigns.versioned import VersionedRecords
from adapters.stores.dynamo_table import DynamoTable
from adapters.stores.keyed_table import Item, KeyedTable, key
from tessera.campaigns.consent.row import GRANTED
from tessera.campaigns.sending.states import ENDS, CampaignRun


class LabelItems(DynamoTable):
    """The table of live labels."""

    def erase(self, tenant: str, customer_key: str) -> int:
        """Delete a customer's label. Return how many items there were."""
        with self._translated():
            answer = self._dynamodb.delete_item(
                TableName=self.table,
                Key={"customer": {"S": f"{tenant}/{customer_key}"}},
                ReturnValues="ALL_OLD",
            )
        return int(bool(answer.get("Attributes")))


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignRows:
    """What of people went from the campaigns' table, and how many opt-outs stay as hashes."""

    deleted: int
    kept_opt_outs: int


class CampaignItems(KeyedTable):
    """The campaigns' table."""

    def erase(
        self,
        tenant: str,
        *,
        customer_keys: Iterable[str],
        recipients: Iterable[str],
        shared: Collection[str] = (),
    ) -> CampaignRows:
        """Delete what the table has of people, but for rows by which they opted out.

        Their history goes last: it alone knows some of their addresses, so a repetition after a
        crash reads it again.

        Parameters
        ----------
        recipients
            Keyed hashes of their addresses.
        shared
            Keyed hashes of addresses that others have too, who keep what is theirs by these.
        """
        history = [
            item
            for customer_key in customer_keys
            for item in self._partition(history_pk(tenant, customer_key))
        ]
        messages = [json.loads(item["document"]["S"]) for item in history]
        everyone = {*recipients, *(each["recipient"] for each in messages)}
        deleted = sum(self._delete(key(message_pk(each["message_id"]), ONE)) for each in messages)
        runs = [item["sk"]["S"] for item in self._partition(runs_pk(tenant))]
        kept = 0
        for recipient in sorted(everyone):
            theirs = runs
            if recipient in shared:  # by other runs somebody else was written to
                theirs = [each["run_id"] for each in messages if each["recipient"] == recipient]
            for run in theirs:
                for place in [*self._of_run(tenant, run, recipient)]:
                    deleted += self._delete(place)
            if recipient in shared:
                continue
            gone, stay = self._consent(tenant, recipient)
            deleted, kept = deleted + gone, kept + stay
        deleted += sum(self._delete(_place(item)) for item in history)
        return CampaignRows(deleted=deleted, kept_opt_outs=kept)

    def known(self, tenant: str, recipients: Iterable[str]) -> frozenset[str]:
        """Return those of some recipients that have a consent, or a place in a run."""
        runs = [item["sk"]["S"] for item in self._partition(runs_pk(tenant))]
        return frozenset(one for one in recipients if self._knows(tenant, one, runs))

    def _knows(self, tenant: str, recipient: str, runs: Iterable[str]) -> bool:
        consents = self._partition(consent_pk(tenant, recipient[0]), begins_with=f"{recipient}#")
        if next(iter(consents), None) is not None:
            return True
        return any(self._get(recipients_pk(tenant, run, recipient[0]), recipient) for run in runs)

    def resize(self, tenant: str, run_id: str, *, recipients: int) -> None:
        """Let a run that has not ended expect as many recipients as its chunks have now.

        Else it would wait for those that were erased, until its deadline.
        """
        runs = VersionedRecords(
            self.table, pk=runs_pk(tenant), kind=CampaignRun, dynamodb=self._dynamodb
        )
        run = runs.read(run_id)
        if run is not None and run.state not in ENDS:
            runs.change(run_id, lambda now: dataclasses.replace(now or run, recipients=recipients))

    def _of_run(self, tenant: str, run: str, recipient: str) -> Iterator[Item]:
        row = self._get(recipients_pk(tenant, run, recipient[0]), recipient)
        if row is not None:
            if row.get("message_id", {}).get("S"):
                yield key(message_pk(row["message_id"]["S"]), ONE)
            yield _place(row)
        events = self._partition(events_pk(tenant, run, recipient[0]), begins_with=f"{recipient}#")
        yield from map(_place, events)

    def _consent(self, tenant: str, recipient: str) -> tuple[int, int]:
        """Delete consents that were granted. Return how many went, and how many rows stay."""
        pk = consent_pk(tenant, recipient[0])
        items = list(self._partition(pk, begins_with=f"{recipient}#"))
        granted = [one for one in items if _state(one) == GRANTED]
        return sum(self._delete(_place(one)) for one in granted), len(items) - len(granted)

    def _delete(self, place: Item) -> int:
        with self._translated():
            answer = self._dynamodb.delete_item(
                TableName=self.table, Key=place, ReturnValues="ALL_OLD"
            )
        return int(bool(answer.get("Attributes")))


def _place(item: Item) -> Item:
    return {"pk": item["pk"], "sk": item["sk"]}


def _state(item: Item) -> str:
    return str(json.loads(item["document"]["S"]).get("state", ""))
