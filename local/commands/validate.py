"""``tessera validate``: check a file against the contract, without running anything."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from local.app.settings_file import read_settings
from local.app.system import check_source
from local.terminal import Terminal
from tessera.errors import InvalidInput
from tessera.sources.proposal import propose
from tessera.sources.sniff import table_start

_SHOWN = 20
_START_BYTES = 256 << 10


def validate(
    path: Path, *, settings: Path | None, terminal: Terminal, mapping: str | None = None
) -> bool:
    """Print a file's contents and faults. Return whether a run would accept it.

    Parameters
    ----------
    settings
        A settings file.
    mapping
        The export that the file is, whatever the settings say.
    """
    check_source(path)
    wanted = read_settings(settings)
    if mapping is not None:
        wanted = dataclasses.replace(wanted, mapping=mapping)
    from adapters.engines.duckdb.validate import validate_file  # noqa: PLC0415 (DuckDB: only when needed)

    checked = validate_file(path, wanted, uploaded_at=dt.datetime.now(dt.UTC))
    refused = sum(checked.rejected.values())
    terminal.say(f"  read as     {_format(checked.encoding, checked.delimiter)}")
    terminal.say(
        f"  amounts     decimal {checked.decimal}, {checked.currency or 'no currency given'}"
    )
    if checked.dates:
        terminal.say(f"  dates       {checked.dates}")
    terminal.say(f"  mapping     {checked.source.reads}")
    if checked.source.money:
        terminal.say(f"  money       {checked.source.money}")
    for ours, theirs in checked.columns.items():
        terminal.say(f"  column      {ours} from {theirs!r}")
    terminal.say(
        f"  rows        {checked.read:,} read: {checked.accepted:,} accepted, "
        f"{refused:,} rejected, {sum(checked.ignored.values()):,} ignored"
    )
    _say_counts(terminal, "rejected", checked.rejected)
    _say_counts(terminal, "ignored", checked.ignored)
    for reject in checked.rejects[:_SHOWN]:
        terminal.say(f"  line {reject.line}: {reject.column}: {reject.message} [{reject.code}]")
    for note in checked.source.notes:
        terminal.say(f"  note        {note}")
    accepted = refused <= wanted.max_bad_share * checked.read
    if not accepted:
        terminal.error(
            f"{refused:,} of {checked.read:,} rows would be rejected, more than the setting "
            f"max_bad_share ({wanted.max_bad_share:.0%}) allows: a run would stop"
        )
    return accepted


def propose_mapping(path: Path, *, settings: Path | None, out: Path, terminal: Terminal) -> bool:
    """Write what a file's columns may mean into a settings file. Return whether it is complete.

    Raises
    ------
    InvalidInput
        The file is no text with a header, or ``out`` exists.
    """
    check_source(path)
    if out.exists():
        raise InvalidInput(f"{out} exists already: name a new file for the proposal")
    with path.open("rb") as file:
        start = file.read(_START_BYTES)
    header, sample = table_start(start, name=path.name, settings=read_settings(settings))
    proposal = propose(header, sample)
    out.write_text(proposal.to_toml(), encoding="utf-8")
    for guess in proposal.guesses:
        terminal.say(f"  column      {guess.column} from {guess.header!r}: {guess.why}")
    for name in proposal.missing:
        terminal.say(f"  missing     {name}: no column looks like it. Name it in {out}")
    terminal.say(f"  Wrote {out}. Check it, then: tessera validate {path} --settings {out}")
    return not proposal.missing


def _format(encoding: str, delimiter: str) -> str:
    names = {",": "comma", ";": "semicolon", "\t": "tab", "": ""}
    return f"{encoding} {names.get(delimiter, delimiter)}".strip()


def _say_counts(terminal: Terminal, what: str, counts: Mapping[str, int]) -> None:
    for code, count in sorted(counts.items(), key=lambda item: -item[1]):
        terminal.say(f"  {what:<10}  {count:,} × {code}")
