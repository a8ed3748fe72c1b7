"""The seconds of each folder add up to all, whatever the number of workers."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.processor_seconds import ProcessorSeconds, folder_of, table


@pytest.mark.parametrize(
    ("node_id", "folder"),
    [
        ("tests/customers/spend/test_clv.py::test_a[x/y::z]", "customers"),
        ("tests/adapters/engines/test_keys.py::test_a", "adapters/engines"),
        ("tests/test_naming.py::test_a", "test_naming.py"),
    ],
)
def test_a_test_counts_for_its_folder(node_id, folder):
    assert folder_of(node_id) == folder


def test_what_is_no_test_is_a_line_of_its_own():
    lines = table({"steps": 2.0, "infra": 5.25}, total=10.0)
    assert lines == ["     5.2 infra", "     2.0 steps", "     2.8 imports, servers"]


class Terminal:
    """Keeps what is written."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def section(self, title: str) -> None:
        self.lines.append(title)

    def write_line(self, line: str) -> None:
        self.lines.append(line)


def worker(**seconds: float) -> SimpleNamespace:
    total = sum(seconds.values()) + 1
    return SimpleNamespace(workeroutput={"processor_seconds": [seconds, total]})


def test_workers_are_added_and_one_that_died_is_left_out():
    counted, terminal = ProcessorSeconds(), Terminal()
    for node in (worker(steps=40.0), worker(steps=30.0, infra=10.0), SimpleNamespace()):
        counted.pytest_testnodedown(node)
    counted.pytest_terminal_summary(terminal)
    assert [line.split() for line in terminal.lines] == [
        ["processor", "seconds"], ["70.0", "steps"], ["10.0", "infra"],
        ["2.0", "imports,", "servers"],
    ]  # fmt: skip


def test_a_short_run_shows_nothing():
    counted, terminal = ProcessorSeconds(), Terminal()
    counted.pytest_testnodedown(worker(steps=40.0))
    counted.pytest_terminal_summary(terminal)
    assert terminal.lines == []
