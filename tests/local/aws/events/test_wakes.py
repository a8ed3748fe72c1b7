"""Waiting for jobs: woken by the end of one, and never late for it."""

from __future__ import annotations

import threading
import time

from local.aws.events.wakes import Wakes
from local.aws.jobs.scripts import JobRunner
from local.aws.workers.spawned import Spawned

LONG_S = 60.0


def seconds(endings: Wakes, at_most: float) -> float:
    began = time.monotonic()
    endings.wait(at_most)
    return time.monotonic() - began


def test_a_job_that_ended_since_the_last_wait_is_not_waited_for():
    endings = Wakes()
    endings.wait(LONG_S)  # the first one looks at once
    endings.add()
    assert seconds(endings, LONG_S) < LONG_S / 2
    assert seconds(endings, 0.05) >= 0.04  # and nothing has ended since


def test_every_thread_is_woken_by_one_ending():
    endings, woken = Wakes(), []

    def wait() -> None:
        endings.wait(LONG_S)
        ready.wait()
        endings.wait(LONG_S)
        woken.append(True)

    ready = threading.Barrier(4)
    threads = [threading.Thread(target=wait) for _ in range(3)]
    for one in threads:
        one.start()
    ready.wait()
    endings.add()
    for one in threads:
        one.join(LONG_S / 2)
    assert len(woken) == 3


def test_a_job_wakes_however_it_ends(tmp_path):
    workers = Spawned(tmp_path)
    runner, reasons = JobRunner(tmp_path, env=dict, client=lambda _: None, workers=workers), []

    def breaks() -> None:
        raise ValueError("it broke")

    for job in (lambda: None, breaks):
        runner.endings.wait(0.0)
        runner.start(job, failed=reasons.append)
        assert seconds(runner.endings, LONG_S) < LONG_S / 2
    assert reasons == ["ValueError: it broke"]
    runner.close()
