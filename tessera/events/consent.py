"""What a row says of consent, to advertising or to e-mail: granted, denied, or nothing.

Its cells say it, and so does the event UNSUBSCRIBED: it denies e-mail from its moment on, whatever
else the row says.
"""

from __future__ import annotations

from collections.abc import Collection

from tessera.events.names import UNSUBSCRIBED
from tessera.events.reasons import BAD_CONSENT, Unreadable

GRANTED, DENIED = "GRANTED", "DENIED"
EMAIL_CONSENT = "email_consent"
CONSENTS = ("ad_consent", EMAIL_CONSENT)  # the columns with answers
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


def answers(columns: Collection[str]) -> str:
    """Return SQL for each kind of consent that a row gives or denies.

    Parameters
    ----------
    columns
        Those of our columns that the file has. Without events nobody unsubscribes.
    """
    if "event_name" not in columns:
        return ", ".join(CONSENTS)
    denied = f"CASE WHEN event = '{UNSUBSCRIBED}' THEN '{DENIED}' ELSE {EMAIL_CONSENT} END"
    return ", ".join(
        f"{denied} AS {EMAIL_CONSENT}" if one == EMAIL_CONSENT else one for one in CONSENTS
    )


def each_consent(sql: str) -> str:
    """Return SQL for every kind of consent, which ``sql`` calls ``{consent}``."""
    return ", ".join(sql.format(consent=one) for one in CONSENTS)


def answered_at(instant: str) -> str:
    """Return aggregates: when each kind of consent was last granted, and last denied.

    Parameters
    ----------
    instant
        SQL for when a row's answer was given. It may name ``{consent}``.
    """
    return each_consent(
        f"max(CASE WHEN {{consent}} = '{GRANTED}' THEN {instant} END) AS {{consent}}_granted_at, "
        f"max(CASE WHEN {{consent}} = '{DENIED}' THEN {instant} END) AS {{consent}}_denied_at"
    )


# Over ``answered_at``. The latest answer counts, whatever silent rows came after it. Granted and
# denied at once is denied. NULL without any answer.
IS_GRANTED = (
    "COALESCE({consent}_granted_at > {consent}_denied_at, "
    "CASE WHEN {consent}_granted_at IS NOT NULL THEN true "
    "WHEN {consent}_denied_at IS NOT NULL THEN false END)"
)
