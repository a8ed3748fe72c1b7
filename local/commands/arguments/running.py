"""The commands that run, check or convert files."""

from __future__ import annotations

import argparse
from pathlib import Path

from local.commands import dispatch as commands
from local.commands.arguments import values
from local.commands.arguments.adding import Add
from local.commands.arguments.options import (
    add_database,
    add_destinations,
    add_endpoint,
    add_json,
    add_mapping,
    add_state,
)
from local.loopback.place import PORT
from tessera import naming


def add(command: Add) -> None:
    """Add them."""
    run = command(
        "run",
        commands.run,
        help="run a file, or a folder of files, through the whole system",
        examples=(
            ("run orders.csv", "results in out/"),
            ("run orders.csv --out june --as-of 2026-06-30", ""),
            ("run exports/ --settings my.toml --tenant acme", "a folder of parts"),
            ("run orders.csv --destinations klaviyo,hubspot", "to stand-ins, no account needed"),
            ("run --from postgresql://reader@db.example.com/shop --mapping shop.toml", ""),
        ),
    )
    plan = command(
        "plan",
        commands.run,
        help="do the same, but only show what would be sent",
        examples=(("plan orders.csv --destinations klaviyo", "send nothing, show how much"),),
    )
    for each, is_plan in ((run, False), (plan, True)):
        each.set_defaults(plan=is_plan)
        _add_run(each)
    clicks = command(
        "clicks",
        commands.clicks,
        help="run a file of events through the event stream, as a shop sends them",
        examples=(
            ("clicks clicks.jsonl", "one JSON object a line; docs/sources.md has its fields"),
        ),
    )
    clicks.add_argument("source", type=Path, metavar="FILE", help=".jsonl, .jsonl.gz")
    _add_outcome(clicks)
    _add_serve(command)
    _add_files(command)
    _add_sources(command)


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        type=Path,
        nargs="?",
        metavar="FILE_OR_FOLDER",
        help=", ".join(naming.UPLOAD_SUFFIXES),
    )
    add_database(parser)
    parser.add_argument(
        "--attributes",
        type=Path,
        metavar="FILE_OR_FOLDER",
        help="customer attributes, to learn who cancels: .csv, .csv.gz",
    )
    add_mapping(parser)
    parser.add_argument(
        "--as-of",
        type=values.day,
        metavar="DATE",
        help="the day to describe (YYYY-MM-DD); default: the day after the last event",
    )
    parser.add_argument(
        "--engine",
        choices=("duckdb", "spark"),
        help="the engine of Prepare; default: by the upload's size, as in the settings",
    )
    _add_outcome(parser)


def _add_outcome(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--tenant", default=naming.DEFAULT_TENANT, metavar="NAME", help="whose data"
    )
    parser.add_argument("--settings", type=Path, metavar="FILE", help="the tenant's settings, TOML")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("out"),
        metavar="DIR",
        help="where the results go; an earlier run's results there are replaced",
    )
    add_state(parser)
    parser.add_argument(
        "--fresh", action="store_true", help="neither use nor change what earlier runs left"
    )
    parser.add_argument(
        "--log",
        type=Path,
        metavar="FILE",
        help="write the output of functions and jobs to this file",
    )
    parser.add_argument(
        "--approve", action="store_true", help="approve in advance if the circuit breaker waits"
    )
    add_destinations(parser)
    parser.add_argument("--quiet", action="store_true", help="print only errors")
    add_json(parser, "the segments, rows and destinations, as JSON")


