"""The peers' interpreters: each library in its own environment, made when it is needed.

Their pins are in ``bench/requirements`` and are no part of the project's lock: two of them could
not be installed side by side.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "bench"
PINS = Path(__file__).with_name("requirements")
NAMES = ("boosting", "lifetimes", "pymc-marketing")
_INSTALLED = ".installed"
_PYTHON = "3.11"  # the last one that lifetimes' pandas has packages for


class PeerMissing(Exception):  # noqa: N818 (what happened)
    """A peer can't be installed here. The message says why."""


def interpreter(name: str, *, contenders: str = "peer_contenders.py") -> Path:
    """Return the Python that has a peer, installing it on first use.

    Raises
    ------
    PeerMissing
        That did not work: there is no network, or no package for this platform.
    """
    folder, pins = CACHE / "peers" / name, PINS / f"{name}.txt"
    python, installed = folder / "bin" / "python", folder / _INSTALLED
    if installed.exists() and installed.read_text() == pins.read_text():
        return python
    uv = Path(sys.executable).with_name("uv")
    _run([str(uv), "venv", "--quiet", "--clear", "--python", _PYTHON, str(folder)])
    _run([str(uv), "pip", "install", "--quiet", "--python", str(python), "-r", str(pins)])
    script = Path(__file__).with_name(contenders)
    _run([str(python), str(script), name])  # compiles what it imports, outside any measurement
    installed.write_text(pins.read_text())
    return python


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except OSError as error:
        raise PeerMissing(str(error)) from None
    except subprocess.CalledProcessError as error:
        last = [line for line in error.stderr.splitlines() if line.strip()][-1:]
        raise PeerMissing(last[0].strip() if last else f"exit status {error.returncode}") from None
