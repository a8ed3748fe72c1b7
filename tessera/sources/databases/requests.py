"""Which tables and columns a mapping file needs of a database."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera.errors import InvalidInput
from tessera.sources.databases.tables import TableRequest
from tessera.sources.tables.mapping import TableMapping

_PUBLIC = "public"


def requests_of(mappings: Mapping[str, TableMapping]) -> list[TableRequest]:
    """Return the tables that mappings and their lookups name, each once, with what is read of it.

    Raises
    ------
    InvalidInput
        Two mappings would be one upload, or name another key for the same table.
    """
    requests: dict[tuple[str, str], TableRequest] = {}
    uploads: dict[str, str] = {}
    for section, mapping in mappings.items():
        request = dataclasses.replace(
            _request(section, mapping.key, mapping.columns_used),
            updated_at=mapping.updated_at,
            optional=mapping.optional,
        )
        if request.table in uploads:
            raise InvalidInput(
                f"{mapping.name}: {uploads[request.table]} and {section} would be one upload, "
                f"database-{request.table}: read one of them by a view of another name"
            )
        uploads[request.table] = section
        _add(requests, request, name=mapping.name)
    for mapping in mappings.values():
        for name, lookup in mapping.lookups.items():
            columns = mapping.columns_of(name)
            optional = tuple(
                column.removeprefix(f"{name}.")
                for column in mapping.optional
                if column.startswith(f"{name}.")
            )
            request = _request(lookup.table, lookup.key, columns)
            _add(requests, dataclasses.replace(request, optional=optional), name=mapping.name)
    return list(requests.values())


def _request(name: str, key: tuple[str, ...], columns: tuple[str, ...]) -> TableRequest:
    schema, _, table = name.rpartition(".")
    return TableRequest(schema=schema or _PUBLIC, table=table, key=key, columns=columns)


def _add(requests: dict[tuple[str, str], TableRequest], new: TableRequest, *, name: str) -> None:
    known = requests.get((new.schema, new.table))
    if known is not None and known.key and new.key and known.key != new.key:
        raise InvalidInput(
            f"{name}: table {new.full_name} has the key {', '.join(known.key)} and the key "
            f"{', '.join(new.key)}: name one"
        )
    merged = new
    if known is not None:
        merged = TableRequest(
            schema=new.schema,
            table=new.table,
            key=known.key or new.key,
            updated_at=known.updated_at or new.updated_at,
            columns=tuple(dict.fromkeys((*known.columns, *new.columns))),
            optional=tuple({*known.optional} & {*new.optional}),
        )
    requests[(new.schema, new.table)] = merged
