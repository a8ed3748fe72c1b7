"""The functions carry boto3 and the standard library, nothing heavier."""

from __future__ import annotations

import subprocess
import sys

import pytest

FOLDERS = [
    "start_load",
    "poll_load",
    "ensure_segments",
    "await_approval",
    "decide_run",
    "plan_loads",
]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_function_needs_no_numeric_library(root, folder):
    check = (
        f"import sys, lambdas.{folder}.handler; "
        "print(sorted({'numpy', 'pandas', 'pyarrow', 'duckdb', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
