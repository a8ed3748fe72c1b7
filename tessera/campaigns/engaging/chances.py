"""The chance to open, click or unsubscribe, judged on each person's latest message."""

from __future__ import annotations

import numpy as np

from tessera.campaigns.engaging.engagement import ChanceGroup, Reaction, ReactionChance
from tessera.campaigns.engaging.reactions import Ints, MessageReactions
from tessera.campaigns.engaging.shrinkage import chance_of, fit_prior
from tessera.campaigns.planning.candidates import Floats, Mask

LEAST_PEOPLE = 1_000
LEAST_REACTIONS = 50
_SURE = 2.0  # standard errors, as of the churn model
_GROUPS = 10
_NAMES = {"opened": "open", "clicked": "click", "unsubscribed": "unsubscribe"}
_LEAVERS = " Who unsubscribes gets no further message, so this chance can hardly be learnt."


def learn_chance(messages: MessageReactions, reaction: Reaction) -> ReactionChance:
    """Learn the chance of a reaction from all messages but each person's latest, and judge it.

    Parameters
    ----------
    messages
        In order.
    reaction
        Which one.
    """
    reacted: Mask = getattr(messages, reaction)
    before, count, latest = _latest_apart(messages, reacted)
    people, name = len(latest), _NAMES[reaction]
    reason = _lacking(len(latest), latest=int(latest.sum()), before=int(before.sum()), name=name)
    if reason and reaction == "unsubscribed":
        reason += _LEAVERS
    elif not reason and (before.sum() == count.sum() or latest.all()):
        reason = f"Everybody did {name}, so all have the same chance."
    if not reason:
        return _judged(before, count, latest, reaction)
    return ReactionChance(reaction=reaction, decision="withhold", reason=reason, people=people)


def _lacking(people: int, *, latest: int, before: int, name: str) -> str:
    """Return what there is too little of, empty if nothing is lacking."""
    if people < LEAST_PEOPLE:
        return f"{people:,} people got two messages, and {LEAST_PEOPLE:,} are needed."
    if latest < LEAST_REACTIONS:
        return f"{latest:,} people did {name} the latest, and {LEAST_REACTIONS} are needed."
    if before < LEAST_REACTIONS:
        return (
            f"Of the messages before each person's latest, people did {name} {before:,}, and "
            f"{LEAST_REACTIONS} are needed."
        )
    return ""


def _judged(before: Ints, count: Ints, latest: Mask, reaction: Reaction) -> ReactionChance:
    prior = fit_prior(count, before)
    same = np.full(len(latest), before.sum() / count.sum())
    chance = chance_of(prior, count, before)
    gain = _losses(same, latest) - _losses(chance, latest)
    error = float(gain.std(ddof=1) / np.sqrt(len(gain)))
    is_better = float(gain.mean()) > _SURE * error
    log_loss, same_log_loss = (float(_losses(one, latest).mean()) for one in (chance, same))
    verdict = "is better than" if is_better else "is not surely better than"
    return ReactionChance(
        reaction=reaction,
        decision="publish" if is_better else "withhold",
        reason=(
            f"On the latest message of {len(latest):,} people, their own chance to "
            f"{_NAMES[reaction]} {verdict} everybody's: log loss {log_loss:.4f} against "
            f"{same_log_loss:.4f} (two standard errors are {_SURE * error:.4f})."
        ),
        people=len(latest),
        share=float(latest.mean()),
        prior=prior if is_better else None,
        log_loss=log_loss,
        same_log_loss=same_log_loss,
        groups=_groups(chance, latest),
    )


def _latest_apart(messages: MessageReactions, reacted: Mask) -> tuple[Ints, Ints, Mask]:
    """Return reactions and messages before the latest, and that one's, of people with two."""
    _, person, messages_of = np.unique(messages.recipient, return_inverse=True, return_counts=True)
    counts: Ints = messages_of.astype(np.int64)
    totals = np.bincount(person, weights=reacted, minlength=len(counts)).astype(np.int64)
    latest: Mask = reacted[np.cumsum(counts) - 1]
    several = counts > 1
    return (totals - latest)[several], (counts - 1)[several], latest[several]


def _losses(chance: Floats, outcome: Mask) -> Floats:
    losses: Floats = -np.log(np.where(outcome, chance, 1 - chance))
    return losses


def _groups(chance: Floats, outcome: Mask) -> tuple[ChanceGroup, ...]:
    order = np.argsort(chance, kind="stable")
    return tuple(
        ChanceGroup(
            people=len(part),
            predicted=round(float(chance[part].mean()), 6),
            observed=round(float(outcome[part].mean()), 6),
        )
        for part in np.array_split(order, _GROUPS)
        if len(part)
    )
