"""Requests to a vendor's HTTP API: key, rate, time limits, and errors in our words."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from typing import NoReturn, TypeVar, cast
from urllib.parse import urlencode, urlsplit

import urllib3
from botocore.httpsession import get_cert_path
from urllib3.exceptions import HTTPError, LocationValueError

from adapters.http.access_tokens import AccessTokens
from adapters.http.pace import Pace
from adapters.http.public_hosts import NotPublic, public_only
from adapters.http.responses import json_of, wait_of
from tessera.destinations.http_vendor import (
    Accounted,
    Coded,
    Exchanging,
    HttpApi,
    Located,
    Signing,
)
from tessera.destinations.port import compact
from tessera.destinations.requests import EXCHANGED, Request, Response
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
    """A request that may succeed another time. ``after_seconds`` is None if unknown."""

    def __init__(self, words: str, *, after_seconds: float | None = None) -> None:
        super().__init__(words)
        self.after_seconds = after_seconds


class HttpClient:
    """Sends one vendor's requests, from several threads at once.

    Errors name methods, statuses and the secret, never a request's or response's body: bodies
    hold addresses, and vendors quote them.

    Parameters
    ----------
    vendor
        Whose requests they are.
    base_url
        Where they go, empty for the URL in the vendor's module or the secret. TLS is verified
        for https. If the URL is in the secret, hosts inside a network are refused.
    read_secret, forget_secret
        Read the secret's fields, and make the next reading fetch it again.
    secret_name
        For messages.
    requests_per_minute
        The tenant's own rate, 0 for the vendor's. Requests with a lower limit scale alike.
    listen
        Called with every response, for a person at the terminal. Bodies may quote customers.
    clock, pause, unix_time
        For tests.
    """

    def __init__(
        self,
        vendor: HttpApi,
        *,
        base_url: str = "",
        read_secret: Callable[[], Mapping[str, str]],
        secret_name: str,
        forget_secret: Callable[[], None] = lambda: None,
        requests_per_minute: int = 0,
        listen: Callable[[Response], None] = lambda _answer: None,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
        unix_time: Callable[[], float] = time.time,
    ) -> None:
        self.title = vendor.TITLE
        self.pause = pause
        self.clock = clock
        self._vendor = vendor
        self._base_url = base_url.rstrip("/")
        self._listen = listen
        self._unix_time = unix_time
        self._read_secret = read_secret
        self._forget_secret = forget_secret
        self._secret_name = secret_name
        own = vendor.CAPABILITIES.requests_per_minute
        self._scale = requests_per_minute / own if requests_per_minute and own else 1.0
        self._general = Pace(own * self._scale, clock=clock, pause=pause)
        self._seldom: dict[tuple[str, int], Pace] = {}
        self._pool = verified_pool()
        self._tokens = AccessTokens(self._exchange, clock=clock)
        if isinstance(vendor, Located) and not base_url:
            public_only(self._pool)

    def send(self, request: Request) -> Response:
        """Send one request, in its turn.

        Returns
        -------
        Response
            A success, or a status that the request is wrong. The reader decides.

        Raises
        ------
        Trouble
            The vendor is busy, broken or away.
        Refused
            It rejects the key.
        InvalidInput
            The secret lacks what the request needs.
        """
        self._in_turn(request)
        body = b"" if request.body is None else compact(request.body).encode()
        url, proof = self._from_secret(request, body)
        payload = None if request.body is None else body
        response = self._transmit(request.method, url, payload, {**request.headers, **proof})
        self._listen(response)
        return self._checked(request.method, response, needs=request.needs)

    def _transmit(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Response:
        try:
            http = self._pool.request(method, url, body=body, headers=headers, redirect=False)
        except NotPublic:
            raise self._wrong_secret(
                "the URL leads to an address inside a network; only public ones are called"
            ) from None
        except (HTTPError, LocationValueError, OSError) as error:
            name = type(error).__name__
            raise Trouble(f"{self.title} could not be reached ({name})") from None
        data, headers = http.data, dict(http.headers)
        response = Response(int(http.status), json_of(data), headers, empty=not data)
        if isinstance(self._vendor, Coded):
            response = dataclasses.replace(response, status=self._vendor.status(response))
        return response

    def patiently(self, act: Callable[[], T]) -> T:
        """Return the result of an act of one or more requests, retrying it after trouble.

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

    def _in_turn(self, request: Request) -> None:
        if request.per_minute:
            key = (request.method, request.per_minute)
            if key not in self._seldom:
                rate = request.per_minute * self._scale
                fresh = Pace(rate, clock=self.clock, pause=self.pause)
                self._seldom.setdefault(key, fresh)
            self._seldom[key].wait()
        self._general.wait()

    def _from_secret(self, request: Request, body: bytes) -> tuple[str, Mapping[str, str]]:
        """Return a request's URL, and the headers that authorize it."""
        vendor, secret = self._vendor, self._read_secret()
        if isinstance(vendor, Exchanging):
            secret = {**secret, EXCHANGED: self._tokens.of(secret)}
        try:
            headers = dict(vendor.auth(secret))
            if isinstance(vendor, Signing):
                headers |= vendor.sign(secret, body, int(self._unix_time()))
            base_url = self._base_url or (
                vendor.base_url(secret) if isinstance(vendor, Located) else vendor.BASE_URL
            )
            path = request.path
            if isinstance(vendor, Accounted):
                path = vendor.in_account(secret, path)
        except InvalidInput as error:
            raise self._wrong_secret(str(error)) from None
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise self._wrong_secret(
                "it has characters that no key has, such as a line break: store the key alone"
            )
        return base_url + path, headers

    def _exchange(self, secret: Mapping[str, str]) -> Response:
        """Ask for an access token. Nobody listens to that."""
        vendor = cast("Exchanging", self._vendor)
        url = vendor.TOKEN_URL
        if self._base_url:
            url = self._base_url + urlsplit(url).path
        form = urlencode(vendor.grant(secret)).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        response = self._checked("POST", self._transmit("POST", url, form, kind))
        return response if response.status < 400 else self._denied("POST", response.status)

    def _wrong_secret(self, words: str) -> InvalidInput:
        self._forget()
        return InvalidInput(f"secret {self._secret_name}: {words}")

    def _forget(self) -> None:
        """Let a warm function read the secret again once somebody has put it right."""
        self._forget_secret()
        self._tokens.forget()

    def _denied(self, method: str, status: int, needs: str = "") -> NoReturn:
        self._forget()
        permissions = needs or "the required permissions"
        raise Refused(
            f"{self.title} rejected the key in secret {self._secret_name} ({status} to {method}): "
            f"store a valid key with {permissions} there, then run again"
        )

    def _checked(self, method: str, response: Response, *, needs: str = "") -> Response:
        status = response.status
        if status in _DENIED:
            self._denied(method, status, needs)
        if status in _BUSY:
            after = wait_of(urllib3.HTTPHeaderDict(response.headers).get("Retry-After"))
            wait = "" if after is None else f", and asks to wait {after:.0f} seconds"
            raise Trouble(f"{self.title} was busy ({status}){wait}", after_seconds=after)
        if status >= _BROKEN:
            raise Trouble(f"{self.title} failed ({status} to {method})")
        return response


def verified_pool() -> urllib3.PoolManager:
    """Return connections that verify the server and retry nothing by themselves."""
    return urllib3.PoolManager(
        maxsize=_AT_ONCE,
        timeout=_TIMEOUT,
        retries=False,
        cert_reqs="CERT_REQUIRED",
        ca_certs=get_cert_path(True),  # noqa: FBT003 (botocore's own signature)
    )
