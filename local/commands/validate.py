"""``python -m local validate``: check a file against the contract, without running anything."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from local.app.settings_file import read_settings
from local.app.system import check_source
from local.terminal import Console

_SHOWN = 20


def validate(path: Path, *, settings: Path | None, console: Console) -> bool:
    """Print what a file holds and what is wrong with it; tell whether a run would accept it."""
    check_source(path)
    wanted = read_settings(settings)
    from adapters.engines.duckdb.validate import validate_file  # noqa: PLC0415 (DuckDB: only when needed)

    found = validate_file(path, wanted)
    refused = sum(found.rejected.values())
    console.say(f"  read as     {_format(found.encoding, found.delimiter)}")
    console.say(f"  amounts     decimal {found.decimal}, {found.currency or 'no currency given'}")
    for ours, theirs in found.columns.items():
        console.say(f"  column      {ours} from {theirs!r}")
    console.say(
        f"  rows        {found.read:,} read: {found.accepted:,} accepted, {refused:,} rejected, "
        f"{sum(found.ignored.values()):,} ignored"
    )
    _say_counts(console, "rejected", found.rejected)
    _say_counts(console, "ignored", found.ignored)
    for reject in found.rejects[:_SHOWN]:
        console.say(f"  line {reject.line}: {reject.column}: {reject.message} [{reject.code}]")
    accepted = refused <= wanted.max_bad_share * found.read
    if not accepted:
        console.error(
            f"{refused:,} of {found.read:,} rows would be rejected, more than the setting "
            f"max_bad_share ({wanted.max_bad_share:.0%}) allows: a run would stop"
        )
    return accepted


def _format(encoding: str, delimiter: str) -> str:
    names = {",": "comma", ";": "semicolon", "\t": "tab", "": ""}
    return f"{encoding} {names.get(delimiter, delimiter)}".strip()


def _say_counts(console: Console, what: str, counts: Mapping[str, int]) -> None:
    for code, count in sorted(counts.items(), key=lambda item: -item[1]):
        console.say(f"  {what:<10}  {count:,} × {code}")
