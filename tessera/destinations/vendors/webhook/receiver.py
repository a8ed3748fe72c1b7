"""The shop's receiver: its URL, which anybody may own, and the signature that it verifies."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

from tessera.errors import InvalidInput

SIGNATURE = "Tessera-Signature"

_SHORTEST_KEY = 16
_NAME = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})"
# Lists every allowed character, so that all URL parsers agree on which part is the host.
_URL = re.compile(
    rf"https://{_NAME}(?::\d{{1,5}})?(?:[/?][\w./?&=%~:@!$'()*+,;-]*)?", re.ASCII | re.IGNORECASE
)
_INWARD = frozenset(
    {"arpa", "corp", "home", "internal", "intranet", "lan", "local", "localdomain", "localhost",
     "private"}
)  # fmt: skip


def sign(secret: Mapping[str, str], body: bytes, unix_seconds: int) -> dict[str, str]:
    """Return the header with the HMAC-SHA-256 of the time, a full stop and the body.

    Raises
    ------
    InvalidInput
        The key is too short to be secure.
    """
    key = secret["signing_key"].encode()
    if len(key) < _SHORTEST_KEY:
        raise InvalidInput(
            f"signing_key has fewer than {_SHORTEST_KEY} characters: generate a longer one, and "
            "give it to the receiver too"
        )
    signature = hmac.new(key, b"%d.%b" % (unix_seconds, body), hashlib.sha256).hexdigest()
    return {SIGNATURE: f"t={unix_seconds},v1={signature}"}


def base_url(secret: Mapping[str, str]) -> str:
    """Return the receiver's URL.

    Raises
    ------
    InvalidInput
        It is not https, or its host is an IP address or a name inside a network.
    """
    match = _URL.fullmatch(secret["url"])
    if match is None or match[1].lower() in _INWARD:
        raise InvalidInput(
            "url must be of the form https://<public host name>/<path>: no http, no IP address, "
            "no name inside a network, no user, no fragment"
        )
    return secret["url"]
