"""The commands of the console, its API keys, and the MCP server."""

from __future__ import annotations

from pathlib import Path

from local.commands import dispatch as commands
from local.commands.arguments.adding import Add
from local.commands.arguments.options import add_endpoint, add_out, add_state
from local.commands.arguments.values import stage_name
from local.loopback.place import PORT
from tessera import naming
from tessera.api.keys import MOST_DAYS
from tessera.api.roles import ROLES

CONSOLE_PORT = 8787


def add(command: Add) -> None:
    """Add them."""
    _add_console(command)
    _add_key(command)
    _add_mcp(command)


def _add_console(command: Add) -> None:
    console = command(
        "console",
        commands.console,
        help="serve the console with the API, on real data",
        examples=(
            ("console", "runs the example first if there is no run yet"),
            ("console --operator", "the tenants, and none of their data"),
        ),
    )
    console.add_argument("--port", type=int, default=CONSOLE_PORT, help="of the console")
    console.add_argument(
        "--aws-port", type=int, default=PORT, help="of the embedded AWS; 0: any free one"
    )
    console.add_argument(
        "--operator", action="store_true", help="as an operator, who keeps the tenants"
    )
    console.add_argument("--page", type=Path, metavar="DIR", help="the built page, console/dist")
    add_state(console)
    add_out(console)


def _add_key(command: Add) -> None:
    key = command(
        "key",
        commands.key,
        help="make, list or revoke an API key of a console, or a write-only key of a page",
        examples=(
            ("key create --role viewer --label Tableau", "prints the key, once"),
            ("key create --role viewer --stage prod", "of a deployed console"),
            ("key create --role operator --stage prod", "keeps the tenants, reads none of them"),
            ("key create --write-only --label www.shop.example --stage prod", "of a page"),
            ("key list", ""),
            ("key revoke 3f2a91c0d7e4", "its id, as `key list` prints it"),
        ),
    )
    key.add_argument("does", choices=("create", "list", "revoke"), metavar="create|list|revoke")
    key.add_argument("key", nargs="?", default="", metavar="ID", help="the key to revoke")
    key.add_argument("--role", choices=tuple(ROLES), default="viewer", help="what it may do")
    key.add_argument(
        "--write-only", action="store_true", help="of a page, which sends events and reads nothing"
    )
    key.add_argument("--label", default="command line", metavar="TEXT", help="what it is for")
    key.add_argument(
        "--days", type=int, default=365, help=f"how long it works, at most {MOST_DAYS} days"
    )
    key.add_argument(
        "--tenant", default=naming.DEFAULT_TENANT, metavar="NAME", help="whose data it reaches"
    )
    key.add_argument(
        "--stage",
        type=stage_name,
        default="",
        help="a deployed stage of cdk.json; default: the console that runs here",
    )
    add_endpoint(key)


def _add_mcp(command: Add) -> None:
    mcp = command(
        "mcp",
        commands.mcp,
        help="serve an assistant the runs' figures (Model Context Protocol)",
        examples=(
            ("mcp --out june", "of june.state, over standard input and output"),
            ("mcp --url https://console.example.com", "with a key in TESSERA_API_KEY"),
        ),
    )
    mcp.add_argument("--url", default="", metavar="URL", help="a deployed console, not the state")
    mcp.add_argument(
        "--tenant", default=naming.DEFAULT_TENANT, metavar="NAME", help="whose runs of the state"
    )
    add_state(mcp)
    add_out(mcp)
