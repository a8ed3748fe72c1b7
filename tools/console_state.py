"""Make the state that the console's tests look at: ``python -m tools.console_state``.

It has two runs of the example, a month apart, so that every page has something to show. They take
minutes. So the state is kept with a digest of its sources, and made again when these change.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / "build" / "console-test.state"
EXAMPLE = "examples/online_retail_events.csv.gz"
SOURCES = (
    "adapters", "glue_jobs", "infra", "lambdas", "local", "sagemaker_jobs", "steps", "tessera",
    "app.py", "cdk.json", "requirements.txt", EXAMPLE,
)  # fmt: skip
_MARK = ".made-of"
_RUNS: tuple[tuple[str, ...], ...] = (("--as-of", "2011-11-10"), ())


def digest_of(root: Path, sources: Iterable[str] = SOURCES) -> str:
    """Return the SHA-256 of the names and bytes of all sources of a run."""
    digest = hashlib.sha256()
    for name in sources:
        for path in _files(root / name):
            digest.update(f"{path.relative_to(root)}\n{path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def ensure(state: Path, *, digest: str, run: Callable[[Sequence[str]], None]) -> bool:
    """Make the state unless it was made of the same sources. Return whether it was made.

    Parameters
    ----------
    state
        The folder of the state.
    digest
        Of the present sources.
    run
        Runs the example with these options, and adds the run to the state.
    """
    mark = state / _MARK
    if mark.is_file() and mark.read_text("utf-8") == digest:
        return False
    shutil.rmtree(state, ignore_errors=True)
    for options in _RUNS:
        run(options)
    mark.write_text(digest, "utf-8")
    return True


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for file in sorted(path.rglob("*")):
        if file.is_file() and file.suffix != ".pyc":
            yield file


def _run(options: Sequence[str]) -> None:
    out = str(STATE.with_suffix(""))
    command = [sys.executable, "-m", "local", "run", EXAMPLE, "--out", out, "--json", *options]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Make the state, where it is not there or was made of other sources."""
    STATE.parent.mkdir(exist_ok=True)
    ensure(STATE, digest=digest_of(ROOT), run=_run)


if __name__ == "__main__":
    main()
