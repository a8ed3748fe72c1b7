"""Messages to a webhook: signed, over HTTPS to a public address, each posted once."""

from __future__ import annotations

import time
from collections.abc import Callable

from urllib3 import exceptions as http

from adapters.http.client import verified_pool
from adapters.http.public_hosts import NotPublic, public_only
from adapters.http.responses import json_of
from tessera.campaigns.sending.ports import NotAccepted
from tessera.campaigns.sending.refusals import MailRefusal, RefusalKind
from tessera.campaigns.sending.webhooks import WebhookMessage, refusal_of_response
from tessera.destinations.port import compact
from tessera.destinations.vendors.webhook import receiver
from tessera.destinations.vendors.webhook.posts import post

# The connection was never made, so nothing was posted.
_UNREACHED = (http.NewConnectionError, http.ConnectTimeoutError, http.ProxyError)


class WebhookSender:
    """Posts messages to one receiver.

    Parameters
    ----------
    url
        The campaign's. It has to be https, on a public host.
    signing_key
        Shared with the receiver.
    base_url
        A stand-in's address, in place of ``url``. Empty for none.
    unix_time
        The clock.

    Raises
    ------
    InvalidInput
        The address or the key is none that a receiver can have.
    """

    def __init__(
        self, url: str, *, signing_key: str, base_url: str = "",
        unix_time: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._secret = {"url": url, "signing_key": signing_key}
        public = receiver.base_url(self._secret)
        receiver.sign(self._secret, b"", 0)  # refuses a key that is too short, before any message
        self._url, self._unix_time = base_url or public, unix_time
        self._pool = verified_pool()
        if not base_url:
            public_only(self._pool)

    def send(self, message: WebhookMessage) -> str:
        """Return the delivery's id once the receiver has the message. Raises NotAccepted."""
        request = post(message.body, message.delivery)
        body = compact(request.body).encode()
        proof = receiver.sign(self._secret, body, int(self._unix_time()))
        try:
            response = self._pool.request(
                "POST", self._url, body=body, headers={**request.headers, **proof}, redirect=False
            )
        except (NotPublic, http.HTTPError, OSError) as error:
            raise NotAccepted(_without_response(error)) from None
        refusal = refusal_of_response(int(response.status), is_readable=_is_readable(response.data))
        if refusal is not None:
            raise NotAccepted(refusal)
        return message.delivery


def _is_readable(body: bytes) -> bool:
    return not body or isinstance(json_of(body), dict)


def _without_response(error: Exception) -> MailRefusal:
    name = type(error).__name__
    if isinstance(error, NotPublic):
        return MailRefusal(
            RefusalKind.STOP, "the webhook's name leads to an address inside a network"
        )
    if isinstance(error, http.SSLError):
        return MailRefusal(RefusalKind.STOP, f"the webhook's certificate is not valid ({name})")
    if isinstance(error, _UNREACHED):
        return MailRefusal(RefusalKind.RATE, f"the webhook could not be reached ({name})")
    return MailRefusal(RefusalKind.DOUBT, f"the webhook's response was lost ({name})")
