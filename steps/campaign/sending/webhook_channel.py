"""What sends a run's messages to a webhook: its key, and how fast it may be called."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import time

from adapters.aws.secrets import read_fields
from adapters.campaigns.keys import run_pace_pk
from adapters.campaigns.link_keys import read_link_keys
from adapters.campaigns.versioned import VersionedRecords
from adapters.campaigns.webhook_sender import WebhookSender
from steps.campaign.compose import WebhookComposer
from steps.campaign.pacing import SLACK_S, SharedPace
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.sending.pace import PaceState, SendQuota
from tessera.environments.campaigns import SendCampaignEnvironment
from tessera.errors import InvalidInput
from tessera.naming import DEFAULT_TENANT, endpoint_variable

PER_SECOND = 10.0  # requests of one run, over all workers: a receiver may be small
_KEY = "signing_key"
_WEBHOOK = "webhook"


@dataclasses.dataclass(frozen=True, kw_only=True)
class WebhookChannel:
    """Posts a campaign's messages.

    Parameters
    ----------
    tenant
        Whose campaign it is. Each tenant has a secret with a key.
    environment
        The function's.
    url
        The receiver's address.
    """

    tenant: str
    environment: SendCampaignEnvironment
    url: str

    def problems(self) -> tuple[str, ...]:
        """Return what has to be set up before anything is posted, as sentences."""
        try:
            self.mailer()
        except InvalidInput as error:
            return (str(error),)
        return ()

    def composer(self, definition: CampaignDefinition, *, run_id: str) -> WebhookComposer:
        """Return what composes the messages of a run."""
        return WebhookComposer(
            tenant=self.tenant, campaign=definition.id, run_id=run_id,
            keys=read_link_keys(self.environment.link_keys_secret),
            base_url=self.environment.console,
        )  # fmt: skip

    def mailer(self) -> WebhookSender:
        """Return what posts messages, signed as the batches of the destination ``webhook`` are.

        Raises
        ------
        InvalidInput
            There is no such destination, secret or key, or the address is none of a receiver.
        """
        secret = self.environment.webhook_secret
        if not secret:
            raise InvalidInput(
                "messages to a webhook are signed with the key of the destination 'webhook': add "
                "it to the stage's destinations"
            )
        if self.tenant != DEFAULT_TENANT:
            secret = f"{secret}/{self.tenant}"
        key = read_fields(secret, fields=(_KEY,), optional=("url",))[_KEY]
        endpoint = os.environ.get(endpoint_variable(_WEBHOOK), "")
        return WebhookSender(self.url, signing_key=key, base_url=endpoint)

    def pace(self, run_id: str, *, wanted: int, until: dt.datetime) -> SharedPace:
        """Return the slots of one worker, which has use for so many until its time is up."""
        return SharedPace(
            VersionedRecords(
                self.environment.campaigns_table, pk=run_pace_pk(self.tenant, run_id),
                kind=PaceState,
            ),
            account=_ReceiverQuota(), now_s=time.time, sleep=time.sleep, wanted=wanted,
            until_s=until.timestamp() + SLACK_S,
        )  # fmt: skip


class _ReceiverQuota:
    """What a receiver takes. A day has no limit."""

    def quota(self, *, now: dt.datetime) -> SendQuota:
        return SendQuota(
            per_second=PER_SECOND, per_day=-1, sent_last_day=0, read_at_s=now.timestamp()
        )
