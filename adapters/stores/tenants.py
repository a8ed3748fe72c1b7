"""The tenants table: one item for each tenant that somebody made, or that has uploaded something.

An item has the record as JSON, but for ``seen_at``. An upload writes that one alone, so it never
undoes what an operator changes at the same time.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from adapters.stores.dynamo_table import ConditionFailed, DynamoTable
from tessera.records.codec import decode, encode
from tessera.records.tenant import Tenant

_NO_RECORD = "attribute_not_exists(#record)"
_MEMBERS = ("tenant", "record", "seen_at")


class Tenants(DynamoTable):
    """The tenants of a stage.

    Its key is ``tenant``.
    """

    def add(self, tenant: str, *, seen_at: str) -> None:
        """Record an upload of a tenant, which makes it known. Its own record stays as it is."""
        with self._translated():
            self._dynamodb.update_item(
                TableName=self.table,
                Key={"tenant": {"S": tenant}},
                UpdateExpression="SET seen_at = :at",
                ExpressionAttributeValues={":at": {"S": seen_at}},
            )

    def all(self) -> list[str]:
        """Return the names of every tenant, sorted."""
        return sorted(item["tenant"]["S"] for item in self._items("tenant"))

    def active(self) -> list[Tenant]:
        """Return the tenants for which something is run or sent, by name."""
        return [tenant for tenant in self.listed() if tenant.is_active]

    def listed(self) -> list[Tenant]:
        """Return every tenant, by name."""
        items = self._items("tenant, seen_at, #record")
        return sorted(map(as_tenant, items), key=lambda tenant: tenant.tenant)

    def get(self, name: str) -> Tenant | None:
        """Return a tenant as it is now, None for one that is not known."""
        with self._translated():
            answer = self._dynamodb.get_item(
                TableName=self.table, Key={"tenant": {"S": name}}, ConsistentRead=True
            )
        item = answer.get("Item")
        return None if item is None else as_tenant(item)

    def is_active(self, name: str) -> bool:
        """Return whether something is run or sent for a tenant. One without a record is active."""
        tenant = self.get(name)
        return tenant is None or tenant.is_active

    def save(self, tenant: Tenant, *, before: Tenant | None) -> bool:
        """Write a tenant on top of what was read. Return False if somebody changed it meanwhile.

        Parameters
        ----------
        tenant
            The new record.
        before
            What was read. None makes a tenant that is not known yet.
        """
        values = {":record": {"S": _text(tenant)}}
        condition = "attribute_not_exists(tenant)"
        if before is not None:
            values[":before"] = {"S": _text(before)}
            # A tenant that its upload made has no record yet.
            plain = before == Tenant(tenant=before.tenant, seen_at=before.seen_at)
            condition = "#record = :before"
            if plain:
                condition = f"attribute_exists(tenant) AND ({condition} OR {_NO_RECORD})"
        return self._written(tenant.tenant, values, condition)

    def forget(self, name: str) -> None:
        """Remove a tenant's record. A missing one is no error."""
        with self._translated():
            self._dynamodb.delete_item(TableName=self.table, Key={"tenant": {"S": name}})

    def _written(self, name: str, values: Mapping[str, Any], condition: str) -> bool:
        try:
            with self._translated():
                self._dynamodb.update_item(
                    TableName=self.table,
                    Key={"tenant": {"S": name}},
                    UpdateExpression="SET #record = :record",
                    ConditionExpression=condition,
                    ExpressionAttributeNames={"#record": "record"},
                    ExpressionAttributeValues=values,
                )
        except ConditionFailed:
            return False
        return True

    def _items(self, attributes: str) -> list[Mapping[str, Any]]:
        names = {"#record": "record"} if "#record" in attributes else {}
        more: Any = {"ExpressionAttributeNames": names} if names else {}
        with self._translated():
            pages = self._dynamodb.get_paginator("scan").paginate(
                TableName=self.table, ProjectionExpression=attributes, **more
            )
            return [item for page in pages for item in page["Items"]]


def _text(tenant: Tenant) -> str:
    return json.dumps(encode(dataclasses.replace(tenant, seen_at=None)), sort_keys=True)


def as_item(tenant: Tenant) -> Mapping[str, Any]:
    """Return a tenant as the table has it."""
    seen = {} if tenant.seen_at is None else {"seen_at": {"S": tenant.seen_at.isoformat()}}
    return {"tenant": {"S": tenant.tenant}, "record": {"S": _text(tenant)}, **seen}


def as_tenant(item: Mapping[str, Any]) -> Tenant:
    """Return a tenant of the table's item. One that its upload made has no record."""
    name, record, seen_at = (item.get(key, {}).get("S", "") for key in _MEMBERS)
    known = json.loads(record) if record else {"tenant": name}
    tenant = decode(Tenant, known, document=f"tenant {name}", tolerant=True)
    return dataclasses.replace(tenant, seen_at=_instant(seen_at))


def _instant(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None
