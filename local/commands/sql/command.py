"""``tessera sql``: query the runs of a state, one statement or a shell."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from adapters.warehouse.files import FileWarehouse, opened
from local.app.state.files import StateFiles
from local.commands.sql.output import Format, lines
from local.commands.sql.parts import parts_of
from local.terminal import Terminal
from tessera.contracts.table import Table
from tessera.contracts.tables import CUSTOMER_OUTPUT
from tessera.errors import InvalidInput

IDS = Table(
    "customer_ids",
    "One row a customer: its pseudonym and the shop's own id",
    tuple(c for c in CUSTOMER_OUTPUT.columns if c.name in ("customer_key", "customer_id")),
    key=("customer_key",),
)
_PROMPT, _GOES_ON = "tessera> ", "     ...> "
_HELP = "  .tables   .columns TABLE   .quit   A statement ends with a semicolon."


@dataclasses.dataclass(frozen=True, kw_only=True)
class SqlOptions:
    """What the command line asks for.

    Parameters
    ----------
    state, out
        The folders of the state and of the results.
    query
        One statement. Empty for a shell.
    form
        How rows are written.
    to
        The file that gets them. None for the terminal.
    ids
        Whether the shop's customer ids can be joined.
    """

    state: Path
    out: Path
    query: str = ""
    form: Format = "table"
    to: Path | None = None
    ids: bool = False


def sql(options: SqlOptions, *, terminal: Terminal, asked: TextIO = sys.stdin) -> None:
    """Run a statement, or those of a shell until it ends.

    Raises
    ------
    InvalidInput
        There is no state, a statement is refused, or the file cannot be written.
    """
    with warehouse(options.state, ids=options.out if options.ids else None) as made:
        if options.query:
            _answer(made, options.query, options, terminal)
            return
        if asked.isatty():
            terminal.say(_HELP)
        for statement in _statements(asked):
            try:
                _react(made, statement, options, terminal)
            except InvalidInput as error:
                if not asked.isatty():
                    raise
                terminal.error(str(error))


@contextlib.contextmanager
def warehouse(state: Path, *, ids: Path | None = None) -> Iterator[FileWarehouse]:
    """Open the star schema over a state's runs.

    Parameters
    ----------
    ids
        The results whose customer ids can be joined. None for pseudonyms alone.
    """
    more = [] if ids is None else [(IDS, ids / "customers.parquet")]
    for _, file in more:
        if not file.is_file():
            raise InvalidInput(f"{ids} has no {file.name}: name a run's results with --out")
    with opened(parts_of(StateFiles(state)), more=more) as made:
        yield made


def _react(made: FileWarehouse, typed: str, options: SqlOptions, terminal: Terminal) -> None:
    word, _, name = typed.rstrip(";").strip().partition(" ")
    if word == ".tables":
        _show([(one.name, one.meaning) for one in made.tables.values()], terminal)
    elif word == ".columns":
        if name.strip() not in made.tables:
            raise InvalidInput(f"no table {name!r}: there are {', '.join(sorted(made.tables))}")
        columns = made.tables[name.strip()].columns
        _show([(f"{one.name} {one.type}", one.meaning) for one in columns], terminal)
    elif word.startswith("."):
        terminal.say(_HELP)
    else:
        for statement in made.split(typed):
            _answer(made, statement, options, terminal)


def _show(rows: list[tuple[str, str]], terminal: Terminal) -> None:
    width = max(len(name) for name, _ in rows)
    for name, meaning in rows:
        terminal.say(f"  {name:<{width}}  {meaning}")


def _answer(made: FileWarehouse, statement: str, options: SqlOptions, terminal: Terminal) -> None:
    written = lines(made.query(statement), options.form)
    if options.to is None:
        for line in written:
            terminal.say(line)
        return
    with options.to.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in written)
    terminal.say(f"  Wrote {options.to}")


def _statements(asked: TextIO) -> Iterator[str]:
    """Yield statements and commands as they are typed or read."""
    waiting: list[str] = []
    while True:
        line = _line(asked, prompt=_GOES_ON if waiting else _PROMPT)
        text = line.strip()
        if not line or text in (".quit", ".exit"):
            break
        if not waiting and text.startswith("."):
            yield text
        elif text:
            waiting.append(line)
        if text.endswith(";") and waiting:
            yield "".join(waiting)
            waiting = []
    if waiting:
        yield "".join(waiting)


def _line(asked: TextIO, *, prompt: str) -> str:
    """Return the next line with its end, empty at the end of all."""
    if not asked.isatty():
        return asked.readline()
    with contextlib.suppress(ImportError):
        importlib.import_module("readline")  # lets input() edit and remember lines
    try:
        return input(prompt) + "\n"
    except EOFError:
        return ""
