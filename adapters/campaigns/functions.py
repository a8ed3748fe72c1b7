"""The functions of campaigns that the API calls: they read addresses, and it does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from adapters.aws.called_function import CalledFunction
from tessera.api.documents.campaigns.messages import TemplateTestResult
from tessera.campaigns.consent.report import ConsentReport
from tessera.campaigns.definitions.variants import TemplateChoice
from tessera.campaigns.planning.counts import AudienceCounts
from tessera.records.codec import decode


@dataclasses.dataclass(frozen=True, kw_only=True)
class CountedAudience:
    """What lambdas/count_audience answers.

    Parameters
    ----------
    counts, note
        The counts, and what to know of them. None and empty with problems.
    problems
        Why the definition fits nobody, a sentence each.
    refused_lines, refusals
        Of an uploaded list of receivers: how many lines are refused, and the first with reasons.
    """

    counts: AudienceCounts | None
    note: str = ""
    problems: tuple[str, ...] = ()
    refused_lines: int = 0
    refusals: tuple[str, ...] = ()


class CampaignFunctions:
    """Calls the functions of campaigns.

    Parameters
    ----------
    count_audience, import_consent, send_test
        The functions.
    """

    def __init__(
        self,
        *,
        count_audience: CalledFunction,
        import_consent: CalledFunction,
        send_test: CalledFunction,
    ) -> None:
        self._count_audience, self._import_consent = count_audience, import_consent
        self._send_test = send_test

    def count_audience(self, tenant: str, definition: Mapping[str, Any]) -> CountedAudience:
        """Return what a definition's audience comes to. Raises as ``CalledFunction.answer``."""
        reply = self._count_audience.answer({"tenant": tenant, "definition": definition})
        return decode(CountedAudience, reply, document="count_audience", tolerant=True)

    def import_consent(self, tenant: str, import_id: str) -> ConsentReport:
        """Import an uploaded file of consents. Raises as ``CalledFunction.answer``."""
        reply = self._import_consent.answer({"tenant": tenant, "import": import_id})
        return decode(ConsentReport, reply, document="import_consent", tolerant=True)

    def send_test(
        self, tenant: str, template: TemplateChoice, *, to: str, fields: Mapping[str, str]
    ) -> TemplateTestResult:
        """Send a template to one address. Raises as ``CalledFunction.answer``.

        Parameters
        ----------
        tenant, template
            Whose template, and which version of it.
        to
            The address.
        fields
            What the template shows of a customer, as texts by name.
        """
        event = {
            "tenant": tenant,
            "template": template.id,
            "version": template.version,
            "to": to,
            "fields": dict(fields),
        }
        reply = self._send_test.answer(event)
        return decode(TemplateTestResult, reply, document="send_test", tolerant=True)
