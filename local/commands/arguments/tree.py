"""The whole command line: every command, in the order in which people meet them."""

from __future__ import annotations

from collections.abc import Sequence

from local.commands import exits
from local.commands.arguments import (
    campaigning,
    erasing,
    looking,
    pulling,
    running,
    serving,
    stages,
    tenants,
)
from local.commands.parser import PROGRAM, Parser

_FIRST = (
    ("validate orders.csv", "check a file"),
    ("run orders.csv", "turn it into segments, in out/"),
    ("explain 12346", "why a customer has these labels"),
)


def parser() -> Parser:
    """Return the parser of the command line. Each command sets ``command``, and all set ``top``."""
    statuses = "\n".join(["exit status:", *exits.lines()])
    top = Parser(
        prog=PROGRAM,
        description="Tessera on this machine: no AWS account, no Docker, no Node.js needed.",
        examples=_FIRST,
        epilog=statuses,
    )
    top.set_defaults(top=top)
    verbs = top.add_subparsers(required=True, metavar="COMMAND", dest="verb")

    def command(
        name: str, does: object, *, help: str, examples: Sequence[tuple[str, str]]
    ) -> Parser:
        made: Parser = verbs.add_parser(
            name,
            help=help,
            description=help[0].upper() + help[1:] + ".",
            examples=examples,
            epilog=statuses,
        )
        made.set_defaults(command=does, parser=made)
        return made

    for part in (running, pulling, serving, campaigning, looking, erasing, tenants, stages):
        part.add(command)
    return top
