"""Who an audience comes to."""

from __future__ import annotations

from steps.serve.campaigns.enabled import campaigns_of
from steps.serve.services import Services
from tessera.api.documents.campaigns.audiences import (
    AudienceCount,
    AudienceQuestion,
    AudienceSummary,
    OmittedPeople,
)
from tessera.campaigns.definitions.document import definition_document
from tessera.campaigns.definitions.unfinished import parse_unfinished
from tessera.campaigns.planning.counts import AudienceCounts
from tessera.campaigns.planning.left_out import MEANINGS, LeftOut


def count_audience(question: AudienceQuestion, tenant: str, *, services: Services) -> AudienceCount:
    """Return who a definition would write to now. Its templates need not be chosen yet.

    Raises
    ------
    InvalidInput
        It is no definition, or its list of receivers cannot be read. The message says where.
    """
    functions = campaigns_of(services).functions
    definition = parse_unfinished(question.definition)
    counted = functions.count_audience(tenant, definition_document(definition))
    return AudienceCount(
        audience=summary_of(counted.counts) if counted.counts else None,
        problems=counted.problems,
        refused_lines=counted.refused_lines,
        refusals=counted.refusals,
    )


def summary_of(counts: AudienceCounts) -> AudienceSummary:
    """Return the counts of a plan with what the reasons mean."""
    return AudienceSummary(
        customers=counts.customers,
        selected=counts.selected,
        eligible=counts.eligible,
        held_out=counts.held_out,
        omitted=tuple(
            OmittedPeople(reason=reason, meaning=MEANINGS[reason], people=counts.left_out[reason])
            for reason in LeftOut
            if counts.left_out.get(reason)
        ),
        variants=counts.variants,
        note=counts.note,
    )
