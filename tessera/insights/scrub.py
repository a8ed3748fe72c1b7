"""Taking people out of texts that we did not write ourselves."""

from __future__ import annotations

import re

LIMIT = 1000  # characters of a text that are kept

_ADDRESS = re.compile(r"[^\s@<>\"',;:(){}\[\]]+@[^\s@<>\"',;:(){}\[\]]+\.[A-Za-z]{2,}")
# International numbers by their plus sign, others by the grouping 3-3-4. Dates are neither.
_PHONE = re.compile(r"(?<![\w/.-])(?:\+\d[\d() .-]{6,}\d|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})(?!\w)")
_TRACE = re.compile(r"Traceback \(most recent call last\):.*\n(?=\S)", re.DOTALL)
_QUOTED = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|`[^`\n]*`")
_NUMBER = re.compile(r"(?<![\w.:/-])\d{5,}(?![\w:/-])")


def scrub(text: str) -> str:
    """Return a text without addresses and phone numbers, cut to a limit."""
    clean = _PHONE.sub("<number>", _ADDRESS.sub("<address>", text)).strip()
    return clean if len(clean) <= LIMIT else clean[: LIMIT - 2].rstrip() + " …"


def scrub_unknown(text: str) -> str:
    """Return anybody's text without what it quotes: a parser's complaint may quote a raw row."""
    words = _TRACE.sub("", text)
    return scrub(_NUMBER.sub("<number>", _QUOTED.sub("'…'", words)))
