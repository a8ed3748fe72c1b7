"""``python3 app.zip prepare --tenant …``: run one of the jobs that share this zip.

The zip carries packages under ``vendor/`` for containers that lack them. A shared library cannot be
loaded from inside a zip, so they are unpacked first, and only where a job's is not installed.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import tempfile
import zipfile
from pathlib import Path

JOBS = ("prepare", "train_kmeans", "train_forecasts", "train_churn", "score", "erase")
_NEEDS = {"prepare": "duckdb", "erase": "phonenumbers"}
_VENDOR = "vendor/"


def main() -> None:
    """Run the job that the first argument names."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in JOBS:
        raise SystemExit(f"usage: {sys.argv[0]} {'|'.join(JOBS)} [arguments]; got {name!r}")
    sys.argv = [f"{sys.argv[0]} {name}", *sys.argv[2:]]
    if name not in _NEEDS or importlib.util.find_spec(_NEEDS[name]):
        _run(name)
        return
    with tempfile.TemporaryDirectory() as folder:
        sys.path.append(str(_vendored(Path(__file__).resolve().parent, Path(folder))))
        _run(name)


def _run(name: str) -> None:
    importlib.import_module(f"sagemaker_jobs.{name}.__main__").main()


def _vendored(home: Path, folder: Path) -> Path:
    """Return a real folder with the packages of ``vendor/``. ``home`` is a folder or a zip."""
    if home.is_dir():
        return home / _VENDOR
    with zipfile.ZipFile(home) as archive:
        archive.extractall(folder, [n for n in archive.namelist() if n.startswith(_VENDOR)])
    return folder / _VENDOR


if __name__ == "__main__":
    main()
