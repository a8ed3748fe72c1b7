"""The normal form of an e-mail address, and which texts are none.

An address is one mailbox at a public domain, written as vendors take it: in lower case, its domain
in ASCII (RFC 5321 for lengths, RFC 5322 for the dot-atom, RFC 6531 for letters beyond ASCII before
the @, IDNA 2008 for the domain). Nothing is guessed: what has a name, a second address or a quoted
part around it is no address.
"""

from __future__ import annotations

import re
import unicodedata

import idna

from tessera.events.contact_points.characters import visible

# Addresses that are normal already, and most are. Both for RE2: a column is matched at once.
USUAL = r"^[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}$"
USUAL_LENGTH = 64  # no part of one as short exceeds a limit
# Domains that no public mail server can have (RFC 2606, RFC 6761, RFC 6762, RFC 7686). Examples
# use .example, and a shop has none.
RESERVED = r"\.(?:arpa|internal|invalid|local|localhost|onion|test)$"

_USUAL, _RESERVED = re.compile(USUAL), re.compile(RESERVED)
_ATOM = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{1,57}}[a-z0-9])")
_LOCAL_BYTES, _DOMAIN_BYTES, _BYTES = 64, 253, 254
_UNUSABLE = ("C", "Z")  # general categories: control characters and the like, separators


def normal_email(text: str) -> str:
    """Return an address in its normal form, empty where the text is no address.

    Examples
    --------
    >>> normal_email(" Ann@Bücher.example")
    'ann@xn--bcher-kva.example'
    >>> [normal_email(text) for text in ("ann@mail", "Ann <ann@mail.example>")]
    ['', '']
    """
    if is_usual(text):
        return text
    local, at, domain = visible(text).partition("@")
    if not at or "@" in domain:
        return ""
    local, domain = _local_part(local), _domain(domain)
    whole = f"{local}@{domain}"
    return whole if local and domain and len(whole.encode()) <= _BYTES else ""


def is_usual(text: str) -> bool:
    """Return whether an address is certainly normal already. False asks for a closer look."""
    return (
        len(text) <= USUAL_LENGTH
        and _USUAL.fullmatch(text) is not None
        and _RESERVED.search(text) is None
    )


def _local_part(text: str) -> str:
    local = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    good = (
        len(local.encode("utf-8", "surrogatepass")) <= _LOCAL_BYTES
        and all(_ATOM.fullmatch(atom) for atom in local.split("."))
        and (local.isascii() or not any(unicodedata.category(one)[0] in _UNUSABLE for one in local))
    )
    return local if good else ""


def _domain(text: str) -> str:
    name = text.lower()
    if not name.isascii() or "xn--" in name:
        try:
            name = idna.encode(name, uts46=True).decode()
        except UnicodeError:  # idna's own errors are among these
            return ""
    good = len(name) <= _DOMAIN_BYTES and _DOMAIN.fullmatch(name) and not _RESERVED.search(name)
    return name if good else ""
