"""The compiled single pass, where a C++ compiler is there to build it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from bench.peers import CACHE, PeerMissing

SOURCE = Path(__file__).with_name("single_pass.cpp")
_FLAGS = ("-O3", "-march=native", "-std=c++17", "-pthread")


def program() -> Path:
    """Return the program, built for this processor on first use.

    Raises
    ------
    PeerMissing
        There is no compiler, or it refuses.
    """
    compiler = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        raise PeerMissing("there is no C++ compiler")
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:12]
    built = CACHE / f"single_pass-{digest}"
    if not built.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        making = built.with_suffix(".making")
        command = [compiler, *_FLAGS, str(SOURCE), "-o", str(making)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise PeerMissing(f"the compiler refused: {done.stderr.strip()[:200]}")
        making.rename(built)
    return built


def command(csv: Path, folder: Path) -> list[str]:
    """Return what to run for a file's summary, which will be customers.csv in ``folder``."""
    return [str(program()), str(csv), str(os.cpu_count() or 1), str(folder / "customers.csv")]
