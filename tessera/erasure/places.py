"""What of a customer may be where: the folders that an erasure goes through, and their names."""

from __future__ import annotations

import re
from typing import Literal

from tessera import naming
from tessera.errors import InvalidInput

Bucket = Literal["data", "identities"]
_KINDS: tuple[tuple[Bucket, str, str], ...] = (
    ("data", r"uploads/.*", "uploads"),
    ("data", r"athena-results/.*", "query results"),
    ("data", r"tenants/[^/]+/events/.*", "events"),
    ("data", r"tenants/[^/]+/attributes/.*", "attributes"),
    ("data", r"tenants/[^/]+/profiles/.*", "profiles"),
    ("data", r"tenants/[^/]+/transitions/.*", "transitions"),
    ("data", r"tenants/[^/]+/labels/.*", "live labels"),
    ("data", r"tenants/[^/]+/campaigns/.*", "campaigns"),
    ("data", r"tenants/[^/]+/runs/.*", "files of runs"),
    ("identities", r"tenants/[^/]+/identities/.*", "identities"),
    ("identities", r"tenants/[^/]+/search/.*", "search index"),
    ("identities", r"tenants/[^/]+/order_ids/.*", "order ids"),
    ("identities", r"tenants/[^/]+/raw/.*", "raw files of sources"),
    ("identities", r"tenants/[^/]+/crm/.*", "exports of a CRM"),
    ("identities", r"tenants/[^/]+/destinations/[^/]+/ledger/.*", "ledgers"),
    ("identities", r"tenants/[^/]+/campaigns/.*", "audiences of campaigns"),
    ("identities", r"tenants/[^/]+/consent/.*", "uploaded consents"),
    ("identities", r"tenants/[^/]+/runs/[^/]+/rejects\.csv\.gz", "rejected rows"),
    ("identities", r"tenants/[^/]+/runs/[^/]+/destinations/export/.*", "exports"),
    ("identities", r"tenants/[^/]+/runs/.*", "files for destinations"),
)
# What a shop, a person or a source writes, and may write again.
WRITTEN_BY_OTHERS = frozenset(
    {"uploads", "raw files of sources", "exports of a CRM", "uploaded consents"}
)
_PATTERNS = [(bucket, re.compile(pattern), kind) for bucket, pattern, kind in _KINDS]
_OTHERS = re.compile(r"tenants/[^/]+/(?:raw|crm|consent)/.*")  # files as somebody else wrote them
_CHUNK = re.compile(r"tenants/[^/]+/campaigns/[^/]+/(?:chunks|holdout)/.+")
_IN_LEDGER = re.compile(r"tenants/[^/]+/destinations/([^/]+)/ledger/")
_LEDGER = re.compile(r"tenants/[^/]+/destinations/[^/]+/ledger/.+\.csv\.gz")
_REJECTS = re.compile(rf"tenants/[^/]+/runs/[^/]+/{re.escape(naming.REJECTS)}")


def prefixes(bucket: Bucket, *, tenant: str) -> tuple[str, ...]:
    """Return the folders of a bucket that an erasure goes through."""
    own = naming.tenant_prefix(tenant)
    if bucket == "identities":
        return (own,)
    return (uploads_prefix(tenant), naming.QUERY_RESULTS, own)


def uploads_prefix(tenant: str) -> str:
    """Return where a tenant's uploads are. The default one's are beside the others' folders."""
    own = "" if tenant == naming.DEFAULT_TENANT else f"{tenant}/"
    return f"{naming.UPLOADS}{own}"


def is_searched(key: str, *, tenant: str) -> bool:
    """Return whether an object may have data of a tenant's customers."""
    if key.startswith((naming.erased_prefix(tenant), naming.erasures_prefix(tenant))):
        return False
    if not key.startswith(naming.UPLOADS):
        return True
    try:
        return naming.upload_tenant(key) == tenant
    except InvalidInput:  # no upload of anybody's, such as the folder itself
        return False


def kind_of(bucket: Bucket, key: str) -> str:
    """Return what an object is, for the receipt."""
    for of_bucket, pattern, kind in _PATTERNS:
        if bucket == of_bucket and pattern.fullmatch(key):
            return kind
    return "other files"


def is_ours(key: str) -> bool:
    """Return whether a key is in a folder that only Tessera writes, by its own contracts.

    Anywhere else a column called ``customer_key`` may have the shop's own ids.
    """
    is_known = any(pattern.fullmatch(key) for _, pattern, _ in _PATTERNS)
    is_of_tenant = is_known and key.startswith(naming.TENANTS)
    return is_of_tenant and _OTHERS.fullmatch(key) is None


def is_chunk(key: str) -> bool:
    """Return whether a key is a file of a campaign run's recipients, which its manifest lists."""
    return _CHUNK.fullmatch(key) is not None


def is_ledger(key: str) -> bool:
    """Return whether a key is a file of a destination's ledger: lines that begin with the key."""
    return _LEDGER.fullmatch(key) is not None


def ledger_of(key: str) -> str:
    """Return the destination that a file of a ledger is of, empty for any other file."""
    match = _IN_LEDGER.match(key)
    return match[1] if match else ""


def is_rejects(key: str) -> bool:
    """Return whether a key is a file of rejected rows, which has rows of uploads in a cell."""
    return _REJECTS.fullmatch(key) is not None


def erasure_key(tenant: str, case: str, name: str = "") -> str:
    """Return the key of a file of an erasure, in either bucket."""
    return f"{naming.erasures_prefix(tenant)}{case}/{name}"
