"""The contact properties at HubSpot, in the service's own words."""

from __future__ import annotations

from typing import Any

from tessera.contracts.customer_profiles import ATTRIBUTES

GROUP = "tessera"
KEY = "tessera_customer_id"  # the shop's own id, by which contacts are upserted

_NUMBERS = frozenset(
    {"rfm_r", "rfm_f", "rfm_m", "rfm_frequency", "rfm_monetary", "rfm_recency_days", "rfm_clv_365d"}
)
_DATES = frozenset({"rfm_first_purchase", "rfm_last_purchase", "rfm_next_order", "rfm_as_of"})
_FIELD_TYPES = {"string": "text", "number": "number", "date": "date"}


def contact_property(name: str) -> dict[str, Any]:
    """Return what makes a property. Labels are texts, as lists compare them."""
    kind = "number" if name in _NUMBERS else "date" if name in _DATES else "string"
    about = "The shop's own customer id" if name == KEY else ATTRIBUTES.get(name, "Segment label")
    return {
        "name": name,
        "label": f"Tessera {name.removeprefix('tessera_')}",
        "description": about,
        "groupName": GROUP,
        "type": kind,
        "fieldType": _FIELD_TYPES[kind],
        "hasUniqueValue": name == KEY,
        "formField": False,
    }
