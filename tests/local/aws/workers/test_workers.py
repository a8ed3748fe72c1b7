"""A process of a job or function is as a new one would be, whether it was forked or not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.aws.functions.lambda_process import LambdaProcess
from local.aws.processes import Child
from local.aws.workers import choosing, forked
from local.aws.workers.choosing import can_fork, usual_workers
from local.aws.workers.fork import FIRST, Fork
from local.aws.workers.forked import Forked
from local.aws.workers.spares import MODULES
from local.aws.workers.ways import Worker, WorkerStarter
from tessera.errors import InvalidInput

KIND = "processing"
WAYS = [choosing.SPAWN] + [choosing.FORK] * can_fork()
Start = Callable[..., Worker]


@pytest.fixture(scope="module", params=WAYS)
def workers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WorkerStarter]:
    """Both ways, whose jobs need no libraries."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(choosing.VARIABLE, request.param)
        patch.setenv("AWS_SESSION_TOKEN", "somebody's")
        patch.setitem(MODULES, KIND, ("bisect",))
        made = usual_workers(tmp_path_factory.mktemp("w"), imports=lambda _: ())
        assert isinstance(made, Forked) == (request.param == choosing.FORK)
        yield made
        made.close()


@pytest.fixture
def start(workers: WorkerStarter, tmp_path: Path) -> Start:
    """Starts a job with this text as its program."""

    def run(text: str, *arguments: str, env: dict[str, str] | None = None) -> Worker:
        program = tmp_path / "job.py"
        program.write_text(text, encoding="utf-8")
        command = [str(program), *arguments]
        return workers.job(command, kind=KIND, env=env or {}, folder=tmp_path)

    return run


def printed(worker: Worker) -> Any:
    text = b"".join(worker.lines())
    assert worker.wait() == 0, text.decode()
    return json.loads(text)


STATE = """
import json, os, signal, sys
print(json.dumps({
    "env": dict(os.environ), "cwd": os.getcwd(), "argv": sys.argv, "path": sys.path,
    "stdin": sys.stdin.read(), "files": sorted(map(int, os.listdir("/proc/self/fd")))[:-1]
    if os.path.isdir("/proc/self/fd") else [0, 1, 2],
    "child": signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL,
    "ours": sorted(name for name in sys.modules if name.split(".")[0] in ("local", "tests")),
}))
"""


def test_a_job_sees_its_own_variables_folder_and_arguments_and_nothing_else(start, tmp_path):
    seen = printed(start(STATE, "one", "--two", env={"MINE": "1", "PYTHONPATH": "/a:/b"}))
    ours = {"PATH", "LANG", "LC_ALL", "JAVA_HOME", "SYSTEMROOT", "LC_CTYPE"}
    assert set(seen["env"]) - ours == {"MINE", "PYTHONPATH", "HOME", "TMPDIR"}
    assert (seen["env"]["HOME"], seen["cwd"]) == (str(tmp_path), str(tmp_path))
    assert seen["argv"] == [str(tmp_path / "job.py"), "one", "--two"]
    assert seen["path"][:3] == [str(tmp_path), "/a", "/b"]
    assert not [path for path in seen["path"] if Path(path) == Path.cwd()]
    assert seen["stdin"] == ""
    assert seen["files"] == [0, 1, 2]
    assert seen["child"]
    assert seen["ours"] == []


CHANGING = """
import bisect, json, os, random, sys, tempfile
seen = [getattr(bisect, "left_by", ""), os.environ.get("LEFT", ""), "left" in sys.path]
bisect.left_by = os.environ["TENANT"]
os.environ["LEFT"] = os.environ["TENANT"]
sys.path.append("left")
print(json.dumps([seen, os.environ["TENANT"], random.random(), tempfile.gettempdir()]))
"""


def test_nothing_passes_from_one_job_to_the_next(start, tmp_path):
    first, second = (printed(start(CHANGING, env={"TENANT": name})) for name in ("a", "b"))
    assert first[:2] == [["", "", False], "a"]
    assert second[:2] == [["", "", False], "b"]
    assert first[2] != second[2]
    assert first[3] == second[3] == str(tmp_path / "tmp")


