"""Take the decision on a run that waits; called by a person, not by the state machine."""
