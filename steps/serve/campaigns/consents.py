"""How many people have consented."""

from __future__ import annotations

from steps.serve.campaigns.enabled import campaigns_of
from steps.serve.services import Services
from steps.serve.settings import run_settings
from tessera.api.documents.campaigns.consent import ConsentCounts
from tessera.campaigns.consent.counting import count_consents
from tessera.records.fields import part_of


def count(tenant: str, *, services: Services) -> ConsentCounts:
    """Return what the rows of consent come to, and what the tenant declares beside them.

    It reads every row: a million takes longer than a request may.
    """
    rows = campaigns_of(services).consent.of_tenant(tenant)
    return part_of(
        count_consents(rows, now=services.clock()),
        ConsentCounts,
        legal_basis=run_settings(tenant, services=services).campaigns.legal_basis,
    )
