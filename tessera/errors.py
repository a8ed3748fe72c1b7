"""Every error, sorted by what its reader should do next.

Step Functions matches ``ErrorEquals`` on the exact class name, so raise these classes themselves:
a subclass would match nothing.
"""

from __future__ import annotations


class TesseraError(Exception):
    """Base of all; never raised itself."""


class InvalidInput(TesseraError):  # noqa: N818 (the name a state machine matches)
    """The data or a setting is wrong: tell its owner. Retrying cannot help.

    The message names the file, row or setting, says what was expected, and what to do.
    """


class Retryable(TesseraError):  # noqa: N818
    """The other side was busy or away: try the same call again, with backoff.

    Parameters
    ----------
    message
        Who, and how it shows.
    after_seconds
        How long the other side asked to be left alone, 0 when it did not say.
    """

    def __init__(self, message: str = "", *, after_seconds: float = 0) -> None:
        super().__init__(message)
        self.after_seconds = after_seconds


class Refused(TesseraError):  # noqa: N818
    """The other side said no (credentials, quota, plan): stop and alarm."""


class NotApproved(TesseraError):  # noqa: N818
    """Somebody rejected the run, or nobody approved it in time: look at its data, then decide."""
