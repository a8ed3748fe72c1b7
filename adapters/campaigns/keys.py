"""The keys of the campaigns' table: everything begins with its tenant.

A run's recipients and events, and a tenant's consent, are spread over 16 partitions by the first
digit of the recipient. One partition takes 1,000 writes a second.
"""

from __future__ import annotations

import datetime as dt

from adapters.stores.keyed_table import Item

KEPT = dt.timedelta(days=400)


def recipients_pk(tenant: str, run: str, digit: str) -> str:
    """Return the partition of a run's recipients by their first digit."""
    return f"{tenant}#RUN#{run}#{digit}"


def events_pk(tenant: str, run: str, digit: str) -> str:
    """Return the partition of a run's events by their recipient's first digit."""
    return f"{tenant}#EVENT#{run}#{digit}"


def consent_pk(tenant: str, digit: str) -> str:
    """Return the partition of a tenant's consent by the recipient's first digit."""
    return f"{tenant}#CONSENT#{digit}"


def campaigns_pk(tenant: str) -> str:
    """Return the partition of a tenant's campaigns, by id."""
    return f"{tenant}#CAMPAIGN"


def requests_pk(tenant: str) -> str:
    """Return the partition of a tenant's runs as they were asked for, by id."""
    return f"{tenant}#RUN_REQUEST"


def postmaster_pk(tenant: str) -> str:
    """Return the partition of a tenant's figure of Postmaster Tools, at ``ONE``."""
    return f"{tenant}#POSTMASTER"


def runs_pk(tenant: str) -> str:
    """Return the partition of a tenant's runs."""
    return f"{tenant}#CAMPAIGN_RUN"


def progress_pk(tenant: str) -> str:
    """Return the partition of how far the state machine is with a tenant's runs."""
    return f"{tenant}#RUN_PROGRESS"


def chunks_pk(tenant: str, run: str) -> str:
    """Return the partition of what became of a run's chunks."""
    return f"{tenant}#RUN_CHUNK#{run}"


def history_pk(tenant: str, customer_key: str) -> str:
    """Return the partition of the messages that a customer was sent."""
    return f"{tenant}#MESSAGES#{customer_key}"


def message_pk(message_id: str) -> str:
    """Return the partition of a message, which an event without tags is matched by."""
    return f"MESSAGE#{message_id}"


def run_pace_pk(tenant: str, run: str) -> str:
    """Return the partition of a run's own pace: a webhook has no quota that others share."""
    return f"{tenant}#PACE#{run}"


PACE_PK = "PACE"  # of the account in this region: its quota is shared by all tenants
ONE = "-"


def until(at: dt.datetime) -> Item:
    """Return the attribute by which DynamoDB removes an item after 400 days."""
    return {"ttl": {"N": str(int((at + KEPT).timestamp()))}}


def stamp(at: dt.datetime) -> Item:
    """Return a moment as an attribute: ISO 8601, in UTC."""
    return {"S": at.astimezone(dt.UTC).isoformat(timespec="microseconds")}


def moment(attribute: Item) -> dt.datetime:
    """Return a moment from its attribute."""
    return dt.datetime.fromisoformat(attribute["S"])
