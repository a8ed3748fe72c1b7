"""Workers never outlive what started them, and embedded AWS leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local.aws.processes import Child
from local.aws.server import check_moto

PARENT = """
import sys, time
from pathlib import Path
from local.aws.processes import Child
command = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"]
child = Child(command, env={}, cwd=Path(sys.argv[1]))
print(next(iter(child.lines())).decode().strip(), flush=True)
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.startswith(b"Z")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_ends_with_its_parent_however_that_ends(tmp_path: Path, root: Path, how: int):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, cwd=root
    )
    assert parent.stdout is not None
    with parent.stdout:
        worker = int(parent.stdout.readline())
    assert is_alive(worker)
    parent.send_signal(how)
    parent.wait()
    until = time.monotonic() + 5
    while is_alive(worker) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_alive(worker)


def test_killing_a_child_kills_what_it_started(tmp_path: Path):
    script = "sleep 60 & echo $!; wait"
    child = Child(["sh", "-c", script], env={}, cwd=tmp_path)
    lines = child.lines()
    grandchild = int(next(lines))
    child.kill()
    lines.close()
    until = time.monotonic() + 5
    while is_alive(grandchild) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_alive(grandchild)


def test_a_child_sees_only_its_own_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "somebody's")
    child = Child(["env"], env={"MINE": "1"}, cwd=tmp_path)
    seen = b"".join(child.lines()).decode()
    assert child.wait() == 0
    assert "MINE=1" in seen
    assert "AWS_SECRET" not in seen


@pytest.mark.parametrize(("code", "status"), [("exit 7", 7), ("kill -9 $$", 137), ("true", 0)])
def test_an_exit_status_is_passed_on(tmp_path: Path, code: str, status: int):
    child = Child(["sh", "-c", code], env={}, cwd=tmp_path)
    assert b"".join(child.lines()) == b""
    assert child.wait() == status


def test_another_moto_is_refused_with_advice():
    check_moto("5.2.5")
    for version in ("5.2.2", "5.3.0", "4.9.9"):
        with pytest.raises(RuntimeError, match="test_battery"):
            check_moto(version)
