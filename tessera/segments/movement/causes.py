"""Why a customer's label changed, as a chain of five steps from one run to the next.

Each step changes one thing and scores again. The label may change at any of them:

1. the same day, thresholds and definition, but the history as it is known today (data corrected).
2. that history as of the present day (time passing).
3. with the customer's own events since then, and those that arrived late (own behaviour).
4. by the thresholds that everyone's values give today (thresholds moved).
5. by today's definition, period and time zone (definition changed): the label that is published.

The cause of a move is the last step that changed the label: the one from which on the label is the
present one, and without which (and what follows) it would be another. The order is fixed, from what
was always true to what somebody decided: a correction mends the starting point, time passes for
everyone, the customer acts within it, and only then do others and the shop's owner weigh in. So a
customer who slid down with time and came back with an order has moved for their own behaviour. A
customer who would have the label anyway, had nobody else changed, isn't counted against the
others.

Being absent counts as a label too. A customer's cause of entering is what brought them in, even if
later steps gave them another first label. The cause of leaving is what took them out.

Nothing here needs NumPy.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping


class Cause(enum.StrEnum):
    """The five steps, in the chain's order."""

    DATA_CORRECTED = "data_corrected"
    TIME_PASSING = "time_passing"
    OWN_BEHAVIOUR = "own_behaviour"
    THRESHOLDS_MOVED = "thresholds_moved"
    DEFINITION_CHANGED = "definition_changed"


CAUSES = tuple(Cause)
EXPECTED = frozenset({Cause.OWN_BEHAVIOUR, Cause.TIME_PASSING})  # moves that need no second look

WORDS: Mapping[Cause, str] = {
    Cause.DATA_CORRECTED: "the history before the previous run was corrected",
    Cause.TIME_PASSING: "time passed",
    Cause.OWN_BEHAVIOUR: "the customer's own behaviour changed",
    Cause.THRESHOLDS_MOVED: "other customers moved the thresholds",
    Cause.DEFINITION_CHANGED: "the definition changed",
}


class SetCause(enum.StrEnum):
    """The steps that change a label of another set, in order: see ``set_labels``."""

    DATA_CORRECTED = "data_corrected"
    TIME_PASSING = "time_passing"
    OWN_BEHAVIOUR = "own_behaviour"
    RULE_CHANGED = "rule_changed"
    FIRST_LABELS = "first_labels"


SET_WORDS: Mapping[SetCause, str] = {
    SetCause.DATA_CORRECTED: WORDS[Cause.DATA_CORRECTED],
    SetCause.TIME_PASSING: WORDS[Cause.TIME_PASSING],
    SetCause.OWN_BEHAVIOUR: WORDS[Cause.OWN_BEHAVIOUR],
    SetCause.RULE_CHANGED: "the model, its thresholds or the settings changed",
    SetCause.FIRST_LABELS: "the set had one label for everybody before",
}
UNEXPECTED_OF_SETS: Mapping[SetCause, str] = {
    cause: SET_WORDS[cause] for cause in (SetCause.DATA_CORRECTED, SetCause.RULE_CHANGED)
}
# Coming and going is the same in every set. Its causes are those of the segments.
OF_PRESENCE: Mapping[Cause, SetCause] = {
    Cause.DATA_CORRECTED: SetCause.DATA_CORRECTED,
    Cause.TIME_PASSING: SetCause.TIME_PASSING,
    Cause.OWN_BEHAVIOUR: SetCause.OWN_BEHAVIOUR,
    Cause.THRESHOLDS_MOVED: SetCause.RULE_CHANGED,
    Cause.DEFINITION_CHANGED: SetCause.RULE_CHANGED,
}
