"""Which channels carry which kind of address. Apart, as most readers need no library for that."""

from __future__ import annotations

EMAIL, PHONE = "email", "phone"
EMAIL_CHANNELS = ("EMAIL",)
PHONE_CHANNELS = ("SMS", "VOICE", "PHONE")  # the first that a customer has is the phone number
KINDS = dict.fromkeys(EMAIL_CHANNELS, EMAIL) | dict.fromkeys(PHONE_CHANNELS, PHONE)
CONTACT_CHANNELS = {"email": "EMAIL", "phone": "SMS"}  # separate columns, and their channels

# Words for a channel, beside its name.
ALIASES = {
    "E-MAIL": "EMAIL", "MAIL": "EMAIL", "E MAIL": "EMAIL", "EMAIL ADDRESS": "EMAIL",
    "TEXT": "SMS", "TEXT MESSAGE": "SMS", "MOBILE": "SMS", "MOBILE PHONE": "SMS", "CELL": "SMS",
    "CELL PHONE": "SMS", "TELEPHONE": "PHONE", "TEL": "PHONE",
}  # fmt: skip


def channel_of(text: str) -> str:
    """Return a channel by any of its words, in capitals. Other words stay as they are."""
    word = text.strip().upper()
    return ALIASES.get(word, word)


def channel_sql(cell: str, *, address: str) -> str:
    """Return SQL for a channel by any of its words in capitals, NULL for none.

    An address with an @ is an e-mail address.
    """
    cases = " ".join(f"WHEN '{alias}' THEN '{channel}'" for alias, channel in ALIASES.items())
    named = f"CASE {cell} {cases} ELSE {cell} END"
    return f"coalesce({named}, CASE WHEN {address} LIKE '%_@_%._%' THEN 'EMAIL' END)"
