"""What a run is asked for, and what is refused before anything starts."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

from local.app import outputs
from local.app.attributes import attribute_files
from local.app.disk import check_room, size_of
from local.app.events import check_events
from local.app.inputs.files import check_source
from local.app.inputs.settings_file import read_settings
from local.app.state.folder import StateFolder
from local.aws.jobs import spark
from tessera import naming
from tessera.errors import InvalidInput
from tessera.sources.recognition.decision import mapping_of


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunOptions:
    """What to run, and where to leave the results."""

    source: Path | None  # None: the tables of a database
    out: Path
    state: Path | None = None  # the folder of the state. None: nothing is remembered
    attributes: Path | None = None  # a file or folder about the customers
    tenant: str = naming.DEFAULT_TENANT
    as_of: str | None = None
    settings: Path | None = None
    mapping: str | None = None  # the export that the files are, whatever the settings say
    destinations: tuple[str, ...] = ()  # in place of the stage's, unless it is empty
    log: Path | None = None
    engine: str | None = None  # where Prepare runs, whatever the settings say
    approve: bool = False  # in advance, should the run wait for it
    plan: bool = False  # send nothing, whatever the settings say
    as_json: bool = False  # print the result as JSON
    is_events: bool = False  # the source has events for the event stream, a line each


def check(request: RunOptions) -> None:
    """Refuse what could not be run, before anything starts."""
    naming.check_tenant(request.tenant)
    if request.source is not None:
        (check_events if request.is_events else check_source)(request.source)
    attribute_files(request.attributes)
    outputs.check_target(request.out)
    check_state(request)
    check_room(size_of(request.source) if request.source is not None else 0)
    settings = read_settings(request.settings, destinations=request.destinations)
    engine = settings.engine
    chosen = settings.mapping if request.mapping is None else request.mapping
    mapping_of((), settings=dataclasses.replace(settings, mapping=chosen))
    for name in _overriding(request):
        if request.settings and name in _toml(request.settings):
            raise InvalidInput(
                f"settings file {request.settings} sets {name!r}, and so does the "
                "command: remove one of the two"
            )
    if "spark" in (request.engine, engine) and not spark.is_installed():
        raise InvalidInput(
            "Spark is not installed here: run 'make spark', which installs it (half a gigabyte)"
        )


def check_state(request: RunOptions) -> None:
    """Refuse a folder for the state that is none, or that a run would replace."""
    if request.state is None:
        return
    state, out = request.state.resolve(), request.out.resolve()
    if state == out or out in state.parents:
        raise InvalidInput(
            f"the state {request.state} is in the folder of the results {request.out}, which each "
            "run replaces: give another folder with --state"
        )
    StateFolder(request.state).read()
    outputs.check_writable(request.state)


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8-sig"))


def settings_of(request: RunOptions) -> bytes:
    """Return the tenant's settings file, what the command says before all tables in it."""
    forced = "".join(f"{name} = {value}\n" for name, value in _overriding(request).items())
    return forced.encode() + (request.settings.read_bytes() if request.settings else b"")


def _overriding(request: RunOptions) -> dict[str, str]:
    """Return the settings that the command makes, by name, as TOML."""
    engine = {"engine": f'"{request.engine}"'} if request.engine else {}
    if request.mapping is not None:
        engine["mapping"] = f'"{request.mapping}"'
    return engine | ({"dry_run": "true"} if request.plan else {})
