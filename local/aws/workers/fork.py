"""One process that a fork server has forked, and the servers of one embedded AWS."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

from local.aws.processes import variables

_ROOT = Path(__file__).resolve().parents[3]
_ENDED = 137  # what a shell reports of a process that got SIGKILL
_PATIENCE_S = 120.0  # a server imports for two seconds, on a busy machine for many more
_ENDING_S = 20.0
_MOST_BYTES = 1 << 20
FIRST = "first"  # the server that imports what all code needs
# One thread each: a fork has none of its server's. Nothing is asked of AWS while importing.
_VARIABLES = {
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
_OURS = ("OMP_NUM_THREADS",)  # the machine's, and read when a library is loaded


class ForkUnavailable(Exception):  # noqa: N818 (what happened)
    """There is no fork to be had: start a process of one's own."""


class ForkRefused(ForkUnavailable):
    """The server is there and says that a fork would not be as a new process is."""


class Fork:
    """One process, as ``local.aws.processes.Child`` is one.

    Parameters
    ----------
    server
        The address of its server.
    order
        What it is to do.
    inherited
        A function's descriptor for replies. With it the process also gets standard input.

    Raises
    ------
    ForkUnavailable
        The server refuses, or is gone.
    """

    def __init__(
        self, server: Path, order: Mapping[str, object], inherited: Sequence[int] = ()
    ) -> None:
        self._output, writer = os.pipe()
        given = [writer]
        self._stdin: IO[bytes] | None = None
        if inherited:
            reader, stdin = os.pipe()
            self._stdin = os.fdopen(stdin, "wb")
            given.append(reader)
        try:
            self._connection, answer = _ask(server, order, [*given, *inherited], wanted="pid")
        except ForkUnavailable:
            os.close(self._output)
            if self._stdin is not None:
                self._stdin.close()
            raise
        finally:
            for one in given:
                os.close(one)
        self._pid: int = answer["pid"]
        self._code: int | None = None
        self._waiting = threading.Lock()

    @property
    def stdin(self) -> IO[bytes]:
        """Where to write what it reads."""
        assert self._stdin is not None  # noqa: S101 (only functions read)
        return self._stdin

    def lines(self) -> Iterator[bytes]:
        """Yield what it prints, standard error included, until it ends."""
        with os.fdopen(self._output, "rb") as output:
            yield from output

    def wait(self, timeout_s: float | None = None) -> int:
        """Wait for its end. Return its exit status. Raises subprocess.TimeoutExpired."""
        with self._waiting:
            if self._code is None:
                self._connection.settimeout(timeout_s)
                try:
                    answer = _received(self._connection)
                except TimeoutError:
                    raise subprocess.TimeoutExpired("a fork", timeout_s or 0) from None
                self._code = answer.get("code", _ENDED)
                if not answer:  # its server is gone, and it with that, but not what it started
                    self._kill_group()
                self._connection.close()
                self._close_stdin()
            return self._code

    def kill(self) -> None:
        """End it and everything that it started."""
        if self._code is None:
            self._kill_group()
            with contextlib.suppress(OSError):  # it has just ended
                self._connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(subprocess.TimeoutExpired):  # its server hangs
            self.wait(_ENDING_S)
        self._close_stdin()

    def _close_stdin(self) -> None:
        if self._stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._stdin.close()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)


class ForkServers:
    """A first server, and further ones for each code.

    Parameters
    ----------
    folder
        Where their sockets are.
    process
        The first server, if this process has started it. It ends with this process.
    """

    def __init__(self, folder: Path, process: subprocess.Popen[bytes] | None = None) -> None:
        self.folder = folder
        self._process = process
        self._lock = threading.Lock()
        self._served: set[str] = set()

    @classmethod
    def start(cls, folder: Path) -> Self:
        """Start a first server. Raises ForkUnavailable."""
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        ours = {name: os.environ[name] for name in _OURS if name in os.environ}
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            try:
                listener.bind(str(folder / FIRST))
            except OSError as error:  # the name of a folder can be too long for a socket
                raise ForkUnavailable(str(error)) from error
            listener.listen(128)  # so that orders wait for it while it starts
            process = subprocess.Popen(
                [sys.executable, "-m", "local.aws.workers.fork_server", str(folder),
                 str(listener.fileno())],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={**variables(folder), **_VARIABLES, **ours}, cwd=_ROOT,
                pass_fds=[listener.fileno()], start_new_session=True,
            )  # fmt: skip
        return cls(folder, process)

    def serve(self, key: str, paths: Sequence[str]) -> None:
        """Have a server for the code at these paths. Raises ForkUnavailable."""
        with self._lock:
            if key not in self._served:
                self._order(FIRST, {"do": "serve", "key": key, "paths": list(paths)})
                self._served.add(key)

    def load(self, key: str, modules: Sequence[str], *, folders: Sequence[str] = ()) -> None:
        """Have a server import modules. Raises ForkUnavailable."""
        self._order(key, {"do": "import", "imports": list(modules), "folders": list(folders)})

    def _order(self, key: str, order: Mapping[str, object]) -> None:
        connection, _ = _ask(self.folder / key, order, wanted="done")
        connection.close()

    def has(self, key: str) -> bool:
        """Return whether a server of this name was asked for."""
        return key in self._served

    def forget(self) -> None:
        """Ask for further servers again: one is gone."""
        with self._lock:
            self._served.clear()

    @property
    def alive(self) -> bool:
        """Whether the first server has not ended."""
        return self._process is None or self._process.poll() is None

    def close(self) -> None:
        """End them and every fork, if this process has started them."""
        if self._process is None:
            return
        assert self._process.stdin is not None  # noqa: S101 (asked for)
        self._process.stdin.close()
        try:
            self._process.wait(_ENDING_S)
        except subprocess.TimeoutExpired:  # it hangs in code that it imports
            self._process.kill()
            self._process.wait()


def _ask(
    server: Path, order: Mapping[str, object], descriptors: Sequence[int] = (), *, wanted: str
) -> tuple[socket.socket, dict[str, Any]]:
    """Give a server an order. Return the connection and its answer, which has what is wanted."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MOST_BYTES)
        connection.settimeout(_PATIENCE_S)
        connection.connect(str(server))
        socket.send_fds(connection, [json.dumps(order).encode()], list(descriptors))
        answer = _received(connection)
    except OSError as error:
        connection.close()
        raise ForkUnavailable(str(error)) from error
    if wanted in answer:
        return connection, answer
    connection.close()
    if "refused" in answer:
        raise ForkRefused(answer["refused"])
    raise ForkUnavailable("the server gave no answer")


def _received(connection: socket.socket) -> dict[str, Any]:
    """Return an answer, an empty one when the server is gone. Raises TimeoutError."""
    try:
        text = connection.recv(_MOST_BYTES)
    except ConnectionError:
        return {}
    answer: dict[str, Any] = json.loads(text or b"{}")
    return answer
