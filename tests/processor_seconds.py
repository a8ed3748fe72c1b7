"""What each folder's tests took of the processor, so that growth is seen where it begins."""

from __future__ import annotations

import collections
import os
from collections.abc import Iterator
from typing import Any

import pytest

_KEY = "processor_seconds"


def used_seconds() -> float:
    """Return the time of this process and of its processes that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def folder_of(node_id: str) -> str:
    """Return the folder below tests/ that a test is in, or its file."""
    parts = node_id.partition("::")[0].split("/")
    return "/".join(parts[1 : 3 if parts[1:2] == ["adapters"] else 2])


def table(seconds: dict[str, float], *, total: float) -> list[str]:
    """Return a line for each folder, the longest first, and one for all that is no test."""
    rest = total - sum(seconds.values())
    lines = sorted(seconds.items(), key=lambda each: (-each[1], each[0]))
    return [f"{spent:8.1f} {name}" for name, spent in [*lines, ("imports, servers", rest)]]


class ProcessorSeconds:
    """Counts them in each worker, and shows them where the tests were started."""

    def __init__(self) -> None:
        self._began = used_seconds()
        self._total = 0.0
        self._seconds: collections.Counter[str] = collections.Counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Count a test, with all that it sets up."""
        before = used_seconds()
        try:
            return (yield)
        finally:
            self._seconds[folder_of(item.nodeid)] += used_seconds() - before

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand what a worker counted to the process that started it, which counts no own time."""
        if session.config.pluginmanager.has_plugin("dsession"):
            return
        self._total += used_seconds() - self._began
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput[_KEY] = [dict(self._seconds), self._total]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker counted. One that died counted nothing."""
        seconds, total = getattr(node, "workeroutput", {}).get(_KEY, ({}, 0.0))
        self._seconds.update(seconds)
        self._total += total

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Show them."""
        if self._total >= 60:
            terminalreporter.section("processor seconds")
            for line in table(self._seconds, total=self._total):
                terminalreporter.write_line(line)
