"""Consent while a run is under way: read before each claim, and written by links and providers."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, get_args

from tessera.campaigns.consent.row import AskedPurpose, ConsentPurpose, ConsentRow
from tessera.campaigns.consent.standing import ConsentState, consent_state
from tessera.campaigns.planning.left_out import LeftOut
from tessera.campaigns.recipients import Recipient
from tessera.campaigns.unsubscribing.decisions import (
    PreferenceChange,
    PreferencePage,
    decide,
    link_proof,
    page,
)
from tessera.campaigns.unsubscribing.tokens import LinkClaims, LinkKeys, verify

_STOPS = {
    ConsentState.WITHDRAWN: LeftOut.UNSUBSCRIBED,
    ConsentState.SUPPRESSED: LeftOut.SUPPRESSED,
    ConsentState.EXPIRED: LeftOut.NO_CONSENT,
}
_PROVIDER_REASONS = {"BOUNCE": "bounced", "COMPLAINT": "complained"}


class ConsentStore(Protocol):
    """Keeps rows of consent."""

    def of_recipient(self, tenant: str, recipient: str) -> Sequence[ConsentRow]:
        """Return a recipient's rows as they are now."""

    def add(self, tenant: str, rows: Iterable[ConsentRow]) -> None:
        """Add rows. A row that is in already stays as it is."""


class Suppressed(Protocol):
    """An address that the service suppresses."""

    @property
    def address(self) -> str:
        """The address."""

    @property
    def reason(self) -> str:
        """``BOUNCE`` or ``COMPLAINT``."""

    @property
    def at(self) -> dt.datetime:
        """Since when."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class StillWanted:
    """Reads whether a recipient may still be sent a message.

    Only what stops somebody counts here. Whether a consent, or a declared legal basis, exists at
    all was decided by the plan.

    Parameters
    ----------
    consent
        The rows.
    tenant, purpose
        Of the run. A transactional message ignores an opt-out from marketing.
    now
        The clock.
    """

    consent: ConsentStore
    tenant: str
    purpose: AskedPurpose
    now: Callable[[], dt.datetime]

    def why_not(self, recipient: Recipient) -> str:
        """Return why a recipient may not be sent a message, empty if it may."""
        return str(_STOPS.get(self._state(recipient), ""))

    def is_granted(self, recipient: Recipient) -> bool:
        """Return whether a recipient has consented, as tracking needs it."""
        return self._state(recipient) is ConsentState.GRANTED

    def _state(self, recipient: Recipient) -> ConsentState:
        rows = self.consent.of_recipient(self.tenant, recipient.recipient)
        return consent_state(rows, purpose=self.purpose, now=self.now())


@dataclasses.dataclass(frozen=True, kw_only=True)
class StillInside:
    """Reads whether a recipient still has the label that the run's trigger is about.

    Parameters
    ----------
    wanted
        Reads what else stops a recipient.
    exited
        Recipients who have lost the label.
    """

    wanted: StillWanted
    exited: frozenset[str]

    def why_not(self, recipient: Recipient) -> str:
        """Return why a recipient may not be sent a message, empty if it may."""
        if recipient.recipient in self.exited:
            return "exited"
        return self.wanted.why_not(recipient)


def visit(
    token: str, *, keys: LinkKeys, consent: ConsentStore, now: dt.datetime
) -> PreferencePage | None:
    """Return what a GET of an unsubscribe link shows, None if we did not sign it."""
    claims = _verified(token, keys)
    return None if claims is None else page(claims, standing=_standing(claims, consent, now))


def submit(
    token: str, *, form: Mapping[str, Sequence[str]], keys: LinkKeys, consent: ConsentStore,
    now: dt.datetime,
) -> PreferencePage | None:  # fmt: skip
    """Store what a POST decides, and return the page that shows it.

    Raises
    ------
    InvalidInput
        It is neither a one-click request nor the page's form.
    """
    claims = _verified(token, keys)
    if claims is None:
        return None
    changes = decide(claims, form=form, standing=_standing(claims, consent, now))
    if changes:
        consent.add(claims.tenant, [_row(change, now) for change in changes])
    return page(claims, standing=_standing(claims, consent, now), saved=True)


def suppress(
    listed: Iterable[Suppressed], *, tenant: str, key_of: Callable[[str], str],
    consent: ConsentStore,
) -> int:  # fmt: skip
    """Take over a day's suppressed addresses. Return how many there were.

    Parameters
    ----------
    listed
        From the service. Bounces of other programs that send for the tenant are in it.
    tenant
        Whose list it is.
    key_of
        From an address to its keyed hash (``tessera.events.pseudonym.address_keys``), in the
        normal form of ``contact_points``.
    consent
        Gets a row for each.
    """
    rows = [
        ConsentRow(
            recipient=key_of(one.address),
            state=_PROVIDER_REASONS[one.reason],  # type: ignore[arg-type]
            source="provider",
            at=one.at,
        )
        for one in listed
    ]
    consent.add(tenant, rows)
    return len(rows)


def _verified(token: str, keys: LinkKeys) -> LinkClaims | None:
    """Return what a link of ours is about, None for any other."""
    claims = verify(token, keys=keys)
    return claims if claims and claims.purpose in get_args(ConsentPurpose) else None


def _standing(claims: LinkClaims, consent: ConsentStore, now: dt.datetime) -> dict[str, bool]:
    rows = consent.of_recipient(claims.tenant, claims.recipient)
    standing = {}
    for purpose in get_args(ConsentPurpose):
        state = consent_state(rows, purpose=purpose, now=now)
        # Nothing known: the message came by a declared basis, which covers its own purpose alone.
        standing[purpose] = state == ConsentState.GRANTED or (
            state == ConsentState.NONE and purpose == claims.purpose
        )
    return standing


def _row(change: PreferenceChange, now: dt.datetime) -> ConsentRow:
    return ConsentRow(
        recipient=change.recipient,
        purpose=change.purpose,  # type: ignore[arg-type]
        state="granted" if change.wanted else "withdrawn",
        basis="express" if change.wanted else None,
        source="unsubscribe_link" if change.by == "one_click" else "preference_page",
        at=now,
        proof=link_proof(change.run),
    )
