"""Access tokens: their signatures, checked against the keys that their issuer publishes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

_ALGORITHMS = ["RS256"]  # Cognito's. Any other name in a token, such as `none`, is refused
_KEPT_SECONDS = 3600
_PAUSE_SECONDS = 60  # between two requests for keys, whatever keys tokens name


class TokenSignatures:
    """Reads access tokens whose signatures hold.

    Parameters
    ----------
    fetch
        Returns the issuer's keys (RFC 7517).
    seconds
        Counts seconds.
    """

    def __init__(
        self, fetch: Callable[[], Mapping[str, Any]], *, seconds: Callable[[], float]
    ) -> None:
        self._fetch, self._seconds = fetch, seconds
        self._lock = threading.Lock()
        self._keys: KeySet | None = None
        self._fetched_at = 0.0

    def claims(self, text: str) -> Mapping[str, Any] | None:
        """Return a token's claims. None for a wrong signature, and for any other text.

        Keys are fetched again after an hour, and at once for a token that the known keys do not
        fit: the issuer may have changed them.
        """
        claims = _claims(text, self._fresh(_KEPT_SECONDS))
        return claims if claims is not None else _claims(text, self._fresh(_PAUSE_SECONDS))

    def _fresh(self, most_seconds: float) -> KeySet:
        """Return the keys, fetched no longer ago than so."""
        with self._lock:
            now = self._seconds()
            if self._keys is None or now - self._fetched_at >= most_seconds:
                self._keys = KeySet.import_key_set(dict(self._fetch()))  # type: ignore[arg-type]
                self._fetched_at = now
            return self._keys


def _claims(text: str, keys: KeySet) -> Mapping[str, Any] | None:
    try:
        return dict(jwt.decode(text, keys, algorithms=_ALGORITHMS).claims)
    except (JoseError, ValueError, UnicodeError, RecursionError):
        return None
