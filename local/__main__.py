"""Tessera on this machine: ``python -m local run | serve | validate | synth``.

Exit status: 0 done, 1 the run failed or the input was refused, 2 the command line was wrong,
130 interrupted.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from local.console import Console
from tessera import naming
from tessera.errors import TesseraError

_EXITS = """\
exit status:
  0    done
  1    the run failed, or the input was refused: one message on standard error
  2    the command line was wrong
  130  interrupted
"""


def main(argv: list[str] | None = None) -> int:
    """Run one command; return the exit status."""
    arguments = _parser().parse_args(argv)
    console = Console(quiet=getattr(arguments, "quiet", False))
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return int(arguments.command(arguments, console))
    except KeyboardInterrupt:
        console.wipe()
        print("interrupted: everything was stopped and removed", file=sys.stderr)
        return 130
    except Exception as error:  # noqa: BLE001 (the user gets a sentence, never a traceback)
        console.error(_sentence(error))
        return 1


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _sentence(error: Exception) -> str:
    from local.assembly import SynthError  # noqa: PLC0415
    from local.run import RunFailed  # noqa: PLC0415

    if isinstance(error, RunFailed):
        record = error.record
        state = f"{record['state']}: " if record.get("state") else ""
        return f"{state}{record['message']}\n  What to do: {record['what_to_do']}"
    if isinstance(error, (TesseraError, SynthError)):
        return str(error)
    return f"{type(error).__name__}: {error}"


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from local.run import Request, run  # noqa: PLC0415

    request = Request(
        source=arguments.source,
        out=arguments.out,
        tenant=arguments.tenant,
        as_of=arguments.as_of.isoformat() if arguments.as_of else None,
        settings=arguments.settings,
        log=arguments.log,
    )
    run(request, console=console)
    return 0


def _serve(arguments: argparse.Namespace, console: Console) -> int:
    from local.serve import serve  # noqa: PLC0415

    serve(port=arguments.port, watch=arguments.watch, console=console)
    return 0


def _validate(arguments: argparse.Namespace, console: Console) -> int:
    from local.validate import validate  # noqa: PLC0415

    return 0 if validate(arguments.file, settings=arguments.settings, console=console) else 1


def _synth(arguments: argparse.Namespace, console: Console) -> int:
    from local.assembly import synthesize  # noqa: PLC0415

    with console.step(f"Synthesize stage {arguments.stage}"):
        synthesize(arguments.out.resolve(), context={"stage": arguments.stage}, nag=True)
    console.say(f"  Cloud assembly: {arguments.out}/")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local",
        description="Tessera on this machine: no AWS account, no Docker, no Node.js of your own.",
        epilog=_EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, does: object, *, help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name, help=help, description=help[0].upper() + help[1:] + ".", epilog=_EXITS,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        made.set_defaults(command=does)
        return made

    run = command("run", _run, help="run a file, or a folder of files, through the whole system")
    run.add_argument("source", type=Path, metavar="FILE_OR_FOLDER", help=".csv, .csv.gz, .parquet")
    run.add_argument(
        "--as-of",
        type=dt.date.fromisoformat,
        metavar="DATE",
        help="the day to describe (YYYY-MM-DD); default: the day after the last event",
    )
    run.add_argument("--tenant", default=naming.DEFAULT_TENANT, metavar="NAME", help="whose data")
    run.add_argument("--settings", type=Path, metavar="FILE", help="the tenant's settings, TOML")
    run.add_argument(
        "--out",
        type=Path,
        default=Path("out"),
        metavar="DIR",
        help="where the results go; an earlier run's results there are replaced",
    )
    run.add_argument(
        "--log", type=Path, metavar="FILE", help="write there what functions and jobs printed"
    )
    run.add_argument("--quiet", action="store_true", help="print nothing but errors")

    serve = command("serve", _serve, help="keep the system up and run whatever is uploaded")
    serve.add_argument("--port", type=int, default=5005, help="on 127.0.0.1; 0: any free one")
    serve.add_argument(
        "--watch",
        type=Path,
        metavar="FOLDER",
        help="upload what arrives in this folder; its subfolders are tenants",
    )

    validate = command("validate", _validate, help="check a file against the contract, no run")
    validate.add_argument("file", type=Path, metavar="FILE")
    validate.add_argument("--settings", type=Path, metavar="FILE", help="settings, TOML")

    synth = command("synth", _synth, help="synthesize the CDK app, cdk-nag's rules included")
    synth.add_argument("--stage", default="dev", help="a stage of cdk.json")
    synth.add_argument("--out", type=Path, default=Path("cdk.out"), metavar="DIR")
    return parser  # fmt: skip


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # all is stopped and removed; taking moto's modules apart would take seconds
