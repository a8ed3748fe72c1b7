"""What sends a tenant's messages by e-mail: by one identity, at the pace that SES allows."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Sequence

from adapters.aws.objects import Objects
from adapters.campaigns.account import SesAccount
from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.keys import PACE_PK
from adapters.campaigns.link_keys import read_link_keys
from adapters.campaigns.mailer import SesMailer
from adapters.campaigns.versioned import VersionedRecords
from steps.campaign.canary import send_canary
from steps.campaign.compose import MessageComposer
from steps.campaign.consent import StillWanted
from steps.campaign.pacing import SLACK_S, SharedPace
from steps.campaign.preflight import preflight
from steps.campaign.sending.messages import run_messages
from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.pace import PaceState
from tessera.campaigns.sending.warming import WarmUp
from tessera.environments.campaigns import SendCampaignEnvironment

_LONGEST_SENDER_ID = 15


@dataclasses.dataclass(frozen=True, kw_only=True)
class EmailChannel:
    """Sends a tenant's messages through SES.

    Parameters
    ----------
    tenant
        Whose messages.
    environment
        The function's.
    settings
        The tenant's for campaigns, as they are now.
    data
        The data bucket, which has templates and figures.
    clock
        Returns the present instant, UTC.
    """

    tenant: str
    environment: SendCampaignEnvironment
    settings: CampaignSettings
    data: Objects
    clock: Callable[[], dt.datetime]

    def problems(self) -> Sequence[str]:
        """Return what has to be set up before anything is sent, after making the SES tenant."""
        wanted, own = _name_of(self.environment.identity_arn), self.settings.sending_domain
        if own and own != wanted:
            return (
                f"setting 'campaigns.from_address' is {self.settings.from_address!r}: this stage "
                f"sends for {wanted!r}. Use an address there, or set the stage's "
                "'campaigns.domain'",
            )
        account = SesAccount()
        arns = (self.environment.identity_arn, self.environment.configuration_set_arn)
        account.ensure_tenant(self._ses_tenant, resources=arns)
        return preflight(
            Counter(), settings=self.settings, account=account,
            configuration_set=self._configuration_set, ses_tenant=self._ses_tenant,
            warm_up=self._warm_up, most_to_gmail=0, now=self.clock(),
        ).problems  # fmt: skip

    def composer(self, definition: CampaignDefinition, *, run_id: str) -> MessageComposer:
        """Return what composes the messages of a run."""
        return MessageComposer(
            tenant=self.tenant,
            campaign=definition.id,
            run_id=run_id,
            purpose=definition.purpose,
            renderer=run_messages(
                definition, tenant=self.tenant, data=self.data,
                product_link=self.settings.product_link,
            ),
            keys=read_link_keys(self.environment.link_keys_secret),
            base_url=self.environment.console,
            domain=self.settings.sending_domain,
            sender_id=_sender_id(self.environment.ses_tenant_prefix),
            may_track=self._may_track,
            tracks_clicks=True,
        )  # fmt: skip

    def mailer(self) -> SesMailer:
        """Return what hands messages to SES."""
        return SesMailer(
            sender=_from_header(self.settings),
            configuration_set=self._configuration_set,
            ses_tenant=self._ses_tenant,
        )

    def pace(self, *, wanted: int, until: dt.datetime) -> SharedPace:
        """Return the slots of one worker, which has use for so many until its time is up."""
        warm_up = self._warm_up
        return SharedPace(
            VersionedRecords(self.environment.campaigns_table, pk=PACE_PK, kind=PaceState),
            account=SesAccount(), now_s=time.time, sleep=time.sleep, wanted=wanted,
            until_s=until.timestamp() + SLACK_S, domain=self.settings.sending_domain,
            daily_cap=warm_up.cap(self.clock().date()) if warm_up else None,
        )  # fmt: skip

    def send_canary(self, definition: CampaignDefinition, *, run_id: str) -> str:
        """Send a run's canary, and return its message id. Raises NotAccepted."""
        return send_canary(
            composer=self.composer(definition, run_id=run_id), mailer=self.mailer(),
            variant=definition.variants[0].name,
        )  # fmt: skip

    def _may_track(self, recipient: Recipient) -> bool:
        asked = StillWanted(
            consent=ConsentRows(self.environment.campaigns_table), tenant=self.tenant,
            purpose="tracking", now=self.clock,
        )  # fmt: skip
        return asked.is_granted(recipient)

    @property
    def _ses_tenant(self) -> str:
        return self.environment.ses_tenant_prefix + self.tenant

    @property
    def _configuration_set(self) -> str:
        return _name_of(self.environment.configuration_set_arn)

    @property
    def _warm_up(self) -> WarmUp | None:
        day = self.environment.warm_up_from
        return WarmUp(first_day=dt.date.fromisoformat(day)) if day else None


def _name_of(arn: str) -> str:
    return arn.rpartition("/")[2]


def _sender_id(prefix: str) -> str:
    """Return the sender's name in Feedback-ID: letters and digits of the stage's prefix."""
    return "".join(filter(str.isalnum, prefix))[:_LONGEST_SENDER_ID]


def _from_header(settings: CampaignSettings) -> str:
    if not settings.from_name:
        return settings.from_address
    name = settings.from_name.replace("\\", "").replace('"', "'")
    return f'"{name}" <{settings.from_address}>'
