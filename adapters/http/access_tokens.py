"""Access tokens that a vendor's secret is exchanged for, each kept until shortly before it ends."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping

from tessera.destinations.requests import EXCHANGED, Response, at

_MARGIN_SECONDS = 60


class AccessTokens:
    """One vendor's token, for several threads.

    Parameters
    ----------
    ask
        Exchanges a secret. The response has ``access_token`` and ``expires_in`` (RFC 6749, 5.1).
    clock
        Counts seconds.
    """

    def __init__(
        self, ask: Callable[[Mapping[str, str]], Response], *, clock: Callable[[], float]
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._until = -math.inf

    def of(self, secret: Mapping[str, str]) -> str:
        """Return a token that is good for a while.

        Raises
        ------
        Malformed
            The response has none.
        """
        with self._lock:
            if self._clock() >= self._until:
                response = self._ask(secret)
                self._token = at(response, EXCHANGED)
                seconds = at(response, "expires_in", kind=int)
                self._until = self._clock() + seconds - _MARGIN_SECONDS
            return self._token

    def forget(self) -> None:
        """Request a new token next time: this one was rejected, or the secret changed."""
        self._until = -math.inf
