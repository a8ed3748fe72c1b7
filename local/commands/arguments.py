"""The arguments of each command of ``python -m local``."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Protocol

from local.commands import dispatch as commands
from local.loopback.place import PORT
from tessera import naming

_EXITS = """\
exit status:
  0    done
  1    the run failed, or the input was refused: one message on standard error
  2    the command line was wrong
  3    the run finished, but a destination failed or was held back: its line says why
  130  interrupted
"""


class _Command(Protocol):
    """Adds a command to the parser."""

    def __call__(self, name: str, does: object, *, help: str) -> argparse.ArgumentParser:
        """Return the command's own parser."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; each command sets ``command``."""
    top = argparse.ArgumentParser(
        prog="python -m local",
        description="Tessera on this machine: no AWS account, no Docker, no Node.js needed.",
        epilog=_EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, does: object, *, help: str) -> argparse.ArgumentParser:
        made = verbs.add_parser(
            name, help=help, description=help[0].upper() + help[1:] + ".", epilog=_EXITS,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        made.set_defaults(command=does)
        return made

    run = command(
        "run", commands.run, help="run a file, or a folder of files, through the whole system"
    )
    plan = command("plan", commands.run, help="do the same, but only show what would be sent")
    for each, is_plan in ((run, False), (plan, True)):
        each.set_defaults(plan=is_plan)
        _add_run(each)

    serve = command("serve", commands.serve, help="keep the system up and run each upload")
    serve.add_argument("--port", type=int, default=PORT, help="on 127.0.0.1; 0: any free one")
    serve.add_argument(
        "--watch",
        type=Path,
        metavar="FOLDER",
        help="upload new files of this folder; subfolders are tenants",
    )
    _add_destinations(serve)

    for verb, does in (
        ("approve", "approve a waiting run of `serve`"),
        ("reject", "stop a waiting run of `serve`; nothing is sent"),
    ):
        decide = command(verb, commands.decide, help=does)
        decide.set_defaults(verb=verb, why="")
        decide.add_argument("run", metavar="RUN", help="its id, or the start of it")
        if verb == "reject":
            decide.add_argument("--why", default="", metavar="TEXT", help="the reason, for others")
        _add_endpoint(decide)

    explain = command("explain", commands.explain, help="explain why a customer has these labels")
    explain.add_argument("customer", metavar="CUSTOMER_ID", help="as in the upload")
    explain.add_argument(
        "--out", type=Path, default=Path("out"), metavar="DIR", help="the results of a run"
    )
    explain.add_argument(
        "--run", default="", metavar="RUN", help="a run of `serve`, if --out doesn't hold it"
    )
    explain.add_argument("--json", action="store_true", help="all facts, as JSON")
    _add_endpoint(explain)

    show = command("show", commands.show, help="show what a destination's stand-in holds")
    show.add_argument("destination", metavar="NAME", help="such as klaviyo, or export")
    show.add_argument(
        "--out", type=Path, metavar="DIR", help="a run's results; default: out, if no `serve` is up"
    )
    show.add_argument("--endpoint", default="", metavar="URL", help="what `serve` printed")
    show.add_argument(
        "--tenant", default=naming.DEFAULT_TENANT, metavar="NAME", help="whose export of `serve`"
    )
    show.add_argument(
        "--customers", type=int, default=0, metavar="N", help="the first N of them, with their ids"
    )
    show.add_argument("--customer", default="", metavar="ID", help="only this one")
    show.add_argument("--json", action="store_true", help="everything, as JSON")

    command("destinations", commands.destinations, help="list where segments can go")

    live = command("live", commands.live, help="send two made-up customers to the real destination")
    live.add_argument("destination", metavar="NAME", help="such as klaviyo")
    live.add_argument(
        "--secret", type=Path, metavar="FILE", help="its JSON; default: in TESSERA_LIVE_SECRET"
    )
    live.add_argument("--domain", default="", metavar="NAME", help="for customer_profiles")
    live.add_argument("--yes", action="store_true", help="really send")

    _add_file_commands(command)
    _add_stage_commands(command)
    return top  # fmt: skip


def _add_file_commands(command: _Command) -> None:
    validate = command(
        "validate", commands.validate, help="check a file against the contract, no run"
    )
    validate.add_argument("file", type=Path, metavar="FILE")
    validate.add_argument("--settings", type=Path, metavar="FILE", help="settings, TOML")

    migrate = command(
        "migrate-pinpoint",
        commands.migrate_pinpoint,
        help="convert an export of Amazon Pinpoint",
    )
    migrate.add_argument(
        "export",
        type=Path,
        metavar="EXPORT",
        help="its endpoints and segments: JSON, optionally gzipped",
    )
    migrate.add_argument(
        "--column",
        type=_pair,
        action="append",
        default=[],
        metavar="NAME=COLUMN",
        help="the profile column of a segment's metric or attribute; repeatable",
    )
    migrate.add_argument(
        "--out", type=Path, default=Path("migrated"), metavar="DIR", help="where the results go"
    )

    synth = command(
        "synth", commands.synth, help="synthesize the CDK app, cdk-nag's rules included"
    )
    synth.add_argument("--stage", default="dev", help="a stage of cdk.json")
    synth.add_argument("--out", type=Path, default=Path("cdk.out"), metavar="DIR")


def _add_stage_commands(command: _Command) -> None:
    canary = command("canary", commands.canary, help="send a tiny upload through every state")
    canary.add_argument(
        "--stage", default="", help="a deployed stage of cdk.json; default: the embedded AWS"
    )
    _add_destinations(canary)

    configure = command(
        "configure", commands.configure, help="set up a stage of cdk.json, by questions or flags"
    )
    configure.add_argument("--stage", help="a stage of cdk.json, or a new name")
    configure.add_argument("--region", metavar="NAME", help="such as us-east-1")
    configure.add_argument("--destinations", metavar="NAME,NAME", help="such as export,klaviyo")
    configure.add_argument("--alarm-email", metavar="ADDRESS", help="for alarms; none: no mails")
    configure.add_argument("--log-days", metavar="DAYS", help="how long logs are kept")
    configure.add_argument(
        "--file", type=Path, default=Path("cdk.json"), metavar="FILE", help="default: %(default)s"
    )

    drift = command("drift", commands.drift, help="list changes made outside CloudFormation")
    drift.add_argument("--stage", default="dev", help="a deployed stage of cdk.json")


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.rpartition("=")
    if not (name and separator and value):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=COLUMN")
    return name, value


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", type=Path, metavar="FILE_OR_FOLDER", help=".csv, .csv.gz, .parquet"
    )
    parser.add_argument(
        "--attributes",
        type=Path,
        metavar="FILE_OR_FOLDER",
        help="customer attributes, to learn who cancels: .csv, .csv.gz",
    )
    parser.add_argument(
        "--as-of",
        type=dt.date.fromisoformat,
        metavar="DATE",
        help="the day to describe (YYYY-MM-DD); default: the day after the last event",
    )
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
    parser.add_argument(
        "--log",
        type=Path,
        metavar="FILE",
        help="write the output of functions and jobs to this file",
    )
    parser.add_argument(
        "--engine",
        choices=("duckdb", "spark"),
        help="the engine of Prepare; default: by the upload's size, as in the settings",
    )
    parser.add_argument(
        "--approve", action="store_true", help="approve in advance if the circuit breaker waits"
    )
    _add_destinations(parser)
    parser.add_argument("--quiet", action="store_true", help="print only errors")


def _add_destinations(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--destinations",
        type=lambda text: tuple(name.strip() for name in text.split(",") if name.strip()),
        default=(),
        metavar="NAME,NAME",
        help="where segments go, such as klaviyo,hubspot; default: the stage's, in cdk.json",
    )


def _add_endpoint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--endpoint",
        default=f"http://127.0.0.1:{PORT}",
        metavar="URL",
        help="the URL that `serve` printed, default %(default)s",
    )
