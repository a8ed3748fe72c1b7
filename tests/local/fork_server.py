"""A process that imports once what others import, and forks for each of them.

Called as ``python fork_server.py ORDER``, a JSON document, and ends with its standard input. Each
bundle of the order gets a server with a socket, after what all of them import. A connection brings
one order and the descriptor to print to, for a function also its standard input and where to reply.
It gets back the fork's process id, then how the fork ended. A connection that closes early takes
its fork with it.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
import io
import json
import os
import select
import signal
import socket
import sys
import tempfile
import traceback
from typing import Any


def main(order: dict[str, Any]) -> None:
    """Import what all bundles need, then be the server of each until standard input ends."""
    for name in order["modules"]:
        importlib.import_module(name)
    first, *others = order["bundles"]
    forks = []
    for bundle in others:
        if (fork := os.fork()) == 0:
            _serve(bundle, worker=order["worker"])
            return
        forks.append(fork)
    _serve(first, worker=order["worker"])
    for fork in forks:
        os.waitpid(fork, 0)


def _serve(bundle: dict[str, Any], *, worker: str) -> None:
    """Import a bundle's modules, then fork for each connection."""
    sys.path.insert(0, bundle["path"])
    for name in bundle["modules"]:
        importlib.import_module(name)
    module = _load(worker)
    _read_descriptions(module, bundle["path"])
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(bundle["address"])
        server.listen(64)
        os.write(1, b".")
        while sys.stdin not in (ready := select.select([server, sys.stdin], [], [])[0]):
            assert ready
            connection, _ = server.accept()
            _reap()
            if os.fork() == 0:
                server.close()
                _keep(connection, module.main)
            connection.close()


def _reap() -> None:
    """Wait for keepers that have ended, so that what they took counts as this process's."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _load(path: str) -> Any:
    spec = importlib.util.spec_from_file_location("worker", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _read_descriptions(worker: Any, path: str) -> None:
    """Read botocore's descriptions of services once for all forks, and keep no session."""
    boto3 = importlib.import_module("boto3")
    session = importlib.import_module("botocore.session")
    session.create_loader = functools.cache(session.create_loader)
    secrets = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    os.environ |= {**secrets, "AWS_DEFAULT_REGION": "us-east-1"}
    boto3.client("s3")
    if hasattr(worker, "read_descriptions"):  # a function's, which reads them when it starts
        worker.read_descriptions(path)
        worker.read_descriptions = lambda _: None
    boto3.DEFAULT_SESSION = None


def _keep(connection: socket.socket, run: Any) -> None:
    """Fork once more for the work, and report how it ended. Does not return."""
    order, descriptors, _, _ = socket.recv_fds(connection, 1 << 20, 3)
    ended, ending = os.pipe()  # closed by the fork's end
    fork = os.fork()
    if fork == 0:
        connection.close()
        os.close(ended)
        _work(json.loads(order), descriptors, run)
    for one in (ending, *descriptors):
        os.close(one)
    with contextlib.suppress(OSError):
        connection.sendall(json.dumps(fork).encode() + b"\n")
        if connection in select.select([connection, ended], [], [])[0]:  # closed by the other side
            os.killpg(fork, signal.SIGKILL)
        status = os.waitpid(fork, 0)[1]
        connection.sendall(json.dumps(os.waitstatus_to_exitcode(status)).encode() + b"\n")
    os._exit(0)


def _work(order: dict[str, Any], descriptors: list[int], run: Any) -> None:
    """Be the process that was ordered. Does not return."""
    os.setsid()
    tempfile.tempdir = None  # the server's
    output, *others = descriptors
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    code = 0
    try:
        if others:
            _be_function(order, *others, run=run)
        else:
            sys.stdin = io.StringIO(json.dumps(order) + "\n")
            run(os.open(os.devnull, os.O_WRONLY), [])
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(bool(ending.code))
    except BaseException:  # noqa: BLE001 (an interpreter prints whatever ends it)
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _be_function(order: dict[str, Any], events: int, replies: int, *, run: Any) -> None:
    os.dup2(events, 0)
    os.close(events)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["folder"])
    run(*order["arguments"], replies)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
