"""A process that imports once what others import, and forks for each of them.

Called as ``python -m local.aws.workers.fork_server FOLDER LISTENER``. ``LISTENER`` is the
descriptor of a listening socket in ``FOLDER``. It ends with its standard input, whose other end its
owner has, and so it ends however its owner ends. A connection brings one order, a JSON document:

- ``import``: import modules, for all forks that come.
- ``serve``: fork a further server with a socket, for the code in some folder or zip.
- ``run``: fork a process. The connection lives as long as that, and brings its id and its exit
  status. When the other side closes it, the process and what it started are killed.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

from local.aws.workers.becoming import become, end_with
from local.aws.workers.loading import give_way, import_all, unsafe

_MOST_BYTES = 1 << 20
_MOST_DESCRIPTORS = 4
_PATIENCE_S = 10.0
_INPUT = 0  # the descriptor whose other side the owner has

Task = Callable[[], None]


class ForkServer:
    """Answers the orders of one socket.

    Parameters
    ----------
    folder
        Where the sockets of further servers are.
    listener
        Its socket.
    refusal
        Why it may fork nothing. Empty if it may.
    """

    def __init__(self, folder: str, listener: socket.socket, *, refusal: str = "") -> None:
        self._folder = folder
        self._listener = listener
        self._refusal = refusal
        self._servers: dict[int, str] = {}
        self._workers: dict[int, socket.socket] = {}
        self._watched: dict[socket.socket, int] = {}
        self._ended, self._wake = os.pipe()
        for descriptor in (self._ended, self._wake):
            os.set_blocking(descriptor, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake)

    def serve(self) -> Task:
        """Answer until standard input ends. Returns in forks alone: what they have to do."""
        while True:
            wanted: list[Any] = [_INPUT, self._listener, self._ended, *self._watched]
            ready = select.select(wanted, [], [])[0]
            if _INPUT in ready:
                self._stop()
            if self._ended in ready:
                self._reap()
            for connection in [one for one in self._watched if one in ready]:
                self._abandon(connection)
            if self._listener in ready:
                task = self._answer()
                if task is not None:
                    return task

    def _answer(self) -> Task | None:
        connection, _ = self._listener.accept()
        connection.settimeout(_PATIENCE_S)
        try:
            text, descriptors, _, _ = socket.recv_fds(connection, _MOST_BYTES, _MOST_DESCRIPTORS)
            order: dict[str, Any] = json.loads(text)
        except (OSError, ValueError):  # the other side has gone
            connection.close()
            return None
        if order["do"] == "run":
            return self._run(order, connection, descriptors)
        if order["do"] == "serve":
            return self._serve_code(order, connection)
        import_all(order["imports"], folders=order["folders"])
        _send(connection, {"done": True})
        connection.close()
        return None

    def _serve_code(self, order: dict[str, Any], connection: socket.socket) -> Task | None:
        """Fork a server for some code, unless there is one."""
        if order["key"] not in self._servers.values():
            path = f"{self._folder}/{order['key']}"
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)  # noqa: PTH108 (pathlib would be imported for this alone)
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            listener.bind(path)
            listener.listen(128)
            parent = os.getpid()
            pid = os.fork()
            if pid == 0:
                connection.close()
                self._close_all()
                end_with(parent)
                return functools.partial(serve, self._folder, listener, paths=order["paths"])
            self._servers[pid] = order["key"]
            listener.close()
        _send(connection, {"done": True})
        connection.close()
        return None

    def _run(
        self, order: dict[str, Any], connection: socket.socket, descriptors: list[int]
    ) -> Task | None:
        import_all(order["imports"], folders=order["folders"])
        refusal = self._refusal or unsafe(order["paths"])
        if select.select([connection], [], [], 0)[0]:
            refusal = "the other side has stopped waiting"
        pid, parent = -1, os.getpid()
        if not refusal:
            pid = os.fork()
        if pid == 0:
            connection.close()
            self._close_all()
            return functools.partial(become, order, descriptors, parent=parent)
        for one in descriptors:
            os.close(one)
        if refusal:
            _send(connection, {"refused": refusal})
            connection.close()
            return None
        with contextlib.suppress(OSError):  # whichever comes first, this or the fork's own
            os.setpgid(pid, pid)
        self._workers[pid] = connection
        self._watched[connection] = pid
        _send(connection, {"pid": pid})
        return None

    def _abandon(self, connection: socket.socket) -> None:
        """Kill a process whose connection the other side has closed."""
        with contextlib.suppress(OSError):
            connection.recv(1)
        _kill(self._watched.pop(connection))

    def _reap(self) -> None:
        """Report how each process ended, after what it started was killed."""
        with contextlib.suppress(BlockingIOError):
            os.read(self._ended, 4096)
        while (pid := _ended_child()) is not None:
            if pid in self._workers:
                _kill(pid)  # while its id can't be another process's
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            self._servers.pop(pid, None)
            connection = self._workers.pop(pid, None)
            if connection is not None:
                self._watched.pop(connection, None)
                _send(connection, {"code": code if code >= 0 else 128 - code})
                connection.close()

    def _close_all(self) -> None:
        """Close in a fork what its server had open."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for one in (self._listener, *self._workers.values()):
            one.close()
        for descriptor in (self._ended, self._wake):
            os.close(descriptor)

    def _stop(self) -> None:
        """End with every process. Further servers end by themselves: they have the same input."""
        for pid in self._workers:
            _kill(pid)
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
        os._exit(0)


def serve(folder: str, listener: socket.socket, *, paths: list[str]) -> None:
    """Be a server, whose code comes first on the path. Does not return."""
    refusal = unsafe(paths)
    if not refusal:
        give_way(paths)
    sys.path[:0] = paths
    ForkServer(folder, listener, refusal=refusal).serve()()


def _ended_child() -> int | None:
    with contextlib.suppress(ChildProcessError):
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return None if ended is None else ended.si_pid
    return None


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _send(connection: socket.socket, answer: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # nobody listens any more
        connection.send(json.dumps(answer).encode())


def _forget_ourselves() -> None:
    """Let no fork import the checkout, whose modules a job or a function does not have."""
    del sys.path[0]
    for name in [one for one in sys.modules if one.partition(".")[0] == "local"]:
        del sys.modules[name]


if __name__ == "__main__":
    gc.disable()  # forks turn it on
    _forget_ourselves()
    serve(sys.argv[1], socket.socket(fileno=int(sys.argv[2])), paths=[])
