"""Run one command and make sure that it ends when its parent does, however its parent ends.

Called as ``python -I -S guard.py FD COMMAND …``. ``FD`` is the reading end of a pipe whose only
writer is the parent: when the parent is gone, however it went, the kernel closes the writer and
this process kills its whole group. It imports next to nothing, so that it costs milliseconds.
"""

import ctypes
import os
import select
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(lifeline: int, command: list[str]) -> int:
    """Run the command. Return its exit status as a shell would report it."""
    done, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    child = os.fork()
    if child == 0:
        os.close(lifeline)
        _die_with_guard()
        os.execvp(command[0], command)  # noqa: S606 (a list, no shell)
    while True:
        ready, _, _ = select.select([lifeline, done], [], [])
        if done in ready:
            os.read(done, 64)
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                code = os.waitstatus_to_exitcode(status)
                return code if code >= 0 else 128 - code
        elif lifeline in ready:
            os.killpg(os.getpgrp(), signal.SIGKILL)


def _die_with_guard() -> None:
    """On Linux, end this process even when somebody kills only the guard."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
