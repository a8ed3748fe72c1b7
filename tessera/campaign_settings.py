"""What a tenant declares once for all of its campaigns."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from tessera.countries import is_region
from tessera.errors import InvalidInput

EVERYWHERE = "*"
OPT_OUT, SOFT_OPT_IN, IMPLIED = LEGAL_BASES = ("opt_out", "soft_opt_in", "implied")
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_CLOCK_WORDS = "a time of day such as '21:00', or both empty for no quiet hours"
_PRODUCT_LINK = re.compile(r"https://[\w.-]+(?::\d+)?/[^\s{}\"'<>]*\{code\}[^\s{}\"'<>]*", re.ASCII)
_ADDRESS = re.compile(r"[a-z0-9._+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,63}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignSettings:
    """What holds for all campaigns of a tenant.

    Parameters
    ----------
    legal_basis
        Why customers without a known consent may be mailed, by their country's two letters:
        {"US" = "opt_out", "DE" = "soft_opt_in"}. ``*`` is every other country, and unknown ones.
        ``opt_out`` covers everybody, ``soft_opt_in`` customers who have bought, ``implied`` those
        who bought within two years. Empty: nobody is mailed without a consent. It is your
        statement about the law, and Tessera does not check it.
    postal_address
        Your postal address, for the footer of every mail. Nothing is sent without it.
    from_name, from_address
        The sender that recipients see. The address's domain is the identity that sends.
    quiet_from, quiet_until
        Hours of the recipient's day in which nothing is sent. Both empty for none.
    cap_messages, cap_days
        At most so many messages of all campaigns within so many days. 0 messages for no cap.
    global_holdout
        The share of all customers that no campaign writes to for a quarter. All campaigns of the
        quarter are measured against them.
    global_salt
        Decides, with the address and the quarter, who they are. Another text chooses others.
    margin_rate
        What is left of a unit of revenue after the cost of the goods, such as ``0.35``. With it,
        results show the extra margin too. 0: not known, and no margin is shown.
    lapsed_after_days
        A customer without an order for so many days has lapsed. Results measure reactivation on
        those, and upsell and churn on the others.
    product_link
        The address of a product's page in your shop, with ``{code}`` where its code goes, such as
        ``https://shop.example/p/{code}``. Empty: messages name products without a link.
    """

    legal_basis: Mapping[str, str] = dataclasses.field(default_factory=dict)
    postal_address: str = ""
    from_name: str = ""
    from_address: str = ""
    quiet_from: str = "21:00"
    quiet_until: str = "08:00"
    cap_messages: int = 3
    cap_days: int = 7
    global_holdout: float = 0.0
    global_salt: str = "global"
    margin_rate: float = 0.0
    lapsed_after_days: int = 90
    product_link: str = ""

    def __post_init__(self) -> None:
        """Refuse values that no campaign could use, naming the setting."""
        quiet = (self.quiet_from, self.quiet_until)
        hours = quiet == ("", "") or all(CLOCK.fullmatch(at) for at in quiet)
        for name, (good, expected) in {
            "legal_basis": (
                all(_is_place(place) for place in self.legal_basis)
                and all(basis in LEGAL_BASES for basis in self.legal_basis.values()),
                f"countries such as 'US', or '*', each with one of {LEGAL_BASES}",
            ),
            "from_address": (
                not self.from_address or _ADDRESS.fullmatch(self.from_address) is not None,
                "an address such as 'news@mail.shop.example', or empty",
            ),
            "from_name": (not self.from_name or self.from_name.isprintable(), "one line of text"),
            "quiet_from": (hours, _CLOCK_WORDS),
            "quiet_until": (
                quiet == ("", "") or self.quiet_from != self.quiet_until,
                "another time than 'quiet_from'",
            ),
            "cap_messages": (0 <= self.cap_messages <= 1000, "from 0 to 1000"),
            "cap_days": (1 <= self.cap_days <= 400, "from 1 to 400"),
            "global_holdout": (0 <= self.global_holdout <= 0.5, "a share from 0 to 0.5"),
            "global_salt": (bool(self.global_salt.strip()), "a text"),
            "margin_rate": (0 <= self.margin_rate <= 1, "a share from 0 to 1, 0 for not known"),
            "lapsed_after_days": (1 <= self.lapsed_after_days <= 365, "from 1 to 365 days"),
            "product_link": (
                not self.product_link or _PRODUCT_LINK.fullmatch(self.product_link) is not None,
                "an address such as 'https://shop.example/p/{code}', or empty",
            ),
        }.items():
            if not good:
                raise InvalidInput(
                    f"setting 'campaigns.{name}' is {getattr(self, name)!r}: expected {expected}"
                )

    @property
    def sending_domain(self) -> str:
        """The domain of the sending identity, empty without a sender."""
        return self.from_address.partition("@")[2]


def _is_place(place: str) -> bool:
    return place == EVERYWHERE or is_region(place)
