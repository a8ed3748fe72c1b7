"""The tables of a stage that have items of tenants."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.foundation.keys import Key


@dataclasses.dataclass(frozen=True, kw_only=True)
class OwnedTable:
    """A table with items of tenants, by its name and ARN, and what encrypts it."""

    name: str
    arn: str
    key: Key


def tables_of(
    scope: Construct,
    *,
    foundation: Foundation,
    table: dynamodb.ITable,
    key: Key,
    names: Sequence[str],
) -> list[OwnedTable]:
    """Return the tables with items of tenants, but for runs and the tenants' records.

    Parameters
    ----------
    table, key
        The API's table, and what encrypts it.
    names
        Those of other stacks, which the data key encrypts. Empty ones are not there.
    """
    tables = [OwnedTable(name=table.table_name, arn=table.table_arn, key=key)]
    if foundation.campaigns is not None and foundation.campaigns_key is not None:
        kept = foundation.campaigns
        tables.append(
            OwnedTable(name=kept.table_name, arn=kept.table_arn, key=foundation.campaigns_key)
        )
    for name in filter(None, names):
        arn = Stack.of(scope).format_arn(service="dynamodb", resource="table", resource_name=name)
        tables.append(OwnedTable(name=name, arn=arn, key=foundation.data_key))
    return tables
