"""What is run on Redshift, in order: each statement may be run again at any time."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from tessera.errors import InvalidInput
from tessera.naming import DEFAULT_TENANT
from tessera.shipped_files import read_text
from tessera.warehouse.queries import create
from tessera.warehouse.views import BASES, VIEWS

SCHEMA, CATALOG_SCHEMA, STREAM_SCHEMA = "tessera", "catalog", "stream"
# The data contract's columns that an order needs to enter the pipeline.
ORDER_COLUMNS = ("EventID", "CustomerID", "Date", "EventName", "Amount", "Currency", "OrderID")
_COMMENT = re.compile(r"^--.*\n", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_LOADED = re.compile(r"(?P<folder>[a-z0-9][a-z0-9-]{0,60})=(?P<columns>\w+(?:,\w+)*)")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Statement:
    """SQL with a name for messages.

    Parameters
    ----------
    texts
        One statement, or several that happen together or not at all.
    once
        Whether it exists already where Redshift says so, which has no ``IF NOT EXISTS`` for it.
    """

    name: str
    texts: tuple[str, ...]
    once: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class LoadedTable:
    """An upload folder whose parts are a table. ``columns`` are those of its Parquet, in order."""

    folder: str
    columns: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> LoadedTable:
        """Read ``folder=Column,Column``.

        Raises
        ------
        InvalidInput
            It has another form.
        """
        match = _LOADED.fullmatch(text)
        if match is None:
            raise InvalidInput(
                f"{text!r} is no table to load: use 'database-orders=EventID,CustomerID', the "
                "upload folder and the columns of its Parquet in order"
            )
        return cls(folder=match["folder"], columns=tuple(match["columns"].split(",")))


def is_relation(name: str) -> bool:
    """Return whether a name is a table's, with or without its schema and database."""
    parts = name.split(".")
    return 1 <= len(parts) <= 3 and all(map(_NAME.fullmatch, parts))


def setup(
    *, database: str, stream_name: str = "", customers_schema: str = ""
) -> Sequence[Statement]:
    """Return what creates the schemas and views.

    Parameters
    ----------
    database
        The Glue catalog's.
    stream_name
        The stream of clicks. Empty without one.
    customers_schema
        Where the destination ``redshift`` writes customers. Empty to join no ids.
    """
    names = {"schema": SCHEMA, "catalog": CATALOG_SCHEMA, "stream": STREAM_SCHEMA}
    made = [_one("schema", **names), _one("catalog", **names, database=database)]
    made += [
        Statement(name=f"view {view.name}", texts=(create(view, dialect="redshift", named=_named),))
        for view in VIEWS
    ]
    if stream_name:
        made.append(_one("stream", **names))
        clicks = _one("stream_events", **names, stream_name=stream_name)
        made.append(dataclasses.replace(clicks, once=True))
    if stream_name and customers_schema:
        made.append(_one("customer_activity", **names, customers_schema=customers_schema))
    return made


def refresh() -> Statement:
    """Return what reads the stream up to now."""
    return _one("refresh", schema=SCHEMA)


def load(
    table: LoadedTable, *, tenant: str, manifest: str, rows: int | None = None
) -> Sequence[Statement]:
    """Return what replaces a tenant's rows of a table by the files of a manifest, all at once.

    Parameters
    ----------
    table, tenant
        What is loaded, and whose.
    manifest
        The address of the list of files.
    rows
        How many rows the files have. Any other number of loaded rows changes nothing. None if
        nobody counted them.
    """
    where = _loaded(table, tenant=tenant)
    check = () if rows is None else ("load_check",)
    steps = ("load_stage", "load_copy", *check, "load_clear", "load_insert", "load_unstage")
    texts = tuple(_text(one, **where, manifest=manifest, rows=str(rows)) for one in steps)
    return (
        _one("load_table", **where),
        Statement(name=f"load of {table.folder} of {tenant}", texts=texts),
    )


def clear(table: LoadedTable, *, tenant: str) -> Statement:
    """Return what removes the rows of a tenant, whose folder no longer counts."""
    where = _loaded(table, tenant=tenant)
    texts = tuple(_text(one, **where) for one in ("load_table", "load_clear"))
    return Statement(name=f"clear of {table.folder} of {tenant}", texts=texts)


def _loaded(table: LoadedTable, *, tenant: str) -> dict[str, str]:
    return {
        "schema": SCHEMA,
        "table": table.folder,
        "tenant": tenant,
        "columns": ", ".join(f'"{name}" varchar(65535)' for name in table.columns),
        "names": ", ".join(f'"{name}"' for name in table.columns),
    }


def sum_orders(source: str, *, tenant_column: str) -> Statement:
    """Return the query for each tenant's rows: the tenant, how many, and a sum of their hashes.

    Parameters
    ----------
    source
        A table or view with the columns ``ORDER_COLUMNS``.
    tenant_column
        Its column that names the tenant. Empty where all rows are the default tenant's.
    """
    hashed = ""
    for name in ORDER_COLUMNS:
        # A mark ends each value: equal bytes that are cut otherwise are other rows.
        value = f"coalesce(CAST(\"{name}\" AS varchar(65535)), '') || '|'"
        hashed = f"fnv_hash({value}, {hashed})" if hashed else f"fnv_hash({value})"
    tenant = f'"{tenant_column}"' if tenant_column else f"'{DEFAULT_TENANT}'"
    return _one("sum_orders", tenant=tenant, hash=hashed, source=_quoted(source))


def unload(
    source: str, *, folder: str, key: str, tenant: str = "", tenant_column: str = ""
) -> Statement:
    """Return what writes a tenant's orders of the warehouse as the parts of an upload.

    Parameters
    ----------
    source
        A table or view with the columns ``ORDER_COLUMNS``.
    folder
        Where the parts go, with the beginning of their names.
    key
        The ARN of the KMS key.
    tenant, tenant_column
        Whose rows, and the column that says so. Without a column all rows.
    """
    columns = ", ".join(f'"{name}"' for name in ORDER_COLUMNS)
    # The query stands in quotes, so those of a text are doubled.
    where = f" WHERE \"{tenant_column}\" = ''{tenant}''" if tenant_column else ""
    return _one(
        "unload_orders",
        columns=columns,
        source=_quoted(source),
        where=where,
        folder=folder,
        key=key,
    )


def _quoted(source: str) -> str:
    if not is_relation(source):
        raise InvalidInput(f"{source!r} is no table: use a name such as 'shop.public.orders'")
    return ".".join(f'"{part}"' for part in source.split("."))


def _named(name: str) -> str:
    external = {base.name for base in BASES}
    return f"{CATALOG_SCHEMA if name in external else SCHEMA}.{name}"


def _one(name: str, **values: str) -> Statement:
    return Statement(name=name, texts=(_text(name, **values),))


def _text(name: str, **values: str) -> str:
    text = _COMMENT.sub("", read_text("tessera.warehouse", f"redshift/{name}.sql"))
    return text.format_map(values).strip()
