"""What jobs and functions are forked from ends with its owner, and knows nothing of a tenant."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local.aws.workers.choosing import can_fork
from local.aws.workers.fork import FIRST, Fork, ForkServers
from local.aws.workers.spares import MODULES
from tests.local.aws.workers.test_workers import gone, wait_for

pytestmark = pytest.mark.skipif(not can_fork(), reason="forks are for Linux")

OWNER = """
import sys, time
from pathlib import Path
from local.aws.workers.fork import FIRST, Fork, ForkServers
folder = Path(sys.argv[1])
servers = ForkServers.start(folder)
servers.serve("more", [])
program = folder / "job.py"
program.write_text("import os, time; print(os.getpid(), os.getppid(), flush=True); time.sleep(600)")
forks = []
for key in (FIRST, "more"):
    order = {"do": "run", "env": {}, "folder": sys.argv[1], "command": [str(program)],
             "paths": [sys.argv[1]], "imports": [], "folders": []}
    forks.append(Fork(folder / key, order))
    print(next(forks[-1].lines()).decode().strip(), flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_servers_and_forks_end_with_their_owner_however_that_ends(tmp_path, root, how):
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, cwd=root
    ) as owner:
        assert owner.stdout is not None
        try:
            pids = [int(word) for _ in range(2) for word in owner.stdout.readline().split()]
            assert len(set(pids)) == 4
            assert not any(map(gone, pids))
        finally:
            owner.send_signal(how)
    wait_for(lambda: all(map(gone, pids)))


@pytest.fixture
def run(fork_servers: ForkServers, root: Path, tmp_path: Path) -> Callable[..., str]:
    """Runs a program as a fork that has what jobs import. Gives what it prints."""
    modules = sorted({name for names in MODULES.values() for name in names} - {"boto3"})
    fork_servers.load(FIRST, modules)
    program = tmp_path / "job.py"

    def run(text: str, *arguments: str) -> str:
        program.write_text(text, encoding="utf-8")
        order = {
            "do": "run", "env": dict(os.environ), "folder": str(root), "paths": [str(root)],
            "command": [str(program), *arguments], "imports": [], "folders": [],
        }  # fmt: skip
        fork = Fork(fork_servers.folder / FIRST, order)
        text = b"".join(fork.lines()).decode()
        assert fork.wait() == 0, text
        return text

    return run


def test_what_jobs_import_starts_no_thread(run):
    """A thread's lock would stay locked in a fork. A server with one refuses, and this raises."""
    drawn = "0"
    for _ in range(2):
        *facts, drawn = run(DRAWING, drawn).split()
        assert facts == ["False", "True", "3", "False"]


DRAWING = """
import sys, duckdb, numpy
[[three]] = duckdb.sql("SELECT 3").fetchall()
print("boto3" in sys.modules, "sklearn.cluster" in sys.modules, three,
      numpy.random.rand() == float(sys.argv[1]), numpy.random.rand())
"""
WATCHING = """
import importlib, os, sys
from pathlib import Path
class Watched(dict):
    def _note(self, name):
        frame = sys._getframe(2)
        while frame and frame.f_code.co_filename.startswith("<frozen"):
            frame = frame.f_back
        file = frame.f_code.co_filename
        if file.startswith(os.getcwd()) and "/.venv/" not in file:
            print(file, name)
    def __getitem__(self, name):
        self._note(name)
        return super().__getitem__(name)
    def get(self, name, default=None):
        self._note(name)
        return super().get(name, default)
    def __contains__(self, name):
        self._note(name)
        return super().__contains__(name)
os.environ = Watched(os.environ)
os.getenv = os.environ.get
for pattern in ("lambdas/**/handler.py", "sagemaker_jobs/*/__main__.py", "glue_jobs/*.py"):
    for path in sorted(Path().glob(pattern)):
        if path.stem not in ("__init__", "prepare_events"):
            importlib.import_module(".".join(path.with_suffix("").parts))
print("all imported")
"""


def test_no_module_of_a_job_or_function_reads_a_variable_when_it_is_imported(run):
    """It would read the server's: a fork gets its variables after the import."""
    assert run(WATCHING) == "all imported\n"
