"""A process that imports once what jobs import, and forks for each job.

Called as ``python fork_server.py SOCKET WORKER MODULE …`` and ends with its standard input. A
connection brings one order and the descriptor to print to. It gets back the job's process id, then
how the job ended. A connection that closes early takes its job with it.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import json
import os
import select
import signal
import socket
import sys
import traceback
from typing import Any

_POLL_S = 0.02


def main(address: str, worker: str, modules: list[str]) -> None:
    """Import, then fork for each connection until standard input ends."""
    for name in modules:
        importlib.import_module(name)
    run = _load(worker)
    nobody = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
    importlib.import_module("boto3").client("s3", region_name="us-east-1", **nobody)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen(64)
        os.write(1, b".")
        while sys.stdin not in (ready := select.select([server, sys.stdin], [], [])[0]):
            assert ready
            connection, _ = server.accept()
            _reap()
            if os.fork() == 0:
                server.close()
                _keep(connection, run)
            connection.close()


def _reap() -> None:
    """Wait for keepers that have ended, so that what they took counts as this process's."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _load(path: str) -> Any:
    spec = importlib.util.spec_from_file_location("job_worker", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main


def _keep(connection: socket.socket, run: Any) -> None:
    """Fork once more for the job, and report how it ended. Does not return."""
    order, descriptors, _, _ = socket.recv_fds(connection, 1 << 20, 1)
    job = os.fork()
    if job == 0:
        connection.close()
        _work(order, descriptors[0], run)
    os.close(descriptors[0])
    with contextlib.suppress(OSError):
        connection.sendall(json.dumps(job).encode() + b"\n")
        while not (ended := os.waitpid(job, os.WNOHANG))[0]:
            if select.select([connection], [], [], _POLL_S)[0]:  # closed by the other side
                os.killpg(job, signal.SIGKILL)
        connection.sendall(json.dumps(os.waitstatus_to_exitcode(ended[1])).encode() + b"\n")
    os._exit(0)


def _work(order: bytes, output: int, run: Any) -> None:
    """Be the job's process. Does not return."""
    os.setsid()
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.stdin = io.StringIO(order.decode())
    code = 0
    try:
        run(os.open(os.devnull, os.O_WRONLY), [])
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(bool(ending.code))
    except BaseException:  # noqa: BLE001 (an interpreter prints whatever ends it)
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
