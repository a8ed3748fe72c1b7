"""Let simulated people react to a campaign's run: events, the real unsubscribe link, purchases."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html
import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Any, Protocol

from local.services.ses.sending import Happening, MailService, SentMail
from local.simulator.model import DEFAULT_MODEL, ReactionModel
from local.simulator.purchases import TrueEffect, simulate_purchases
from local.simulator.reactions import DeliveredMessage, Reaction, ReactionKind, reactions
from steps.campaign.measure import TakenReader
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.campaigns.sending.tags import RECIPIENT_TAG, RUN_TAG, TENANT_TAG
from tessera.errors import InvalidInput

_EPOCH = dt.date(1970, 1, 1)
_DETAIL_TYPES: Mapping[ReactionKind, str] = {
    "bounce": "Email Bounced",
    "complaint": "Email Complaint Received",
    "open": "Email Opened",
    "click": "Email Clicked",
}
_LINK = re.compile(r'<a\b[^>]*?\bhref="(https?://[^"]+)"')
_UNSUBSCRIBE = "List-Unsubscribe"


class PurchaseStore(Protocol):
    """Keeps the simulated purchases of one campaign."""

    def write(self, rows: PurchaseRows, *, as_of: dt.date) -> None:
        """Write them, in place of those before."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SimulationReport:
    """What was simulated, and the truth behind it.

    Parameters
    ----------
    run, seed
        Which run, and by which seed.
    messages
        How many of its messages this console sent. Those of an earlier session get no reactions.
    reactions
        Messages by the kind of reaction, each counted once.
    orders
        How many purchases the people of all the campaign's runs made.
    as_of
        The day that the simulation has come to: everybody's days of result are over.
    everybody, by_band
        The true effects. Measured ones scatter around them.
    promised
        The true changes of reactivation, upsell and churn.
    """

    run: str
    seed: int
    messages: int
    reactions: Mapping[str, int]
    orders: int
    as_of: dt.date
    everybody: TrueEffect
    by_band: Mapping[str, TrueEffect]
    promised: Mapping[str, float]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SentCampaign:
    """A campaign that can be simulated.

    Parameters
    ----------
    result_days
        The definition's.
    runs
        Who each run took, by its id. Only runs that began to send.
    purchases
        Where its simulated purchases are kept.
    past
        Returns what people bought before, given who they are.
    lapsed_after_days
        The tenant's setting.
    """

    result_days: int
    runs: Mapping[str, TakenReader]
    purchases: PurchaseStore
    past: Callable[[Sequence[Assigned]], PurchaseRows | None] = lambda _: None
    lapsed_after_days: int = 90


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignSimulator:
    """Simulates reactions in the console of this machine.

    Parameters
    ----------
    tenant
        Whose campaigns.
    mail
        What sent the messages, and reports what happens to them.
    unsubscribe
        Posts to an unsubscribe link, as a mail client does.
    model
        The parameters.
    """

    tenant: str
    mail: MailService
    unsubscribe: Callable[[str], None]
    model: ReactionModel = DEFAULT_MODEL

    def simulate(self, campaign: SentCampaign, run: str, *, seed: int) -> SimulationReport:
        """Simulate a run, and purchases of all runs. The same seed again changes nothing.

        Raises
        ------
        InvalidInput
            The run has not begun to send.
        """
        if run not in campaign.runs:
            raise InvalidInput(f"run {run!r} has not begun to send: simulate it afterwards")
        taken = {name: reader.read() for name, reader in campaign.runs.items()}
        people = list(taken.values())
        result = simulate_purchases(
            people,
            result_days=campaign.result_days,
            model=self.model,
            seed=seed,
            past=campaign.past(people),
            lapsed_after_days=campaign.lapsed_after_days,
        )
        bands = _bands(taken[run])
        messages = self._messages(run, recipients=bands)
        counted = self._react(run, messages, bands=bands, seed=seed)
        as_of = _EPOCH + dt.timedelta(days=result.closed_on)
        campaign.purchases.write(result.purchases, as_of=as_of)
        return SimulationReport(
            run=run, seed=seed, messages=len(messages), reactions=counted,
            orders=len(result.purchases.day), as_of=as_of, everybody=result.everybody,
            by_band=result.by_band,
            promised={str(figure): change for figure, change in result.promised.items()},
        )  # fmt: skip

    def _messages(self, run: str, *, recipients: Container[str]) -> dict[str, SentMail]:
        """Return a run's messages by their id, without its canary."""
        wanted = {TENANT_TAG: self.tenant, RUN_TAG: run}
        return {
            message_id: mail
            for message_id, mail in self.mail.sent.items()
            if wanted.items() <= (tags := _tags(mail.given)).items()
            and tags[RECIPIENT_TAG] in recipients
        }

    def _react(
        self, run: str, messages: Mapping[str, SentMail], *, bands: Mapping[str, str], seed: int
    ) -> dict[str, int]:
        happenings: list[Happening] = []
        counted: Counter[str] = Counter()
        for message_id, mail in messages.items():
            recipient = _tags(mail.given)[RECIPIENT_TAG]
            delivered = _delivered(mail.given, run=run, recipient=recipient, band=bands[recipient])
            happened = reactions(delivered, model=self.model, seed=seed)
            counted.update({one.kind for one in happened})
            happenings += _happenings(message_id, mail, happened)
            if any(one.kind == "unsubscribe" for one in happened):
                self.unsubscribe(_header(mail.given, _UNSUBSCRIBE).strip("<>"))
        self.mail.all_happen(happenings)
        return dict(counted)


def _bands(people: Assigned) -> dict[str, str]:
    """Return the churn band of each recipient that a run wrote to."""
    treated = people.where(~people.is_held_out)
    keys = (one.decode() for one in treated.recipient.tolist())
    return dict(zip(keys, treated.churn_band.tolist(), strict=True))


def _happenings(
    message_id: str, mail: SentMail, happened: Sequence[Reaction]
) -> Iterator[Happening]:
    for one in happened:
        if one.kind in _DETAIL_TYPES:
            yield _DETAIL_TYPES[one.kind], message_id, mail.at_s + one.after_s, one.facts


def _delivered(
    given: Mapping[str, Any], *, run: str, recipient: str, band: str
) -> DeliveredMessage:
    content = given["Content"]["Simple"]
    tracking = given.get("ConfigurationOverrides", {}).get("Tracking", {})
    own = _header(given, _UNSUBSCRIBE).strip("<>")
    hrefs = _LINK.findall(content["Body"].get("Html", {}).get("Data", ""))
    links = dict.fromkeys(html.unescape(one) for one in hrefs)
    return DeliveredMessage(
        run=run,
        recipient=recipient,
        churn_band=band,
        links=[link for link in links if link != own],
        tracks_opens=tracking.get("OpenTrackingEnabled") == "ENABLED",
        tracks_clicks=tracking.get("ClickTrackingEnabled") == "ENABLED",
    )


def _header(given: Mapping[str, Any], name: str) -> str:
    headers = given["Content"]["Simple"].get("Headers", ())
    return next((one["Value"] for one in headers if one["Name"] == name), "")


def _tags(given: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Name"]: tag["Value"] for tag in given.get("EmailTags", ())}
