"""What a visitor of an unsubscribe link sees, and what a visit decides.

Scanners follow every link of a message. So a GET shows the page and decides nothing. Only a POST
does: a mail client's one-click request, or the page's form. Deciding twice changes nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from tessera.campaigns.unsubscribing.headers import ONE_CLICK
from tessera.campaigns.unsubscribing.tokens import LinkClaims
from tessera.errors import InvalidInput

WANTED = "wanted"  # the form's field: the purposes that stay ticked
FORM = "preferences"  # the form's field that says that it is the page's


_PROOF = "link of "


def link_proof(run: str) -> str:
    """Return the proof of a row of consent that somebody stated by a link of a run."""
    return _PROOF + run


def run_of_proof(proof: str) -> str:
    """Return the run whose link is the proof of a row, empty for any other proof."""
    return proof.removeprefix(_PROOF) if proof.startswith(_PROOF) else ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PurposeChoice:
    """A purpose on the preference page.

    Parameters
    ----------
    purpose
        Its name.
    wanted
        Whether messages of it are sent to the visitor now.
    """

    purpose: str
    wanted: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class PreferencePage:
    """What the page shows. It has no address: anyone with a forwarded message can open it.

    Parameters
    ----------
    tenant
        Whose page.
    purpose
        The one that the link is about, shown first.
    choices
        All purposes that a visitor can decide about.
    saved
        Whether a decision was just stored.
    """

    tenant: str
    purpose: str
    choices: tuple[PurposeChoice, ...]
    saved: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class PreferenceChange:
    """A decision to store.

    Parameters
    ----------
    tenant, run, recipient
        Whose, and of which run the link was.
    purpose
        About which.
    wanted
        False to unsubscribe.
    by
        ``one_click`` or ``page``.
    """

    tenant: str
    run: str
    recipient: str
    purpose: str
    wanted: bool
    by: Literal["one_click", "page"]


def page(
    claims: LinkClaims, *, standing: Mapping[str, bool], saved: bool = False
) -> PreferencePage:
    """Return what a GET shows.

    Parameters
    ----------
    claims
        Of the link.
    standing
        Whether messages of each purpose are sent to the visitor now.
    saved
        Whether a decision was just stored.
    """
    first = sorted(standing, key=lambda purpose: (purpose != claims.purpose, purpose))
    return PreferencePage(
        tenant=claims.tenant,
        purpose=claims.purpose,
        choices=tuple(PurposeChoice(purpose=one, wanted=standing[one]) for one in first),
        saved=saved,
    )


def decide(
    claims: LinkClaims, *, form: Mapping[str, Sequence[str]], standing: Mapping[str, bool]
) -> tuple[PreferenceChange, ...]:
    """Return what a POST changes. A decision that stands already is not stored again.

    Parameters
    ----------
    claims
        Of the link.
    form
        The request's fields. ``List-Unsubscribe=One-Click`` unsubscribes from the link's purpose.
    standing
        As for ``page``.

    Raises
    ------
    InvalidInput
        It is neither a one-click request nor the page's form.
    """
    if list(form.get(ONE_CLICK[0], ())) == [ONE_CLICK[1]]:
        return _changes(claims, {claims.purpose: False}, standing, by="one_click")
    if FORM not in form:
        raise InvalidInput(
            f"a POST needs {'='.join(ONE_CLICK)}, or the fields of the preference page"
        )
    wanted = form.get(WANTED, ())
    _check_known(wanted, known=standing)
    return _changes(claims, {one: one in wanted for one in standing}, standing, by="page")


def _changes(
    claims: LinkClaims,
    wanted: Mapping[str, bool],
    standing: Mapping[str, bool],
    *,
    by: Literal["one_click", "page"],
) -> tuple[PreferenceChange, ...]:
    return tuple(
        PreferenceChange(
            tenant=claims.tenant,
            run=claims.run,
            recipient=claims.recipient,
            purpose=purpose,
            wanted=wants,
            by=by,
        )
        for purpose, wants in sorted(wanted.items())
        # Without a known standing an opt-out is stored all the same: it beats any later import.
        if standing.get(purpose) is not wants
    )


def _check_known(purposes: Collection[str], *, known: Collection[str]) -> None:
    unknown = sorted(set(purposes) - set(known))
    if unknown:
        raise InvalidInput(f"unknown purpose {unknown[0]!r}: expected one of {sorted(known)}")
