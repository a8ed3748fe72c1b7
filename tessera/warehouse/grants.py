"""What an analyst may read: one tenant's rows of the catalogued tables, and which columns."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterable

from tessera.contracts.catalog import PARTITIONS, TABLES
from tessera.contracts.table import Table
from tessera.contracts.tables import LATEST_RUNS
from tessera.errors import InvalidInput
from tessera.naming import check_tenant

GOVERNED: tuple[Table, ...] = (*TABLES, LATEST_RUNS)
_PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(?:role|user)/[\w+=,.@/-]{1,512}")
_TENANT = "tenant"
_FILTER = re.compile(r"tessera-(?P<tenant>.+)-(?:all|[0-9a-f]{12})")


@dataclasses.dataclass(frozen=True, kw_only=True)
class RowFilter:
    """The rows and columns of a table that one or several analysts read.

    Parameters
    ----------
    table
        The table's name.
    name
        The filter's, the same for the same tenant and columns.
    expression
        Which rows, as a row filter of Lake Formation.
    without
        The columns that stay hidden, sorted.
    """

    table: str
    name: str
    expression: str
    without: tuple[str, ...] = ()


def row_filters(tenant: str, *, without: Iterable[str] = ()) -> tuple[RowFilter, ...]:
    """Return the filters of a tenant's analysts, one a table.

    A tenant's name has letters, digits and hyphens only, so it needs no quoting in an expression.

    Parameters
    ----------
    tenant
        Whose rows.
    without
        The columns to hide, each from the tables that have it.

    Raises
    ------
    InvalidInput
        The tenant is not a name, or a column is unknown or a key that no query can do without.
    """
    hidden = sorted(set(without))
    for column in hidden:
        _check(column)
    digest = hashlib.sha256(",".join(hidden).encode()).hexdigest()[:12] if hidden else "all"
    return tuple(
        RowFilter(
            table=table.name,
            name=f"tessera-{check_tenant(tenant)}-{digest}",
            expression=f"{_TENANT} = '{tenant}'",
            without=tuple(name for name in hidden if name in _names(table)),
        )
        for table in GOVERNED
    )


def tenant_of(name: str) -> str | None:
    """Return the tenant of a filter by its name, None for one that is not ours."""
    match = _FILTER.fullmatch(name)
    return match["tenant"] if match else None


def check_principal(arn: str) -> str:
    """Return the ARN of a role or user.

    Raises
    ------
    InvalidInput
        It is none. The message shows it and what was expected.
    """
    if _PRINCIPAL.fullmatch(arn) is None:
        raise InvalidInput(
            f"{arn!r} is not a role or user: expected an ARN such as "
            "'arn:aws:iam::111122223333:role/analysts-of-the-shop'"
        )
    return arn


def _check(column: str) -> None:
    keys = {key.name for columns in PARTITIONS.values() for key in columns}
    known = {name for table in GOVERNED for name in _names(table)}
    if column in keys:
        raise InvalidInput(f"column {column!r} cannot be hidden: rows are chosen by it")
    if column not in known:
        raise InvalidInput(
            f"no table has a column {column!r}: expected one of {', '.join(sorted(known - keys))}"
        )


def _names(table: Table) -> set[str]:
    return {column.name for column in table.columns}
