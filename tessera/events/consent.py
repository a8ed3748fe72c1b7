"""What a cell says of consent, to advertising or to e-mail: granted, denied, or nothing."""

from __future__ import annotations

from tessera.events.reasons import BAD_CONSENT, Unreadable

GRANTED, DENIED = "GRANTED", "DENIED"
AD_CONSENT, EMAIL_CONSENT = CONSENTS = ("ad_consent", "email_consent")  # the columns with answers
_SAYS = {
    GRANTED: ("granted", "true", "yes", "y", "1"),
    DENIED: ("denied", "false", "no", "n", "0"),
}
_WORDS = {word: meant for meant, words in _SAYS.items() for word in words}

# What nearly every file writes, so that an engine can compare whole cells.
SPELLINGS = {
    spelling: meant
    for word, meant in _WORDS.items()
    for spelling in (word, word.upper(), word.title())
}


def parse_consent(text: str | None) -> str | None:
    """Return GRANTED or DENIED. None for a blank cell, which says nothing.

    Raises
    ------
    Unreadable
        It is neither: nobody's consent is guessed.
    """
    word = (text or "").strip().lower()
    if not word:
        return None
    if word not in _WORDS:
        raise Unreadable(BAD_CONSENT)
    return _WORDS[word]
