"""Processes of the app as forks of servers that have imported for them.

Half of a run's processor time is importing. Jobs and functions still are processes with their own
environment, folder and output, and run the deployed code, which their server has imported. So does
the command line where a test asks for ``forked_cli``. Some of test_cli.py's commands are real
processes with real jobs and functions.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from local.aws.functions import lambda_process, lambda_worker
from local.aws.jobs import job_worker
from local.aws.jobs.spares import _MODULES
from local.aws.processes import Child, variables

_SERVER = Path(__file__).with_name("fork_server.py")
_COMMANDS = str(Path(__file__).with_name("forked_cli.py"))
_HANDLERS = "lambdas"  # the package in a bundle of the app's functions
_JOBS = {  # by kind: the package in a bundle, and the modules that start a job
    "glue": ("glue_jobs", "map_schema.py"),
    "processing": ("sagemaker_jobs", "*/__main__.py"),
    "training": ("sagemaker_jobs", "*/__main__.py"),
}


class Fork:
    """One process, as ``local.aws.processes.Child`` is one.

    Parameters
    ----------
    server
        The address of its server.
    order
        What it is to do.
    inherited
        Further descriptors for it. A process that gets any gets standard input before them.
    """

    def __init__(
        self, server: Path, order: Mapping[str, object], inherited: Sequence[int] = ()
    ) -> None:
        self._output, writer = os.pipe()
        given = [writer]
        self._is_function = bool(inherited)
        if self._is_function:
            reader, stdin = os.pipe()
            self.stdin: IO[bytes] = os.fdopen(stdin, "wb")
            given.append(reader)
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(str(server))
        text = json.dumps(order).encode() + b"\n"
        socket.send_fds(self._connection, [text], [*given, *inherited])
        for one in given:
            os.close(one)
        self._answers = self._connection.makefile("rb")
        self._pid: int = json.loads(self._answers.readline())

    def lines(self) -> Iterator[bytes]:
        """Yield what it prints until it ends."""
        with os.fdopen(self._output, "rb") as output:
            yield from output

    def wait(self, timeout_s: float | None = None) -> int:
        """Return its exit status. Raises subprocess.TimeoutExpired."""
        self._connection.settimeout(timeout_s)
        try:
            code: int = json.loads(self._answers.readline())
        except TimeoutError:
            raise subprocess.TimeoutExpired("a fork", timeout_s or 0) from None
        self._answers.close()
        self._connection.close()
        return code

    def kill(self) -> None:
        """End it and everything that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)
        if self._is_function:  # for whose end nobody waits
            with contextlib.suppress(BrokenPipeError):
                self.stdin.close()
            self._answers.close()
            self._connection.close()


@dataclasses.dataclass(frozen=True)
class Bundle:
    """Code of which processes are forked.

    Parameters
    ----------
    path
        Its folder.
    address
        The socket of its server.
    modules
        What to import from it.
    """

    path: Path
    address: Path
    modules: Sequence[str] = ()

    @classmethod
    def of(cls, path: Path, address: Path, pattern: str) -> Bundle:
        """Return a bundle with the modules that a pattern of files names."""
        modules = [
            ".".join(file.relative_to(path).with_suffix("").parts) for file in path.glob(pattern)
        ]
        return cls(path, address, sorted(modules))


