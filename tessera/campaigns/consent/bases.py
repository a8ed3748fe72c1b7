"""How long an implied consent lasts, and who is covered by a declared legal basis.

Not legal advice. Canada's CASL implies consent for two years after a purchase and six months after
an inquiry. The EU and the UK let a shop advertise similar products to its own customers, with a
way to refuse at collection and in each message (soft opt-in). The United States let everybody be
mailed who has not opted out.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from tessera.campaign_settings import EVERYWHERE, IMPLIED, OPT_OUT, SOFT_OPT_IN
from tessera.campaigns.consent.row import IMPLIED_INQUIRY, IMPLIED_PURCHASE
from tessera.errors import InvalidInput

_MONTHS = {IMPLIED_PURCHASE: 24, IMPLIED_INQUIRY: 6}
_EPOCH = dt.date(1970, 1, 1)


def implied_until(basis: str, *, at: dt.datetime) -> dt.datetime:
    """Return when an implied consent ends.

    Parameters
    ----------
    basis
        ``implied_purchase`` or ``implied_inquiry``.
    at
        When the person bought or asked.
    """
    if basis not in _MONTHS:
        raise InvalidInput(f"basis {basis!r} has no end by law: expected one of {sorted(_MONTHS)}")
    return dt.datetime.combine(_months_after(at.date(), _MONTHS[basis]), at.timetz())


def declared_basis(declared: Mapping[str, str], *, country: str) -> str:
    """Return the basis that a tenant declares for a country, empty for none.

    Parameters
    ----------
    declared
        The setting ``campaigns.legal_basis``.
    country
        Two letters, empty where unknown: only ``*`` speaks of these.
    """
    return declared.get(country, declared.get(EVERYWHERE, ""))


def covered(
    basis: str, *, last_purchase_day: npt.NDArray[np.float64], today: dt.date
) -> npt.NDArray[np.bool_]:
    """Return whether a declared basis covers customers without a known consent.

    Parameters
    ----------
    basis
        As of ``declared_basis``. Empty covers nobody.
    last_purchase_day : shape (n,)
        Days since 1970, NaN without a purchase.
    today
        The day of the plan.
    """
    if basis == OPT_OUT:
        return np.ones(len(last_purchase_day), np.bool_)
    if basis == SOFT_OPT_IN:
        return ~np.isnan(last_purchase_day)
    if basis == IMPLIED:
        first = _months_after(today, -_MONTHS[IMPLIED_PURCHASE])
        return np.asarray(last_purchase_day >= (first - _EPOCH).days)
    return np.zeros(len(last_purchase_day), np.bool_)


def _months_after(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
