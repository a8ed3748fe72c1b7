"""Characters that nobody sees, and that copies from documents and spreadsheets leave behind."""

from __future__ import annotations

import unicodedata

# Soft hyphen, grapheme joiner, marks of direction, zero-width space, word joiner, byte order mark.
_DROPPED = dict.fromkeys(
    code
    for begin, end in ((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x180E, 0x180E),
                       (0x200B, 0x200B), (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064),
                       (0x2066, 0x206F), (0xFEFF, 0xFEFF))
    for code in range(begin, end + 1)
)  # fmt: skip


def visible(text: str) -> str:
    """Return a text as people see it: no invisible characters, no space around it.

    The two joiners of letters (U+200C, U+200D) stay inside a text: scripts such as Persian need
    them, and a domain may have them.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    kept = text.translate(_DROPPED)
    first, last = 0, len(kept)
    while first < last and _is_blank(kept[first]):
        first += 1
    while first < last and _is_blank(kept[last - 1]):
        last -= 1
    return kept[first:last]


def _is_blank(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp", "Zs")
