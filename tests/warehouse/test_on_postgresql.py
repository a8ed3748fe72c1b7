"""The views on a real PostgreSQL, whose SQL Redshift grew from, give the rows of DuckDB."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from local.services.postgresql import DATABASE
from tessera.warehouse.queries import create
from tessera.warehouse.views import BASES, VIEWS

_SCHEMA = "star"
_TYPES = {"string": "text", "double": "double precision"}


@pytest.fixture(scope="module")
def star(postgres, base_rows):
    """A schema with the bases and the views."""
    with postgres.owner(DATABASE) as connection:
        connection.run(f"CREATE SCHEMA {_SCHEMA}")
        for table in BASES:
            columns = ", ".join(f"{c.name} {_TYPES.get(c.type, c.type)}" for c in table.columns)
            connection.run(f"CREATE TABLE {_SCHEMA}.{table.name} ({columns})")
            _fill(connection, f"{_SCHEMA}.{table.name}", base_rows[table.name])
        for view in VIEWS:
            connection.run(create(view, dialect="postgresql", named=f"{_SCHEMA}.{{}}".format))
        yield connection
        connection.run(f"DROP SCHEMA {_SCHEMA} CASCADE")


def _fill(connection, name: str, rows: pa.Table) -> None:
    lines = "\n".join(
        ",".join("" if cell is None else _plain(cell) for cell in row)
        for row in zip(*(column.to_pylist() for column in rows.columns), strict=True)
    )
    connection.run(f"COPY {name} FROM STDIN WITH (FORMAT csv)", stream=[lines])


def _plain(cell: object) -> str:
    is_time = isinstance(cell, dt.datetime)
    return cell.replace(tzinfo=None).isoformat() if is_time else str(cell)


def _comparable(row) -> list[object]:
    return [f"{float(one):.9g}" if isinstance(one, float | Decimal) else str(one) for one in row]


@pytest.mark.parametrize("view", VIEWS, ids=lambda one: one.name)
def test_postgresql_gives_the_rows_of_duckdb(view, star, file_warehouse):
    columns = ", ".join(one.name for one in view.columns)
    theirs = star.run(f"SELECT {columns} FROM {_SCHEMA}.{view.name}")
    ours = list(file_warehouse.query(f"SELECT {columns} FROM {view.name}").rows)
    assert len(theirs) > 2
    assert sorted(map(_comparable, theirs)) == sorted(map(_comparable, ours))