class ForkServer:
    """Processes that have imported some bundles, and fork for each order.

    Parameters
    ----------
    bundles
        The bundles, each with a server.
    worker
        The program whose ``main`` a fork calls.
    modules
        What they import before.
    """

    def __init__(self, *bundles: Bundle, worker: str, modules: Sequence[str] = ()) -> None:
        served = [
            {"path": str(one.path), "address": str(one.address), "modules": list(one.modules)}
            for one in bundles
        ]
        order = {"worker": worker, "modules": list(modules), "bundles": served}
        folder = bundles[0].address.parent
        self._process = subprocess.Popen(
            [sys.executable, str(_SERVER), json.dumps(order)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder,
            env={**variables(folder), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
                 "AWS_EC2_METADATA_DISABLED": "true"},
        )  # fmt: skip
        assert self._process.stdout is not None
        for _ in bundles:
            assert self._process.stdout.read(1) == b"."

    def close(self) -> None:
        """End the server."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait(timeout=30)


class ForkedCommands:
    """The command line as forks, whose jobs and functions are forks of ``servers``."""

    def __init__(self, folder: Path, *, servers: Path, root: Path) -> None:
        self._folder, self._servers, self._root = folder, servers, root
        self._address = folder / "socket"
        self._server = ForkServer(Bundle(root, self._address), worker=_COMMANDS)
        self._count = 0

    def __call__(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run one command from the checkout and return how it ended."""
        self._count += 1
        stdout, stderr = (self._folder / f"{self._count}.{name}" for name in ("out", "err"))
        words = [str(one) for one in arguments]
        order = {
            "arguments": words, "env": dict(os.environ), "folder": str(self._root),
            "servers": str(self._servers), "stdout": str(stdout), "stderr": str(stderr),
        }  # fmt: skip
        code = Fork(self._address, order).wait(240)
        return subprocess.CompletedProcess(words, code, stdout.read_text(), stderr.read_text())

    def close(self) -> None:
        """End the server."""
        self._server.close()


@contextlib.contextmanager
def servers(folder: Path, assembly: Path) -> Iterator[Path]:
    """Run servers for the jobs and the functions of a cloud assembly.

    Yield the folder that ``ForkedJobs`` and ``forked_functions`` take.
    """
    modules = sorted({name for names in _MODULES.values() for name in names})
    jobs = [
        Bundle.of(_holder(assembly, package), folder / package, f"{package}/{pattern}")
        for package, pattern in dict(_JOBS.values()).items()
    ]
    bundle = _holder(assembly, _HANDLERS)
    functions = Bundle.of(bundle, _of(folder, bundle), f"{_HANDLERS}/**/handler.py")
    with contextlib.ExitStack() as stack:
        started = ForkServer(*jobs, worker=str(job_worker.__file__), modules=modules)
        stack.callback(started.close)
        started = ForkServer(functions, worker=str(lambda_worker.__file__))
        stack.callback(started.close)
        yield folder


@contextlib.contextmanager
def further_functions(folder: Path, assembly: Path, handlers: Sequence[str]) -> Iterator[None]:
    """Run servers for the bundles of functions that only this assembly has."""
    modules = [f"{_HANDLERS}.{name}.handler" for name in handlers]
    with contextlib.ExitStack() as stack:
        for package in assembly.glob(f"asset.*/{_HANDLERS}"):
            address = _of(folder, package.parent)
            if address.exists():
                continue
            bundle = Bundle(package.parent, address, modules)
            stack.callback(address.unlink)
            stack.callback(ForkServer(bundle, worker=str(lambda_worker.__file__)).close)
        yield


def _holder(assembly: Path, package: str) -> Path:
    """Return the asset that has a package."""
    [holder] = assembly.glob(f"asset.*/{package}")
    return holder.parent


class ForkedJobs:
    """Gives jobs of the app to forks, in place of ``local.aws.jobs.spares.Spares``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def start(self, kind: str) -> None:
        """Start nothing ahead: a fork takes a few milliseconds."""

    def take(
        self, kind: str, command: Sequence[str], *, env: Mapping[str, str], folder: Path
    ) -> Fork | None:
        """Give a job of the app to a fork. None for any other program, which gets a process."""
        if not _is_of_the_app(command[0], env):
            return None
        given = {**variables(folder), **env}
        order = {"command": list(command), "env": given, "folder": str(folder)}
        package, _ = _JOBS[kind]
        return Fork(self._folder / package, order)

    def close(self) -> None:
        """End nothing: a fork ends with its job."""


@contextlib.contextmanager
def forked_functions(folder: Path) -> Iterator[None]:
    """Let the functions of a bundle that has a server be forks of it, for a while."""

    def child(
        command: Sequence[str], *, env: Mapping[str, str], cwd: Path, stdin: int,
        pass_fds: Sequence[int],
    ) -> Child | Fork:  # fmt: skip
        bundle, handler = command[-3:-1]
        server = _of(folder, Path(bundle))
        if not server.exists():
            return Child(command, env=env, cwd=cwd, stdin=stdin, pass_fds=pass_fds)
        given = {**variables(cwd), **env}
        order = {"arguments": [bundle, handler], "env": given, "folder": str(cwd)}
        return Fork(server, order, pass_fds)

    made = vars(lambda_process)["Child"]
    lambda_process.Child = child  # type: ignore[misc, assignment]
    try:
        yield
    finally:
        lambda_process.Child = made  # type: ignore[misc]


def _of(folder: Path, bundle: Path) -> Path:
    """Return the socket of a bundle's server: a socket's name has to be short.

    An asset's name has the hash of its content. Assemblies with other settings have it too.
    """
    return folder / hashlib.sha256(bundle.name.encode()).hexdigest()[:8]


def _is_of_the_app(program: str, env: Mapping[str, str]) -> bool:
    """Whether a job brings the app's zip, as its program or beside its script."""
    return program.endswith(".zip") or ".zip" in env.get("PYTHONPATH", "")
