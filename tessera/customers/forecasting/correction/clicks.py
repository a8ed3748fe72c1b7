"""Whether clicks and e-mails count in a correction: learnt with them and without, and compared."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from tessera.customers.forecasting.click_gate import click_gate, not_compared
from tessera.customers.forecasting.history.features import CONTACTS
from tessera.customers.purchase.pairs import Floats
from tessera.records.scoring.clicks import ClickGate

Learnt = TypeVar("Learnt")
Gates = Mapping[str, ClickGate]  # by kind of contact: the members of a correction
_NO_TEST = "nothing could be learnt before the latest days"
_WORDS = {"clicks": "clicks", "emails": "e-mails"}


@dataclasses.dataclass(frozen=True)
class TestedCorrection(Generic[Learnt]):
    """What was learnt before the latest days, and its loss for each customer then.

    Parameters
    ----------
    learnt
        With what these days proved of it.
    losses : shape (n,)
        None where nothing was learnt.
    """

    learnt: Learnt
    losses: Floats | None


def refused(names: Sequence[str], *, loss: str, reason: str = _NO_TEST) -> Gates:
    """Return the gates that let nothing pass: one for each kind of contact among the features."""
    return {
        kind: not_compared(reason, loss=loss, of=_WORDS[kind])
        for kind, features in CONTACTS.items()
        if set(features) & set(names)
    }


def proven_contacts(
    names: Sequence[str], learn: Callable[[Gates], TestedCorrection[Learnt]], *, loss: str
) -> tuple[Learnt, Gates]:
    """Return the correction that counts, and why it reads each kind of contact or does not.

    Parameters
    ----------
    names
        Of all features.
    learn
        Learns with some gates, blended as far as the correction proves itself.
    loss
        What is compared.

    Notes
    -----
    Views and sessions go first. E-mails must better what is kept until then.
    """
    gates = refused(names, loss=loss)
    best = learn(gates)
    for kind, gate in gates.items():
        tried = learn({**gates, kind: dataclasses.replace(gate, kept=True)})
        if best.losses is not None and tried.losses is not None:
            proof = click_gate(best.losses, tried.losses, loss=loss, of=_WORDS[kind])
            gates = {**gates, kind: proof}
            best = tried if proof.kept else best
    return best.learnt, gates
