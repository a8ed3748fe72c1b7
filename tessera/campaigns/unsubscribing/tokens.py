"""The token of an unsubscribe link: signed, without expiry, for one purpose of one recipient.

A link works for as long as the message exists, so a token never expires and may be used again.
A new signing key is added before it signs, and an old one stays to verify what it has signed.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import re
from collections.abc import Mapping

from tessera.errors import InvalidInput

LONGEST_HEADER = 995  # characters of a header's value at SES, printable ASCII
_SIGNATURE_DIGITS = 32  # 128 bits
_PART = re.compile(r"[A-Za-z0-9_-]{1,100}")
_RECIPIENT = re.compile(r"[0-9a-f]{32}")
_PRINTABLE = re.compile(r"https://[!-~]+")
_BRACKETS = 2


@dataclasses.dataclass(frozen=True, kw_only=True)
class LinkClaims:
    """What a link is about.

    Parameters
    ----------
    tenant, run, recipient
        Whose message of which run.
    purpose
        What the recipient unsubscribes from: never from everything at once.
    """

    tenant: str
    run: str
    recipient: str
    purpose: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class LinkKeys:
    """The keys of links.

    Parameters
    ----------
    current
        The id of the key that signs.
    keys
        All keys by id, those that only verify included.
    """

    current: str
    keys: Mapping[str, bytes] = dataclasses.field(repr=False)

    def __post_init__(self) -> None:
        """Refuse keys that could not sign.

        Raises
        ------
        InvalidInput
            The current one is missing, one is short, or an id is not plain.
        """
        if self.current not in self.keys:
            raise InvalidInput(f"unsubscribe keys: the current key {self.current!r} is missing")
        for name, key in self.keys.items():
            if not _PART.fullmatch(name) or len(key) < 32:
                raise InvalidInput(
                    f"unsubscribe key {name!r}: expected an id of letters, digits, '_' and '-', "
                    "and at least 32 bytes"
                )


def sign(claims: LinkClaims, *, keys: LinkKeys) -> str:
    """Return the token.

    Raises
    ------
    InvalidInput
        A claim has characters that a token cannot hold.
    """
    parts = (claims.tenant, claims.run, claims.purpose, claims.recipient, keys.current)
    if not all(_PART.fullmatch(part) for part in parts) or not _RECIPIENT.fullmatch(
        claims.recipient
    ):
        raise InvalidInput(
            f"run {claims.run!r} of tenant {claims.tenant!r}: an unsubscribe link holds letters, "
            "digits, '_' and '-', and a recipient of 32 hexadecimal digits"
        )
    body = ".".join(parts)
    return f"{body}.{_signature(body, keys.keys[keys.current])}"


def verify(token: str, *, keys: LinkKeys) -> LinkClaims | None:
    """Return what a token is about, None if we did not sign it."""
    body, _, signature = token.rpartition(".")
    parts = body.split(".")
    if len(parts) != 5 or parts[4] not in keys.keys:
        return None
    expected = _signature(body, keys.keys[parts[4]])
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogatepass")):
        return None
    tenant, run, purpose, recipient, _ = parts
    return LinkClaims(tenant=tenant, run=run, purpose=purpose, recipient=recipient)


def link(base_url: str, token: str) -> str:
    """Return the address of the page.

    Parameters
    ----------
    base_url
        The console's public origin, such as ``https://console.example.com``.
    token
        As signed.

    Raises
    ------
    InvalidInput
        A header could not hold the address.
    """
    url = f"{base_url.rstrip('/')}/u/{token}"
    if not _PRINTABLE.fullmatch(url) or len(url) + _BRACKETS > LONGEST_HEADER:
        raise InvalidInput(
            f"the unsubscribe link on {base_url!r} has {len(url)} characters: expected https, "
            f"printable ASCII, and at most {LONGEST_HEADER - _BRACKETS} of them"
        )
    return url


def _signature(body: str, key: bytes) -> str:
    return hmac.new(key, body.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[
        :_SIGNATURE_DIGITS
    ]