def _add_serve(command: Add) -> None:
    serve = command(
        "serve",
        commands.serve,
        help="keep the system up and run each upload",
        examples=(("serve --watch inbox", "run each file that arrives in inbox/"),),
    )
    serve.add_argument("--port", type=int, default=PORT, help="on 127.0.0.1; 0: any free one")
    serve.add_argument(
        "--watch",
        type=Path,
        metavar="FOLDER",
        help="upload new files of this folder; subfolders are tenants",
    )
    add_destinations(serve)
    for verb, does in (
        ("approve", "approve a waiting run of `serve`"),
        ("reject", "stop a waiting run of `serve`; nothing is sent"),
    ):
        decide = command(
            verb, commands.decide, help=does, examples=((f"{verb} 3f2a", "the id begins so"),)
        )
        decide.set_defaults(why="")
        decide.add_argument("run", metavar="RUN", help="its id, or the start of it")
        if verb == "reject":
            decide.add_argument("--why", default="", metavar="TEXT", help="the reason, for others")
        add_endpoint(decide)


def _add_files(command: Add) -> None:
    validate = command(
        "validate",
        commands.validate,
        help="check a file against the contract, no run",
        examples=(
            ("validate orders.csv", "faults by kind, then figures by month"),
            ("validate orders.csv --propose my.toml", "what its columns may mean"),
        ),
    )
    validate.add_argument("file", type=Path, metavar="FILE")
    validate.add_argument("--settings", type=Path, metavar="FILE", help="settings, TOML")
    add_mapping(validate)
    validate.add_argument(
        "--propose",
        type=Path,
        metavar="FILE",
        help="write a proposed mapping of an unknown file's columns: settings, TOML",
    )
    add_json(validate, "the faults and figures, as JSON")

    curate = command(
        "curate",
        commands.curate,
        help="turn exports of a CRM or ERP into an upload",
        examples=(
            ("curate hubspot-deals exports/", "by the mapping that ships, into curated/"),
            ("curate deals exports/ --mapping my.toml", "by a section of a mapping file"),
            ("curate odoo-invoices exports/ --run result", "and run it"),
        ),
    )
    curate.add_argument("object", metavar="OBJECT", help="such as salesforce-opportunities")
    curate.add_argument(
        "exports", type=Path, metavar="FOLDER", help="has OBJECT.csv, or OBJECT/<day>/*.csv"
    )
    curate.add_argument("--mapping", type=Path, metavar="FILE", help="mapping file, TOML")
    curate.add_argument(
        "--out", type=Path, default=Path("curated"), metavar="DIR", help="where the parts go"
    )
    curate.add_argument(
        "--run", type=Path, metavar="DIR", help="run it too, with the results in this folder"
    )
    add_json(curate, "the counts, as JSON")

    migrate = command(
        "migrate-pinpoint",
        commands.migrate_pinpoint,
        help="convert an export of Amazon Pinpoint",
        examples=(("migrate-pinpoint export/ --column plan=attributes.plan", ""),),
    )
    migrate.add_argument(
        "export",
        type=Path,
        metavar="EXPORT",
        help="its endpoints and segments: JSON, optionally gzipped",
    )
    migrate.add_argument(
        "--column",
        type=values.pair,
        action="append",
        default=[],
        metavar="NAME=COLUMN",
        help="the profile column of a segment's metric or attribute; repeatable",
    )
    migrate.add_argument(
        "--out", type=Path, default=Path("migrated"), metavar="DIR", help="where the results go"
    )


def _add_sources(command: Add) -> None:
    sources = command(
        "sources",
        commands.sources,
        help="list a database's tables and propose a mapping, or drop a replication slot",
        examples=(
            ("sources tables postgresql://reader@db.example.com/shop --propose shop.toml", ""),
            ("sources drop-slot postgresql://owner@db.example.com/shop", "of `run --changes`"),
        ),
    )
    sources.add_argument("does", choices=("tables", "drop-slot"), metavar="tables|drop-slot")
    sources.add_argument("url", metavar="URL", help="postgresql://USER@HOST/DATABASE")
    sources.add_argument(
        "--table", action="append", default=[], metavar="NAME", help="propose for this table; "
        "repeatable; default: all",
    )  # fmt: skip
    sources.add_argument(
        "--propose",
        type=Path,
        metavar="FILE",
        help="write a proposed mapping to this file; default: print it",
    )
    sources.add_argument(
        "--slot", default="tessera", metavar="NAME", help="the slot to drop; default: tessera"
    )
