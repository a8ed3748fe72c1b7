"""``tessera run``: one file through the whole system, on this machine."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from local.app import outputs
from local.app.approval import Here, questioner
from local.app.attributes import attribute_files, store_attributes
from local.app.disk import size_of
from local.app.events import send_events
from local.app.inputs.settings_file import stage_settings
from local.app.progress import show
from local.app.started import started
from local.app.state.remembered import opened
from local.app.system import System
from local.commands.run.conclusion import concluded
from local.commands.run.conclusion import lines as conclusion_lines
from local.commands.run.database import DatabaseOptions
from local.commands.run.failure import failure_of, own_names
from local.commands.run.request import RunOptions, check, settings_of
from local.terminal import Terminal
from tessera import naming

if TYPE_CHECKING:
    from local.commands.run.tables import DatabaseTables


def run(
    request: RunOptions, *, terminal: Terminal, database: DatabaseOptions | None = None
) -> bool:
    """Run a file, a folder or a database and leave the results in ``request.out``.

    Return whether every destination got all that was due.

    Raises
    ------
    InvalidInput
        The request can't be run. Nothing was started or replaced.
    RunFailed
        The run failed. ``request.out`` holds its error.json.
    """
    began = time.monotonic()
    check(request)
    storage = stage_settings(request.destinations).storage
    keep_days = {naming.RUN_FILE: storage.run_days, naming.REJECTED_ROWS: storage.reject_days}
    reading = _opened_database(database, request, terminal=terminal)
    with (
        reading as tables,
        opened(request.state, terminal=terminal, keep_days=keep_days) as state,
        started(
            tenant=request.tenant,
            terminal=terminal,
            destinations=request.destinations,
            state=state,
            stream=request.is_events,
        ) as (system, place),
    ):
        _put_settings(system, request)
        _store(system, request, terminal)
        keys = tables.upload(system) if tables else _uploaded(system, request, terminal)
        ours = [_followed(system, request, key, terminal) for key in keys]
        if state is not None and not request.plan:
            with terminal.step("Save the state") as step:
                state.save(place, now=dt.datetime.now(dt.UTC))
                step.note(f"{state.path}, with personal data")
            if tables:
                tables.forget()
        if not ours:
            terminal.say("  Nothing changed in the tables since the last run: there is no new run.")
            return True
        tenant, run_id = ours[-1]
        outputs.write_results(system, request.out, tenant=tenant, run_id=run_id, holders=system)
        seconds = time.monotonic() - began
        conclusion = concluded(system, request, run=ours[-1], seconds=seconds)
    if request.as_json:
        terminal.json(conclusion)
    else:
        for line in conclusion_lines(conclusion):
            terminal.say(line)
    return bool(conclusion["complete"])


@contextlib.contextmanager
def _opened_database(
    database: DatabaseOptions | None, request: RunOptions, *, terminal: Terminal
) -> Iterator[DatabaseTables | None]:
    """Give the tables to read, None where a file is run: that needs no engine here."""
    if database is None:
        yield None
        return
    from local.commands.run.tables import opened_database  # noqa: PLC0415

    with opened_database(database, request, terminal=terminal) as tables:
        yield tables


def _put_settings(system: System, request: RunOptions) -> None:
    settings = settings_of(request)
    if settings:
        system.put_settings(request.tenant, settings)


def _uploaded(system: System, request: RunOptions, terminal: Terminal) -> list[str]:
    """Upload the files, or send the events. Return the keys that start runs."""
    assert request.source is not None  # noqa: S101 (no database)
    if request.is_events:
        with terminal.step(f"Send {request.source.name}") as step:
            keys = send_events(system, request.source, tenant=request.tenant)
            step.note(f"through the stream {system.event_stream}")
        return keys
    with terminal.step(f"Upload {request.source.name}") as step:
        key = system.upload(request.source, tenant=request.tenant, as_of=request.as_of)
        step.note(f"{size_of(request.source) / 1e6:,.1f} MB")
    return [key]


def _followed(system: System, request: RunOptions, key: str, terminal: Terminal) -> tuple[str, str]:
    """Follow an upload's run to its end. Return its tenant and id."""
    execution = system.execution_of(key)
    decide = Here(approve=request.approve, terminal=terminal, ask=questioner())
    show(system, execution, terminal, decide=decide)
    described = system.wait(execution)
    if request.log is not None:
        lines = [f"{group}: {line}\n" for group, line in system.logs()]
        request.log.write_text("".join(lines), encoding="utf-8")
    if described["status"] != "SUCCEEDED":
        raise failure_of(system, execution, request, names=own_names(request, key))
    ours = system.run_of(execution)
    assert ours is not None  # noqa: S101 (an execution that succeeded has named its run)
    return ours


def _store(system: System, request: RunOptions, terminal: Terminal) -> None:
    """Upload the attributes, before the events so that the events' run counts them."""
    for path in attribute_files(request.attributes):
        with terminal.step(f"Store attributes {path.name}"):
            failed = store_attributes(system, path, tenant=request.tenant, as_of=request.as_of)
            if failed:
                key = system.describe(failed)["input"]["key"]
                names = {**own_names(request, key), key: str(path)}
                raise failure_of(system, failed, request, names=names)
