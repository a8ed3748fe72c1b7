"""Send a test of a template. Called by the API, which sends no mail itself.

The event is {"tenant", "template", "version", "to", "fields"}.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.secrets import read_secret
from steps.campaign.sending.services import SendingServices
from steps.campaign.sending.trial import RUN, send_trial, trial_definition, trial_recipient
from tessera.campaigns.definitions.variants import TemplateChoice
from tessera.environments.campaigns import SendTestEnvironment
from tessera.errors import InvalidInput
from tessera.events.pseudonym import address_keys
from tessera.records.codec import encode


@logged("SendTest", facts=("template", "version", "message_id"))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with a ``TemplateTestResult``. Without a sender it is an InvalidInput."""
    environment = SendTestEnvironment.from_env(os.environ)
    services = SendingServices.of(environment, tenant=str(event["tenant"]), clock=_now)
    template = TemplateChoice(id=str(event["template"]), version=int(event["version"]))
    definition = trial_definition(template, today=_now().date())
    problems = services.problems(definition)
    if problems:
        raise InvalidInput(f"no mail can be sent yet: {problems[0]}")
    key_of = address_keys(read_secret(environment.pseudonym_secret), tenant=services.tenant)
    result = send_trial(
        trial_recipient(str(event["to"]), fields=event["fields"], key_of=key_of),
        wanted=services.wanted(definition),
        composer=services.email.composer(definition, run_id=RUN),
        mailer=services.email.mailer(),
    )
    return encode(result) | {
        "tenant": services.tenant, "template": template.id, "version": template.version,
    }  # fmt: skip


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
