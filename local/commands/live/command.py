"""``tessera live``: a smoke test of a destination, with the user's own key.

It is the only thing on a laptop that calls a destination itself and no stand-in. Its two customers
are made up and have no address, so that nobody can be written to.
"""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from adapters.aws.secrets import parse_fields
from adapters.destinations.aws.customer_profiles import CustomerProfilesTransport
from adapters.destinations.http_transport import HttpTransport
from adapters.http.client import HttpClient
from local.commands.live import snowflake
from local.commands.live.smoke import IDS, SMOKE, Smoke
from local.commands.parser import hint
from local.terminal import Terminal
from tessera.contracts.customer_profiles import OBJECT_TYPE
from tessera.contracts.destinations import SNOWFLAKE
from tessera.destinations import catalog
from tessera.destinations.http_vendor import HttpVendor, Located
from tessera.destinations.port import Loaded, Transport
from tessera.destinations.requests import ENDPOINT, Response
from tessera.errors import InvalidInput, TesseraError
from tessera.naming import DEFAULT_TENANT, endpoint_variable

SECRET = "TESSERA_LIVE_SECRET"  # noqa: S105 (the name of a variable)
_PROFILES = "customer_profiles"
_WORDS_MOST = 300


@dataclasses.dataclass(frozen=True, kw_only=True)
class LiveTest:
    """What to test, and with what.

    ``secret`` is a file with the secret's JSON, in place of the variable. ``domain`` is that of
    Customer Profiles. Without ``sure`` nothing is sent.
    """

    destination: str
    secret: Path | None = None
    domain: str = ""
    sure: bool = False


class Wording(Protocol):
    """A vendor whose errors have words."""

    def words(self, response: Response) -> tuple[str, str]:
        """Return the code and message of an error response."""
        ...


@dataclasses.dataclass
class LastAnswer:
    """The last response of a vendor, shown at the terminal with secrets removed."""

    secret: Mapping[str, str]
    vendor: Wording
    last: Response | None = None

    def __call__(self, response: Response) -> None:
        """Remember a response."""
        self.last = response

    def account(self, error: TesseraError) -> str:
        """Return an error with the vendor's own words, and never the secret."""
        words = self._words()
        text = f"{error} Its response: {words}" if words else str(error)
        for value in self.secret.values():
            text = text.replace(value, "…")
        return text

    def _words(self) -> str:
        """Return status, code and message of an error response, else nothing."""
        if self.last is None or self.last.status < 400:
            return ""
        try:
            text = f"{self.last.status} {' '.join(self.vendor.words(self.last))}"
        except (AttributeError, LookupError, TypeError, ValueError):
            text = str(self.last.status)
        return text[:_WORDS_MOST]


def live(
    wanted: LiveTest,
    *,
    terminal: Terminal,
    environ: Mapping[str, str] = os.environ,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> bool:
    """Print what would be sent and where, and send it if ``sure``. Return whether it went well.

    Raises
    ------
    InvalidInput
        It is refused before anything is sent: in CI, without a secret, or without ``sure``.
    """
    if environ.get("CI", "").lower() not in ("", "0", "false"):
        raise InvalidInput(
            "live tests do not run in CI: they need a real account, and a person to check it"
        )
    endpoint = environ.get(endpoint_variable(wanted.destination), "")
    vendor, title = _vendor(wanted)
    if wanted.destination == _PROFILES:
        last, where = None, f"the domain {wanted.domain}, by your AWS credentials"
    elif wanted.destination == SNOWFLAKE:
        secret = _secret(wanted, snowflake.FIELDS, environ, optional=snowflake.OPTIONAL)
        last = LastAnswer(secret, snowflake.api)
        where = endpoint or snowflake.address(secret)
    else:
        over_http = catalog.HTTP[wanted.destination]
        last = LastAnswer(_secret(wanted, over_http.SECRET_FIELDS, environ), over_http)
        where = _host(endpoint, last.secret, over_http)
    for line in _intention(title, where, by_hand=not vendor.CAPABILITIES.segments):
        terminal.say(line)
    if not wanted.sure:
        raise InvalidInput("nothing was sent: add --yes to send to the real account")
    if last is None:
        transport: Transport = CustomerProfilesTransport(
            domain=wanted.domain, object_type_name=OBJECT_TYPE, tenant=DEFAULT_TENANT, pause=pause
        )
    elif wanted.destination == SNOWFLAKE:
        transport = snowflake.transport(
            last.secret, endpoint=endpoint, secret_name=SECRET, listen=last, clock=clock,
            pause=pause,
        )  # fmt: skip
    else:
        transport = _over_http(
            endpoint, last, catalog.HTTP[wanted.destination], clock=clock, pause=pause
        )
    account = str if last is None else last.account
    return Smoke(vendor, transport, terminal, account, pause).run()


def _vendor(wanted: LiveTest) -> tuple[Loaded, str]:
    """Return the destination's vendor and title."""
    known = [_PROFILES, SNOWFLAKE, *catalog.HTTP]
    if wanted.destination not in known:
        near = hint(wanted.destination, known)
        raise InvalidInput(
            f"no live test of {wanted.destination!r}: there are {', '.join(sorted(known))}{near}"
        )
    if wanted.destination == _PROFILES and not wanted.domain:
        raise InvalidInput("name the Customer Profiles domain with --domain")
    vendor = catalog.LOADED[wanted.destination]
    return vendor, vendor.TITLE


def _secret(
    wanted: LiveTest,
    fields: Sequence[str],
    environ: Mapping[str, str],
    *,
    optional: Sequence[str] = (),
) -> dict[str, str]:
    """Return the secret's fields. They are never printed."""
    where = f"the file {wanted.secret}" if wanted.secret else f"the variable {SECRET}"
    form = json.dumps(dict.fromkeys(fields, "…"), ensure_ascii=False)
    advice = f"give the JSON {form} in {SECRET}, or in a file with --secret"
    try:
        text = wanted.secret.read_text("utf-8") if wanted.secret else environ.get(SECRET, "")
    except (OSError, ValueError):
        raise InvalidInput(f"{where} cannot be read: {advice}") from None
    return parse_fields(
        text, where=where, fields=fields, optional=(*optional, ENDPOINT), advice=advice
    )


def _host(endpoint: str, secret: Mapping[str, str], vendor: HttpVendor) -> str:
    if endpoint:
        return endpoint
    return vendor.base_url(secret) if isinstance(vendor, Located) else vendor.BASE_URL


def _over_http(
    endpoint: str,
    last: LastAnswer,
    vendor: HttpVendor,
    *,
    clock: Callable[[], float],
    pause: Callable[[float], None],
) -> HttpTransport:
    client = HttpClient(
        vendor,
        base_url=endpoint,
        read_secret=lambda: last.secret,
        secret_name=SECRET,
        clock=clock,
        pause=pause,
        listen=last,
    )
    return HttpTransport(vendor, client=client)


def _intention(title: str, where: str, *, by_hand: bool) -> list[str]:
    segment = "It makes no segment: people make them there."
    if not by_hand:
        segment = f"It makes the segment {SMOKE.name}, which stays: delete it there by hand."
    return [
        f"  This calls {title} itself: {where}",
        f"  It sends two made-up customers without an address: {' and '.join(IDS)}.",
        f"  {segment}",
        "  Then it takes their labels away again; what else a profile is, stays. It also makes",
        "  what a run would make first, such as properties. Use a test account if you have one.",
        "",
    ]
