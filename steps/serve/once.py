"""Do what creates something once, however often the same request comes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import TypeVar

from adapters.stores.idempotency import Idempotency
from tessera.api.refusals import conflict
from tessera.records.codec import decode, encode

_Answer = TypeVar("_Answer")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Attempt:
    """A request with its ``Idempotency-Key``.

    Parameters
    ----------
    tenant, key
        Whose key, and the key.
    operation, body
        What is asked. The same key with another operation or body is a conflict.
    now
        When it is asked.
    """

    tenant: str
    key: str
    operation: str
    body: object
    now: dt.datetime

    @property
    def digest(self) -> str:
        """SHA-256 of what is asked."""
        text = json.dumps([self.operation, encode(self.body)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def name(self) -> str:
        """A name that a repeated request has too, and no other."""
        text = f"{self.tenant}/{self.operation}/{self.key}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def once(
    attempt: Attempt,
    make: Callable[[], _Answer],
    *,
    kind: type[_Answer],
    requests: Idempotency,
    secret: bool = False,
) -> _Answer:
    """Return the answer to a request, made once.

    Parameters
    ----------
    attempt
        The request.
    make
        Does what is asked. What it refuses may be asked again.
    kind
        The answer's type.
    requests
        The answers so far.
    secret
        Whether the answer may be shown once only. Then it is not kept.

    Raises
    ------
    RequestRefusal
        The key was used for something else, its request is still under way, or its answer is
        secret and was shown.
    """
    earlier = requests.claim(attempt.tenant, attempt.key, digest=attempt.digest, now=attempt.now)
    if earlier is None:
        return _first_answer(attempt, make, requests=requests, secret=secret)
    if earlier["digest"] != attempt.digest:
        raise conflict("This Idempotency-Key was used for another request: use a new one.")
    if earlier["answer"] is None:
        raise conflict("The first request with this Idempotency-Key is under way: ask again soon.")
    if secret:
        raise conflict(
            "The first request with this Idempotency-Key was answered, and its secret is shown "
            "once: revoke what it made, and use a new Idempotency-Key."
        )
    return decode(kind, earlier["answer"], document=f"answer {attempt.key}")


def _first_answer(
    attempt: Attempt, make: Callable[[], _Answer], *, requests: Idempotency, secret: bool
) -> _Answer:
    try:
        answer = make()
    except Exception:
        requests.release(attempt.tenant, attempt.key)
        raise
    requests.settle(
        attempt.tenant,
        attempt.key,
        digest=attempt.digest,
        answer={} if secret else encode(answer),
        now=attempt.now,
    )
    return answer
