"""The ids of an upload: which spellings are one person, and which rows must be read with care."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from adapters.engines.duckdb.reading.texts import map_texts
from adapters.engines.duckdb.session import Connection, scalar, text
from tessera.events.counts import Doubt
from tessera.events.persons.doubts import SUSPECT
from tessera.events.persons.ids import USUAL, USUAL_EMAIL
from tessera.events.persons.queries import crowded, doubt_records, doubts
from tessera.events.persons.reading import IdRules
from tessera.sources.rows import Reading

_KNOWN = (("person", pa.string()), ("doubt", pa.string()), ("refused", pa.bool_()))
_IN_CONTEXT = "(lower(customer_id) IN (FROM id_context) OR customer_id IN (FROM id_context))"
_EMAIL = f"regexp_full_match(customer_id, {text(USUAL_EMAIL)})"
_ODD = (
    f"NOT regexp_full_match(customer_id, {text(USUAL)}) "
    f"OR regexp_full_match(customer_id, {text(SUSPECT)})"
)


def read_ids(connection: Connection, reading: Reading, *, crowds: frozenset[str]) -> Reading:
    """Make ``ids``, and ``read_ids`` with what those come to that are unlike the others.

    Parameters
    ----------
    crowds
        Ids that are known to have many people's addresses.

    Returns
    -------
    Reading
        With what the rest of the file says of its ids.
    """
    connection.execute(
        "CREATE TABLE IF NOT EXISTS ids AS SELECT DISTINCT customer_id FROM staged_rows"
    )
    rules = dataclasses.replace(reading.ids, zeros=_zeros(connection), crowds=crowds)
    context = [(each,) for each in (*rules.zeros, *rules.crowds)]
    connection.execute("CREATE OR REPLACE TABLE id_context (id VARCHAR)")
    if context:
        connection.executemany("INSERT INTO id_context VALUES (?)", context)
    connection.execute(
        f"""CREATE OR REPLACE TABLE read_ids AS
        SELECT customer_id, lower(customer_id) AS person, '' AS doubt, false AS refused
        FROM ids
        WHERE {_EMAIL} AND customer_id <> lower(customer_id) AND NOT {_IN_CONTEXT}"""  # noqa: S608 (our own patterns)
    )
    _read_one_by_one(connection, rules)
    return dataclasses.replace(reading, ids=rules)


def with_ids(connection: Connection, rows: str) -> str:
    """Return rows with the ids that they come to. Rows whose ids name nobody become odd."""
    if scalar(connection, "SELECT 1 FROM read_ids LIMIT 1") is None:
        return rows
    return f"""SELECT came.* REPLACE (
            COALESCE(r.person, came.customer_id) AS customer_id,
            came.odd OR COALESCE(r.person IS NULL AND r.doubt IS NOT NULL, false) AS odd)
        FROM ({rows}) AS came LEFT JOIN read_ids AS r ON came.customer_id = r.customer_id"""  # noqa: S608


def _zeros(connection: Connection) -> dict[str, str]:
    """Return the ids of digits that another id has with zeros before them."""
    if scalar(connection, "SELECT 1 FROM ids WHERE trim(customer_id) LIKE '0%' LIMIT 1") is None:
        return {}  # reading all other ids for their ends costs more than this look
    rows = connection.execute(
        """SELECT short.customer_id, min(long.customer_id) FROM (
            SELECT trim(customer_id) AS customer_id FROM ids
            WHERE trim(customer_id) LIKE '0%' AND regexp_full_match(trim(customer_id), '[0-9]+')
        ) AS long
        JOIN (SELECT DISTINCT regexp_replace(trim(customer_id), '[.,]0+$', '') AS customer_id
            FROM ids WHERE customer_id IS NOT NULL) AS short
        ON short.customer_id = ltrim(long.customer_id, '0') AND short.customer_id <> ''
        GROUP BY short.customer_id HAVING count(DISTINCT long.customer_id) = 1"""
    ).fetchall()
    return {str(short): str(long) for short, long in rows}


def _read_one_by_one(connection: Connection, rules: IdRules) -> None:
    """Add to ``read_ids`` the ids that no pattern of the engine's can read."""
    unusual = f"""SELECT customer_id FROM ids WHERE customer_id IS NOT NULL
        AND (({_ODD}) AND NOT {_EMAIL} OR {_IN_CONTEXT})"""  # noqa: S608
    map_ids(connection, "unusual_ids", unusual, rules=rules, name="customer_id")
    connection.execute(
        """INSERT INTO read_ids SELECT * FROM unusual_ids
        WHERE doubt <> '' OR person IS DISTINCT FROM customer_id"""
    )


def map_ids(connection: Connection, table: str, ids: str, *, rules: IdRules, name: str) -> None:
    """Make a table of what some ids come to.

    Parameters
    ----------
    ids
        The query for the ids, each once.
    name
        Of the column with them, beside ``person``, ``doubt`` and ``refused``.
    """

    def read(row: Sequence[Any]) -> tuple[Any, ...]:
        known = rules.read(row[0])
        return (*row, known.person, known.doubt, known.refused)

    map_texts(connection, table, ids, pa.schema([(name, pa.string()), *_KNOWN]), read)


def create_persons(connection: Connection) -> None:
    """Make ``persons``: every id that a row may have in the end, each once."""
    changed = scalar(connection, "SELECT count(*) FROM read_ids")
    odd = scalar(connection, "SELECT count(*) FROM odd_persons")
    every = """SELECT DISTINCT customer_id FROM (
        FROM ids WHERE customer_id NOT IN (SELECT customer_id FROM read_ids)
        UNION ALL SELECT person FROM read_ids UNION ALL SELECT customer_id FROM odd_persons)"""
    persons = every if changed or odd else "FROM ids"
    connection.execute(
        f"CREATE OR REPLACE VIEW persons AS FROM ({persons}) WHERE customer_id IS NOT NULL"
    )


def crowded_ids(connection: Connection) -> frozenset[str]:
    """Return the ids with more addresses of one kind than one person has, from ``people_rows``."""
    rows = connection.execute(crowded("people_rows")).fetchall()
    return frozenset(str(row[0]) for row in rows)


def doubts_of(connection: Connection) -> dict[str, Doubt]:
    """Return the upload's ids in doubt, by kind."""
    query = doubts("staged_rows JOIN read_ids USING (customer_id)", cell="customer_id")
    return doubt_records(connection.execute(query).fetchall())
