"""The tags of a message, which the service returns with each of its events."""

from __future__ import annotations

TENANT_TAG, RUN_TAG, RECIPIENT_TAG = "tenant", "run", "recipient"


def message_tags(*, tenant: str, run: str, recipient: str) -> dict[str, str]:
    """Return the tags. Their values are letters, digits, '_' and '-' by how ids are made."""
    return {TENANT_TAG: tenant, RUN_TAG: run, RECIPIENT_TAG: recipient}
