"""Jobs called as their container calls them, without a process for each."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from subprocess import CompletedProcess

import pytest


@pytest.fixture
def call_job(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., CompletedProcess[str]]:
    """Call a job's ``main`` under a container's environment. An exit becomes its status.

    Any other error passes through, where a process would print it and end with status 1. One test
    for each job starts a process.
    """

    def call(
        name: str, arguments: Sequence[str] = (), *, env: Mapping[str, str]
    ) -> CompletedProcess[str]:
        main = importlib.import_module(f"sagemaker_jobs.{name}.__main__").main
        status = 0
        capfd.readouterr()
        with monkeypatch.context() as patch:
            for variable, value in env.items():
                patch.setenv(variable, value)
            patch.setattr(sys, "argv", [name, *arguments])
            try:
                main()
            except SystemExit as ending:
                status = int(ending.code or 0)
        printed = capfd.readouterr()
        return CompletedProcess([name, *arguments], status, printed.out, printed.err)

    return call
