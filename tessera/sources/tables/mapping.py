"""Mapping files: which rows of a table count, and what they are in the data contract's columns."""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

from tessera.errors import InvalidInput
from tessera.sources.recognition.contract import COLUMNS, REQUIRED
from tessera.sources.tables.expressions import Expression, parse_expression
from tessera.sources.tables.toml_members import Members

Export = Literal["full", "changes"]
HEADERS = tuple(column.header for column in COLUMNS)
_MEMBERS = (
    "title", "docs", "key", "updated_at", "export", "keep", "optional", "lookups",
)  # fmt: skip
_NEEDED = tuple(column.header for column in COLUMNS if column.name in REQUIRED)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Lookup:
    """A table in which rows find one row of another, such as a deal's account.

    Parameters
    ----------
    table
        The other table: an object of the same system.
    key
        The columns that identify its rows.
    by
        The columns of the table itself that hold the other's key, in the same order.
    """

    table: str
    key: tuple[str, ...]
    by: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class TableMapping:
    """How a table's rows become events.

    Parameters
    ----------
    name
        The file, for messages.
    title, docs
        What the table is, and where its columns are documented.
    key
        The columns that identify a row. Of a database, empty for the table's primary key.
    updated_at
        Of a database, the column that says when a row changed. Empty for none.
    export
        Whether a file of an export has all rows, or only those that changed.
    keep
        Which rows count. None for all.
    columns
        The data contract's headers to expressions.
    optional
        Columns and lookups that may be missing. They are then empty.
    lookups
        Other tables, by the name that expressions use.
    """

    name: str
    title: str
    docs: str
    key: tuple[str, ...]
    updated_at: str
    export: Export
    keep: Expression | None
    columns: Mapping[str, Expression]
    optional: tuple[str, ...]
    lookups: Mapping[str, Lookup]

    @property
    def columns_used(self) -> tuple[str, ...]:
        """The columns of the table itself that the mapping reads, its key's among them."""
        return self.columns_of("")

    def columns_of(self, lookup: str) -> tuple[str, ...]:
        """Return the columns that the mapping reads of a lookup. Empty for the table itself."""
        return tuple(dict.fromkeys(name for _, name in self._used(lookup)))

    def check(self, columns: Collection[str], *, lookup: str = "") -> None:
        """Refuse files that lack a column which the mapping reads.

        Parameters
        ----------
        columns
            Those of the files.
        lookup
            The lookup that the files are of. Empty for the table itself.

        Raises
        ------
        InvalidInput
            The message names the mapping file, the expression, the column and the nearest ones.
        """
        for place, column in self._used(lookup):
            if column not in columns and not self._may_lack(column, lookup):
                table = self.lookups[lookup].table if lookup else self.title
                raise InvalidInput(
                    f"{self.name}: {place} reads the column {column!r}, which the files of {table} "
                    f"lack. They have {_nearest(column, columns)}. Correct the mapping, export the "
                    "column too, or list it under 'optional'"
                )

    def _used(self, lookup: str) -> Iterator[tuple[str, str]]:
        if lookup:
            yield from ((f"lookups.{lookup}.key", name) for name in self.lookups[lookup].key)
        else:
            yield from (("key", name) for name in self.key)
            for name, each in self.lookups.items():
                yield from ((f"lookups.{name}.by", column) for column in each.by)
        keep = {"keep": self.keep} if self.keep else {}
        named = {f"{header}": each for header, each in self.columns.items()}
        for place, expression in {**keep, **named}.items():
            yield from (
                (place, column.name) for column in expression.columns if column.lookup == lookup
            )

    def _may_lack(self, column: str, lookup: str) -> bool:
        return (f"{lookup}.{column}" if lookup else column) in self.optional


def read_mappings(text: str, *, name: str) -> Mapping[str, TableMapping]:
    """Return the mappings of a file, by the name of their table: one section each.

    Parameters
    ----------
    text
        The file, in TOML.
    name
        The file's name, for messages.

    Raises
    ------
    InvalidInput
        It is no TOML, has an unknown member, or an expression is wrong. The message names the file,
        the section, the member and what was expected.
    """
    try:
        sections = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{name} is no valid TOML file: {error}") from error
    if not sections or not all(isinstance(each, Mapping) for each in sections.values()):
        raise InvalidInput(f"{name}: expected a section for each table, such as [orders]")
    return {
        section: _mapping(values, name=f"{name} [{section}]")
        for section, values in sections.items()
    }


def _mapping(values: Mapping[str, Any], *, name: str) -> TableMapping:
    headers = [member for member in values if member[:1].isupper()]
    for header in headers:
        _check_header(header, name=name)
    members = Members(values, name=name)
    members.only(*_MEMBERS, *headers)
    lookups = {
        lookup: _lookup(members.table(f"lookups.{lookup}")) for lookup in members.names("lookups")
    }
    _check_needed(headers, name=name)
    known = tuple(lookups)
    keep = members.text("keep", "")
    return TableMapping(
        name=name,
        title=members.text("title", name),
        docs=members.text("docs", ""),
        key=members.texts("key", ()),
        updated_at=members.text("updated_at", ""),
        export="changes" if members.choice("export", ("full", "changes")) == "changes" else "full",
        keep=_condition(keep, lookups=known, name=name) if keep else None,
        columns={
            header: _column(members.text(header), header, lookups=known, name=name)
            for header in headers
        },
        optional=members.texts("optional", ()),
        lookups=lookups,
    )


def _lookup(members: Members) -> Lookup:
    members.only("object", "key", "by")
    lookup = Lookup(table=members.text("object"), key=members.texts("key"), by=members.texts("by"))
    if len(lookup.key) != len(lookup.by):
        raise InvalidInput(
            f"{members.name}: {members.at}by has {len(lookup.by)} columns and its key "
            f"{len(lookup.key)}: name as many, in the same order"
        )
    return lookup


def _check_header(header: str, *, name: str) -> None:
    if header not in HEADERS:
        near = difflib.get_close_matches(header, HEADERS, 1, 0.0)[0]
        raise InvalidInput(
            f"{name}: {header} is no column of the data contract: did you mean {near}? "
            f"Expected some of {', '.join(HEADERS)}"
        )


def _check_needed(headers: Collection[str], *, name: str) -> None:
    if missing := [each for each in _NEEDED if each not in headers]:
        raise InvalidInput(f"{name} lacks {', '.join(missing)}: without it no row is an event")


def _condition(text: str, *, lookups: tuple[str, ...], name: str) -> Expression:
    keep = _parsed(text, "keep", lookups=lookups, name=name)
    if keep.type != "truth":
        raise InvalidInput(f"{name}: keep is a {keep.type}: expected a condition, such as A = 'x'")
    return keep


def _column(text: str, header: str, *, lookups: tuple[str, ...], name: str) -> Expression:
    value = _parsed(text, f"{header}", lookups=lookups, name=name)
    if value.type == "truth":
        raise InvalidInput(
            f"{name}: {header} is a condition: expected a value, such as a column or CASE "
            "WHEN … THEN … END"
        )
    return value


def _parsed(text: str, place: str, *, lookups: tuple[str, ...], name: str) -> Expression:
    try:
        return parse_expression(text, lookups=lookups)
    except InvalidInput as error:
        raise InvalidInput(f"{name}: {place} = {text!r}: {error}") from None


def _nearest(column: str, columns: Collection[str]) -> str:
    near = difflib.get_close_matches(column, list(columns), 5, 0.5)
    return ", ".join(near or sorted(columns)[:12]) or "no columns"
