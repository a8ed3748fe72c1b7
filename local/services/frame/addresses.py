"""What vendors take as an e-mail address and as a phone number.

Written apart from the product's own reading, so that a fault there is refused here.
"""

from __future__ import annotations

import re

import phonenumbers

_HIDDEN = r"\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3000\ufeff"
_ATOM = rf"[^\s@.,:;<>()\[\]\\\"\x00-\x20\x7f{_HIDDEN}]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(
    rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{2,59}})",
    re.IGNORECASE,
)
_E_164 = re.compile(r"\+[1-9][0-9]{6,14}")


def is_email(text: str) -> bool:
    """Check that a vendor takes it: one mailbox, its domain in ASCII with a dot."""
    local, _, domain = text.rpartition("@")
    whole = len(text.encode("utf-8", "surrogatepass")) <= 254 and domain.isascii() and bool(local)
    return whole and _EMAIL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """Check that a vendor takes it: E.164, as long as numbers of that country are."""
    if not _E_164.fullmatch(text):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return False
