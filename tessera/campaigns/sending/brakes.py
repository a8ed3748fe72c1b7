"""The brakes: complaints and bounces that pause a run before a provider does.

Gmail reports no complaint. So complaints are divided by mail to domains that report, and Gmail has
another brake: the figure that somebody read in Postmaster Tools and entered.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter

from tessera.campaigns.sending.warming import GMAIL
from tessera.errors import InvalidInput

COMPLAINT_LIMIT, BOUNCE_LIMIT = 0.001, 0.05
# One complaint of ten messages is no rate. Below these counts a brake does not judge.
LEAST_COMPLAINTS, LEAST_BOUNCES = 2, 10
POSTMASTER_LASTS = dt.timedelta(days=7)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PostmasterFigure:
    """Gmail's share of messages that users reported as spam, as somebody entered it.

    Parameters
    ----------
    share
        From 0 to 1: 0.1 % is 0.001.
    day
        Of which day it is.
    """

    share: float = dataclasses.field(metadata={"schema": {"minimum": 0, "maximum": 1}})
    day: dt.date

    def __post_init__(self) -> None:
        """Refuse what is no share.

        Raises
        ------
        InvalidInput
            It is below 0 or above 1.
        """
        if not 0 <= self.share <= 1:
            raise InvalidInput(
                f"share is {self.share}: expected from 0 to 1, such as 0.001 for 0.1 %"
            )

    @property
    def counts_until(self) -> dt.date:
        """The last day on which it says something about the runs under way."""
        return self.day + POSTMASTER_LASTS


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunFeedback:
    """What came back so far, by domain.

    Parameters
    ----------
    accepted, bounced, complained
        Recipients. Of bounces only permanent ones.
    """

    accepted: Counter[str]
    bounced: Counter[str]
    complained: Counter[str]


@dataclasses.dataclass(frozen=True)
class BrakeReading:
    """What the brakes say.

    Parameters
    ----------
    reason
        Why the run has to pause. Empty if it may go on.
    blind
        What no figure covers, for people. Empty if all is covered.
    """

    reason: str
    blind: str


def read_brakes(
    feedback: RunFeedback, *, postmaster: PostmasterFigure | None, today: dt.date
) -> BrakeReading:
    """Return whether a run has to pause."""
    reasons = (_of_complaints(feedback), _of_bounces(feedback), _of_gmail(postmaster, today))
    to_gmail = sum(feedback.accepted[domain] for domain in GMAIL)
    blind = to_gmail > 0 and not _is_fresh(postmaster, today)
    return BrakeReading(
        reason="; ".join(reason for reason in reasons if reason),
        blind=f"{to_gmail} messages to Gmail, which reports no complaints: enter the spam rate of "
        "Postmaster Tools"
        if blind
        else "",
    )


def _of_complaints(feedback: RunFeedback) -> str:
    complaints = feedback.complained.total()
    reporting = sum(n for domain, n in feedback.accepted.items() if domain not in GMAIL)
    if complaints < LEAST_COMPLAINTS or complaints < COMPLAINT_LIMIT * reporting:
        return ""
    return (
        f"{complaints} complaints on {reporting} messages to domains that report: the limit is "
        "0.1 %"
    )


def _of_bounces(feedback: RunFeedback) -> str:
    bounces, accepted = feedback.bounced.total(), feedback.accepted.total()
    if bounces < LEAST_BOUNCES or bounces < BOUNCE_LIMIT * accepted:
        return ""
    return f"{bounces} of {accepted} messages bounced for good: the limit is 5 %"


def _of_gmail(figure: PostmasterFigure | None, today: dt.date) -> str:
    if figure is None or not _is_fresh(figure, today) or figure.share < COMPLAINT_LIMIT:
        return ""
    return f"Gmail's spam rate was {figure.share:.2%} on {figure.day}: the limit is 0.1 %"


def _is_fresh(figure: PostmasterFigure | None, today: dt.date) -> bool:
    return figure is not None and today <= figure.counts_until