@pytest.mark.parametrize(
    ("text", "status", "last"),
    [
        ("", 0, ""),
        ("raise SystemExit(7)", 7, ""),
        ("raise SystemExit('no such job')", 1, "no such job"),
        ("{}['key']", 1, "KeyError: 'key'"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 137, ""),
        ("import atexit; atexit.register(print, 'at the end')", 0, "at the end"),
        (
            "import threading as t, time\n"
            "t.Thread(target=lambda: (time.sleep(.05), print('a thread'))).start()", 0, "a thread",
        ),
        ("import sys; sys.stdout.write('no line'); sys.exit()", 0, "no line"),
    ],
)  # fmt: skip
def test_how_a_job_ends_is_passed_on_with_all_that_it_printed(start, text, status, last):
    worker = start(text)
    lines = b"".join(worker.lines()).decode().splitlines() or [""]
    assert (worker.wait(), lines[-1]) == (status, last)
    assert worker.wait() == status  # also for those who ask later


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False)
    return not state.stdout.strip() or state.stdout.startswith(b"Z")


def wait_for(holds: Callable[[], bool]) -> None:
    for _ in range(1500):
        if holds():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it did not come about within half a minute")


STARTING = """
import os, subprocess, sys, time
child = subprocess.Popen(["sleep", "600"])
print(os.getpid(), child.pid, flush=True)
time.sleep(float(sys.argv[1]))
"""


def test_a_job_whose_time_is_up_is_killed_with_what_it_started(start):
    worker = start(STARTING, "600")
    lines = worker.lines()
    pids = [int(word) for word in next(lines).split()]
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(0.01)
    worker.kill()
    worker.kill()  # once more does no harm
    wait_for(lambda: all(map(gone, pids)))
    assert list(lines) == []


def test_what_a_job_leaves_running_ends_with_it(start):
    worker = start(STARTING, "0")
    lines = worker.lines()
    pids = [int(word) for word in next(lines).split()]
    assert worker.wait() == 0
    wait_for(lambda: all(map(gone, pids)))
    lines.close()


HANDLER = """
import os, sys
import bisect
calls = []
def handler(event, context):
    calls.append(event)
    print("about", event)
    return [calls, os.environ.get("NAME"), os.environ.get("AWS_SESSION_TOKEN"), os.getcwd(),
            getattr(bisect, "own", False), context.aws_request_id]
"""


def function(
    workers: WorkerStarter, folder: Path, home: Path, name: str, handler: str = "code.handler"
) -> LambdaProcess:
    home.mkdir()
    return LambdaProcess(
        lambda replies: workers.function(
            folder, handler, env={"NAME": name}, home=home, replies=replies
        )
    )


def test_functions_keep_their_own_state_and_report_what_they_print(workers, tmp_path):
    folder = tmp_path / "function"
    folder.mkdir()
    (folder / "code.py").write_text(HANDLER, encoding="utf-8")
    a, b = (function(workers, folder, tmp_path / name, name) for name in ("a", "b"))
    context = {"aws_request_id": "r", "deadline": 0}
    for process, name, event, events in ((a, "a", 1, [1]), (b, "b", 2, [2]), (a, "a", 3, [1, 3])):
        answer = process.call(event, context, timeout_s=60)
        assert not answer.failed, answer.logs
        assert json.loads(answer.payload) == [
            events, name, None, str(tmp_path / name), False, "r",
        ]  # fmt: skip
        assert answer.logs == f"about {event}\n"
    for process in (a, b):
        process.kill()
        process._printing.join()


def test_a_function_that_ended_leaves_nothing_open(workers, tmp_path):
    (tmp_path / "code.py").write_text("def handler(event, context): raise SystemExit(3)\n")
    process = function(workers, tmp_path, tmp_path / "home", "a")
    answer = process.call(1, {"aws_request_id": "r", "deadline": 0}, timeout_s=60)
    assert (answer.alive, "exit status 3" in answer.payload) == (False, True)
    assert process._child.stdin.closed


def test_another_way_is_refused_by_name(monkeypatch, tmp_path):
    monkeypatch.setenv(choosing.VARIABLE, "threads")
    with pytest.raises(InvalidInput, match="set it to fork or spawn"):
        usual_workers(tmp_path, imports=lambda _: ())


