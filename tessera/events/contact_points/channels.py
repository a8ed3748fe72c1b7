"""Which channels carry which kind of address. Apart, as most readers need no library for that."""

from __future__ import annotations

EMAIL, PHONE = "email", "phone"
EMAIL_CHANNELS = ("EMAIL",)
PHONE_CHANNELS = ("SMS", "VOICE", "PHONE")  # the first that a customer has is the phone number
KINDS = dict.fromkeys(EMAIL_CHANNELS, EMAIL) | dict.fromkeys(PHONE_CHANNELS, PHONE)
