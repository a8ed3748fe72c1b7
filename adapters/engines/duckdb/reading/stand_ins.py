"""The customers of odd rows: by their ids, or else by what stands in for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import pyarrow as pa

from adapters.engines.duckdb.reading.persons import map_ids
from adapters.engines.duckdb.reading.texts import map_texts
from adapters.engines.duckdb.session import Connection, scalar, text
from tessera.events.names import UNCOUNTED
from tessera.events.persons.ids import USUAL_EMAIL
from tessera.events.persons.reading import STAND_INS, IdRules

CONTACT_TEXTS = tuple(f"{name}_text" for name in STAND_INS)
_STAND_INS = pa.schema(
    [*((name, pa.string()) for name in CONTACT_TEXTS), ("stand_in", pa.string())]
)
_KEYS = ", ".join(CONTACT_TEXTS)
_NAMED = ", ".join(STAND_INS)
_UNKNOWN = "SELECT {} FROM odd_texts JOIN odd_ids USING (id_text) WHERE person IS NULL"


def read_odd_persons(connection: Connection, rules: IdRules, *, usual: Sequence[str]) -> None:
    """Make ``odd_persons``: whose each odd row is, NULL for nobody's.

    Parameters
    ----------
    usual
        Queries for the rows that are not odd, with their customers and contacts.
    """

    def stand_in(row: Sequence[Any]) -> tuple[Any, ...]:
        return (*row, rules.stand_in(tuple(cell or None for cell in row)))

    ids = "SELECT DISTINCT id_text FROM odd_texts"
    map_ids(connection, "odd_ids", ids, rules=rules, name="id_text")
    unknown = _UNKNOWN.format(f"DISTINCT {_KEYS}")
    map_texts(connection, "odd_stand_ins", unknown, _STAND_INS, stand_in)
    _link(connection, rules, usual)
    connection.execute(_PERSONS)


_PERSONS = f"""
CREATE OR REPLACE TABLE odd_persons AS
SELECT part, record, COALESCE(i.person, l.person, s.stand_in) AS customer_id,
    s.stand_in IS NOT NULL AND l.person IS NULL AND NOT i.refused AS stood_in,
    i.refused OR i.doubt = 'damaged' AND i.person IS NULL AND s.stand_in IS NULL AS refused
FROM odd_texts AS o JOIN odd_ids AS i USING (id_text)
LEFT JOIN odd_stand_ins AS s ON i.person IS NULL AND {
    " AND ".join(f"o.{name} = s.{name}" for name in CONTACT_TEXTS)
}
LEFT JOIN links AS l ON s.stand_in = l.stand_in"""  # noqa: S608 (our own names)


def stood_in_rows(connection: Connection) -> int:
    """Return how many rows, those that are no events apart, count for what stands in for an id."""
    query = f"""SELECT count(*) FROM odd_persons JOIN odd_rows USING (part, record)
        WHERE stood_in AND (event IS NULL OR event NOT IN {UNCOUNTED})"""  # noqa: S608
    return int(scalar(connection, query))


def usual_contacts(rows: Sequence[str], has: Sequence[Collection[str]]) -> list[str]:
    """Return queries for the contacts of rows that are not odd. Parts without any have none.

    Parameters
    ----------
    rows, has
        The parts' rows with the ids that they come to, and the parts' columns.
    """
    return [
        f"SELECT customer_id, {_NAMED} FROM ({each}) WHERE NOT odd"  # noqa: S608 (our own names)
        for each, columns in zip(rows, has, strict=True)
        if not {"address", "email", "phone", "other_id"}.isdisjoint(columns)
    ]


def _link(connection: Connection, rules: IdRules, usual: Sequence[str]) -> None:
    """Make ``links``: of what stands in for ids, the ids beside which the file has it."""
    connection.execute(
        "CREATE OR REPLACE TABLE links AS SELECT stand_in, stand_in AS person "
        "FROM odd_stand_ins LIMIT 0"
    )
    if scalar(connection, "SELECT count(stand_in) FROM odd_stand_ins") == 0:
        return
    odd = (
        f"SELECT person AS customer_id, {', '.join(f'o.{name}' for name in STAND_INS)} "  # noqa: S608
        "FROM odd_texts AS o JOIN odd_ids USING (id_text) WHERE person IS NOT NULL AND NOT refused"
    )
    rows = " UNION ALL ".join([*usual, odd])
    connection.execute(
        f"""CREATE OR REPLACE TABLE contacts AS
        SELECT customer_id, kind, cell, count(*) AS rows FROM (
            SELECT customer_id, unnest(['other_id', 'email', 'phone', channel_type]) AS kind,
                unnest([other_id, email, phone, address]) AS cell
            FROM ({rows})
        ) WHERE cell IS NOT NULL GROUP BY ALL"""  # noqa: S608
    )
    _read_contacts(connection, rules)
    connection.execute(
        """CREATE OR REPLACE TABLE links AS
        SELECT stand_in, arg_min(customer_id, (-rows, customer_id)) AS person FROM (
            SELECT n.stand_in, customer_id, sum(rows)::BIGINT AS rows
            FROM contacts AS c JOIN normal_contacts AS n
                ON c.cell = n.cell AND c.kind IS NOT DISTINCT FROM nullif(n.kind, '')
            WHERE n.stand_in IN (SELECT stand_in FROM odd_stand_ins)
            GROUP BY n.stand_in, customer_id
        ) GROUP BY stand_in"""
    )


def _read_contacts(connection: Connection, rules: IdRules) -> None:
    """Make ``normal_contacts``: a cell by its kind, and the id that it stands for."""
    read: dict[str, Callable[[str], str | None]] = {
        "other_id": lambda cell: rules.stand_in((cell, None, None, None, None)),
        "email": lambda cell: rules.stand_in((None, cell, None, None, None)),
        "phone": lambda cell: rules.stand_in((None, None, cell, None, None)),
    }

    def normal(row: Sequence[Any]) -> tuple[Any, ...]:
        kind, cell = row
        if kind in read:
            return (*row, read[kind](cell))
        return (*row, rules.stand_in((None, None, None, kind or None, cell)))

    schema = pa.schema([("kind", pa.string()), ("cell", pa.string()), ("stand_in", pa.string())])
    is_email = "(kind IN ('email', 'EMAIL') OR kind IS NULL)"
    usual = f"{is_email} AND regexp_full_match(cell, {text(USUAL_EMAIL)})"
    distinct = f"SELECT DISTINCT COALESCE(kind, '') AS kind, cell FROM contacts WHERE NOT ({usual})"  # noqa: S608
    map_texts(connection, "normal_contacts", distinct, schema, normal)
    connection.execute(
        f"""INSERT INTO normal_contacts
        SELECT DISTINCT COALESCE(kind, ''), cell, lower(cell) FROM contacts WHERE {usual}"""  # noqa: S608
    )
