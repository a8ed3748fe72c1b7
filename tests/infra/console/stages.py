"""The contexts of two stages with a console: by the name that CloudFront gave, and by their own."""

from __future__ import annotations

from typing import Any

GIVEN = "d111111abcdef8.cloudfront.net"
OWN = "console.example.com"
_ID = "01234567-89ab-cdef-0123-456789abcdef"
CERTIFICATE = f"arn:aws:acm:us-east-1:111122223333:certificate/{_ID}"
WEB_ACL = f"arn:aws:wafv2:us-east-1:111122223333:global/webacl/shop/{_ID}"


def _context(stage: str, settings: dict[str, Any]) -> dict[str, Any]:
    return {"stage": stage, "tessera": {"stages": {stage: settings}}}


CONSOLE = _context(
    "dev",
    {
        "account": "111122223333",
        "retain": False,
        "log_retention_days": 7,
        "console": {"enabled": True, "domain": GIVEN},
    },
)
OWN_DOMAIN = _context(
    "shop",
    {
        "account": "111122223333",
        "region": "eu-central-1",
        "alarms": {"email": "ops@example.com"},
        "permissions_boundary": "arn:aws:iam::111122223333:policy/Bound",
        "network": {
            "subnet_ids": ["subnet-0123456789abcdef0"],
            "security_group_ids": ["sg-0123456789abcdef0"],
        },
        "stream": {"shards": 1, "origins": ["https://shop.example"]},
        "console": {
            "enabled": True,
            "domain": OWN,
            "certificate_arn": CERTIFICATE,
            "web_acl_arn": WEB_ACL,
        },
    },
)
CAMPAIGNS = _context(
    "mail",
    {
        "account": "111122223333",
        "region": "eu-central-1",
        "alarms": {"email": "ops@example.com"},
        "console": {"enabled": True, "domain": GIVEN},
        "destinations": ["export", "webhook"],
        "campaigns": {
            "enabled": True,
            "domain": "mail.shop.example",
            "warm_up_from": "2026-12-01",
        },
    },
)
