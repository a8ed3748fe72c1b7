"""A test of a template: one mail to an address that somebody entered, and no run."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping

from tessera.api.documents.campaigns.messages import TemplateTestResult
from tessera.campaigns.definitions.audience import CampaignAudience
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.timing import SendSchedule
from tessera.campaigns.definitions.variants import TemplateChoice, Variant
from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.ports import Composer, Mailer, NotAccepted, OutgoingMessage, Wanted
from tessera.campaigns.templates.rendering.variables import RECIPIENT_FIELDS
from tessera.errors import InvalidInput

CAMPAIGN = "template-test"
RUN = f"{CAMPAIGN}-r000"  # runs are counted from 1
_VARIANT = "test"


def trial_definition(template: TemplateChoice, *, today: dt.date) -> CampaignDefinition:
    """Return the campaign that a test would be a run of: what sends a run can send it too."""
    return CampaignDefinition(
        id=CAMPAIGN,
        name="Test of a template",
        audience=CampaignAudience(),
        variants=(Variant(name=_VARIANT, template=template),),
        schedule=SendSchedule(kind="once", first_day=today),
    )


def trial_recipient(
    address: str, *, fields: Mapping[str, str], key_of: Callable[[str], str]
) -> Recipient:
    """Return who gets a test.

    Parameters
    ----------
    address
        As it was entered.
    fields
        What the template may show, as texts by name.
    key_of
        The function from an address in its normal form to its key.
    """
    labels = {name: fields.get(name, "") for name in RECIPIENT_FIELDS}
    return Recipient(
        recipient=key_of(address.casefold()),
        customer_key="",
        address=address,
        variant=_VARIANT,
        fields={name: text for name, text in fields.items() if name not in labels},
        **labels,
    )


def send_trial(
    recipient: Recipient, *, wanted: Wanted, composer: Composer[OutgoingMessage],
    mailer: Mailer[OutgoingMessage],
) -> TemplateTestResult:  # fmt: skip
    """Send a test, once. Its subject says what it is.

    An address that has opted out gets none: a test is no way around that.
    """
    reason = wanted.why_not(recipient)
    if reason:
        return _not_sent(f"Nothing may be sent to this address: {reason}.")
    try:
        message = composer.compose(recipient)
        sent = mailer.send(dataclasses.replace(message, subject=f"[Test] {message.subject}"))
    except InvalidInput as error:
        return _not_sent(f"The template cannot be rendered: {error}.")
    except NotAccepted as error:
        return _not_sent(f"The mail service did not take it: {error}.")
    return TemplateTestResult(message_id=sent, problem="")


def _not_sent(problem: str) -> TemplateTestResult:
    return TemplateTestResult(message_id="", problem=problem)
