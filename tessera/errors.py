"""Every error, sorted by what its reader should do next.

::

    TesseraError          never raised itself
    ├── InvalidInput      correct the data or the setting that the message names
    ├── Retryable         try the same call again, with backoff: a service was busy or away
    ├── Refused           stop, and correct credentials, permissions, quota or plan
    ├── TooLarge          do the same work on a larger machine: the state machine does so itself
    └── NotApproved       look at the run's data, then decide about it

Step Functions matches ``ErrorEquals`` on the exact class name. Raise these classes themselves: a
subclass would match nothing. ``adapters.aws.errors`` has the table from an AWS error code to one
of them.
"""

from __future__ import annotations

from typing import Literal

# The kinds of recovery: the names of the classes below, and two that no class of ours raises.
ErrorKind = Literal["InvalidInput", "Retryable", "Refused", "NotApproved", "Timeout", "Unexpected"]


class TesseraError(Exception):
    """Base of all. Never raised itself."""


class InvalidInput(TesseraError):  # noqa: N818 (the name a state machine matches)
    """The data or a setting is wrong. Its owner has to correct it: retrying cannot help.

    The message names the file, row or setting, says what was expected, and what to do.
    """


class Retryable(TesseraError):  # noqa: N818
    """A service was busy or away: try the same call again, with backoff.

    Parameters
    ----------
    message
        Which service, and what it answered.
    after_seconds
        How long to wait before the next call, 0 when the service did not ask for a pause.
    """

    def __init__(self, message: str = "", *, after_seconds: float = 0) -> None:
        super().__init__(message)
        self.after_seconds = after_seconds


class Refused(TesseraError):  # noqa: N818
    """A service rejected the call (credentials, permission, quota, plan): stop and alarm."""


class TooLarge(TesseraError):  # noqa: N818
    """A function's memory, disk or time was not enough: the job does the same work."""


class NotApproved(TesseraError):  # noqa: N818
    """Somebody rejected the run, or nobody approved it in time: look at its data, then decide."""
