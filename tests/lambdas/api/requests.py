"""A request that each route accepts."""

from __future__ import annotations

from typing import Any

from tessera.api.route import Route
from tests.lambdas.api.campaign_world import DOUBT, IMPORTS, PAUSED, SENDING, SPRING
from tests.lambdas.api.run_of_two import KEYS, TEMPLATE
from tests.lambdas.api.world import REMOVED, RUNS, WAITING

SET = {
    "meaning": "Who spends much.",
    "prefix": "Spend",
    "label": [
        {"label": "Much", "meaning": "Much.", "action": "Thank them."},
        {"label": "Little", "meaning": "Little.", "action": "Invite them."},
    ],
    "empty": {"label": "None", "meaning": "Nothing.", "action": "Wait."},
    "rule": [
        {
            "column": "monetary",
            "ranges": {"Much": {"from": 45}, "Little": {"below": 45}},
        }
    ],
}
_BODIES: dict[str, Any] = {
    "search_customers": {"term": "acme-1"},
    "create_upload": {"name": "orders.csv", "bytes": 10},
    "start_run": {},
    "approve_run": {"why": "it is right"},
    "reject_run": {},
    "save_segment_set": {"version": 0, "definition": SET},
    "save_set_destinations": {"version": 0, "destinations": ["export"]},
    "count_segment_set": {"definition": SET},
    "save_settings": {"version": 0, "settings": {"time_zone": "Europe/Paris"}},
    "save_template": {"version": 1, "name": "Welcome", "template": TEMPLATE},
    "publish_template": {"version": 1},
    "duplicate_template": {"id": "copy", "name": "A copy"},
    "preview_template": {"customer_key": KEYS[0]},
    "import_template": {"format": "tessera-template", "name": "Brought", "template": TEMPLATE},
    "save_brand": {"version": 1, "brand": {"name": "A shop", "address": "1 Example Street"}},
    "save_campaign": {"version": 1, "definition": SPRING | {"name": "Early spring"}},
    "activate_campaign": {"version": 1},
    "count_audience": {"definition": SPRING},
    "plan_offer": {"cost": 0.5, "margin": 0.4, "budget": 100},
    "ask_campaign_run": {},
    "pause_campaign_run": {"why": "a wrong price"},
    "cancel_campaign_run": {},
    "release_doubts": {"recipients": [DOUBT]},
    "upload_receivers": {"bytes": 10},
    "create_consent_import": {"bytes": 10},
    "enter_spam_rate": {"share": 0.0004, "day": "2026-11-29"},
    "send_template_test": {"version": 1, "to": "ann@shop.example"},
    "duplicate_campaign": {"id": "copy", "name": "A copy"},
    "make_tenant": {"tenant": "new-shop", "limits": {"max_runs": 4}, "destinations": ["export"]},
    "suspend_tenant": {"reason": "invoice 12"},
    "limit_tenant": {"limits": {"requests_per_minute": 60}, "daily_run": False},
    "remove_tenant": {"confirm": "acme", "reason": "contract ended"},
    "create_key": {"label": "Tableau", "role": "viewer"},
    "create_write_key": {"label": "www.shop.example"},
    "create_erasure": {"customers": ["12346", "ann@example.com"], "case": "dsr-2"},
}


def request_for(
    route: Route, tenant: str, *, theirs: bool = False, key_id: str = "0" * 12
) -> dict[str, Any]:
    """Return the arguments of ``World.call``.

    ``theirs`` names things of that tenant where a request can name one. ``key_id`` is the API key
    that is revoked.
    """
    runs = WAITING if route.method == "POST" else RUNS
    path = route.path.format(
        run_id=runs.get(tenant, "e" * 16), customer_key=KEYS[0], name=_set(route), key_id=key_id,
        template_id=_template(route, tenant, theirs=theirs),
        campaign_id=f"{tenant}-own" if theirs else "spring",
        list_name="vip", import_id=IMPORTS.get(tenant, "e" * 16),
        case=f"{tenant}-own" if theirs else "dsr-1",
        campaign_run=f"{tenant}-own-r001" if theirs else _campaign_run(route),
        tenant="acme", removal_case=REMOVED, year=2026,
    )  # fmt: skip
    request: dict[str, Any] = {"method": route.method, "path": path}
    if route.takes:
        request["body"] = _BODIES[route.name]
    if route.name == "start_run" and theirs:
        request["body"] = {"upload": f"uploads/{tenant}/orders.csv"}
    if route.creates:
        request["headers"] = {"idempotency-key": f"{route.name}-1"}
    return request


def _template(route: Route, tenant: str, *, theirs: bool) -> str:
    if route.name == "import_template":
        return "brought"
    # A template that is published is one that the other tenant has not.
    return f"{tenant}-own" if theirs or route.name == "send_template_test" else "welcome"


def _set(route: Route) -> str:
    return "spend" if route.name == "save_segment_set" else "value_tier"


def _campaign_run(route: Route) -> str:
    """A run in a state in which the route can be called."""
    states = {
        "pause_campaign_run": SENDING,
        "resume_campaign_run": PAUSED,
        "release_doubts": PAUSED,
    }
    return states.get(route.name, "spring-r001")
