"""Starts jobs and functions as forks, and as new processes where a fork can't be had."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from local.aws.processes import variables
from local.aws.workers.fork import FIRST, Fork, ForkRefused, ForkServers, ForkUnavailable
from local.aws.workers.job_worker import paths_of
from local.aws.workers.spares import MODULES
from local.aws.workers.spawned import Spawned
from local.aws.workers.ways import Worker

_MOST_STARTS = 3
_ATTEMPTS = 2
# What an interpreter and its libraries read when they start, and a fork can't take over.
_READ_AT_START = ("PYTHON", "LD_", "OMP_", "OPENBLAS_", "MKL_", "MALLOC_", "ARROW_", "JE_")
_PATHS = "PYTHONPATH"
_CLIENTS = "boto3"  # a function brings its own

_DIGITS = 16

Imports = Callable[[Sequence[str]], Sequence[str]]


class Forked:
    """Starts processes as forks.

    Parameters
    ----------
    work
        The embedded AWS's folder.
    spawned
        Starts what can't be forked.
    imports
        Gives the modules of the job's code that its command will import.
    servers
        Servers that somebody else ends. None: own ones.
    report
        Gets the reason when there are no forks any more.
    """

    def __init__(
        self,
        work: Path,
        *,
        spawned: Spawned,
        imports: Imports,
        servers: ForkServers | None = None,
        report: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._work = work
        self._spawned = spawned
        self._imports = imports
        self._report = report
        self._lock = threading.Lock()
        self._servers = servers
        self._own: list[ForkServers] = []
        self._closed = False

    def expect_job(self, kind: str) -> None:
        """Have the first server import what jobs of this kind do."""
        with contextlib.suppress(ForkUnavailable):
            self._present().load(FIRST, _common(kind))

    def expect_function(self, folder: Path, handler: str) -> bool:
        """Have the server of its code import its handler."""
        if not folder.is_relative_to(self._work):
            with contextlib.suppress(ForkUnavailable):
                servers = self._present()
                key = _served_folder(servers, folder)
                servers.load(key, [_module_of(handler)], folders=[str(folder)])
        return True

    def job(
        self, command: Sequence[str], *, kind: str, env: Mapping[str, str], folder: Path
    ) -> Worker:
        """Fork a job: from a server of its code if that is in zips."""

        def order(servers: ForkServers) -> Fork:
            paths = paths_of(command, env)
            kept = {path: _kept(servers, Path(path)) for path in paths if path.endswith(".zip")}
            return Fork(
                servers.folder / _served_zips(servers, sorted(kept.values()), kind=kind),
                {
                    "do": "run", "env": {**variables(folder), **env}, "folder": str(folder),
                    "command": [kept.get(word, word) for word in command],
                    "paths": [kept.get(path, path) for path in paths],
                    "imports": [*MODULES[kind], *self._imports(command)] if kept else _common(kind),
                    "folders": [],
                },
            )  # fmt: skip

        forked = self._forked(order, env)
        return forked or self._spawned.job(command, kind=kind, env=env, folder=folder)

    def function(
        self, folder: Path, handler: str, *, env: Mapping[str, str], home: Path, replies: int
    ) -> Worker:
        """Fork a function: from the server of its code if it shares that with others."""

        def order(servers: ForkServers) -> Fork:
            own = folder.is_relative_to(self._work)
            key = FIRST if own else _served_folder(servers, folder)
            return Fork(
                servers.folder / key,
                {
                    "do": "run", "env": {**variables(home), **env}, "folder": str(home),
                    "function": [str(folder), handler],
                    "paths": [str(folder)] if own else [],
                    "imports": [] if own else [_module_of(handler)],
                    "folders": [] if own else [str(folder)],
                },
                [replies],
            )  # fmt: skip

        forked = self._forked(order, env)
        return forked or self._spawned.function(
            folder, handler, env=env, home=home, replies=replies
        )

    def _forked(self, order: Callable[[ForkServers], Fork], env: Mapping[str, str]) -> Fork | None:
        """Return a fork, None where there can't be one."""
        if any(name.startswith(_READ_AT_START) and name != _PATHS for name in env):
            return None
        for _ in range(_ATTEMPTS):
            try:
                servers = self._present()
                try:
                    return order(servers)
                except ForkRefused:
                    return None
                except ForkUnavailable:
                    self._lost(servers)
            except ForkUnavailable:
                return None
        return None

    def _present(self) -> ForkServers:
        """Return the servers, started if there are none. Raises ForkUnavailable."""
        with self._lock:
            if self._closed or (self._servers is None and len(self._own) == _MOST_STARTS):
                raise ForkUnavailable("the servers have ended")
            if self._servers is None:
                self._servers = ForkServers.start(self._work / "forks" / str(len(self._own)))
                self._own.append(self._servers)
            return self._servers

    def _lost(self, servers: ForkServers) -> None:
        """Ask for further servers again, and for a first one where it has ended."""
        servers.forget()
        with self._lock:
            if not servers.alive and self._servers is servers and servers in self._own:
                self._servers = None
                if len(self._own) == _MOST_STARTS:
                    self._report("the process that jobs and functions are forked from ended again")

    def close(self) -> None:
        """End the servers, and what could not be forked."""
        with self._lock:
            self._closed = True
        for servers in self._own:
            servers.close()
        self._spawned.close()


def _common(kind: str) -> list[str]:
    """Return what jobs of a kind import, without what functions bring themselves."""
    return [name for name in MODULES[kind] if name != _CLIENTS]


def _module_of(handler: str) -> str:
    return handler.rpartition(".")[0].replace("/", ".")


def _served_folder(servers: ForkServers, folder: Path) -> str:
    """Return the key of the server for a folder of code.

    Another app may have the same code elsewhere, and longer: a server imports from one place.
    """
    key = _short(str(folder).encode())
    servers.serve(key, [str(folder)])
    return key


def _served_zips(servers: ForkServers, zips: list[str], *, kind: str) -> str:
    """Return the key of the server for some zips. The first one serves what has none."""
    if not zips:
        return FIRST
    key = _short("".join(zips).encode())
    if not servers.has(key):
        servers.load(FIRST, _common(kind))  # once for all further servers
        servers.serve(key, zips)
    return key


def _kept(servers: ForkServers, path: Path) -> str:
    """Return where a zip is kept, by its content: each job has its own copy."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    kept = servers.folder / f"{digest[:_DIGITS]}.zip"
    if not kept.exists():
        fresh = kept.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        try:
            os.link(path, fresh)
        except OSError:  # another file system
            shutil.copyfile(path, fresh)
        fresh.replace(kept)
    return str(kept)


def _short(text: bytes) -> str:
    """Return a name for a socket, which has to be short."""
    return hashlib.sha256(text).hexdigest()[:_DIGITS]
