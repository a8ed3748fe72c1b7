"""How many people have consented, and by which basis: as the rows of a tenant stand now."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tessera.campaigns.consent.row import GRANTED, MARKETING, ConsentRow
from tessera.campaigns.consent.standing import BY_RECIPIENT, ConsentState, consent_state


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConsentTotals:
    """People by what their rows come to.

    Parameters
    ----------
    people
        Those with any row.
    marketing, tracking
        These by state, in lower case.
    by_basis
        Those who may be sent marketing, by the basis of their latest consent.
    """

    people: int
    marketing: Mapping[str, int]
    tracking: Mapping[str, int]
    by_basis: Mapping[str, int]


def count_consents(rows: Iterable[ConsentRow], *, now: dt.datetime) -> ConsentTotals:
    """Count people in a stream.

    Parameters
    ----------
    rows
        All rows of a tenant, those of one recipient together.
    now
        The moment that is asked about.
    """
    people = 0
    marketing: Counter[str] = Counter()
    tracking: Counter[str] = Counter()
    bases: Counter[str] = Counter()
    for _, grouped in itertools.groupby(rows, key=BY_RECIPIENT):
        own = list(grouped)
        people += 1
        tracking[_word(consent_state(own, purpose="tracking", now=now))] += 1
        state = consent_state(own, purpose="marketing", now=now)
        marketing[_word(state)] += 1
        if state == ConsentState.GRANTED:
            bases[_basis(own, now=now)] += 1
    return ConsentTotals(people=people, marketing=marketing, tracking=tracking, by_basis=bases)


def _word(state: ConsentState) -> str:
    return state.name.lower()


def _basis(rows: Sequence[ConsentRow], *, now: dt.datetime) -> str:
    grants = [
        row
        for row in rows
        if row.state == GRANTED
        and row.purpose == MARKETING
        and (row.expires_at is None or row.expires_at > now)
    ]
    return str(max(grants, key=lambda row: row.at).basis)
