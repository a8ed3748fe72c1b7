"""Cells of a CSV that a spreadsheet opens as text, never as a formula."""

from __future__ import annotations

import re

# Spreadsheets split at semicolons and tabs too, whatever separates our cells. They skip blanks
# before "=".
# A number keeps its sign: -12.50 is an amount, -12+A1 is a formula.
_FORMULA = re.compile(
    r"((?:^|[;,|\t\r\n])\s*)(?=[=+\-@＝＋－＠])(?![+-]?[0-9]+(?:\.[0-9]+)?\s*(?:[;,|\t\r\n]|$))"
)


def safe_cell(text: str) -> str:
    """Return the text, with an apostrophe wherever a spreadsheet would begin a formula."""
    shielded = _FORMULA.sub(r"\1'", text)
    return "'" + shielded if shielded.startswith(("\t", "\r", "\n")) else shielded
