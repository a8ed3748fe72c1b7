"""A mapping file proposed for a database's tables, which a person reads before anything is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tessera.sources.databases.tables import DatabaseTable
from tessera.sources.databases.text_forms import MOMENT
from tessera.sources.recognition.contract import BY_NAME
from tessera.sources.recognition.proposal import Guess, Row, propose
from tessera.sources.toml_text import to_toml

_HEAD = "# A proposal: check every line against your database before you use it.\n"
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UPDATED = re.compile(
    r"(updated|modified|changed)(_?(at|on|date|time))?|last_?(update|change).*", re.I
)
_PURCHASED = "'PURCHASED'"
_TAKEN = ("event_name",)  # a table of orders has states, which are no events


def proposed_mapping(tables: Sequence[tuple[DatabaseTable, Sequence[Row]]]) -> str:
    """Return a mapping file of the tables that look like orders, in TOML.

    Parameters
    ----------
    tables
        Each table with its first rows.
    """
    sections = [section for table, sample in tables if (section := _section(table, sample))]
    return "\n".join([_HEAD, *sections])


def updated_column(table: DatabaseTable) -> str:
    """Return the column that seems to grow with each change of a row. Empty for none."""
    for column in table.columns:
        if column.type_name.startswith("timestamp") and _UPDATED.fullmatch(column.name):
            return column.name
    return ""


def _section(table: DatabaseTable, sample: Sequence[Row]) -> str:
    """Return a table's part, empty where no column looks like a customer, a date or money."""
    proposal = propose(table.column_names, sample)
    guesses = {guess.column: guess for guess in proposal.guesses if guess.column not in _TAKEN}
    if not {"customer_id", "date", "amount"} & {*guesses}:
        return ""
    values = dict(_values(table, guesses))
    name = table.name if table.schema == "public" else table.full_name
    missing = "".join(
        f'# {BY_NAME[column].header} = "…"  # no column looks like it\n'
        for column in proposal.missing
    )
    notes = "".join(f"# {guess.why}.\n" for guess in guesses.values())
    keyless = "" if table.primary_key else '# key = ["…"]  # the table has no primary key\n'
    return f"{notes}{to_toml({name: values}).strip()}\n{missing}{keyless}"


def _values(table: DatabaseTable, guesses: dict[str, Guess]) -> Iterator[tuple[str, object]]:
    if table.primary_key:
        yield "key", list(table.primary_key)
    if updated := updated_column(table):
        yield "updated_at", updated
    if table.primary_key:
        key = " || '/' || ".join(_quoted(name) for name in table.primary_key)
        yield "EventID", f"'{table.name}/' || {key}"
    yield "EventName", _PURCHASED
    types = {column.name: column.type_id for column in table.columns}
    for column, guess in guesses.items():
        expression = _quoted(guess.header)
        if types[guess.header] == MOMENT:  # written as UTC, without its offset
            expression = f"{expression} || 'Z'"
        yield BY_NAME[column].header, expression


def _quoted(name: str) -> str:
    """Return a column as an expression has it."""
    return name if _BARE.fullmatch(name) else '"' + name.replace('"', '""') + '"'
