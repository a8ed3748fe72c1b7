"""What happens to one message after its delivery."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from local.simulator.dice import Dice
from local.simulator.model import ReactionModel

ReactionKind = Literal["bounce", "complaint", "open", "click", "unsubscribe"]
PERSON = "Mozilla/5.0 (simulated reader)"
SCANNER = "Mozilla/5.0 (simulated mail scanner)"
PREFETCH = "Mozilla/5.0 (simulated picture proxy)"
_SOONEST_READ_S = 30.0
_SCANNER_STARTS_S, _SCANNER_GAP_S = 2.0, 0.3
_HOUR_S = 3600.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeliveredMessage:
    """A message that arrived.

    Parameters
    ----------
    run, recipient
        Its tags. With the seed they decide what happens.
    churn_band
        The recipient's.
    links
        What can be clicked, in order, without the unsubscribe link.
    tracks_opens, tracks_clicks
        Whether the provider reports these. What it does not report happens all the same.
    """

    run: str
    recipient: str
    churn_band: str
    links: Sequence[str]
    tracks_opens: bool
    tracks_clicks: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reaction:
    """Something that happens to a message.

    Parameters
    ----------
    kind
        What.
    after_s
        Seconds from delivery.
    facts
        What the provider's event has beside its time.
    """

    kind: ReactionKind
    after_s: float
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)


def reactions(
    message: DeliveredMessage, *, model: ReactionModel, seed: int
) -> tuple[Reaction, ...]:
    """Return what happens to a message, in the order of time.

    The same seed gives the same reactions, whichever messages are asked about before.
    """
    dice = Dice(seed, message.run, message.recipient)
    if bounce := _bounce(dice, model):
        return (bounce,)
    every = [*_by_machines(message, dice, model), *_by_a_person(message, dice, model)]
    reported = {"open": message.tracks_opens, "click": message.tracks_clicks}
    seen = [one for one in every if reported.get(one.kind, True)]
    return tuple(sorted(seen, key=lambda one: one.after_s))


def _bounce(dice: Dice, model: ReactionModel) -> Reaction | None:
    draw = dice.share("bounces")
    if draw >= model.bounces_for_good + model.bounces_for_now:
        return None
    kind = "Permanent" if draw < model.bounces_for_good else "Transient"
    return Reaction(kind="bounce", after_s=60.0, facts={"bounceType": kind})


def _by_machines(message: DeliveredMessage, dice: Dice, model: ReactionModel) -> Iterator[Reaction]:
    if dice.is_one_of("scanned", model.scanned):
        for number, link in enumerate(message.links):
            after_s = _SCANNER_STARTS_S + number * _SCANNER_GAP_S
            yield _click(link, after_s, agent=SCANNER)
    if dice.is_one_of("prefetched", model.prefetched):
        after_s = _SOONEST_READ_S + dice.share("prefetched at") * _HOUR_S
        yield Reaction(kind="open", after_s=after_s, facts={"userAgent": PREFETCH})


def _by_a_person(message: DeliveredMessage, dice: Dice, model: ReactionModel) -> Iterator[Reaction]:
    if not dice.is_one_of("reads", model.of_band(message.churn_band).reads):
        return
    read_s = _SOONEST_READ_S + dice.lognormal(
        "read at", median=model.read_after_median_h * _HOUR_S, sigma=model.read_after_sigma
    )
    yield Reaction(kind="open", after_s=read_s, facts={"userAgent": PERSON})

    def acts_s(name: str) -> float:
        return read_s + dice.lognormal(
            f"{name} at", median=model.acts_after_median_s, sigma=model.acts_after_sigma
        )

    if message.links and dice.is_one_of("clicks", model.clicks):
        link = message.links[dice.below("link", len(message.links))]
        yield _click(link, acts_s("clicks"), agent=PERSON)
    if dice.is_one_of("complains", model.complains):
        facts = {"complaintFeedbackType": "abuse"}
        yield Reaction(kind="complaint", after_s=acts_s("complains"), facts=facts)
    if dice.is_one_of("unsubscribes", model.unsubscribes):
        yield Reaction(kind="unsubscribe", after_s=acts_s("unsubscribes"))


def _click(link: str, after_s: float, *, agent: str) -> Reaction:
    return Reaction(kind="click", after_s=after_s, facts={"link": link, "userAgent": agent})
