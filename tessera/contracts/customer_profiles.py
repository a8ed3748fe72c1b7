"""The object type at Amazon Connect Customer Profiles, and what its domain is called.

Plain data in the service's own words, so that the template, the import files and the loader say
the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tessera.naming import DEFAULT_TENANT

OBJECT_TYPE = "TesseraCustomer"
DOMAIN_PREFIX = "amazon-connect-"  # the only domains that Connect's service role reaches
DOMAIN_LIMIT = 64
EXPIRATION_DAYS = 1096  # three years after its last change. The service's default is shorter
KEY = "_tesseraCustomerId"

# What a profile's attributes say, all of them text: the service has no other type.
ATTRIBUTES = {
    "rfm_segment": "Label of the segment, as in the definition",
    "rfm_cluster": "K-Means cluster by rank, 1 the most valuable",
    "rfm_score": "The three digits, R then F then M",
    "rfm_r": "Recency score",
    "rfm_f": "Frequency score",
    "rfm_m": "Monetary score",
    "rfm_frequency": "Orders",
    "rfm_monetary": "Net money",
    "rfm_first_purchase": "Day of the first purchase, UTC",
    "rfm_last_purchase": "Day of the last purchase, UTC",
    "rfm_recency_days": "Days from the last purchase to rfm_as_of",
    "rfm_clv_365d": "Predicted value of the next 365 days, in whole units of money",
    "rfm_next_order": "Day by which the next order is as likely as not, seen from rfm_as_of",
    "rfm_next_products": "Codes of products likely to be bought next, best first, between bars",
    "rfm_as_of": "The day that the values describe",
}
CAMPAIGN_SET = "campaign:"  # before a campaign's id. No user's own set can have such a name
# always there
SETS = ("value_tier", "churn_band", "cancel_band", "cluster", "value_at_risk", "loyalty_3")
_SET_ATTRIBUTE, CAMPAIGN_ATTRIBUTE = "rfm_set_", "rfm_campaign_"
STANDARD = {
    "email": ("EmailAddress", "EMAIL_ADDRESS"),
    "phone": ("PhoneNumber", "PHONE_NUMBER"),
}


def set_attribute(name: str) -> str:
    """Return the attribute that holds a customer's label in a segment set, or in a campaign."""
    if name.startswith(CAMPAIGN_SET):
        campaign = name.removeprefix(CAMPAIGN_SET).replace("-", "_")
        return f"{CAMPAIGN_ATTRIBUTE}{campaign}"
    return f"{_SET_ATTRIBUTE}{name}"


def is_set_attribute(name: str) -> bool:
    """Return whether an attribute holds a label in a segment set or in a campaign."""
    return name.startswith((_SET_ATTRIBUTE, CAMPAIGN_ATTRIBUTE))


def is_removed(name: str, value: str) -> bool:
    """Return whether an attribute has to be removed: a campaign's, whose label is empty."""
    return not value and name.startswith(CAMPAIGN_ATTRIBUTE)


def set_fields(names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the object type's fields for labels in segment sets."""
    return _attributes(set_attribute(name) for name in names)


def _attributes(names: Iterable[str]) -> dict[str, dict[str, str]]:
    return {name: _field(name, f"Attributes.{name}") for name in names}


def _field(name: str, target: str, kind: str = "STRING") -> dict[str, str]:
    return {"Source": f"_source.{name}", "Target": f"_profile.{target}", "ContentType": kind}


FIELDS: dict[str, dict[str, str]] = {
    "customer_id": _field("customer_id", "AccountNumber"),
    **{name: _field(name, target, kind) for name, (target, kind) in STANDARD.items()},
    **_attributes(ATTRIBUTES),
    **set_fields(SETS),
}
UNIQUE_FIELD = "customer_id"
KEYS: dict[str, list[dict[str, Any]]] = {
    KEY: [{"StandardIdentifiers": ["PROFILE", "UNIQUE"], "FieldNames": [UNIQUE_FIELD]}]
}


def object_type() -> dict[str, Any]:
    """Return PutProfileObjectType's arguments, apart from the two names."""
    return {
        "Description": "A customer with the values, scores and segment of the latest run",
        "AllowProfileCreation": True,
        "ExpirationDays": EXPIRATION_DAYS,
        "MaxProfileObjectCount": 1,
        "Fields": FIELDS,
        "Keys": KEYS,
    }


def takes_customers(described: Mapping[str, Any]) -> bool:
    """Return whether an object type makes profiles, one for each customer id.

    Parameters
    ----------
    described
        As GetProfileObjectType does.
    """
    keys = [key for keys in described.get("Keys", {}).values() for key in keys]
    unique = [key["FieldNames"] for key in keys if "UNIQUE" in key.get("StandardIdentifiers", [])]
    return bool(described.get("AllowProfileCreation")) and [UNIQUE_FIELD] in unique


def fields_of(names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the profile fields we write, including labels from custom segment sets."""
    return {name: FIELDS.get(name) or _attributes([name])[name] for name in names}


def domain_name(stage: str) -> str:
    """Return the domain of a stage's default tenant."""
    return f"{DOMAIN_PREFIX}tessera-{stage}"


def tenant_domain(domain: str, *, tenant: str) -> str:
    """Return the domain of a tenant: a shop's customers never meet another's.

    Parameters
    ----------
    domain
        The stage's domain, which the default tenant uses itself.
    tenant
        Whose it is. A name that would be too long ends in a digest instead.
    """
    if tenant == DEFAULT_TENANT:
        return domain
    name = f"{domain}-{tenant}"
    if len(name) <= DOMAIN_LIMIT:
        return name
    tail = hashlib.sha256(tenant.encode()).hexdigest()[:12]
    return re.sub(r"[^a-zA-Z0-9_-]", "-", name)[: DOMAIN_LIMIT - 13] + "-" + tail
