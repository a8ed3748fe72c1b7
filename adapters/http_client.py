"""Calls to a vendor's HTTP interface: key, rate, time limits, and what went wrong in our words."""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import urllib3
from botocore.httpsession import get_cert_path
from urllib3.exceptions import HTTPError, LocationValueError

from adapters.pace import Pace
from adapters.public_hosts import NotPublic, public_only
from tessera.destinations.calls import Answer, Call, HttpVendor, Located, Signing
from tessera.destinations.port import compact
from tessera.errors import InvalidInput, Refused, Retryable

LONGEST_PAUSE_SECONDS = 20  # what is longer waits in the state machine, where it costs nothing
_TRIES = 4
_FIRST_PAUSE_SECONDS = 1.0
_TIMEOUT = urllib3.Timeout(connect=10, read=30)
_BUSY = (408, 429, 503)
_DENIED = (401, 403)
_BROKEN = 500
_AT_ONCE = 8

T = TypeVar("T")


class Trouble(Exception):  # noqa: N818 (what there was)
    """A call that may go well another time; ``after_seconds`` is None when nobody said when."""

    def __init__(self, words: str, *, after_seconds: float | None = None) -> None:
        super().__init__(words)
        self.after_seconds = after_seconds


class HttpClient:
    """Makes one vendor's calls, from several threads at once.

    What it raises names methods, statuses and the secret, never what was sent or answered: bodies
    hold addresses, and vendors quote them.

    Parameters
    ----------
    vendor
        Whose calls they are.
    base_url
        Where they go, empty for where the vendor's module or the secret says; TLS is verified
        wherever it is https. Where a secret says it, hosts inside a network are out of bounds.
    read_secret, forget_secret
        Give the secret's fields, and make the next reading ask anew.
    secret_name
        For messages.
    requests_per_minute
        The tenant's own rate, 0 for the vendor's. Calls of which the vendor takes fewer scale
        alike.
    clock, pause, unix_time
        For tests.
    """

    def __init__(
        self,
        vendor: HttpVendor,
        *,
        base_url: str = "",
        read_secret: Callable[[], Mapping[str, str]],
        secret_name: str,
        forget_secret: Callable[[], None] = lambda: None,
        requests_per_minute: int = 0,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
        unix_time: Callable[[], float] = time.time,
    ) -> None:
        self.title = vendor.TITLE
        self.pause = pause
        self.clock = clock
        self._vendor = vendor
        self._base_url = base_url.rstrip("/")
        self._unix_time = unix_time
        self._read_secret = read_secret
        self._forget_secret = forget_secret
        self._secret_name = secret_name
        own = vendor.CAPABILITIES.requests_per_minute
        self._scale = requests_per_minute / own if requests_per_minute and own else 1.0
        self._general = Pace(own * self._scale, clock=clock, pause=pause)
        self._seldom: dict[tuple[str, int], Pace] = {}
        self._pool = urllib3.PoolManager(
            maxsize=_AT_ONCE,
            timeout=_TIMEOUT,
            retries=False,
            cert_reqs="CERT_REQUIRED",
            ca_certs=get_cert_path(True),  # noqa: FBT003 (botocore's own signature)
        )
        if isinstance(vendor, Located) and not base_url:
            public_only(self._pool)

    def call(self, call: Call) -> Answer:
        """Make one call, in its turn.

        Returns
        -------
        Answer
            A success, or a status that says that what was asked is wrong; the reader decides.

        Raises
        ------
        Trouble
            The vendor is busy, broken or away.
        Refused
            It does not take the key.
        InvalidInput
            The secret has not what the call needs.
        """
        self._in_turn(call)
        body = b"" if call.body is None else compact(call.body).encode()
        base_url, proof = self._from_secret(body)
        try:
            response = self._pool.request(
                call.method,
                base_url + call.path,
                body=None if call.body is None else body,
                headers={**call.headers, **proof},
                redirect=False,
            )
        except NotPublic:
            raise self._wrong_secret(
                "the URL leads to an address inside a network; only public ones are called"
            ) from None
        except (HTTPError, LocationValueError, OSError) as error:
            name = type(error).__name__
            raise Trouble(f"{self.title} could not be reached ({name})") from None
        return self._checked(call, response)

    def patiently(self, act: Callable[[], T]) -> T:
        """Return what an act of one or more calls gives, trying it again when there is trouble.

        Raises
        ------
        Retryable
            There was trouble each time, or the vendor asks to be left alone for longer than a
            function should wait.
        """
        pause = _FIRST_PAUSE_SECONDS
        for left in reversed(range(_TRIES)):
            try:
                return act()
            except Trouble as trouble:
                asked = trouble.after_seconds
                if not left or (asked or 0) > LONGEST_PAUSE_SECONDS:
                    raise Retryable(str(trouble), after_seconds=asked or 0) from None
                self.pause(pause if asked is None else asked)
                pause *= 2
        raise AssertionError  # the last try returns or raises

    def _in_turn(self, call: Call) -> None:
        if call.per_minute:
            key = (call.method, call.per_minute)
            if key not in self._seldom:
                rate = call.per_minute * self._scale
                fresh = Pace(rate, clock=self.clock, pause=self.pause)
                self._seldom.setdefault(key, fresh)
            self._seldom[key].wait()
        self._general.wait()

    def _from_secret(self, body: bytes) -> tuple[str, Mapping[str, str]]:
        """Return where a call goes, and the headers that prove who makes it."""
        vendor, secret = self._vendor, self._read_secret()
        try:
            headers = dict(vendor.auth(secret))
            if isinstance(vendor, Signing):
                headers |= vendor.sign(secret, body, int(self._unix_time()))
            base_url = self._base_url or (
                vendor.base_url(secret) if isinstance(vendor, Located) else vendor.BASE_URL
            )
        except InvalidInput as error:
            raise self._wrong_secret(str(error)) from None
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise self._wrong_secret(
                "it has characters that no key has, such as a line break: store the key alone"
            )
        return base_url, headers

    def _wrong_secret(self, words: str) -> InvalidInput:
        self._forget_secret()  # a warm function reads it again once somebody has put it right
        return InvalidInput(f"secret {self._secret_name}: {words}")

    def _checked(self, call: Call, response: Any) -> Answer:
        status = int(response.status)
        if status in _DENIED:
            self._forget_secret()
            raise Refused(
                f"{self.title} does not take the key in secret {self._secret_name} ({status} to "
                f"{call.method}): put a valid one there that may do this, then run again"
            )
        if status in _BUSY:
            after = wait_of(response.headers.get("Retry-After"))
            told = "" if after is None else f", and asks to wait {after:.0f} seconds"
            raise Trouble(f"{self.title} was busy ({status}){told}", after_seconds=after)
        if status >= _BROKEN:
            raise Trouble(f"{self.title} failed ({status} to {call.method})")
        return Answer(status, _json(response.data), dict(response.headers), empty=not response.data)


def wait_of(text: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, None when it does not say.

    It is a number of seconds, or the date (RFC 9110, 10.2.3) of the next attempt.
    """
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
