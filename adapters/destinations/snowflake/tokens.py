"""The token that a tenant's requests carry, signed again before it expires."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from tessera.destinations.vendors.snowflake import tokens

_KEPT_SECONDS = tokens.VALID_SECONDS - 600


class KeyPairSigner(Protocol):
    """A key pair that signs by RS256."""

    @property
    def public_key(self) -> bytes:
        """The public half as DER."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message."""


class Tokens:
    """Tokens of one key. ``unix_time`` is for tests."""

    def __init__(
        self, signer: KeyPairSigner, *, unix_time: Callable[[], float] = time.time
    ) -> None:
        self._signer = signer
        self._unix_time = unix_time
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, str]] = {}

    def of(self, subject: str) -> str:
        """Return a token for a subject. It is valid for ten more minutes at least."""
        with self._lock:
            now = self._unix_time()
            made, token = self._kept.get(subject, (0.0, ""))
            if not made <= now < made + _KEPT_SECONDS:
                token = self._signed(subject, int(now))
                self._kept[subject] = (now, token)
            return token

    def forget(self) -> None:
        """Sign a new one next time."""
        with self._lock:
            self._kept.clear()

    def _signed(self, subject: str, unix_seconds: int) -> str:
        text = tokens.unsigned(subject, self._signer.public_key, unix_seconds=unix_seconds)
        return f"{text}.{tokens.encoded(self._signer.sign(text.encode()))}"
