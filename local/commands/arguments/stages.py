"""The commands that make, test or compare a stage of cdk.json, and those about the command line."""

from __future__ import annotations

from pathlib import Path

from local.commands import dispatch as commands
from local.commands.arguments.adding import Add
from local.commands.arguments.options import add_destinations, add_json
from local.commands.arguments.values import moment, stage_name
from tessera.api.roles import ROLES
from tessera.naming import DEFAULT_TENANT

SHELLS = ("bash", "zsh", "fish")


def add(command: Add) -> None:
    """Add them."""
    _add_live(command)
    _add_stage(command)
    completion = command(
        "completion",
        commands.completion,
        help="print a shell's completion of this command line",
        examples=(
            ("completion bash > ~/.local/share/bash-completion/completions/tessera", ""),
            ('completion zsh > "${fpath[1]}/_tessera"', ""),
            ("completion fish > ~/.config/fish/completions/tessera.fish", ""),
        ),
    )
    completion.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))


def _add_live(command: Add) -> None:
    live = command(
        "live",
        commands.live,
        help="send two made-up customers to the real destination",
        examples=(
            ("live klaviyo", "only check the key"),
            ("live klaviyo --secret key.json --yes", "really send"),
        ),
    )
    live.add_argument("destination", metavar="NAME", help="such as klaviyo")
    live.add_argument(
        "--secret", type=Path, metavar="FILE", help="its JSON; default: in TESSERA_LIVE_SECRET"
    )
    live.add_argument("--domain", default="", metavar="NAME", help="for customer_profiles")
    live.add_argument("--yes", action="store_true", help="really send")


def _add_stage(command: Add) -> None:
    synth = command(
        "synth",
        commands.synth,
        help="synthesize the CDK app, cdk-nag's rules included",
        examples=(("synth --stage prod --out build/prod", ""),),
    )
    synth.add_argument("--stage", type=stage_name, default="dev", help="a stage of cdk.json")
    synth.add_argument("--out", type=Path, default=Path("cdk.out"), metavar="DIR")

    canary = command(
        "canary",
        commands.canary,
        help="send a tiny upload through every state",
        examples=(("canary", "here"), ("canary --stage dev", "in the account")),
    )
    canary.add_argument(
        "--stage",
        type=stage_name,
        default="",
        help="a deployed stage of cdk.json; default: the embedded AWS",
    )
    add_destinations(canary)

    configure = command(
        "configure",
        commands.configure,
        help="set up a stage of cdk.json, by questions or flags",
        examples=(
            ("configure --stage dev", "by questions"),
            ("configure --stage dev --region eu-west-1 --log-days 30", ""),
        ),
    )
    configure.add_argument("--stage", help="a stage of cdk.json, or a new name")
    configure.add_argument("--region", metavar="NAME", help="such as us-east-1")
    configure.add_argument("--destinations", metavar="NAME,NAME", help="such as export,klaviyo")
    configure.add_argument("--alarm-email", metavar="ADDRESS", help="for alarms; none: no mails")
    configure.add_argument("--log-days", metavar="DAYS", help="how long logs are kept")
    configure.add_argument(
        "--file", type=Path, default=Path("cdk.json"), metavar="FILE", help="default: %(default)s"
    )

    user = command(
        "console-user",
        commands.console_user,
        help="give somebody access to a deployed console",
        examples=(
            ("console-user ada@example.com --role admin --stage prod", "a new user gets a mail"),
            ("console-user ops@example.com --role operator --stage prod", "of no tenant"),
        ),
    )
    user.add_argument("email", metavar="EMAIL", help="the address, also the name for signing in")
    user.add_argument("--role", choices=tuple(ROLES), default="viewer", help="what it may do")
    user.add_argument(
        "--tenant", default=DEFAULT_TENANT, metavar="NAME", help="whose data it reaches"
    )
    user.add_argument(
        "--stage", type=stage_name, default="dev", help="a deployed stage of cdk.json"
    )

    analyst = command(
        "analyst",
        commands.analyst,
        help="say which rows and columns an analyst reads",
        examples=(
            ("analyst grant arn:aws:iam::111122223333:role/shop --tenant shop --stage prod", ""),
            ("analyst list --stage prod", "who reads which tenants"),
        ),
    )
    analyst.add_argument("does", choices=("grant", "revoke", "list"))
    analyst.add_argument("principal", nargs="?", metavar="ARN", help="a role or user")
    analyst.add_argument(
        "--tenant", default=DEFAULT_TENANT, metavar="NAME", help="whose rows; default: %(default)s"
    )
    analyst.add_argument(
        "--without", action="append", default=[], metavar="COLUMN", help="hide it; repeatable"
    )
    analyst.add_argument(
        "--stage", type=stage_name, default="dev", help="a deployed stage with lake_formation"
    )

    drift = command(
        "drift",
        commands.drift,
        help="list changes made outside CloudFormation",
        examples=(("drift --stage prod", ""),),
    )
    drift.add_argument(
        "--stage", type=stage_name, default="dev", help="a deployed stage of cdk.json"
    )
    add_json(drift, "the changes, as JSON")

    rollback = command(
        "rollback",
        commands.rollback,
        help="move a stage back to the versions of an earlier moment",
        examples=(
            ("rollback --stage dev --before 2026-11-28T09:00", "only print the versions"),
            ("rollback --stage dev --before 2026-11-28T09:00 --yes", ""),
        ),
    )
    rollback.add_argument(
        "--stage", type=stage_name, default="dev", help="a deployed stage of cdk.json"
    )
    rollback.add_argument(
        "--before", type=moment, required=True, metavar="MOMENT", help="UTC, before a deployment"
    )
    rollback.add_argument("--yes", action="store_true", help="really move the aliases")
    add_json(rollback, "the aliases and their versions, as JSON")
