"""Why a plan omits somebody."""

from __future__ import annotations

import enum


class LeftOut(enum.StrEnum):
    """The reasons, in the order in which they are asked. Each person is counted for the first."""

    NO_ADDRESS = "no_address"
    NO_CUSTOMER = "no_customer"  # where another tool gets the audience, which has customers
    NO_CONSENT = "no_consent"
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"
    TOO_SOON = "too_soon"  # the campaign had this person within its days
    FREQUENCY_CAP = "frequency_cap"
    SHARED_ADDRESS = "shared_address"
    GLOBAL_HOLDOUT = "global_holdout"


MEANINGS = {
    LeftOut.NO_ADDRESS: "no address that can be read",
    LeftOut.NO_CUSTOMER: "no customer of the shop, so the other tool does not know them",
    LeftOut.NO_CONSENT: "no consent, or it has expired",
    LeftOut.UNSUBSCRIBED: "opted out",
    LeftOut.SUPPRESSED: "the address bounced, or its owner complained",
    LeftOut.TOO_SOON: "had this campaign within the days of again_after_days",
    LeftOut.FREQUENCY_CAP: "got as many messages as the cap allows",
    LeftOut.SHARED_ADDRESS: "another customer with the same address is written to",
    LeftOut.GLOBAL_HOLDOUT: "is held out of all campaigns",
}
