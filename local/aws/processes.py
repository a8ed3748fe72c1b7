"""Child processes that never outlive this one: each runs under ``guard.py``, in its own group."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

_GUARD = Path(__file__).with_name("guard.py")
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "JAVA_HOME")  # what every program may see of ours


class Child:
    """One guarded process.

    Parameters
    ----------
    command
        The program and its arguments.
    env
        Its variables, besides the few that every program needs.
    cwd
        Its work folder. Also its HOME and the home of its temporary files.
    stdin
        As for ``subprocess.Popen``. Output and errors come together in ``lines``.
    pass_fds
        Further file descriptors that it inherits.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        stdin: int = subprocess.DEVNULL,
        pass_fds: Sequence[int] = (),
    ) -> None:
        reader, self._lifeline = os.pipe()
        try:
            self.popen = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_GUARD), str(reader), *command],
                env={**variables(cwd), **env},
                cwd=cwd,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=[reader, *pass_fds],
                start_new_session=True,
            )
        except OSError:
            os.close(self._lifeline)
            raise
        finally:
            os.close(reader)
        self._closed = threading.Lock()

    @property
    def stdin(self) -> IO[bytes]:
        """Where to write what it reads."""
        assert self.popen.stdin is not None  # noqa: S101 (asked for at construction)
        return self.popen.stdin

    def wait(self, timeout_s: float | None = None) -> int:
        """Wait for its end. Return its exit status. Raises subprocess.TimeoutExpired."""
        code = self.popen.wait(timeout_s)
        self.kill()
        return code

    def kill(self) -> None:
        """End it and everything that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        if self._closed.acquire(blocking=False):
            os.close(self._lifeline)
            if self.popen.stdin is not None:
                with contextlib.suppress(BrokenPipeError):
                    self.popen.stdin.close()

    def lines(self) -> Iterator[bytes]:
        """Yield what it prints, standard error included, until it ends."""
        assert self.popen.stdout is not None  # noqa: S101 (always a pipe)
        with self.popen.stdout as stdout:
            yield from stdout


def variables(folder: Path) -> dict[str, str]:
    """Return the variables that every program gets whose home is ``folder``."""
    scratch = folder / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    ours = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**ours, "HOME": str(folder), "TMPDIR": str(scratch)}
