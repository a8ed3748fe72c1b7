"""Send a canary before a run, and see that its events return their tags."""

from __future__ import annotations

from steps.campaign.brakes import PartitionedEvents
from tessera.campaigns.events.canary import CANARY, SIMULATOR, canary_problem
from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.ports import Composer, Mailer, OutgoingMessage


def send_canary(
    *, composer: Composer[OutgoingMessage], mailer: Mailer[OutgoingMessage], variant: str
) -> str:
    """Send the run's message to SES' mailbox simulator, and return the message's id.

    Raises NotAccepted: then the run must not start.
    """
    canary = Recipient(recipient=CANARY, customer_key="", address=SIMULATOR, variant=variant)
    return mailer.send(composer.compose(canary))


def check_canary(events: PartitionedEvents, *, tenant: str, run: str, message_id: str) -> str:
    """Return what is wrong with the canary's events, empty if nothing is.

    Call it again for some minutes: events come late, and an empty answer ends the wait.
    """
    own = events.of_partition(tenant, run, CANARY[0])
    return canary_problem(own, run=run, message_id=message_id)
