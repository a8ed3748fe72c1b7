"""Give analysts the rows of a tenant, and take them back."""

from __future__ import annotations

import collections
from collections.abc import Iterable, Iterator
from typing import Protocol

from tessera.errors import InvalidInput
from tessera.warehouse.grants import (
    GOVERNED,
    RowFilter,
    check_principal,
    row_filters,
    tenant_of,
)


class Grants(Protocol):
    """The grants on the catalogued tables."""

    def keep_filter(self, row_filter: RowFilter) -> None:
        """Make a filter, or bring the one of the same name up to date."""
        ...

    def grant(self, principal: str, row_filter: RowFilter) -> None:
        """Let a principal read what a filter gives."""
        ...

    def describe_database(self, principal: str) -> None:
        """Let a principal see the database."""
        ...

    def granted(self, table: str) -> Iterator[tuple[str, str]]:
        """Yield each principal with the name of a filter of a table."""
        ...

    def revoke(self, principal: str, table: str, name: str) -> None:
        """Take a grant back."""
        ...

    def remove_filter(self, table: str, name: str) -> None:
        """Remove a filter."""
        ...


def grant(grants: Grants, *, principal: str, tenant: str, without: Iterable[str] = ()) -> None:
    """Let an analyst read a tenant's rows. A repeated call changes nothing.

    Other columns than before replace the earlier grant. Until the last table is granted, the
    analyst reads nothing of it: a call that fails half way gives less, never more.

    Raises
    ------
    InvalidInput
        The principal, the tenant or a column is not one.
    """
    filters = row_filters(tenant, without=without)
    check_principal(principal)
    for row_filter in filters:
        grants.keep_filter(row_filter)
    names = {row_filter.name for row_filter in filters}
    _take_back(grants, principal=principal, tenant=tenant, keep=names)
    for row_filter in filters:
        grants.grant(principal, row_filter)
    grants.describe_database(principal)


def revoke(grants: Grants, *, principal: str, tenant: str) -> int:
    """Take a tenant's rows from an analyst. Return the number of tables that it could read.

    Raises
    ------
    InvalidInput
        The analyst has no grant of that tenant: the message says whose it has.
    """
    taken = _take_back(grants, principal=check_principal(principal), tenant=tenant)
    if not taken:
        has = ", ".join(sorted(granted(grants).get(principal, {}))) or "none"
        raise InvalidInput(
            f"{principal} has no grant of tenant {tenant!r}: it has those of {has}. "
            "'tessera analyst list' shows all"
        )
    return taken


def granted(grants: Grants) -> dict[str, dict[str, int]]:
    """Return the number of tables that each analyst reads, by principal and tenant."""
    count: dict[str, collections.Counter[str]] = {}
    for table in GOVERNED:
        for principal, name in grants.granted(table.name):
            tenant = tenant_of(name)
            if tenant is not None:
                count.setdefault(principal, collections.Counter())[tenant] += 1
    return {principal: dict(tenants) for principal, tenants in sorted(count.items())}


def _take_back(grants: Grants, *, principal: str, tenant: str, keep: Iterable[str] = ()) -> int:
    """Revoke a tenant's filters, but for those to keep, and remove each that nobody has left."""
    taken, kept = 0, set(keep)
    for table in GOVERNED:
        holders: dict[str, set[str]] = {}
        for holder, name in grants.granted(table.name):
            if tenant_of(name) == tenant and name not in kept:
                holders.setdefault(name, set()).add(holder)
        for name, who in holders.items():
            if principal not in who:
                continue
            grants.revoke(principal, table.name, name)
            taken += 1
            if who == {principal}:
                grants.remove_filter(table.name, name)
    return taken
