"""Lines that sell gift cards: money that a shop owes, and no sale until it is spent."""

from __future__ import annotations

from tessera.events.names import normalised

_WORDS = tuple(map(normalised, (
    "gift card", "gift certificate", "gift voucher", "geschenkgutschein", "geschenkkarte",
    "wertgutschein", "carte cadeau", "chèque cadeau", "tarjeta regalo", "tarjeta de regalo",
    "carta regalo", "buono regalo", "cadeaubon", "cadeaukaart", "vale presente", "cartão presente",
    "presentkort", "karta podarunkowa", "bon podarunkowy",
)))  # fmt: skip
_YES = ("true", "yes", "1")


def is_gift_card(name: str, *, shipped: str | None, taxed: str | None) -> bool:
    """Return whether a line sells a gift card.

    Parameters
    ----------
    name
        The product's.
    shipped, taxed
        Whether it needs shipping, and is taxed: a box for gift cards is, a gift card isn't.
    """
    if any((cell or "").strip().casefold() in _YES for cell in (shipped, taxed)):
        return False
    key = normalised(name)
    return any(word in key for word in _WORDS)
