"""The state of the console's tests is made once for each state of the sources."""

from __future__ import annotations

import subprocess

import pytest

from tools.console_state import ROOT, SOURCES, digest_of, ensure


class Runs:
    """Runs the example without a run: each leaves a file in the state."""

    def __init__(self, state):
        self.state, self.options = state, []

    def __call__(self, options):
        self.options.append(tuple(options))
        self.state.mkdir(exist_ok=True)
        (self.state / f"run-{len(self.options)}").touch()


def test_a_state_is_made_once_and_again_after_a_change(tmp_path):
    state = tmp_path / "state"
    run = Runs(state)
    assert ensure(state, digest="a", run=run)
    assert run.options == [("--as-of", "2011-11-10"), ()]
    assert not ensure(state, digest="a", run=run)
    assert ensure(state, digest="b", run=run)
    assert len(run.options) == 4
    assert not (state / "run-1").exists(), "the older state is still there"


def test_a_state_whose_run_failed_is_made_again(tmp_path):
    def fail(options):
        tmp_path.joinpath("state").mkdir(exist_ok=True)
        raise subprocess.CalledProcessError(1, ["run"])

    with pytest.raises(subprocess.CalledProcessError):
        ensure(tmp_path / "state", digest="a", run=fail)
    assert ensure(tmp_path / "state", digest="a", run=Runs(tmp_path / "state"))


def test_the_digest_changes_with_bytes_and_names_and_not_with_compiled_code(tmp_path):
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "a.py").write_text("1")
    digests = [digest_of(tmp_path, ["room"])]
    (tmp_path / "room" / "a.cpython.pyc").write_text("compiled")
    assert digest_of(tmp_path, ["room"]) == digests[0]
    (tmp_path / "room" / "a.py").write_text("2")
    digests.append(digest_of(tmp_path, ["room"]))
    (tmp_path / "room" / "a.py").rename(tmp_path / "room" / "b.py")
    digests.append(digest_of(tmp_path, ["room"]))
    assert len(set(digests)) == 3


def test_every_source_exists():
    assert all((ROOT / name).exists() for name in SOURCES)
