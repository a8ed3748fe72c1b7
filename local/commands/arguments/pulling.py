"""The command that reads a shop directly."""

from __future__ import annotations

from pathlib import Path

from local.commands import dispatch as commands
from local.commands.arguments import values
from local.commands.arguments.adding import Add
from local.commands.arguments.options import add_destinations, add_json, add_state
from tessera import naming


def add(command: Add) -> None:
    """Add it."""
    pull = command(
        "pull",
        commands.pull,
        help="read a shop's orders by its API, and run what changed",
        examples=(
            ("pull shopify --shop my-shop.myshopify.com", "its key: see docs/connectors.md"),
            ("pull shopify --shop my-shop --to orders", "only the orders, no run"),
            ("pull shopify --shop my-shop --reload", "all again, such as once a week"),
        ),
    )
    pull.add_argument("connector", metavar="NAME", help="of the shop's system: shopify")
    pull.add_argument("--shop", default="", metavar="NAME", help="the shop, as its system names it")
    pull.add_argument(
        "--key",
        type=Path,
        metavar="FILE",
        help="the key in a file that only you can read; default: in TESSERA_<NAME>_<FIELD>",
    )
    pull.add_argument(
        "--reload", action="store_true", help="ask for everything, and forget deleted orders"
    )
    pull.add_argument("--to", type=Path, metavar="DIR", help="leave the orders there, and run none")
    pull.add_argument("--as-of", type=values.day, metavar="DATE", help="as of `run`")
    pull.add_argument("--tenant", default=naming.DEFAULT_TENANT, metavar="NAME", help="whose data")
    pull.add_argument("--settings", type=Path, metavar="FILE", help="the tenant's settings, TOML")
    pull.add_argument(
        "--out", type=Path, default=Path("out"), metavar="DIR", help="where the results go"
    )
    add_state(pull)
    pull.add_argument("--log", type=Path, metavar="FILE", help="as of `run`")
    pull.add_argument("--approve", action="store_true", help="as of `run`")
    pull.add_argument("--plan", action="store_true", help="show what would be sent, send nothing")
    add_destinations(pull)
    pull.add_argument("--quiet", action="store_true", help="print only errors")
    add_json(pull, "the run's result, as JSON")
