"""The commands that look at what is there: runs, customers, destinations."""

from __future__ import annotations

from pathlib import Path

from local.commands import dispatch as commands
from local.commands.arguments.adding import Add
from local.commands.arguments.options import add_endpoint, add_json, add_out, add_state
from local.commands.arguments.values import stage_name
from tessera import naming


def add(command: Add) -> None:
    """Add them."""
    _add_runs(command)
    _add_sql(command)
    _add_explain(command)
    _add_label(command)
    _add_show(command)
    shown = command(
        "demo",
        commands.demo,
        help="show sources or live labels at work on data that ships",
        examples=(
            ("demo sources", "a database, a CRM and clicks: four runs, results in demo/"),
            ("demo lifecycle", "clicks and orders move labels within seconds, and a run agrees"),
        ),
    )
    shown.add_argument(
        "what", choices=("sources", "lifecycle"), metavar="WHAT", help="sources or lifecycle"
    )
    shown.add_argument(
        "--out", type=Path, default=Path("demo"), metavar="DIR", help="default %(default)s"
    )
    shown.add_argument(
        "--orders",
        type=int,
        metavar="N",
        help="at most N orders in the database, or events on the stream; default: 18,532, or 40",
    )
    listed = command(
        "destinations",
        commands.destinations,
        help="list where segments can go",
        examples=(("destinations", "each with its limits"),),
    )
    add_json(listed, "the list, as JSON")


def _add_runs(command: Add) -> None:
    listed = command(
        "runs",
        commands.runs,
        help="list the runs that are remembered",
        examples=(("runs", "of out.state"), ("runs --out june", "of june.state")),
    )
    compared = command(
        "compare",
        commands.compare,
        help="show what moved between two runs",
        examples=(("compare 3f2a 9c01", "ids as `tessera runs` lists them, or their starts"),),
    )
    compared.add_argument("before", metavar="A", help="the earlier run")
    compared.add_argument("after", metavar="B", help="the later run")
    for each in (listed, compared):
        add_out(each)
        add_state(each)
        add_json(each)


def _add_sql(command: Add) -> None:
    query = command(
        "sql",
        commands.sql,
        help="query the runs that are remembered, by pseudonym",
        examples=(
            ("sql", "a shell: .tables lists the tables"),
            ("sql --ids --out june", "of june.state, with the shop's own ids"),
        ),
    )
    query.add_argument(
        "--query", default="", metavar="SQL", help="one statement of DuckDB's SQL that only reads"
    )
    query.add_argument(
        "--format",
        choices=("table", "csv", "json"),
        default="table",
        help="how rows are written: table, csv or json, default %(default)s",
    )
    query.add_argument(
        "--to", type=Path, metavar="FILE", help="the file that gets the rows, such as rows.csv"
    )
    query.add_argument(
        "--ids", action="store_true", help="add customer_ids, which has the shop's own ids"
    )
    add_out(query)
    add_state(query)


def _add_explain(command: Add) -> None:
    explain = command(
        "explain",
        commands.explain,
        help="explain why a customer has these labels",
        examples=(
            ("explain 12346", "of the run in out/"),
            ("explain 12346 --run 3f2a", "of an earlier run"),
        ),
    )
    explain.add_argument("customer", metavar="CUSTOMER_ID", help="as in the upload")
    add_out(explain)
    add_state(explain)
    explain.add_argument(
        "--run",
        default="",
        metavar="RUN",
        help="another run than the one in --out: of the state, or of `serve`",
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


def _add_label(command: Add) -> None:
    label = command(
        "label",
        commands.label,
        help="show a customer's live label, and what it was made of",
        examples=(
            ("label 12346", "of `serve`, whose stage has live labels"),
            ("label 12346 --stage prod", "of a deployed stage"),
        ),
    )
    label.add_argument(
        "customer", metavar="CUSTOMER", help="an id or address as in the upload, or a customer_key"
    )
    label.add_argument(
        "--stage",
        type=stage_name,
        default="",
        help="a deployed stage of cdk.json; default: what `serve` runs",
    )
    label.add_argument(
        "--tenant", default=naming.DEFAULT_TENANT, metavar="NAME", help="whose customer it is"
    )
    add_json(label, "the facts, as JSON")
    add_endpoint(label)
