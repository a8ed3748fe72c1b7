"""Links and pictures that are unsafe, out of reach or soon gone."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from tessera.campaigns.templates.checking.finding import FindingPlace, TemplateFinding
from tessera.campaigns.templates.compiling.liquid_tokens import TOKEN
from tessera.campaigns.templates.rendering.environment import LINK_SCHEMES, NOT_IN_LINKS

_SHORTENERS = frozenset(
    {
        "bit.ly",
        "t.co",
        "tinyurl.com",
        "goo.gl",
        "ow.ly",
        "is.gd",
        "buff.ly",
        "cutt.ly",
        "rebrand.ly",
    }
)
_LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".test", ".invalid")
# Parameters of links that storage services sign for a while.
_EXPIRING = (
    {"x-amz-signature"}, {"x-goog-signature"}, {"expires", "signature"}, {"se", "sig"},
)  # fmt: skip


def link_findings(link: str, place: FindingPlace, *, image: bool) -> Iterator[TemplateFinding]:
    """Yield what is wrong with a link or a picture's address. An empty one has no findings."""
    if not link or link.startswith("{{"):  # a variable is checked when a message is rendered
        return
    if not link.startswith(LINK_SCHEMES) or (image and not link.startswith("https://")):
        yield place.error(
            "unsafe-link",
            f"{link[:80]!r} begins with neither https:// nor mailto:",
            "Enter a whole address that begins with https://",
        )
        return
    plain = TOKEN.sub("x", link)
    if not NOT_IN_LINKS.isdisjoint(plain):
        problem = f"{link[:80]!r} has a space, a quotation mark or another forbidden character"
        yield place.error("unsafe-link", problem, "Write it percent-encoded, such as %20")
        return
    if plain.startswith("https://"):
        yield from _web_findings(plain, place, image=image)


def _web_findings(link: str, place: FindingPlace, *, image: bool) -> Iterator[TemplateFinding]:
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        parts, host = urlsplit("https://"), ""
    if not host or "@" in parts.netloc:
        yield place.error(
            "unsafe-link", f"{link[:80]!r} hides or lacks its host", "Enter the shop's own address"
        )
    elif _is_local(host):
        yield place.error(
            "local-link", f"{host} exists only in your own network", "Enter a public address"
        )
    if host in _SHORTENERS:
        yield place.warning(
            "shortener", f"filters distrust {host}", "Enter the address that it leads to"
        )
    names = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if image and any(signed <= names for signed in _EXPIRING):
        yield place.error(
            "expiring-image",
            "the picture's address is signed and expires before some people read the mail",
            "Upload the picture where it stays, and enter that address",
        )


def _is_local(host: str) -> bool:
    if (
        host == "localhost"
        or host.endswith(_LOCAL_ENDINGS)
        or ("." not in host and ":" not in host)
    ):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
