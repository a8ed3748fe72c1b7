"""DecideRun: take a decision on a run that waits. Called by people, not by the machine."""