def test_only_linux_forks(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.platform", "darwin")
    assert not isinstance(usual_workers(tmp_path, imports=lambda _: ()), Forked)


@pytest.mark.skipif(not can_fork(), reason="forks are for Linux")
class TestForkedWorkers:
    @pytest.fixture
    def made(self, tmp_path, monkeypatch) -> Iterator[Forked]:
        monkeypatch.setitem(MODULES, KIND, ())
        made = usual_workers(tmp_path / "w", imports=lambda _: ())
        assert isinstance(made, Forked)
        yield made
        made.close()

    @staticmethod
    def run(made: Forked, folder: Path, text: str = "print(1)", **env: str) -> Worker:
        (folder / "job.py").write_text(text, encoding="utf-8")
        return made.job([str(folder / "job.py")], kind=KIND, env=env, folder=folder)

    def test_what_an_interpreter_reads_at_its_start_makes_a_new_one(self, made, tmp_path):
        worker = self.run(
            made, tmp_path, "import sys; print(sys.flags.hash_randomization)", PYTHONHASHSEED="0"
        )
        assert isinstance(worker, Child)
        assert printed(worker) == 0
        usual = self.run(made, tmp_path)
        assert isinstance(usual, Fork)
        assert printed(usual) == 1

    def test_servers_that_died_start_again_and_then_every_process_is_new(self, made, tmp_path):
        starts = forked._MOST_STARTS
        for _ in range(starts):
            worker = self.run(made, tmp_path, "import os, time; print(os.getppid(), flush=True)\n"
                                              "time.sleep(600)")  # fmt: skip
            assert isinstance(worker, Fork)
            os.kill(int(next(lines := worker.lines())), 9)
            assert worker.wait() == 137  # a fork ends with its server
            lines.close()
            made._own[-1]._process.wait()
        worker = self.run(made, tmp_path)
        assert isinstance(worker, Child)
        assert printed(worker) == 1

    def test_a_function_whose_code_starts_a_thread_is_not_forked(self, made, tmp_path):
        bundle = tmp_path / "asset.1"
        bundle.mkdir()
        (bundle / "code.py").write_text(
            "import threading, time\n"
            "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
            "def handler(event, context): return event\n", encoding="utf-8",
        )  # fmt: skip
        reader, writer = os.pipe()
        worker = made.function(bundle, "code.handler", env={}, home=tmp_path, replies=writer)
        os.close(writer)
        os.close(reader)
        assert isinstance(worker, Child)
        worker.kill()
        assert list(worker.lines()) == []

    def test_code_that_is_shared_is_imported_once_and_its_own_packages_come_first(
        self, made, tmp_path
    ):
        bundle, log = tmp_path / "asset.2", tmp_path / "imports"
        bundle.mkdir()
        (bundle / "six.py").write_text("own = True\n", encoding="utf-8")
        (bundle / "code.py").write_text(
            f"open({str(log)!r}, 'a').write('x')\nimport six\n"
            "def handler(event, context): return six.own\n", encoding="utf-8",
        )  # fmt: skip
        made._present().load(FIRST, ["six"])
        assert made.expect_function(bundle, "code.handler")
        for name in ("a", "b"):
            process = function(made, bundle, tmp_path / name, name)
            answer = process.call(1, {"aws_request_id": "r", "deadline": 0}, timeout_s=60)
            assert answer.payload == "true"
            process.kill()
        assert log.read_text() == "x"

    def test_code_of_one_name_is_taken_from_the_functions_own_folder(self, made, tmp_path):
        """Two apps have the same functions. Those of one go on when the other's are removed."""
        for app in ("one", "other"):
            package = tmp_path / app / "asset.3" / "package"
            package.mkdir(parents=True)
            (package / "__init__.py").write_text("", encoding="utf-8")
            for name in ("first", "second"):
                text = "def handler(event, context): return __file__\n"
                (package / f"{name}.py").write_text(text, encoding="utf-8")
        assert made.expect_function(tmp_path / "one" / "asset.3", "package.first.handler")
        shutil.rmtree(tmp_path / "one")
        bundle = tmp_path / "other" / "asset.3"
        for name in ("second", "first"):
            process = function(made, bundle, tmp_path / name, "", f"package.{name}.handler")
            answer = process.call(1, {"aws_request_id": "r", "deadline": 0}, timeout_s=60)
            process.kill()
            assert not answer.failed, answer.logs
            assert json.loads(answer.payload) == str(bundle / "package" / f"{name}.py")
