"""A task beside a block: one result, whichever process does it, and nothing left behind."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time

import numpy as np
import pytest

from adapters.processes import beside
from adapters.processes.beside import forked, usual
from tessera.customers.beside import when_asked


def test_a_fork_gives_what_the_task_gives_here():
    def task() -> tuple[np.ndarray, int]:
        return np.arange(1_000_000), os.getpid()

    with forked(task) as result:
        rows, process = result()
    assert np.array_equal(rows, np.arange(1_000_000))
    assert process != os.getpid()


def test_a_fork_begins_before_anybody_asks(tmp_path):
    with forked((tmp_path / "begun").touch) as result:
        until = time.monotonic() + 60
        while not (tmp_path / "begun").exists():
            assert time.monotonic() < until
            time.sleep(0.01)
        assert result() is None


def test_a_task_that_nobody_asks_for_ends_with_the_block():
    began = time.monotonic()
    with forked(lambda: time.sleep(600)):
        [child] = multiprocessing.active_children()
        process = child.pid
    assert time.monotonic() - began < 60
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_task_that_fails_in_a_fork_shows_here_why():
    def task() -> None:
        raise ValueError(f"process {os.getpid()} has no rows")

    with forked(task) as result, pytest.raises(ValueError, match=f"process {os.getpid()} has"):
        result()


def test_a_fork_that_is_killed_is_no_loss():
    here = os.getpid()

    def task() -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), 9)
        return 7

    with forked(task) as result:
        assert result() == 7


def test_a_fork_that_hangs_is_no_loss(monkeypatch):
    monkeypatch.setattr(beside, "_LEAST_PATIENCE_S", 0.1)
    here = os.getpid()

    def task() -> int:
        if os.getpid() != here:
            time.sleep(600)
        return 7

    with forked(task) as result:
        assert result() == 7
    assert multiprocessing.active_children() == []


def test_an_error_of_the_block_leaves_no_fork():
    with pytest.raises(KeyError), forked(lambda: time.sleep(600)):
        raise KeyError
    assert multiprocessing.active_children() == []


def test_without_a_second_processor_or_safe_forks_a_task_waits(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert usual() is when_asked
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    assert usual() is forked
    monkeypatch.setattr(sys, "platform", "darwin")
    assert usual() is when_asked


def test_a_task_that_waits_is_done_when_asked_for_and_else_never():
    done: list[int] = []
    with when_asked(lambda: done.append(1)) as result:
        assert done == []
        result()
    with when_asked(lambda: done.append(2)):
        pass
    assert done == [1]
