"""The table of live labels: a customer's state, and the label that it gives, under a version."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from adapters.stores.dynamo_table import ConditionFailed, DynamoTable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_CUSTOMER = "customer"  # the table's key: the tenant and the customer_key


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeptLabel:
    """What the table has of a customer.

    Parameters
    ----------
    base
        The state that the last run left, packed. Empty for a customer that no run knew.
    recent
        The events since then, packed.
    segment
        The label. Empty before there is one.
    announced
        The label that others were last notified of.
    waits
        Whether only the next run knows the label.
    label
        All of the label, as JSON.
    version
        How often the item was written. 0 where there is none.
    """

    base: bytes = b""
    recent: bytes = b""
    segment: str = ""
    announced: str = ""
    waits: bool = False
    label: str = ""
    version: int = 0


NOTHING_KEPT = KeptLabel()


class LabelStates(DynamoTable):
    """Reads what there is now, and writes only over the version that was read."""

    def read(self, tenant: str, customer_key: str) -> KeptLabel:
        """Return what the table has of a customer."""
        with self._translated():
            answer = self._dynamodb.get_item(
                TableName=self.table, Key=_key(tenant, customer_key), ConsistentRead=True
            )
        item: dict[str, Any] = answer.get("Item") or {}
        return _kept(item) if item else NOTHING_KEPT

    def write(
        self, tenant: str, customer_key: str, kept: KeptLabel, *, expires: int | None = None
    ) -> bool:
        """Write what follows the version ``kept.version``. Return whether nobody else had.

        Parameters
        ----------
        kept
            The new content, and the version that it replaces.
        expires
            The second since 1970 from which on DynamoDB may remove the item. None keeps it.
        """
        item: dict[str, AttributeValueTypeDef] = {
            **_key(tenant, customer_key),
            "version": {"N": str(kept.version + 1)},
            "base": {"B": kept.base},
            "recent": {"B": kept.recent},
            "segment": {"S": kept.segment},
            "announced": {"S": kept.announced},
            "waits": {"BOOL": kept.waits},
            "label": {"S": kept.label},
        }
        if expires is not None:
            item["expires"] = {"N": str(expires)}
        try:
            with self._translated():
                self._dynamodb.put_item(
                    TableName=self.table,
                    Item=item,
                    ConditionExpression="version = :v OR (:v = :none AND attribute_not_exists(#c))",
                    ExpressionAttributeNames={"#c": _CUSTOMER},
                    ExpressionAttributeValues={
                        ":v": {"N": str(kept.version)},
                        ":none": {"N": "0"},
                    },
                )
        except ConditionFailed:
            return False
        return True


def _key(tenant: str, customer_key: str) -> dict[str, AttributeValueTypeDef]:
    return {_CUSTOMER: {"S": f"{tenant}/{customer_key}"}}


def _kept(item: dict[str, Any]) -> KeptLabel:
    return KeptLabel(
        base=bytes(item["base"]["B"]),
        recent=bytes(item["recent"]["B"]),
        segment=item["segment"]["S"],
        announced=item["announced"]["S"],
        waits=item["waits"]["BOOL"],
        label=item["label"]["S"],
        version=int(item["version"]["N"]),
    )
