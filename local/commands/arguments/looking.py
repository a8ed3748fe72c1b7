"""The commands that look at what is there: runs, customers, destinations."""

from __future__ import annotations

from pathlib import Path

from local.commands import dispatch as commands
from local.commands.arguments.adding import Add
from local.commands.arguments.options import add_endpoint, add_json
from tessera import naming


def add(command: Add) -> None:
    """Add them."""
    _add_explain(command)
    _add_show(command)
    listed = command(
        "destinations",
        commands.destinations,
        help="list where segments can go",
        examples=(("destinations", "each with its limits"),),
    )
    add_json(listed, "the list, as JSON")


def _add_explain(command: Add) -> None:
    explain = command(
        "explain",
        commands.explain,
        help="explain why a customer has these labels",
        examples=(("explain 12346", "of the run in out/"), ("explain 12346 --out june", "")),
    )
    explain.add_argument("customer", metavar="CUSTOMER_ID", help="as in the upload")
    explain.add_argument(
        "--out", type=Path, default=Path("out"), metavar="DIR", help="the results of a run"
    )
    explain.add_argument(
        "--run", default="", metavar="RUN", help="a run of `serve`, if --out doesn't hold it"
    )
    add_json(explain, "all facts, as JSON")
    add_endpoint(explain)


def _add_show(command: Add) -> None:
    show = command(
        "show",
        commands.show,
        help="show what a destination's stand-in holds",
        examples=(
            ("show klaviyo --out june", "after that run"),
            ("show klaviyo --customer 12346", "one customer, as it is held"),
        ),
    )
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
    add_json(show)
