"""``tessera validate``: check a file against the contract, without running anything."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

from local.app.inputs.files import check_source, parts
from local.app.inputs.settings_file import read_settings
from local.terminal import Terminal
from tessera.errors import InvalidInput
from tessera.sources.recognition.proposal import check_unknown, propose


def validate(
    path: Path,
    *,
    settings: Path | None,
    terminal: Terminal,
    mapping: str | None = None,
    as_json: bool = False,
) -> bool:
    """Print a file's contents and faults. Return whether a run would accept it.

    Parameters
    ----------
    settings
        A settings file.
    mapping
        The export that the file is, whatever the settings say.
    as_json
        Print all of it as JSON.
    """
    check_source(path)
    wanted = read_settings(settings)
    if mapping is not None:
        wanted = dataclasses.replace(wanted, mapping=mapping)
    # DuckDB: only when needed
    from adapters.engines.duckdb.validate import validate_file  # noqa: PLC0415
    from local.commands.validate.lines import lines_of  # noqa: PLC0415

    with terminal.step(f"Read {path.name}") as step:
        checked = validate_file(path, wanted, uploaded_at=dt.datetime.now(dt.UTC))
        step.note(f"{checked.read:,} rows")
    refused = sum(checked.rejected.values())
    accepted = refused <= wanted.max_bad_share * checked.read
    if as_json:
        terminal.json({"file": str(path), "accepted_by_a_run": accepted, **checked.to_dict()})
        return accepted
    for line in lines_of(checked):
        terminal.say(line)
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
        The file can't be read, has no header, is a known export, or ``out`` exists.
    """
    check_source(path)
    if out.exists():
        raise InvalidInput(f"{out} exists already: name a new file for the proposal")
    wanted = read_settings(settings)
    # DuckDB: only when needed
    from adapters.engines.duckdb.first_rows import first_rows  # noqa: PLC0415

    file = parts(path)[0] if path.is_dir() else path
    header, sample = first_rows(file, settings=wanted)
    check_unknown(header, settings=wanted, name=file.name)
    proposal = propose(header, sample)
    out.write_text(proposal.to_toml(), encoding="utf-8")
    for guess in proposal.guesses:
        terminal.say(f"  column      {guess.column} from {guess.header!r}: {guess.why}")
    for name in proposal.missing:
        terminal.say(f"  missing     {name}: no column looks like it. Name it in {out}")
    terminal.say(f"  Wrote {out}. Check it, then: tessera validate {path} --settings {out}")
    return not proposal.missing
