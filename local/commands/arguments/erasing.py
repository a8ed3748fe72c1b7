"""The commands about one person's data: erase it, or export it."""

from __future__ import annotations

from pathlib import Path

from local.commands import dispatch as commands
from local.commands.arguments.adding import Add
from local.commands.arguments.options import add_out, add_state
from local.commands.arguments.values import stage_name
from local.commands.parser import Parser
from tessera import naming


def add(command: Add) -> None:
    """Add them."""
    erased = command(
        "erase",
        commands.erase,
        help="erase people from a state or a deployed stage, with a signed receipt",
        examples=(
            ("erase 12346", "by the shop's id"),
            ("erase ann@example.com --case dsr-17", "by an address, with your case number"),
            ("erase --retry dsr-17", "go on where a part was left"),
            ("erase --verify receipt-dsr-17.json", "check a receipt"),
            ("erase 12346 --stage prod", "in the stage of an account, and fetch the receipt"),
            ("erase --public-key --stage prod", "the key that its receipts verify by"),
        ),
    )
    erased.add_argument("terms", nargs="*", metavar="CUSTOMER", help="a shop's id, or an address")
    erased.add_argument(
        "--tenant", default=naming.DEFAULT_TENANT, metavar="NAME", help="default %(default)s"
    )
    erased.add_argument("--case", default="", metavar="NUMBER", help="your case number")
    erased.add_argument("--retry", default="", metavar="CASE", help="go on with an erasure")
    erased.add_argument("--verify", type=Path, metavar="FILE", help="check a receipt")
    erased.add_argument(
        "--public-key", action="store_true", help="print the key that receipts verify by"
    )
    _add_stage(erased)
    erased.add_argument("--receipt", type=Path, metavar="FILE", help="where the receipt goes")
    add_out(erased)
    add_state(erased)
    exported = command(
        "access",
        commands.access,
        help="export all that a state or a deployed stage has of one person, as JSON",
        examples=(
            ("access 12346", "print it"),
            ("access ann@example.com --to ann.json", "by an address, into a file"),
            ("access 12346 --stage prod --to ann.json", "out of the stage of an account"),
        ),
    )
    exported.add_argument("customer", metavar="CUSTOMER", help="a shop's id, or an address")
    exported.add_argument(
        "--tenant", default=naming.DEFAULT_TENANT, metavar="NAME", help="default %(default)s"
    )
    _add_stage(exported)
    exported.add_argument("--to", type=Path, metavar="FILE", help="a file, which only you can read")
    add_out(exported)
    add_state(exported)


def _add_stage(command: Parser) -> None:
    command.add_argument(
        "--stage",
        type=stage_name,
        default="",
        metavar="NAME",
        help="a deployed stage of cdk.json, in place of the state on this machine",
    )
