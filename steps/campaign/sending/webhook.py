"""What sends a run's messages to a webhook: its key, and how fast it may be called."""

from __future__ import annotations

import datetime as dt
import os

from adapters.aws.secrets import read_fields
from adapters.campaigns.webhook_sender import WebhookSender
from tessera.campaigns.definitions.channel import CampaignChannel
from tessera.campaigns.sending.pace import SendQuota
from tessera.errors import InvalidInput
from tessera.naming import DEFAULT_TENANT, endpoint_variable

PER_SECOND = 10.0  # requests of one run, over all workers: a receiver may be small
_KEY = "signing_key"
_WEBHOOK = "webhook"


class ReceiverQuota:
    """What a receiver takes: a request at a time is fast enough, and a day has no limit."""

    def quota(self, *, now: dt.datetime) -> SendQuota:
        """Return the quota."""
        return SendQuota(
            per_second=PER_SECOND, per_day=-1, sent_last_day=0, read_at_s=now.timestamp()
        )


def webhook_sender(channel: CampaignChannel, *, secret: str, tenant: str) -> WebhookSender:
    """Return what posts a campaign's messages.

    Parameters
    ----------
    channel
        The campaign's, with the receiver's address.
    secret
        The default tenant's secret of the destination ``webhook``, whose key signs messages too.
        Empty where the stage does not have this destination.
    tenant
        Whose campaign it is: each tenant has its own secret.

    Raises
    ------
    InvalidInput
        There is no such destination, secret or key, or the address is none of a receiver.
    """
    if not secret:
        raise InvalidInput(
            "messages to a webhook are signed with the key of the destination 'webhook': add it to "
            "the stage's destinations"
        )
    own = secret if tenant == DEFAULT_TENANT else f"{secret}/{tenant}"
    key = read_fields(own, fields=(_KEY,), optional=("url",))[_KEY]
    endpoint = os.environ.get(endpoint_variable(_WEBHOOK), "")
    return WebhookSender(channel.to, signing_key=key, base_url=endpoint)


def webhook_problems(channel: CampaignChannel, *, secret: str, tenant: str) -> tuple[str, ...]:
    """Return what has to be set up before anything is posted, as sentences."""
    try:
        webhook_sender(channel, secret=secret, tenant=tenant)
    except InvalidInput as error:
        return (str(error),)
    return ()
