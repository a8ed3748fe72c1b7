"""The command for campaigns."""

from __future__ import annotations

from local.commands import dispatch as commands
from local.commands.arguments import values
from local.commands.arguments.adding import Add
from local.commands.arguments.options import add_json
from local.commands.arguments.serving import CONSOLE_PORT
from local.commands.campaign.verbs import VERBS


def add(command: Add) -> None:
    """Add it."""
    campaign = command(
        "campaign",
        commands.campaign,
        help="make, plan, send and measure campaigns of a console that runs",
        examples=(
            ("campaign setup", "settings, templates and simulated consents of the example"),
            ("campaign new at_risk", "of a ready definition"),
            ("campaign plan at-risk-and-loyal", "who is written to, and who is omitted and why"),
            ("campaign send at-risk-and-loyal-r001", "approves the run and shows its progress"),
            ("campaign simulate at-risk-and-loyal-r001", "local console only: made-up reactions"),
            ("campaign results at-risk-and-loyal", ""),
        ),
    )
    campaign.add_argument("does", choices=tuple(VERBS), metavar="DOES", help="|".join(VERBS))
    campaign.add_argument(
        "name",
        nargs="?",
        default="",
        metavar="NAME",
        help="a definition, campaign, run or file",
    )
    campaign.add_argument("--id", default="", help="of a new campaign; default: the definition's")
    campaign.add_argument(
        "--template", type=values.pair, action="append", default=[], metavar="VARIANT=TEMPLATE",
        help="a new campaign's; default: the template of the variant's name",
    )  # fmt: skip
    campaign.add_argument("--holdout", type=float, metavar="SHARE", help="of a new campaign")
    campaign.add_argument(
        "--hours", type=values.hours, metavar="HH:MM-HH:MM", help="when a new campaign sends"
    )
    campaign.add_argument("--days", type=int, help="days of result of a new campaign")
    campaign.add_argument("--to", default="", metavar="ADDRESS", help="who gets a test")
    campaign.add_argument("--why", default="", metavar="TEXT", help="of pause and cancel")
    campaign.add_argument(
        "--release", action="store_true", help="send those in doubt the message, perhaps again"
    )
    campaign.add_argument("--cost", type=float, metavar="MONEY", help="of an offer to one person")
    campaign.add_argument(
        "--margin", type=float, metavar="SHARE", help="of revenue that an offer leaves, such as 0.4"
    )
    campaign.add_argument("--budget", type=float, metavar="MONEY", help="of an offer, default none")
    campaign.add_argument(
        "--save", action="store_true", help="an offer's segment set, for the next run"
    )
    campaign.add_argument("--seed", type=int, default=1, help="of simulate, default %(default)s")
    campaign.add_argument("--limit", type=int, default=20, help="messages of inbox")
    campaign.add_argument(
        "--url",
        default=f"http://127.0.0.1:{CONSOLE_PORT}",
        help="of the console, default %(default)s; another one needs TESSERA_API_KEY",
    )
    add_json(campaign)
