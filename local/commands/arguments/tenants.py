"""The command about the tenants of a stage."""

from __future__ import annotations

import argparse

from local.commands import dispatch as commands
from local.commands.arguments import values
from local.commands.arguments.adding import Add
from local.commands.arguments.options import add_json, add_out, add_state

VERBS = ("make", "list", "show", "suspend", "resume", "limits", "remove")


def add(command: Add) -> None:
    """Add it."""
    tenant = command(
        "tenant",
        commands.tenant,
        help="make, list, suspend, limit or remove the shops that one stage serves",
        examples=(
            ("tenant make acme --stage prod", "of a deployed stage"),
            ("tenant list", "of the state beside the results"),
            ('tenant suspend acme --reason "invoice 12"', "nothing is run or sent for it"),
            ("tenant resume acme", ""),
            ("tenant remove acme --yes", "with all its data, for good"),
            ("tenant limits acme --max-runs 4 --destinations export,klaviyo", ""),
        ),
    )
    tenant.add_argument("does", choices=VERBS, metavar="|".join(VERBS), help="what to do")
    tenant.add_argument("name", nargs="?", default="", metavar="NAME", help="the tenant")
    tenant.add_argument("--reason", default="", metavar="TEXT", help="with suspend and remove: why")
    tenant.add_argument(
        "--max-runs", type=int, metavar="COUNT", help="how many of its runs may be under way"
    )
    tenant.add_argument(
        "--requests-per-minute", type=int, metavar="COUNT", help="what it may ask the API"
    )
    tenant.add_argument(
        "--daily-run",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="whether the stage's daily clock runs it",
    )
    tenant.add_argument(
        "--destinations",
        type=values.destinations,
        metavar="NAME,NAME",
        help="which of the stage's destinations it may use; default: all",
    )
    tenant.add_argument("--yes", action="store_true", help="with remove: really remove it")
    tenant.add_argument(
        "--stage",
        type=values.stage_name,
        default="",
        help="a deployed stage of cdk.json; default: the state",
    )
    tenant.add_argument(
        "--endpoint", default="", metavar="URL", help="a `serve` that runs here, not the state"
    )
    add_state(tenant)
    add_out(tenant)
    add_json(tenant)
