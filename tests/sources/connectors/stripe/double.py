"""A Stripe account for the suite of all connectors: two objects a list, one list a page.

A charge's own id says how many times ten days before its first change it was created, because
Stripe shows no time of a change: what was created lately is asked for again.
"""

from __future__ import annotations

import datetime as dt

from local.services.stripe_shop.server import StripeAccount
from tessera.destinations.requests import Request, Response
from tessera.sources.connectors.port import BulkFile, Connector
from tessera.sources.connectors.stripe.connector import Stripe
from tests.sources.connectors.sent import sent
from tests.sources.connectors.stripe.documents import charge

SECRET = {"key": StripeAccount.KEY}


class StripeDouble:
    def __init__(self, *, lists: int = 1, size: int = 2) -> None:
        self.service = StripeAccount()
        self.connector: Connector = Stripe(lists=lists, size=size)

    def put(self, key: str, *, changed_at: str, cents: int) -> None:
        charges = self.service.account.charges
        known = charges.get(key)
        moment = dt.datetime.fromisoformat(changed_at) - dt.timedelta(days=10 * int(key))
        created = known["created"] if known else int(moment.timestamp())
        charges.put(key, created, charge(key, amount=cents, created=created))

    def remove(self, key: str) -> None:
        self.service.account.charges.remove(key)

    def send(self, request: Request | BulkFile) -> Response:
        return sent(self.service, request, connector=self.connector, secret=SECRET)
