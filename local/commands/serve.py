"""``tessera serve``: the app stays up, takes uploads, and reports runs as they happen."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import Any

from local.app.approval import commands, lines
from local.app.elsewhere.inspection import inspected
from local.app.elsewhere.remote import ENDPOINT
from local.app.inputs.files import check_source
from local.app.inputs.settings_file import stage_settings
from local.app.started import started
from local.app.system import System
from local.terminal import Terminal
from tessera import naming
from tessera.errors import InvalidInput

_LOOK_S = 0.5
_ENDED = {"SUCCEEDED": "✓", "FAILED": "✗", "TIMED_OUT": "✗", "ABORTED": "✗"}


def serve(
    *, port: int, watch: Path | None, terminal: Terminal, destinations: tuple[str, ...] = ()
) -> None:
    """Keep the app up until interrupted.

    Parameters
    ----------
    port
        The port on loopback. 0 takes a free one.
    watch
        A folder whose new files are uploaded. Its subfolders are tenants.
    terminal
        Where runs are reported.
    destinations
        In place of the stage's, unless it is empty.
    """
    stage_settings(destinations)  # refused before anything starts
    if watch is not None and not watch.is_dir():
        raise InvalidInput(f"cannot watch {watch}: it is not a folder")
    with (
        started(
            tenant=naming.DEFAULT_TENANT,
            terminal=terminal,
            port=port,
            ticking=True,
            destinations=destinations,
        ) as (system, _),
        inspected(system),
    ):
        _introduce(system, terminal)
        watcher = Watcher(watch) if watch is not None else None
        reporter = RunReporter(system, terminal)
        while True:
            if watcher is not None:
                for path in watcher.arrived():
                    _take(path, watch=watcher, system=system, terminal=terminal)
            reporter.report()
            time.sleep(_LOOK_S)


def _take(path: Path, *, watch: Watcher, system: System, terminal: Terminal) -> None:
    """Upload a file that arrived, or report why it is no upload."""
    try:
        check_source(path)
        system.upload(path, tenant=watch.tenant(path))
    except InvalidInput as error:
        terminal.error(str(error))


def _introduce(system: System, terminal: Terminal) -> None:
    endpoint = system.endpoint
    terminal.say()
    terminal.say(f"  endpoint    {endpoint}")
    terminal.say(f"  uploads     s3://{system.data_bucket}/{naming.UPLOADS}")
    terminal.say(f"  identities  s3://{system.identities_bucket}/")
    terminal.say()
    terminal.say("  Upload a file from another terminal, with any credentials:")
    terminal.say(
        f"    AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION="
        f"{system.region} \\"
    )
    terminal.say(
        f"    aws --endpoint-url {endpoint} s3 cp FILE.csv "
        f"s3://{system.data_bucket}/{naming.UPLOADS}"
    )
    terminal.say()
    terminal.say("  Ctrl-C ends it and removes everything.")
    terminal.say()


class Watcher:
    """Finds files of any type that have arrived in a folder and no longer grow.

    Files that begin with ``_`` or ``.`` are not data.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known = {path: self._state(path) for path in self._files()}
        self._growing: dict[Path, tuple[int, float]] = {}

    def arrived(self) -> list[Path]:
        """Return new or changed files."""
        arrivals = []
        for path in self._files():
            state = self._state(path)
            if self._known.get(path) == state:
                continue
            if self._growing.get(path) == state and state[0]:
                self._known[path] = state
                arrivals.append(path)
            self._growing[path] = state
        return arrivals

    def _files(self) -> list[Path]:
        paths = [*self._folder.glob("*"), *self._folder.glob("*/*")]
        return [path for path in paths if path.is_file() and naming.is_data(path.name)]

    def tenant(self, path: Path) -> str:
        """Return whose file it is, by its folder."""
        same = path.parent == self._folder
        return naming.DEFAULT_TENANT if same else naming.check_tenant(path.parent.name)

    @staticmethod
    def _state(path: Path) -> tuple[int, float]:
        stat = path.stat()
        return stat.st_size, stat.st_mtime


@dataclasses.dataclass
class RunReporter:
    """Prints a line when a run begins, and when it ends."""

    system: System
    terminal: Terminal
    reported: dict[str, str] = dataclasses.field(default_factory=dict)
    asked: set[tuple[str, str]] = dataclasses.field(default_factory=set)

    def report(self) -> None:
        """Print what has happened since the last call."""
        self._report_runs()
        if set(self.reported.values()) - set(_ENDED):
            self._report_waiting()

    def _report_waiting(self) -> None:
        endpoint = "" if self.system.endpoint == ENDPOINT else self.system.endpoint
        for run in self.system.approvals.waiting():
            if (run.run_id, run.until) not in self.asked:
                for line in lines(run, commands=commands(run, endpoint=endpoint)):
                    self.terminal.say(line)
            self.asked.add((run.run_id, run.until))

    def _report_runs(self) -> None:
        for execution in self.system.executions():
            if self.reported.get(execution) in _ENDED:
                continue
            described = self.system.describe(execution)
            status = described["status"]
            what = described["input"].get("key") or described["input"].get("trigger", "run")
            if execution not in self.reported:
                self.terminal.say(f"  … {what}")
            if status in _ENDED:
                seconds = (described["stopDate"] - described["startDate"]).total_seconds()
                self.terminal.say(
                    f"  {_ENDED[status]} {what}  {seconds:.1f} s  {self._end(described)}"
                )
            self.reported[execution] = status

    def _end(self, described: dict[str, Any]) -> str:
        execution = described["executionArn"]
        if described["status"] != "SUCCEEDED":
            record = self.system.error_of(execution)
            return record["message"] if record else str(described.get("cause", ""))
        ours = self.system.run_of(execution)
        if ours is None:
            return "nothing to do"
        return f"s3://{self.system.data_bucket}/{naming.run_prefix(*ours)}"
