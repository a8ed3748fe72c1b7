"""A job of SageMaker as a process of its container."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run_job(root: Path, name: str) -> subprocess.CompletedProcess[str]:
    """Start a job's module with nothing but ML_ROOT pointing at its folders."""
    return subprocess.run(
        [sys.executable, "-m", f"sagemaker_jobs.{name}"],
        env={**os.environ, "ML_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
