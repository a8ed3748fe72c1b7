"""The database behind the stand-in: our statements for Snowflake, run on DuckDB as they are.

DuckDB has no FLATTEN, GET, PARSE_JSON and TO_DATE of this kind. Macros and two exact
replacements provide what we use of them, so the text that runs is the text that was sent.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import duckdb

from tessera.destinations.vendors.snowflake.sql import named, table
from tessera.destinations.warehouse import tables as warehouse

_MACROS = (
    "CREATE MACRO parse_json(text) AS text::JSON",
    "CREATE MACRO get(value, place) AS value->>place",
    "CREATE MACRO to_date(text, format) AS strptime(text, '%Y-%m-%d')::DATE",
)
_FLATTEN = ("TABLE(FLATTEN(INPUT => PARSE_JSON(?)))", "json_each(parse_json(?))")
_CREATED = "DATE_PART(EPOCH_NANOSECOND, CREATED) FROM INFORMATION_SCHEMA.TABLES"
_TEXTS = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
_MERGED = {"INSERT": "inserted", "UPDATE": "updated", "DELETE": "deleted"}
# What DuckDB calls an error: code, SQL state and message of Snowflake's. Its own may quote values.
_ERRORS: Mapping[type[Exception], tuple[str, str, str]] = {
    duckdb.CatalogException: ("002003", "42S02", "Object does not exist or not authorized."),
    duckdb.BinderException: ("000904", "42000", "invalid identifier"),
    duckdb.ParserException: ("001003", "42000", "syntax error"),
    duckdb.ConversionException: ("100038", "22018", "a value is not recognized"),
    duckdb.InvalidInputException: ("100040", "22007", "a date is not recognized"),
    duckdb.ConstraintException: ("100072", "22000", "NULL result in a non-nullable column"),
}


class StatementError(Exception):
    """A statement failed: Snowflake's code, SQL state and message."""

    def __init__(self, code: str, state: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.state = state
        self.words = words


@dataclasses.dataclass(frozen=True)
class ResultTable:
    """A result: the names of its columns, and rows of texts or nulls."""

    names: Sequence[str]
    rows: Sequence[Sequence[str | None]]


class Database:
    """One database of an account, by its name. It forgets everything with its process."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._born = time.time_ns()  # a new one has other tables
        # One thread, which ``close`` ends: DuckDB frees what it keeps of a thread when that ends.
        # A server's daemon threads end with the process, when it is too late for that.
        self._thread = ThreadPoolExecutor(1)
        self._connection = duckdb.connect()
        for text in (
            f"ATTACH ':memory:' AS {named(name)}",
            f"USE {named(name)}",
            *_MACROS,
            "SET enable_external_access = false",
        ):
            self._fetched(text, ())

    def close(self) -> None:
        """Forget everything. Call it before the process ends."""
        self._thread.submit(self._connection.close).result()
        self._thread.shutdown()

    def run(self, text: str, values: Sequence[str]) -> ResultTable:
        """Carry out one statement.

        Raises
        ------
        StatementError
            It fails, has another number of values than marks, or is several statements.
        """
        bare = _TEXTS.sub("", text)
        if ";" in bare:
            raise StatementError(
                "000008",
                "0A000",
                "Actual statement count 2 did not match the desired statement count 1.",
            )
        if bare.count("?") != len(values):
            raise StatementError("002049", "42601", "Bind variable ? not set.")
        verb = text.split(maxsplit=1)[0]
        merges = verb == "MERGE"
        with _translated():
            names, rows = self._fetched(
                f"{_plain(text, self._born)}{' RETURNING merge_action' if merges else ''}", values
            )
        if merges:
            return _merged(text, [row[0] for row in rows])
        if verb == "SELECT":
            return ResultTable(names, [_texts(row) for row in rows])
        if verb == "DELETE":
            return ResultTable(["number of rows deleted"], [_texts(rows[0])])
        return ResultTable(["status"], [["Statement executed successfully."]])

    def _fetched(
        self, text: str, values: Sequence[str]
    ) -> tuple[list[str], Sequence[Sequence[Any]]]:
        """Return the names of the columns, and the rows."""

        def fetch() -> tuple[list[str], Sequence[Sequence[Any]]]:
            made = self._connection.execute(text, list(values))
            return [column[0] for column in made.description or ()], made.fetchall()

        return self._thread.submit(fetch).result()

    def customers(self, schema: str) -> dict[str, Mapping[str, Any]]:
        """Return the columns of customers that say something, by customer id."""
        with contextlib.suppress(StatementError):  # there is no table before the first run
            answer = self.query(f"SELECT * FROM {table(schema, warehouse.CUSTOMERS)}")
            return {
                row["customer_id"]: {
                    name: value
                    for name, value in row.items()
                    if value is not None and name != "customer_id"
                }
                for row in answer
            }
        return {}

    def sizes(self, schema: str) -> dict[str, int]:
        """Return the segments of a schema, and how many customers the run counted in each."""
        with contextlib.suppress(StatementError):
            answer = self.query(f"SELECT name, customers FROM {table(schema, warehouse.SEGMENTS)}")
            return {row["name"]: row["customers"] for row in answer}
        return {}

    def query(self, text: str) -> list[dict[str, Any]]:
        """Return rows as what they are, with names in lower case. For code in this process."""
        with _translated():
            names, rows = self._fetched(text, ())
        return [dict(zip(map(str.lower, names), row, strict=True)) for row in rows]


def _plain(text: str, born: int) -> str:
    """Return a statement with what DuckDB has instead of FLATTEN, and of a table's creation."""
    created = (
        f"{born} + table_oid FROM (SELECT schema_name AS TABLE_SCHEMA, "
        "table_name AS TABLE_NAME, table_oid FROM duckdb_tables())"
    )
    return text.replace(*_FLATTEN).replace(_CREATED, created)


def _merged(text: str, actions: Sequence[str]) -> ResultTable:
    """Return how many rows each kind of clause changed. There is a count for each one written."""
    clauses = {"INSERT": "THEN INSERT", "UPDATE": "THEN UPDATE", "DELETE": "THEN DELETE"}
    there = [action for action, clause in clauses.items() if clause in text]
    names = [f"number of rows {_MERGED[action]}" for action in there]
    return ResultTable(names, [[str(actions.count(action)) for action in there]])


def _texts(row: Sequence[Any]) -> list[str | None]:
    return [None if value is None else str(value) for value in row]


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        kind = next((one for one in _ERRORS if isinstance(error, one)), None)
        code, state, words = _ERRORS[kind] if kind else ("000603", "XX000", "internal error")
        raise StatementError(code, state, words) from error
