"""Options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from local.commands.arguments import values
from local.loopback.place import PORT


def add_destinations(parser: argparse.ArgumentParser) -> None:
    """Add ``--destinations``."""
    parser.add_argument(
        "--destinations",
        type=values.destinations,
        default=(),
        metavar="NAME,NAME",
        help="where segments go, such as klaviyo,hubspot; default: the stage's, in cdk.json",
    )


def add_endpoint(parser: argparse.ArgumentParser) -> None:
    """Add ``--endpoint``, of a ``serve``."""
    parser.add_argument(
        "--endpoint",
        default=f"http://127.0.0.1:{PORT}",
        metavar="URL",
        help="the URL that `serve` printed, default %(default)s",
    )


def add_mapping(parser: argparse.ArgumentParser) -> None:
    """Add ``--mapping``."""
    parser.add_argument(
        "--mapping",
        type=values.mapping,
        metavar="NAME",
        help="the export that the files are, such as shopify; none for plain files; default: "
        "recognised by their headers; with --from: a TOML file, what the tables' columns mean",
    )


def add_database(parser: argparse.ArgumentParser) -> None:
    """Add ``--from`` and how a database is read."""
    parser.add_argument(
        "--from",
        dest="database",
        metavar="URL",
        help="read tables of a PostgreSQL in place of a file: postgresql://USER@HOST/DATABASE; the "
        "password comes from PGPASSWORD, .pgpass or a question",
    )
    parser.add_argument(
        "--changes",
        nargs="?",
        const="tessera",
        default="",
        metavar="SLOT",
        help="with --from: read only changes, by a replication slot that is made; one that nobody "
        "reads fills the server's disk (tessera sources drop-slot)",
    )
    parser.add_argument(
        "--reload", action="store_true", help="with --from: read all rows of all tables again"
    )


def add_json(parser: argparse.ArgumentParser, what: str = "everything, as JSON") -> None:
    """Add ``--json``: the result alone on standard output, what else is printed goes to errors."""
    parser.add_argument("--json", action="store_true", help=what)


def add_state(parser: argparse.ArgumentParser) -> None:
    """Add ``--state``."""
    parser.add_argument(
        "--state",
        type=Path,
        metavar="DIR",
        help="where runs remember history, ledgers and earlier runs; default: beside the results, "
        "as out.state. It has personal data",
    )


def add_out(parser: argparse.ArgumentParser) -> None:
    """Add ``--out``, of a command that reads results."""
    parser.add_argument(
        "--out", type=Path, default=Path("out"), metavar="DIR", help="the results of a run"
    )
