"""What is known of each customer on a day, and the features that forecasts read from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property

import numpy as np

from tessera.customers.forecasting.history.behaviour import BehaviourDays, Bools
from tessera.customers.money import Ints
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.pairs import Floats

WINDOWS = (30, 90, 180)
_NEW_DAYS = 30


@dataclasses.dataclass(frozen=True, kw_only=True)
class KnownBuyers:
    """Everyone with a purchase, as known on one day. Shape (n,) each, money in major units.

    Parameters
    ----------
    history
        Purchase days.
    net
        Net money so far.
    first_net, last_net
        Net money of the first and of the last purchase day.
    gap_squares
        Sum of the squared days between purchase days.
    lines
        Order lines bought.
    recent
        Purchase days within the last 30, 90 and 180 days.
    visits, sessions, emails_read
        Pages and events of sessions, sessions that began, and e-mails opened or clicked.
    views_30d, sessions_30d, emails_30d
        The same within the last 30 days.
    last_view_days, last_email_days
        Days since the last of them. NaN without any.
    """

    history: PurchaseHistory
    net: Floats
    first_net: Floats
    last_net: Floats
    gap_squares: Floats
    lines: Floats
    recent: Mapping[int, Floats]
    visits: Floats
    views_30d: Floats
    last_view_days: Floats
    sessions: Floats
    sessions_30d: Floats
    emails_read: Floats
    emails_30d: Floats
    last_email_days: Floats

    def __len__(self) -> int:
        return len(self.net)

    @property
    def silence_days(self) -> Floats:
        """Days since the last purchase."""
        return self.history.age_days - self.history.last_day

    @property
    def mean_net(self) -> Floats:
        """Net money per purchase day."""
        return self.net / (self.history.repeats + 1)

    @property
    def repeat_net(self) -> Floats:
        """Net money after the first purchase day."""
        return self.net - self.first_net

    @property
    def gap_days(self) -> Floats:
        """Mean days between purchases. The days known, for one-time buyers."""
        history = self.history
        repeated = history.last_day / np.maximum(history.repeats, 1)
        return np.where(history.repeats > 0, repeated, history.age_days)

    @property
    def gap_spread_days(self) -> Floats:
        """Standard deviation of these days. 0 below two repeats."""
        repeats, gap = self.history.repeats, self.gap_days
        squares = self.gap_squares - np.where(repeats > 0, repeats * gap**2, 0.0)
        return np.sqrt(np.maximum(squares, 0.0) / np.maximum(repeats - 1, 1))

    @cached_property
    def group(self) -> Ints:
        """Each customer's place in ``GROUPS``."""
        new = self.history.age_days <= _NEW_DAYS
        return np.where(new, 0, np.where(self.history.repeats == 0, 1, 2))

    def take(self, rows: Ints | slice) -> KnownBuyers:
        """Return some customers."""
        apart = ("history", "recent")
        names = [field.name for field in dataclasses.fields(self) if field.name not in apart]
        columns = {name: getattr(self, name)[rows] for name in names}
        recent = {days: count[rows] for days, count in self.recent.items()}
        places = np.arange(len(self))[rows]
        return KnownBuyers(**columns, recent=recent, history=self.history.take(places))


# Customers of one kind, each with its own proof. Their words are in ``reasons``.
GROUPS = ("new", "bought_once", "repeated")


def known(days: BehaviourDays, *, cut_days_ago: int = 0) -> tuple[KnownBuyers, Ints]:
    """Return what was known so many days ago, and which customers had bought by then, ascending."""
    before = days.until(cut_days_ago)
    bought = before.bought
    n, who, ago = days.customers, before.customer[bought], before.days_ago[bought]
    buyers, start = np.unique(who, return_index=True)
    end = np.append(start[1:], len(who)) - 1 if len(who) else start
    gap = np.zeros(len(who))
    gap[1:] = ago[:-1] - ago[1:]
    gap[start] = 0.0

    def total(values: Floats, of: Ints = before.customer) -> Floats:
        return np.bincount(of, weights=values, minlength=n).astype(np.float64)[buyers]

    net = before.net[bought]
    history = PurchaseHistory(
        repeats=total(np.ones(len(who)), who) - 1,
        last_day=(ago[start] - ago[end]).astype(np.float64),
        age_days=ago[start].astype(np.float64),
    )
    lately = before.days_ago <= WINDOWS[0]
    return (
        KnownBuyers(
            history=history,
            net=total(before.net),
            first_net=net[start],
            last_net=net[end],
            gap_squares=total(gap**2, who),
            lines=total(before.lines),
            recent={w: total((ago <= w).astype(np.float64), who) for w in WINDOWS},
            visits=total(before.views),
            views_30d=total(before.views * lately),
            last_view_days=_latest(before, before.views > 0)[buyers],
            sessions=total(before.sessions),
            sessions_30d=total(before.sessions * lately),
            emails_read=total(before.emails),
            emails_30d=total(before.emails * lately),
            last_email_days=_latest(before, before.emails > 0)[buyers],
        ),
        buyers,
    )


def _latest(days: BehaviourDays, happened: Bools) -> Floats:
    """Return the days since each customer's last such row, NaN without one."""
    latest = np.full(days.customers, np.nan)
    latest[days.customer[happened]] = days.days_ago[happened]  # old to new: the last one stays
    return latest
